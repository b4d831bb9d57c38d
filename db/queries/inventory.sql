-- find_stock: what can be had of these SKUs, at each location; those that were never there are left out.
SELECT sku, on_hand - reserved AS available
FROM stock JOIN location ON code = stock.location
WHERE sku = ANY(:skus) AND active;

-- lock_wanted: each row of stock once, locked in the order of keys, and told in the order that it is taken in; behind them
-- the reservations that there are already.
WITH held AS (
    SELECT sku, stock.location, priority, on_hand - reserved AS available
    FROM stock JOIN location ON code = stock.location
    WHERE sku = ANY(:skus) AND active
    ORDER BY sku, stock.location
    FOR UPDATE OF stock
), seen AS (
    SELECT sku, location, priority, available, NULL::uuid AS order_id, NULL AS status
    FROM held
    UNION ALL
    SELECT NULL, NULL, 0, 0, order_id, status
    FROM reservation
    WHERE order_id = ANY(:order_ids)
)
SELECT sku, location, available, order_id, status
FROM seen
ORDER BY sku, priority, location;

-- save_stock: the rows are locked.
UPDATE stock
SET reserved = stock.reserved + change.taken
FROM unnest(:sku::text[], :location::text[], :taken::int[]) AS change (sku, location, taken)
WHERE stock.sku = change.sku AND stock.location = change.location AND change.taken <> 0;

-- save_reservations: in the order of keys, so that two batches never wait for each other in a circle.
INSERT INTO reservation (order_id, skus, locations, quantities, status, expires_at)
SELECT order_id, array_agg(sku), array_agg(location), array_agg(quantity), 'live',
    CASE WHEN ttl_s > 0 THEN now() + ttl_s * interval '1 second' END
FROM unnest(:order_id::uuid[], :sku::text[], :location::text[], :quantity::int[], :ttl_s::int[])
    AS line (order_id, sku, location, quantity, ttl_s)
GROUP BY order_id, ttl_s
ORDER BY order_id
RETURNING order_id;

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

-- close_reservations: each only once, however often it is given back; what of its stock has not left is free again.
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
    RETURNING skus, locations, quantities, shipped
), freed AS (
    SELECT sku, location, sum(quantity - coalesce(gone, 0))::int AS quantity
    FROM closed, unnest(skus, locations, quantities, shipped) AS line (sku, location, quantity, gone)
    GROUP BY sku, location
), locked AS (
    SELECT stock.sku, stock.location, freed.quantity
    FROM freed JOIN stock ON stock.sku = freed.sku AND stock.location = freed.location
    ORDER BY stock.sku, stock.location
    FOR UPDATE OF stock
)
UPDATE stock
SET reserved = stock.reserved - locked.quantity
FROM locked
WHERE stock.sku = locked.sku AND stock.location = locked.location;

-- set_expiry: from now on.
UPDATE reservation
SET expires_at = now() + change.in_s * interval '1 second'
FROM unnest(:order_id::uuid[], :in_s::int[]) AS change (order_id, in_s)
WHERE reservation.order_id = change.order_id AND status = 'live'
RETURNING reservation.order_id;

-- save_delivery: one that was booked under its key before is not booked again; no row: there is no such location.
WITH place AS (
    SELECT code
    FROM location
    WHERE code = (:location::text[])[1]
), booked AS (
    INSERT INTO movement (key, sku, location, quantity, reason)
    SELECT key, sku, code, sum(quantity)::int, 'received'
    FROM unnest(:key::text[], :sku::text[], :quantity::int[]) AS line (key, sku, quantity), place
    GROUP BY key, sku, code
    ON CONFLICT (key, sku, location) WHERE key IS NOT NULL DO NOTHING
    RETURNING sku, location, quantity
), added AS (
    INSERT INTO stock (sku, location, on_hand)
    SELECT sku, location, sum(quantity)::int
    FROM booked
    GROUP BY sku, location
    ORDER BY sku, location
    ON CONFLICT (sku, location) DO UPDATE
    SET on_hand = stock.on_hand + excluded.on_hand
)
SELECT code
FROM place;
