-- Events: rows before they are messages. A change writes its event into the outbox, in its own transaction; the relay of the
-- service, after the commit, gives it the next number and moves it into the log, from where it is told.

-- For a service that tells of something. Who had an outbox before keeps what is in it.
CREATE PROCEDURE souk_give_events(service text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($table$
        CREATE TABLE IF NOT EXISTS %1$I.outbox (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            topic text NOT NULL,
            body jsonb NOT NULL,
            at timestamptz NOT NULL DEFAULT now()
        );
        ALTER TABLE %1$I.outbox ADD COLUMN IF NOT EXISTS expires_at timestamptz; -- when the body is to be forgotten

        CREATE TABLE %1$I.event (
            seq bigint PRIMARY KEY, -- 1, 2, 3 and so on; given after the commit, by one writer: so none is ever seen to be left out
            topic text NOT NULL,
            body jsonb, -- NULL: forgotten
            at timestamptz NOT NULL,
            expires_at timestamptz
        );
        CREATE INDEX event_expiry ON %1$I.event (expires_at) WHERE body IS NOT NULL AND expires_at IS NOT NULL;

        CREATE TABLE %1$I.event_head (
            seq bigint NOT NULL, -- of the last event
            oldest bigint NOT NULL, -- of the first that is kept
            one boolean PRIMARY KEY DEFAULT true CHECK (one)
        );
        INSERT INTO %1$I.event_head (seq, oldest) VALUES (0, 1);

        -- All that was told or is to be.
        CREATE VIEW %1$I.told AS
            SELECT topic, body, at, expires_at FROM %1$I.event
            UNION ALL
            SELECT topic, body, at, expires_at FROM %1$I.outbox;

        GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I.outbox, %1$I.event, %1$I.event_head TO %2$I;
    $table$, service, 'souk_' || service);
END
$$;

-- For a service that follows others.
CREATE PROCEDURE souk_give_cursors(service text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($table$
        CREATE TABLE %1$I.event_cursor (
            source text COLLATE "C" PRIMARY KEY,
            seq bigint NOT NULL -- of the last event that was dealt with
        );
        CREATE TABLE %1$I.dead_letter (
            source text COLLATE "C" NOT NULL,
            seq bigint NOT NULL,
            topic text NOT NULL,
            subject text,
            body jsonb NOT NULL,
            told_at timestamptz NOT NULL,
            error text NOT NULL,
            at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (source, seq)
        );
        GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I.event_cursor, %1$I.dead_letter TO %2$I;
    $table$, service, 'souk_' || service);
END
$$;

REVOKE EXECUTE ON PROCEDURE souk_give_events(text), souk_give_cursors(text) FROM PUBLIC;

DROP INDEX auth.outbox_expiry;
UPDATE product.outbox SET topic = 'product.' || replace(topic, '.', '_') WHERE topic LIKE 'category.%';

DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY['auth', 'inventory', 'order', 'payment', 'product', 'user'] LOOP
        CALL souk_give_events(service);
    END LOOP;
END
$$;
