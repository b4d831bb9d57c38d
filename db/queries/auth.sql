-- save_credential: who enrols twice is enrolled once. Whoever was forgotten meanwhile stays forgotten.
INSERT INTO credential (user_id, email, password_hash, status)
VALUES (:user_id, :email, :password_hash, 'active')
ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
RETURNING status;

-- forget_credentials: the row stays, so that an enrolment that comes late finds that it must not be.
INSERT INTO credential (user_id, status)
SELECT DISTINCT user_id, 'forgotten'
FROM unnest(:user_id::uuid[]) AS forgotten (user_id)
ORDER BY user_id
ON CONFLICT (user_id) DO UPDATE
SET status = 'forgotten', email = NULL, password_hash = NULL;

-- end_sessions_of: of users who are forgotten.
DELETE FROM session
USING unnest(:user_id::uuid[]) AS forgotten (user_id)
WHERE session.user_id = forgotten.user_id;

-- find_credential: by e-mail, whose case does not matter.
SELECT user_id, password_hash
FROM credential
WHERE lower(email) = lower(:email) AND status = 'active';

-- save_session: that somebody has logged in.
INSERT INTO session (id, token_hash, user_id, expires_at)
VALUES (:id, :token_hash, :user_id, :expires_at);

-- find_sessions: those that have not run out. A look-up for each, as in find_documents.
SELECT found.token_hash, found.id AS session_id, found.user_id, roles
FROM (SELECT DISTINCT hash FROM unnest(:token_hashes::text[]) AS given (hash)) AS wanted,
    LATERAL (SELECT token_hash, id, user_id FROM session WHERE token_hash = wanted.hash AND expires_at > now() LIMIT 1) AS found,
    LATERAL (SELECT roles FROM credential WHERE user_id = found.user_id AND status = 'active' LIMIT 1) AS owner;

-- end_sessions: that somebody has logged out.
DELETE FROM session
WHERE id = ANY(:session_ids);

-- end_expired: a few at a time.
DELETE FROM session
WHERE id IN (
    SELECT id
    FROM session
    WHERE expires_at <= now()
    ORDER BY expires_at
    LIMIT 1000
    FOR UPDATE SKIP LOCKED
);
