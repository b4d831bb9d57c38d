-- customers: so many, each with a session, whose tokens are told. argon2id would take hours.
CREATE TEMP TABLE customer AS
SELECT gen_random_uuid() AS id, format('customer%s@bench.example', number) AS email,
    replace(gen_random_uuid()::text || gen_random_uuid(), '-', '') AS token
FROM generate_series(1, :customers) AS number;
INSERT INTO "user".account (id, email, name, status)
SELECT id, email, 'Customer', 'active' FROM customer;
INSERT INTO auth.credential (user_id, email, password_hash, status)
SELECT id, email, 'none', 'active' FROM customer;
INSERT INTO auth.session (id, token_hash, user_id, expires_at, ends_at)
SELECT gen_random_uuid(), encode(sha256(token::bytea), 'hex'), id, now() + interval '1 day', now() + interval '30 days'
FROM customer;
SELECT token FROM customer;

-- indexes_away: those in which rows come in another order than that of time. Kept is what makes them.
CREATE SCHEMA bench;
CREATE TABLE bench.index AS
SELECT indexrelid::regclass::text AS name,
    CASE WHEN conname IS NULL THEN format('DROP INDEX %s', indexrelid::regclass)
        ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', indrelid::regclass, conname) END AS drop_it,
    CASE WHEN conname IS NULL THEN pg_get_indexdef(indexrelid)
        ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', indrelid::regclass, conname,
            pg_get_constraintdef(pg_constraint.oid)) END AS make_it
FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid AND contype = 'u'
WHERE indrelid = '"order".orders'::regclass AND NOT indisprimary AND indpred IS NULL;
SELECT drop_it FROM bench.index \gexec

-- indexes_back: as full as years would have left them, for pages that are filled in random order are cut in two when they
-- are full, and so are two thirds full on average.
SELECT format('%s WITH (fillfactor = 70)', make_it) FROM bench.index \gexec
SELECT format('ALTER INDEX %s RESET (fillfactor)', name) FROM bench.index \gexec
DROP SCHEMA bench CASCADE;

-- told: the events of those orders, and whoever follows has dealt with them long ago: they are to be packed, since then.
UPDATE "order".event_head SET seq = last, oldest = 1 FROM (SELECT max(seq) AS last FROM "order".event) AS told;
SET session_replication_role = replica;
TRUNCATE audit.entry;
DO $$
DECLARE
    follower text;
BEGIN
    FOR follower IN SELECT schemaname FROM pg_tables WHERE tablename = 'event_cursor' LOOP
        EXECUTE format('INSERT INTO %I.event_cursor (source, seq) SELECT ''order'', seq FROM "order".event_head
            ON CONFLICT (source) DO UPDATE SET seq = excluded.seq', follower);
    END LOOP;
END
$$;
INSERT INTO fulfilment.job (order_id, user_id, status)
SELECT id, user_id, 'planned' FROM "order".orders WHERE status = 'confirmed'
ON CONFLICT (order_id) DO NOTHING;
INSERT INTO fulfilment.shipment (id, order_id, location, made_at)
SELECT order_id, order_id, 'main', placed_at
FROM fulfilment.job JOIN "order".orders ON orders.id = order_id
WHERE job.status = 'planned' AND NOT EXISTS (SELECT FROM fulfilment.shipment WHERE shipment.order_id = job.order_id);
INSERT INTO fulfilment.shipment_line (shipment_id, sku, quantity)
SELECT shipment.id, sku, sum(quantity)
FROM fulfilment.shipment JOIN "order".order_line ON order_line.order_id = shipment.id
GROUP BY shipment.id, sku;
INSERT INTO fulfilment.shipment_history (shipment_id, status, who, why, at)
SELECT id, status, 'fulfilment', 'to be packed', made_at FROM fulfilment.shipment WHERE id = order_id;

-- settle: as autovacuum would, by and by.
VACUUM (ANALYZE);
CHECKPOINT;

-- held: as how many orders each table knows those that were placed since, and in all.
SELECT
    (SELECT count(*) FROM "order".orders WHERE id >= :since AND status = 'confirmed'),
    (SELECT count(*) / 2.0 FROM "order".order_line WHERE order_id >= :since),
    (SELECT count(*) FROM "order".order_history WHERE order_id >= :since),
    (SELECT count(*) FROM "order".event WHERE seq > :filled AND topic = 'order.confirmed')
        + (SELECT count(*) FROM "order".outbox WHERE topic = 'order.confirmed'),
    (SELECT count(*) FROM inventory.reservation WHERE order_id >= :since AND status = 'live'),
    (SELECT count(*) FROM payment.payment WHERE id >= :since AND status = 'captured'),
    (SELECT count(*) / 2.0 FROM payment.ledger WHERE payment_id >= :since),
    (SELECT count(*) FROM simulator.charge WHERE key >= :since AND outcome = 'captured'),
    (SELECT sum(reserved) / 2.0 - :filled FROM inventory.stock);
