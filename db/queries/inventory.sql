-- find_stock: what can be had of these SKUs; those that were never here are left out.
SELECT sku, on_hand - reserved AS available
FROM stock
WHERE sku = ANY(:skus);

-- save_reservations: the first to ask for an order gets its row back, whoever comes later does not.
-- In the order of keys, so that two batches never wait for each other in a circle.
INSERT INTO reservation (order_id, skus, quantities, status, expires_at)
SELECT order_id, array_agg(sku ORDER BY sku), array_agg(quantity ORDER BY sku), 'live',
    CASE WHEN ttl_s > 0 THEN now() + ttl_s * interval '1 second' END
FROM unnest(:order_id::uuid[], :call::int[], :sku::text[], :quantity::int[], :ttl_s::int[])
    AS line (order_id, call, sku, quantity, ttl_s)
GROUP BY order_id, call, ttl_s
ORDER BY order_id, call
ON CONFLICT (order_id) DO NOTHING
RETURNING order_id;

-- lock_stock: each row once, in the order of keys.
SELECT sku, on_hand - reserved AS available, 0 AS taken
FROM stock
WHERE sku = ANY(:skus)
ORDER BY sku
FOR UPDATE;

-- save_stock: the rows are locked.
UPDATE stock
SET reserved = stock.reserved + change.taken
FROM unnest(:sku::text[], :taken::int[]) AS change (sku, taken)
WHERE stock.sku = change.sku AND change.taken <> 0;

-- drop_reservations: of orders that could not be served, in the transaction that made them.
DELETE FROM reservation
WHERE order_id = ANY(:order_ids);

-- find_reservations: how it stands with orders that had asked before.
SELECT order_id, status
FROM reservation
WHERE order_id = ANY(:order_ids);

-- bury_reservations: what is given back before it was made must not be made any more.
INSERT INTO reservation (order_id, status)
SELECT order_id, 'released'
FROM unnest(:order_ids::uuid[]) AS given (order_id)
ORDER BY order_id
ON CONFLICT (order_id) DO NOTHING;

-- find_expired: those that nobody else is just giving back.
SELECT order_id
FROM reservation
WHERE status = 'live' AND expires_at <= now()
ORDER BY order_id
LIMIT 500
FOR UPDATE SKIP LOCKED;

-- close_reservations: each only once, however often it is given back; its stock is free again.
WITH given AS (
    SELECT order_id
    FROM reservation
    WHERE order_id = ANY(:order_ids) AND status = 'live'
    ORDER BY order_id
    FOR UPDATE
), closed AS (
    UPDATE reservation
    SET status = :status
    FROM given
    WHERE reservation.order_id = given.order_id
    RETURNING skus, quantities
), freed AS (
    SELECT sku, sum(quantity)::int AS quantity
    FROM closed, unnest(skus, quantities) AS line (sku, quantity)
    GROUP BY sku
), locked AS (
    SELECT stock.sku, freed.quantity
    FROM freed JOIN stock ON stock.sku = freed.sku
    ORDER BY stock.sku
    FOR UPDATE OF stock
)
UPDATE stock
SET reserved = stock.reserved - locked.quantity
FROM locked
WHERE stock.sku = locked.sku;

-- set_expiry: from now on.
UPDATE reservation
SET expires_at = now() + change.in_s * interval '1 second'
FROM unnest(:order_id::uuid[], :in_s::int[]) AS change (order_id, in_s)
WHERE reservation.order_id = change.order_id AND status = 'live'
RETURNING reservation.order_id;

-- save_movements: a delivery that was booked under its key before is not booked again.
WITH booked AS (
    INSERT INTO movement (key, sku, quantity)
    SELECT key, sku, sum(quantity)::int
    FROM unnest(:key::text[], :sku::text[], :quantity::int[]) AS line (key, sku, quantity)
    GROUP BY key, sku
    ON CONFLICT (key, sku) DO NOTHING
    RETURNING sku, quantity
)
INSERT INTO stock (sku, on_hand)
SELECT sku, sum(quantity)::int
FROM booked
GROUP BY sku
ORDER BY sku
ON CONFLICT (sku) DO UPDATE
SET on_hand = stock.on_hand + excluded.on_hand;
