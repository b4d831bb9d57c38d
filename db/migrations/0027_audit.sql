-- The audit trail. What every service tells of calls and changes becomes an entry, chained to the one before it.
CALL souk_give_events('cart');
CALL souk_give_events('pricing');

CALL souk_make_service('audit');
CALL souk_give_events('audit');
CALL souk_give_cursors('audit');

CREATE TABLE audit.entry (
    n bigint PRIMARY KEY, -- 1, 2, 3 and so on
    source text COLLATE "C" NOT NULL,
    seq bigint NOT NULL, -- of the event
    at timestamptz NOT NULL, -- when it happened
    what text NOT NULL, -- the operation or the event
    user_id text COLLATE "C", -- who did it, or whom it is about
    object text COLLATE "C",
    address text,
    session text,
    outcome text, -- NULL: it is a change that was told
    call text,
    times int NOT NULL, -- within a second, of refusals that are alike
    hash text NOT NULL -- over all of this and the hash before it
);
CREATE INDEX entry_time ON audit.entry (at, n);
CREATE INDEX entry_user ON audit.entry (user_id, at, n);
CREATE INDEX entry_object ON audit.entry (object, at, n);

-- Nobody changes what was written down, whatever the role.
CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only added to';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry EXECUTE FUNCTION audit.refuse();

GRANT SELECT, INSERT ON audit.entry TO souk_audit;

-- All logs of events and all cursors, for `souk check`, whatever services there are.
CREATE FUNCTION souk_event_logs() RETURNS TABLE (source text, oldest bigint, head bigint, kept bigint, first bigint, last bigint)
LANGUAGE plpgsql AS $$
BEGIN
    FOR source IN SELECT schemaname FROM pg_tables WHERE tablename = 'event_head' LOOP
        RETURN QUERY EXECUTE format('SELECT %L, oldest, seq, (SELECT count(*) FROM %2$I.event), (SELECT min(seq) FROM %2$I.event),
            (SELECT max(seq) FROM %2$I.event) FROM %2$I.event_head', source, source);
    END LOOP;
END
$$;

CREATE FUNCTION souk_event_cursors() RETURNS TABLE (follower text, source text, seq bigint) LANGUAGE plpgsql AS $$
BEGIN
    FOR follower IN SELECT schemaname FROM pg_tables WHERE tablename = 'event_cursor' LOOP
        RETURN QUERY EXECUTE format('SELECT %L, source::text, seq FROM %I.event_cursor', follower, follower);
    END LOOP;
END
$$;

CREATE FUNCTION souk_events() RETURNS TABLE (source text, seq bigint, topic text, body jsonb) LANGUAGE plpgsql AS $$
BEGIN
    FOR source IN SELECT schemaname FROM pg_tables WHERE tablename = 'event_head' LOOP
        RETURN QUERY EXECUTE format('SELECT %L, seq, topic, body FROM %I.event', source, source);
    END LOOP;
END
$$;

REVOKE EXECUTE ON FUNCTION souk_event_logs(), souk_event_cursors(), souk_events() FROM PUBLIC;
