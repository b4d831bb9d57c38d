-- Statements are planned once for each connection, not once for each call. PostgreSQL would plan most of those over arrays anew
-- every time, since a plan for the one or two items at hand promises to be a little cheaper than one for any number of them;
-- but planning costs more than it saves, and every statement is written so that there is one good way through the indexes.
DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY['auth', 'inventory', 'order', 'payment', 'product', 'user'] LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET plan_cache_mode = force_generic_plan',
            'souk_' || service, current_database());
    END LOOP;
END
$$;
