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

-- keep_reservations: they do not run out any more. Those that have are not given.
WITH held AS (
    SELECT order_id
    FROM reservation
    WHERE order_id = ANY(:order_ids) AND status = 'live'
    ORDER BY order_id
    FOR UPDATE
)
UPDATE reservation
SET expires_at = NULL
FROM held
WHERE reservation.order_id = held.order_id
RETURNING reservation.order_id;

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
    SELECT key, sku, code, sum(quantity)::int, reason
    FROM unnest(:key::text[], :reason::text[], :sku::text[], :quantity::int[]) AS line (key, reason, sku, quantity), place
    GROUP BY key, reason, sku, code
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

-- find_place: whether there is such a location.
SELECT code
FROM location
WHERE code = :code;

-- make_stock: rows for what was never there, so that all that is booked can be locked.
INSERT INTO stock (sku, location, on_hand)
SELECT DISTINCT sku, location, 0
FROM unnest(:sku::text[], :location::text[]) AS line (sku, location)
ORDER BY sku, location
ON CONFLICT (sku, location) DO NOTHING;

-- lock_stock: in the order of keys, each row with what all lines together do to it.
WITH wanted AS (
    SELECT sku, location, sum(quantity) AS change
    FROM unnest(:sku::text[], :location::text[], :quantity::int[]) AS line (sku, location, quantity)
    GROUP BY sku, location
)
SELECT stock.sku, stock.location, on_hand, reserved, change
FROM wanted JOIN stock ON stock.sku = wanted.sku AND stock.location = wanted.location
ORDER BY stock.sku, stock.location
FOR UPDATE OF stock;

-- book: the rows are locked, and there is enough.
WITH moved AS (
    INSERT INTO movement (sku, location, quantity, reason, who, note)
    SELECT sku, location, quantity, reason, who, note
    FROM unnest(:sku::text[], :location::text[], :quantity::int[], :reason::text[], :who::text[], :note::text[])
        AS line (sku, location, quantity, reason, who, note)
    RETURNING sku, location, quantity
), changed AS (
    SELECT sku, location, sum(quantity)::int AS change
    FROM moved
    GROUP BY sku, location
)
UPDATE stock
SET on_hand = on_hand + change
FROM changed
WHERE stock.sku = changed.sku AND stock.location = changed.location
RETURNING stock.sku, stock.location, on_hand, reserved, on_hand - reserved AS available, threshold;

-- list_movements: newest first; one more than the limit, to know whether there are more.
SELECT id, location, quantity, reason, who, coalesce(reference, key) AS reference, note, at
FROM movement
WHERE sku = :sku AND id < :before
ORDER BY id DESC
LIMIT :limit + 1;

-- find_levels: where a product lies, and how much of it.
SELECT location, on_hand, reserved, on_hand - reserved AS available, threshold
FROM stock
WHERE sku = :sku
ORDER BY location;

-- set_threshold: whether that makes it run low is noted by a trigger.
UPDATE stock
SET threshold = :threshold
WHERE sku = :sku AND location = :location
RETURNING sku, location, on_hand, reserved, on_hand - reserved AS available, threshold;

-- list_low_stock: one more than the limit, to know whether there are more.
WITH page AS (
    SELECT sku, location, since
    FROM low_stock
    WHERE (sku, location) > (:sku, :location)
    ORDER BY sku, location
    LIMIT :limit + 1
)
SELECT page.sku, page.location, on_hand, reserved, on_hand - reserved AS available, threshold, since
FROM page JOIN stock ON stock.sku = page.sku AND stock.location = page.location
ORDER BY page.sku, page.location;

-- find_allocations: of each order its lines together.
SELECT order_id, status, sku, location, quantity, coalesce(gone, 0) AS shipped
FROM reservation, unnest(skus, locations, quantities, shipped) WITH ORDINALITY
    AS line (sku, location, quantity, gone, position)
WHERE order_id = ANY(:order_ids)
ORDER BY order_id, position;

-- lock_reservation: its lines, with what of each has left already.
SELECT status, position::int, sku, location, quantity AS held, coalesce(gone, 0) AS shipped
FROM (
    SELECT status, skus, locations, quantities, shipped
    FROM reservation
    WHERE order_id = :order_id
    FOR UPDATE
) AS locked, unnest(skus, locations, quantities, shipped) WITH ORDINALITY
    AS line (sku, location, quantity, gone, position)
ORDER BY position;

-- note_shipment: no row: it has left already.
INSERT INTO shipment (order_id, key)
VALUES (:order_id, coalesce(:key, ''))
ON CONFLICT (order_id, key) DO NOTHING
RETURNING key;

-- ship: all lines of a reservation, which is locked, with what leaves of them and what has left then.
WITH line AS (
    SELECT order_id, position, sku, location, leaving, shipped
    FROM unnest(:order_id::uuid[], :position::int[], :sku::text[], :location::text[], :leaving::int[], :shipped::int[])
        AS line (order_id, position, sku, location, leaving, shipped)
), going AS (
    SELECT order_id, sku, location, sum(leaving)::int AS quantity
    FROM line
    WHERE leaving > 0
    GROUP BY order_id, sku, location
), moved AS (
    INSERT INTO movement (sku, location, quantity, reason, reference)
    SELECT sku, location, -quantity, 'shipped', order_id::text
    FROM going
), locked AS (
    SELECT stock.sku, stock.location, going.quantity
    FROM going JOIN stock ON stock.sku = going.sku AND stock.location = going.location
    ORDER BY stock.sku, stock.location
    FOR UPDATE OF stock
), taken AS (
    UPDATE stock
    SET on_hand = on_hand - locked.quantity, reserved = reserved - locked.quantity
    FROM locked
    WHERE stock.sku = locked.sku AND stock.location = locked.location
)
UPDATE reservation
SET shipped = done.shipped, status = CASE WHEN done.shipped = quantities THEN 'shipped' ELSE status END
FROM (
    SELECT order_id, array_agg(shipped ORDER BY position) AS shipped
    FROM line
    GROUP BY order_id
) AS done
WHERE reservation.order_id = done.order_id;

-- list_locations: all of them, since there are few; in the order that they are taken from.
SELECT code, name, priority, active, version
FROM location
ORDER BY priority, code;

-- find_location: by its code.
SELECT code, name, priority, active, version
FROM location
WHERE code = :code;

-- lock_location: so that of two who change it the second sees what the first made of it.
SELECT code, name, priority, active, version
FROM location
WHERE code = :code
FOR NO KEY UPDATE;

-- add_location: no row: there are enough.
INSERT INTO location (code, name, priority, active)
SELECT :code, :name, :priority::int, :active::boolean
WHERE (SELECT count(*) FROM location) < :most
RETURNING code, name, priority, active, version;

-- find_reserved_at: one product that is held for an order there.
SELECT sku
FROM stock
WHERE location = :code AND reserved > 0
LIMIT 1;

-- change_location: the row is locked.
UPDATE location
SET name = :name, priority = :priority, active = :active, version = version + 1
WHERE code = :code
RETURNING code, name, priority, active, version;
