-- One login role per service. Roles belong to the whole server, so they may be there already; what a role is told
-- about this database (see the statements at the end of each schema's migration) belongs to the database.
DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY['auth', 'inventory', 'order', 'payment', 'product', 'user'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I LOGIN', 'souk_' || service);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- made by an earlier migration, or by one that runs beside this one
        END;

        -- A service sees its own schema and no other.
        EXECUTE format('CREATE SCHEMA %I', service);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', service, 'souk_' || service);
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', 'souk_' || service, current_database(), service);

        -- Services find rows by key, and keep the plans of their statements for as long as they are connected. A plan made
        -- while a table was small would read all of it for ever: so they may only go through an index.
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET enable_seqscan = off', 'souk_' || service, current_database());
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET enable_hashjoin = off', 'souk_' || service, current_database());
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET enable_mergejoin = off', 'souk_' || service, current_database());
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET jit = off', 'souk_' || service, current_database());
    END LOOP;
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
