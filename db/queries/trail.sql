-- note_calls: what was asked of this service, and by whom.
INSERT INTO outbox (topic, at, body)
SELECT split_part(operation, '.', 1) || '.called', at, jsonb_strip_nulls(jsonb_build_object('operation', operation, 'user', user_id,
    'session', session, 'address', address, 'subject', subject, 'outcome', outcome, 'call', call,
    'times', nullif(times, 1)))
FROM unnest(:operation::text[], :user::text[], :session::text[], :address::text[], :subject::text[], :outcome::text[], :call::text[],
    :times::int[], :at::timestamptz[])
    AS called (operation, user_id, session, address, subject, outcome, call, times, at);
