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
SET status = 'forgotten', email = NULL, password_hash = NULL, verified_at = NULL, roles = '{customer}';

-- forget_traces: of users who are forgotten: what was mailed to them, and where they were.
WITH forgotten AS (
    SELECT DISTINCT user_id FROM unnest(:user_id::uuid[]) AS given (user_id)
), tokens AS (
    DELETE FROM mail_token USING forgotten WHERE mail_token.user_id = forgotten.user_id
)
DELETE FROM known_network USING forgotten WHERE known_network.user_id = forgotten.user_id;

-- end_sessions_of: of users who are forgotten.
DELETE FROM session
USING unnest(:user_id::uuid[]) AS forgotten (user_id)
WHERE session.user_id = forgotten.user_id;

-- find_credential: by e-mail, whose case does not matter; and whether its owner has come from this network before.
SELECT user_id, password_hash, EXISTS (
    SELECT FROM known_network WHERE known_network.user_id = credential.user_id AND network = :network) AS is_known_here
FROM credential
WHERE lower(email) = lower(:email) AND status = 'active';

-- find_own: the credential of one user.
SELECT user_id, email, password_hash, verified_at, roles
FROM credential
WHERE user_id = :user_id AND status = 'active';

-- rename_credential: the latest change of an address counts, in whichever order they arrive. What was mailed to the old one is worth
-- nothing any more, and whoever reads there is told.
WITH before AS (
    SELECT user_id, email FROM credential
    WHERE user_id = :user_id AND status = 'active'
        AND (email_serial < :serial::int OR (email_serial = :serial::int AND email = :email))
    FOR UPDATE
), renamed AS (
    UPDATE credential
    SET email = :email, email_serial = :serial,
        verified_at = CASE WHEN lower(credential.email) = lower(:email) THEN verified_at END
    FROM before
    WHERE credential.user_id = before.user_id
    RETURNING credential.user_id, before.email AS old_email, credential.email
), tokens AS (
    DELETE FROM mail_token USING renamed WHERE mail_token.user_id = renamed.user_id
), event AS (
    INSERT INTO outbox (topic, body, expires_at)
    SELECT 'auth.email_changed', jsonb_build_object('user_id', user_id, 'old_email', old_email, 'email', email),
        now() + interval '7 days'
    FROM renamed
    WHERE old_email <> email
)
SELECT user_id FROM renamed;

-- change_password: unless it was changed meanwhile. Every other session ends, and what was mailed to reset it.
WITH changed AS (
    UPDATE credential
    SET password_hash = :new_hash
    WHERE user_id = :user_id AND password_hash = :password_hash AND status = 'active'
    RETURNING user_id
), ended AS (
    DELETE FROM session USING changed WHERE session.user_id = changed.user_id AND session.id IS DISTINCT FROM :session_id::uuid
), tokens AS (
    DELETE FROM mail_token USING changed WHERE mail_token.user_id = changed.user_id AND purpose = 'reset'
)
SELECT user_id FROM changed;

-- save_session: that somebody has logged in, and from where; unless the password is another by now than the one that was looked at.
WITH owner AS (
    SELECT user_id
    FROM credential
    WHERE user_id = :user_id AND password_hash = :password_hash AND status = 'active'
    FOR SHARE
), seen AS (
    INSERT INTO known_network AS known (user_id, network)
    SELECT user_id, :network::text
    FROM owner
    WHERE :network IS NOT NULL
    ON CONFLICT (user_id, network) DO UPDATE SET at = now() WHERE known.at < now() - interval '1 day'
)
INSERT INTO session (id, token_hash, user_id, expires_at, ends_at, address)
SELECT :id, :token_hash, user_id, least(:ends_at, now() + :idle_s::int * interval '1 second'), :ends_at, :address
FROM owner
RETURNING user_id;

-- find_sessions: those that have not run out. A look-up for each, as in find_documents.
SELECT found.token_hash, found.id AS session_id, found.user_id, roles, found.is_old
FROM (SELECT DISTINCT hash FROM unnest(:token_hashes::text[]) AS given (hash)) AS wanted,
    LATERAL (SELECT token_hash, id, user_id, seen_at < now() - :touch_s::int * interval '1 second' AS is_old
        FROM session WHERE token_hash = wanted.hash AND expires_at > now() LIMIT 1) AS found,
    LATERAL (SELECT roles FROM credential WHERE user_id = found.user_id AND status = 'active' LIMIT 1) AS owner;

-- touch_sessions: they are in use. One that another touches right now need not be touched.
UPDATE session
SET seen_at = now(), expires_at = least(ends_at, now() + :idle_s::int * interval '1 second')
WHERE id IN (
    SELECT id
    FROM session
    WHERE id = ANY(:session_ids)
    ORDER BY id
    FOR UPDATE SKIP LOCKED
);

-- list_sessions: newest first, which is the order of their ids; one more than the limit, to know whether there are more.
SELECT id, made_at, seen_at, expires_at, address, id IS NOT DISTINCT FROM :session_id::uuid AS current
FROM session
WHERE user_id = :user_id AND expires_at > now() AND id < coalesce(:after::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
ORDER BY id DESC
LIMIT :limit + 1;

-- end_sessions: that somebody has logged out.
DELETE FROM session
WHERE id = ANY(:session_ids);

-- end_session: of this user.
DELETE FROM session
WHERE id = :id AND user_id = :user_id
RETURNING id;

-- end_all_sessions: of this user.
DELETE FROM session
WHERE user_id = :user_id;

-- end_late_sessions: that were begun with the old password while it was being changed, too late for that statement to see them.
DELETE FROM session
WHERE user_id = :user_id AND id IS DISTINCT FROM :session_id::uuid;

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

-- drop_old_networks: from which nobody has come for long; a few at a time.
DELETE FROM known_network
WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM known_network WHERE at < now() - interval '180 days' ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED));

-- drop_old_tokens: that have run out; a few at a time.
DELETE FROM mail_token
WHERE token_hash IN (SELECT token_hash FROM mail_token WHERE expires_at <= now() ORDER BY expires_at LIMIT 1000
    FOR UPDATE SKIP LOCKED);

-- save_mail_token: of whoever has this address, if anybody; the mailer is told of it in the same breath.
WITH known AS (
    SELECT user_id, email FROM credential WHERE lower(email) = lower(:email) AND status = 'active'
), kept AS (
    INSERT INTO mail_token (token_hash, purpose, user_id, email, expires_at)
    SELECT :token_hash, :purpose, user_id, email, :expires_at FROM known
)
INSERT INTO outbox (topic, body, expires_at)
SELECT :topic, jsonb_build_object('user_id', user_id, 'email', email, 'token', :token::text, 'expires_at', :expires_at::timestamptz),
    :expires_at
FROM known;

-- find_mail_token: whether it is worth something.
SELECT user_id, mail_token.email
FROM mail_token JOIN credential USING (user_id)
WHERE token_hash = :token_hash AND purpose = :purpose AND expires_at > now() AND status = 'active'
    AND lower(mail_token.email) = lower(credential.email);

-- reset_password: with a token that is used up by it. It came by mail, so the address is right, and whoever used it is at home here.
WITH used AS (
    DELETE FROM mail_token WHERE token_hash = :token_hash AND purpose = 'reset' AND expires_at > now()
    RETURNING user_id, email
), changed AS (
    UPDATE credential
    SET password_hash = :new_hash, verified_at = coalesce(verified_at, now())
    FROM used
    WHERE credential.user_id = used.user_id AND status = 'active' AND lower(credential.email) = lower(used.email)
    RETURNING credential.user_id
), ended AS (
    DELETE FROM session USING changed WHERE session.user_id = changed.user_id
), tokens AS (
    DELETE FROM mail_token USING changed
    WHERE mail_token.user_id = changed.user_id AND purpose = 'reset' AND token_hash <> :token_hash
), seen AS (
    INSERT INTO known_network (user_id, network)
    SELECT user_id, :network::text FROM changed WHERE :network IS NOT NULL
    ON CONFLICT (user_id, network) DO UPDATE SET at = now()
)
SELECT user_id FROM changed;

-- verify_email: with a token that is used up by it.
WITH used AS (
    DELETE FROM mail_token WHERE token_hash = :token_hash AND purpose = 'verification' AND expires_at > now()
    RETURNING user_id, email
)
UPDATE credential
SET verified_at = coalesce(verified_at, now())
FROM used
WHERE credential.user_id = used.user_id AND status = 'active' AND lower(credential.email) = lower(used.email)
RETURNING credential.user_id, credential.email, verified_at;

-- lock_admins: so that no two go at the same moment.
SELECT user_id
FROM credential
WHERE roles @> '{admin}' AND status = 'active'
ORDER BY user_id
FOR UPDATE;

-- grant_role: once.
UPDATE credential
SET roles = CASE WHEN :role = ANY(roles) THEN roles ELSE roles || :role::text END
WHERE user_id = :user_id AND status = 'active'
RETURNING user_id, roles;

-- revoke_role: whether or not it was there.
UPDATE credential
SET roles = array_remove(roles, :role)
WHERE user_id = :user_id AND status = 'active'
RETURNING user_id, roles;

-- save_api_key: without the key itself.
INSERT INTO api_key (id, key_hash, name, scopes, made_by, expires_at)
VALUES (:id, :key_hash, :name, :scopes, :made_by, :expires_at)
RETURNING id, name, scopes, made_by, made_at, expires_at;

-- find_api_keys: those that have not run out.
SELECT key_hash AS token_hash, id AS user_id, scopes
FROM api_key
WHERE key_hash = ANY(:token_hashes) AND (expires_at IS NULL OR expires_at > now());

-- list_api_keys: newest first; one more than the limit, to know whether there are more.
SELECT id, name, scopes, made_by, made_at, expires_at
FROM api_key
WHERE id < coalesce(:after::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
ORDER BY id DESC
LIMIT :limit + 1;

-- delete_api_key: it is worth nothing from now on.
DELETE FROM api_key
WHERE id = :id
RETURNING id;
