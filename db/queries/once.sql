-- claim_key: whether no other call is at it, until this transaction ends. A statement of its own, so that the next one sees what
-- was committed by whoever had it before.
SELECT pg_try_advisory_xact_lock(hashtextextended(format('%s %s %s', :principal::text, :operation::text, :key::text), 0)) AS mine;

-- find_answer: what was answered under the key before.
SELECT fingerprint, answer
FROM request_key
WHERE principal = :principal AND operation = :operation AND key = :key AND made_at > now() - :kept_s::int * interval '1 second';

-- keep_answer: and clear away a few of those whose time is over.
WITH over AS (
    SELECT principal, operation, key
    FROM request_key
    WHERE made_at <= now() - :kept_s::int * interval '1 second' AND (principal, operation, key) <> (:principal, :operation, :key)
    ORDER BY made_at
    LIMIT 10
    FOR UPDATE SKIP LOCKED
), cleared AS (
    DELETE FROM request_key
    USING over
    WHERE (request_key.principal, request_key.operation, request_key.key) = (over.principal, over.operation, over.key)
)
INSERT INTO request_key (principal, operation, key, fingerprint, answer)
VALUES (:principal, :operation, :key, :fingerprint, :answer)
ON CONFLICT (principal, operation, key) DO UPDATE
SET fingerprint = excluded.fingerprint, answer = excluded.answer, made_at = now()
WHERE request_key.made_at <= now() - :kept_s::int * interval '1 second'
RETURNING fingerprint;
