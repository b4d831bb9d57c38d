-- admin_grant: to whoever has this address.
WITH granted AS (
    UPDATE auth.credential
    SET roles = CASE WHEN :role = ANY(roles) THEN roles ELSE roles || :role::text END
    WHERE lower(email) = lower(:email) AND status = 'active'
    RETURNING user_id
), event AS (
    INSERT INTO auth.outbox (topic, body)
    SELECT 'auth.called', jsonb_build_object('operation', 'souk admin grant ' || :role::text, 'subject', user_id, 'outcome', 'ok')
    FROM granted
)
SELECT user_id FROM granted;

-- admin_reset: a token to reset the password of whoever has this address.
WITH made AS (
    INSERT INTO auth.mail_token (token_hash, purpose, user_id, email, expires_at)
    SELECT :token_hash, 'reset', user_id, email, now() + :reset_s::int * interval '1 second'
    FROM auth.credential
    WHERE lower(email) = lower(:email) AND status = 'active'
    RETURNING user_id
), event AS (
    INSERT INTO auth.outbox (topic, body)
    SELECT 'auth.called', jsonb_build_object('operation', 'souk admin reset', 'subject', user_id, 'outcome', 'ok')
    FROM made
)
SELECT user_id FROM made;
