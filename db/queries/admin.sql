-- admin_grant: to whoever has this address.
UPDATE auth.credential
SET roles = CASE WHEN :role = ANY(roles) THEN roles ELSE roles || :role::text END
WHERE lower(email) = lower(:email) AND status = 'active'
RETURNING user_id;

-- admin_reset: a token to reset the password of whoever has this address.
INSERT INTO auth.mail_token (token_hash, purpose, user_id, email, expires_at)
SELECT :token_hash, 'reset', user_id, email, now() + :reset_s::int * interval '1 second'
FROM auth.credential
WHERE lower(email) = lower(:email) AND status = 'active'
RETURNING user_id;
