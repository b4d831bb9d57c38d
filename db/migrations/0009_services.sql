-- What every service has: a login role, a schema of its own, and the table of the idempotency keys that were used there.
CREATE PROCEDURE souk_give_request_keys(service text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($table$
        CREATE TABLE %1$I.request_key (
            principal text COLLATE "C" NOT NULL, -- the user's id; of those without, the fingerprint
            operation text COLLATE "C" NOT NULL,
            key text COLLATE "C" NOT NULL,
            fingerprint text NOT NULL, -- of what was asked for
            answer text NOT NULL, -- the reply, as JSON
            made_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (principal, operation, key)
        );
        CREATE INDEX request_key_age ON %1$I.request_key (made_at);
        GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I.request_key TO %2$I;
    $table$, service, 'souk_' || service);
END
$$;

-- For a service that joins: CALL souk_make_service('name'). Roles belong to the whole server, so that one may be there
-- already. The settings are those of 0001 and 0008, and their reasons stand there.
CREATE PROCEDURE souk_make_service(service text) LANGUAGE plpgsql AS $$
DECLARE
    setting text;
BEGIN
    BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN', 'souk_' || service);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    EXECUTE format('CREATE SCHEMA %I', service);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', service, 'souk_' || service);
    FOREACH setting IN ARRAY ARRAY[format('search_path = %I', service), 'enable_seqscan = off', 'enable_hashjoin = off',
        'enable_mergejoin = off', 'jit = off', 'plan_cache_mode = force_generic_plan'] LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET %s', 'souk_' || service, current_database(), setting);
    END LOOP;
    CALL souk_give_request_keys(service);
END
$$;

REVOKE EXECUTE ON PROCEDURE souk_give_request_keys(text), souk_make_service(text) FROM PUBLIC;

DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY['auth', 'inventory', 'order', 'payment', 'product', 'user'] LOOP
        CALL souk_give_request_keys(service);
    END LOOP;
END
$$;
