-- note_orders: each once, however often it is told.
INSERT INTO job (order_id, user_id)
SELECT DISTINCT ON (order_id) order_id, user_id
FROM unnest(:order_id::uuid[], :user_id::uuid[]) AS told (order_id, user_id)
ORDER BY order_id
ON CONFLICT (order_id) DO NOTHING;

-- lock_jobs: in the order of keys.
SELECT order_id, user_id, status
FROM job
WHERE order_id = ANY(:ids)
ORDER BY order_id
FOR UPDATE;

-- lock_job_of: the order of a shipment.
SELECT order_id, user_id, status
FROM job
WHERE order_id = (SELECT order_id FROM shipment WHERE id = :id)
FOR UPDATE;

-- call_off: what is still in the house. The orders are locked.
WITH over AS (
    UPDATE job
    SET status = 'cancelled'
    WHERE order_id = ANY(:ids) AND status IN ('new', 'planned')
), cancelled AS (
    UPDATE shipment
    SET status = 'cancelled', version = version + 1, demo_at = NULL
    WHERE order_id = ANY(:ids) AND status IN ('pending', 'picking', 'packed')
    RETURNING id, order_id, carrier, tracking_number, status
), history AS (
    INSERT INTO shipment_history (shipment_id, status, who, why)
    SELECT id, status, 'order', 'the order was cancelled' FROM cancelled
)
INSERT INTO outbox (topic, body)
SELECT 'fulfilment.cancelled', jsonb_build_object('order_id', cancelled.order_id, 'shipment_id', id, 'user_id', user_id)
FROM cancelled JOIN job ON job.order_id = cancelled.order_id;

-- claim_jobs: whoever looks at an order has it for a while.
UPDATE job
SET due_at = now() + :older_than_ms::int * interval '1 millisecond'
WHERE order_id IN (
    SELECT order_id
    FROM job
    WHERE status = 'new' AND due_at <= now()
    ORDER BY due_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
RETURNING order_id;

-- end_plans: the orders are locked.
UPDATE job
SET status = plan.status
FROM unnest(:order_id::uuid[], :status::text[]) AS plan (order_id, status)
WHERE job.order_id = plan.order_id;

-- add_shipments: shipment, history and event are one.
WITH added AS (
    INSERT INTO shipment (id, order_id, location, demo_at)
    SELECT id, order_id, location, CASE WHEN demo_ms > 0 THEN now() + demo_ms * interval '1 millisecond' END
    FROM unnest(:id::uuid[], :order_id::uuid[], :location::text[], :demo_ms::int[]) AS planned (id, order_id, location, demo_ms)
    RETURNING id, order_id, status
), history AS (
    INSERT INTO shipment_history (shipment_id, status, who, why)
    SELECT id, status, 'fulfilment', 'to be packed' FROM added
)
INSERT INTO outbox (topic, body)
SELECT 'fulfilment.created', jsonb_build_object('order_id', added.order_id, 'shipment_id', id, 'user_id', user_id)
FROM added JOIN job ON job.order_id = added.order_id;

-- add_lines: what a shipment has of a product it has once.
INSERT INTO shipment_line (shipment_id, sku, quantity)
SELECT id, sku, sum(quantity)::int
FROM unnest(:id::uuid[], :sku::text[], :quantity::int[]) AS line (id, sku, quantity)
GROUP BY id, sku;

-- take_lines: of a shipment whose order is locked, and which has as much.
WITH taken AS (
    SELECT id, sku, sum(quantity)::int AS quantity
    FROM unnest(:id::uuid[], :sku::text[], :quantity::int[]) AS line (id, sku, quantity)
    GROUP BY id, sku
), emptied AS (
    DELETE FROM shipment_line
    USING taken
    WHERE shipment_id = taken.id AND shipment_line.sku = taken.sku AND shipment_line.quantity = taken.quantity
)
UPDATE shipment_line
SET quantity = shipment_line.quantity - taken.quantity
FROM taken
WHERE shipment_id = taken.id AND shipment_line.sku = taken.sku AND shipment_line.quantity > taken.quantity;

-- note_split: its status stays.
WITH whole AS (
    UPDATE shipment
    SET version = version + 1
    WHERE id = :id
    RETURNING id, status
)
INSERT INTO shipment_history (shipment_id, status, who, why)
SELECT id, status, :who, 'some of it leaves by itself'
FROM whole;

-- find_shipments: by their ids.
SELECT id, order_id, location, status, carrier, tracking_number, departure_id, version, made_at
FROM shipment
WHERE id = ANY(:ids);

-- find_order_shipments: of these orders.
SELECT id, order_id, location, status, carrier, tracking_number, departure_id, version, made_at
FROM shipment
WHERE order_id = ANY(:ids)
ORDER BY order_id, id;

-- find_tracked: by their tracking numbers.
SELECT id, order_id, location, status, carrier, tracking_number, departure_id, version, made_at
FROM shipment
WHERE tracking_number = ANY(:ids);

-- list_shipments: the oldest first, which is the order of their ids; one more than the limit, to know whether there are more.
SELECT id, order_id, location, status, carrier, tracking_number, departure_id, version, made_at
FROM shipment
WHERE status = :status AND id > coalesce(:after::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY id
LIMIT :limit + 1;

-- list_shipments_at: the same of one location.
SELECT id, order_id, location, status, carrier, tracking_number, departure_id, version, made_at
FROM shipment
WHERE location = :location AND status = :status AND id > coalesce(:after::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY id
LIMIT :limit + 1;

-- find_lines: of these shipments, each with its lines together.
SELECT shipment_id AS id, sku, quantity
FROM shipment_line
WHERE shipment_id = ANY(:ids)
ORDER BY shipment_id, sku;

-- find_history: of a shipment.
SELECT status, who, why, at
FROM shipment_history
WHERE shipment_id = :id
ORDER BY shipment_history.id;

-- move_shipments: their orders are locked. What is not said of a parcel stays as it is.
WITH moved AS (
    UPDATE shipment
    SET status = move.status, version = version + 1, carrier = coalesce(move.carrier, shipment.carrier),
        tracking_number = coalesce(move.tracking_number, shipment.tracking_number),
        demo_at = CASE WHEN demo_ms > 0 AND move.status NOT IN ('delivered', 'returned')
            THEN now() + demo_ms * interval '1 millisecond' END
    FROM unnest(:id::uuid[], :status::text[], :carrier::text[], :tracking_number::text[], :who::text[], :why::text[],
        :demo_ms::int[]) AS move (id, status, carrier, tracking_number, who, why, demo_ms)
    WHERE shipment.id = move.id
    RETURNING shipment.id, shipment.status, version, who, why
), history AS (
    INSERT INTO shipment_history (shipment_id, status, who, why)
    SELECT id, status, who, why FROM moved
)
SELECT id, status, version
FROM moved;

-- take_back: what could not be delivered waits where it left for somebody who looks at it.
WITH back AS (
    INSERT INTO order_return (id, order_id, shipment_id, status, reason, location)
    SELECT return_id, order_id, shipment.id, 'received', 'undelivered', location
    FROM unnest(:id::uuid[], :return_id::uuid[]) AS move (id, return_id) JOIN shipment ON shipment.id = move.id
    WHERE status = 'returned'
    RETURNING id, shipment_id
)
INSERT INTO return_line (return_id, sku, quantity)
SELECT back.id, sku, quantity
FROM back JOIN shipment_line ON shipment_line.shipment_id = back.shipment_id;

-- tell_moves: the orders are locked, and the shipments moved. The last to leave is the one behind which none is left in the
-- house, and the last to arrive the one behind which none is on its way either.
INSERT INTO outbox (topic, body)
SELECT CASE shipment.status WHEN 'returned' THEN 'fulfilment.undelivered' ELSE 'fulfilment.' || shipment.status END,
    jsonb_build_object('order_id', shipment.order_id, 'shipment_id', shipment.id, 'user_id', user_id, 'carrier', carrier,
        'tracking_number', tracking_number, 'complete', NOT EXISTS (
            SELECT FROM shipment AS other
            WHERE other.order_id = shipment.order_id AND (other.status IN ('pending', 'picking', 'packed')
                OR other.status = 'shipped' AND shipment.status <> 'shipped')
        ) AND (shipment.status <> 'returned' OR EXISTS (
            SELECT FROM shipment AS other
            WHERE other.order_id = shipment.order_id AND other.status = 'delivered'
        )))
FROM unnest(:id::uuid[], :return_id::uuid[]) AS move (id, return_id)
    JOIN shipment ON shipment.id = move.id
    JOIN job ON job.order_id = shipment.order_id
WHERE shipment.status IN ('shipped', 'delivered', 'returned');

-- begin_departure: no row: another shipment of the order is just leaving.
INSERT INTO departure (id, order_id, key, outcome, who)
VALUES (:departure_id, :order_id, :key, :outcome, :who)
ON CONFLICT (order_id) DO NOTHING
RETURNING id AS departure_id;

-- load: from here on they are on their way out.
UPDATE shipment
SET departure_id = :departure_id, carrier = coalesce(:carrier, carrier), tracking_number = coalesce(:tracking_number, tracking_number),
    demo_at = NULL
WHERE id = ANY(:ids)
RETURNING id;

-- find_leaving: what leaves with each departure, together.
SELECT departure_id AS id, location, sku, sum(quantity)::int AS quantity
FROM shipment JOIN shipment_line ON shipment_id = shipment.id
WHERE order_id = ANY(:order_ids) AND departure_id = ANY(:departure_ids)
GROUP BY departure_id, location, sku
ORDER BY departure_id, location, sku;

-- end_departures: whoever was overtaken by the sweeper gets no row back.
DELETE FROM departure
USING unnest(:departure_id::uuid[], :attempt::int[]) AS ended (id, attempt)
WHERE departure.id = ended.id AND departure.attempt = ended.attempt
RETURNING departure.id AS departure_id;

-- claim_departures: whoever had one before writes no more, since attempt is another.
UPDATE departure
SET attempt = attempt + 1, touched_at = now()
WHERE id IN (
    SELECT id
    FROM departure
    WHERE touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY touched_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
RETURNING id AS departure_id, order_id, key, outcome, who, attempt;

-- find_events: what was heard before.
SELECT id AS event_id, shipment_id, outcome
FROM carrier_event
WHERE id = ANY(:ids);

-- keep_events: of the same one twice the first is kept.
INSERT INTO carrier_event (id, tracking_number, status, told_at, shipment_id, outcome)
SELECT DISTINCT ON (id) id, tracking_number, status, told_at, shipment_id, outcome
FROM unnest(:event_id::text[], :tracking_number::text[], :told::text[], :told_at::timestamptz[], :shipment_id::uuid[],
    :outcome::text[]) AS heard (id, tracking_number, status, told_at, shipment_id, outcome)
ORDER BY id
ON CONFLICT (id) DO NOTHING;

-- forget_events: no carrier says a thing once more after so long.
DELETE FROM carrier_event
WHERE id IN (
    SELECT id
    FROM carrier_event
    WHERE at < now() - interval '30 days'
    ORDER BY at
    LIMIT 1000
    FOR UPDATE SKIP LOCKED
);

-- claim_demo: whoever carries a shipment has it for a while.
UPDATE shipment
SET demo_at = now() + :older_than_ms::int * interval '1 millisecond'
WHERE id IN (
    SELECT id
    FROM shipment
    WHERE demo_at <= now()
    ORDER BY demo_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
RETURNING id AS shipment_id;

-- lock_return: the order of a return of this user; of anybody where no user is given.
SELECT order_id, user_id, status
FROM job
WHERE order_id = (SELECT order_id FROM order_return WHERE id = :id) AND user_id = coalesce(:user_id, user_id)
FOR UPDATE;

-- find_return: of this user; of anybody where no user is given.
SELECT id, order_return.order_id, shipment_id, order_return.status, reason, location, version, made_at
FROM order_return JOIN job ON job.order_id = order_return.order_id
WHERE id = :id AND user_id = coalesce(:user_id, user_id);

-- list_returns: the oldest first, which is the order of their ids; one more than the limit, to know whether there are more.
SELECT id, order_id, shipment_id, status, reason, location, version, made_at
FROM order_return
WHERE status = :status AND id > coalesce(:after::uuid, '00000000-0000-0000-0000-000000000000')
ORDER BY id
LIMIT :limit + 1;

-- list_order_returns: all of an order.
SELECT id, order_id, shipment_id, status, reason, location, version, made_at
FROM order_return
WHERE order_id = :id
ORDER BY id;

-- find_return_lines: of these returns, each with its lines together.
SELECT return_id AS id, sku, quantity, restocked, written_off
FROM return_line
WHERE return_id = ANY(:ids)
ORDER BY return_id, sku;

-- find_returnable: what has arrived of an order, less what is on its way back or is back. What never arrived is not in it.
WITH arrived AS (
    SELECT sku, quantity
    FROM shipment JOIN shipment_line ON shipment_id = shipment.id
    WHERE order_id = :order_id AND status = 'delivered'
), back AS (
    SELECT sku, CASE status WHEN 'inspected' THEN restocked + written_off ELSE quantity END AS quantity
    FROM order_return JOIN return_line ON return_id = order_return.id
    WHERE order_id = :order_id AND shipment_id IS NULL AND status <> 'cancelled'
)
SELECT sku, sum(quantity)::int AS quantity
FROM (SELECT sku, quantity FROM arrived UNION ALL SELECT sku, -quantity FROM back) AS counted
GROUP BY sku;

-- add_return: and tell of it.
WITH added AS (
    INSERT INTO order_return (id, order_id, status, reason)
    VALUES (:id, :order_id, 'requested', :reason)
    RETURNING id, order_id
)
INSERT INTO outbox (topic, body)
SELECT 'fulfilment.return_requested', jsonb_build_object('order_id', added.order_id, 'return_id', id, 'user_id', user_id)
FROM added JOIN job ON job.order_id = added.order_id;

-- add_return_lines: what comes back of a product comes once.
INSERT INTO return_line (return_id, sku, quantity)
SELECT id, sku, sum(quantity)::int
FROM unnest(:id::uuid[], :sku::text[], :quantity::int[]) AS line (id, sku, quantity)
GROUP BY id, sku;

-- change_return: its order is locked.
UPDATE order_return
SET status = :status, location = coalesce(:location, location), version = version + 1
WHERE id = :id;

-- begin_inspection: its order is locked.
UPDATE order_return
SET status = 'inspecting', version = version + 1, attempt = 1, touched_at = now()
WHERE id = :id;

-- save_inspection: what was found.
UPDATE return_line
SET restocked = found.restocked, written_off = found.written_off
FROM unnest(:id::uuid[], :sku::text[], :restocked::int[], :written_off::int[]) AS found (id, sku, restocked, written_off)
WHERE return_id = found.id AND return_line.sku = found.sku;

-- lock_jobs_of_returns: in the order of keys.
SELECT order_id, user_id, status
FROM job
WHERE order_id = ANY(ARRAY(SELECT order_id FROM order_return WHERE id = ANY(:ids)))
ORDER BY order_id
FOR UPDATE;

-- find_restocked: what is put in stock again, each return's together.
SELECT return_id AS id, sku, restocked AS quantity
FROM return_line
WHERE return_id = ANY(:ids) AND restocked > 0
ORDER BY return_id, sku;

-- end_inspections: whoever was overtaken by the sweeper gets no row back.
UPDATE order_return
SET status = 'inspected', version = version + 1
FROM unnest(:id::uuid[], :location::text[], :attempt::int[]) AS ended (id, location, attempt)
WHERE order_return.id = ended.id AND order_return.attempt = ended.attempt AND status = 'inspecting'
RETURNING order_return.id;

-- tell_returns: the orders are locked, and the returns inspected. It is the last one when as much has come back as was ever sent.
INSERT INTO outbox (topic, body)
SELECT 'fulfilment.returned', jsonb_build_object('order_id', order_return.order_id, 'return_id', order_return.id,
    'user_id', user_id, 'lines', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'quantity', restocked + written_off) ORDER BY sku), '[]')
        FROM return_line
        WHERE return_id = order_return.id AND restocked + written_off > 0
    ), 'complete', (
        SELECT sum(restocked + written_off)
        FROM order_return AS other JOIN return_line ON return_id = other.id
        WHERE other.order_id = order_return.order_id AND other.status = 'inspected'
    ) = (
        SELECT sum(quantity)
        FROM shipment JOIN shipment_line ON shipment_line.shipment_id = shipment.id
        WHERE shipment.order_id = order_return.order_id AND status <> 'cancelled'
    ))
FROM order_return JOIN job ON job.order_id = order_return.order_id
WHERE order_return.id = ANY(:ids);

-- claim_inspections: whoever had one before writes no more, since attempt is another.
UPDATE order_return
SET attempt = attempt + 1, touched_at = now()
WHERE id IN (
    SELECT id
    FROM order_return
    WHERE status = 'inspecting' AND touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY touched_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
RETURNING id, location, attempt;
