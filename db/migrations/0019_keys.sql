-- What is done under an idempotency key is kept so that who reads it learns nothing: of the key a hash, of what was asked a
-- fingerprint that nobody can make without the key, and the answer sealed with both. What was kept in the clear is forgotten.
DO $$
DECLARE
    service text;
BEGIN
    FOR service IN SELECT schemaname FROM pg_tables WHERE tablename = 'request_key' LOOP
        EXECUTE format('DELETE FROM %I.request_key', service);
    END LOOP;
END
$$;

-- The same of the key under which somebody has registered, for two days.
ALTER TABLE "user".account
    ADD COLUMN request_key text COLLATE "C",
    ADD COLUMN fingerprint text,
    ADD CHECK ((request_key IS NULL) = (fingerprint IS NULL));
CREATE UNIQUE INDEX account_key ON "user".account (request_key) WHERE request_key IS NOT NULL;
CREATE INDEX account_key_age ON "user".account (made_at) WHERE request_key IS NOT NULL;
