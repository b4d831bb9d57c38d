-- find_payable: how it stands with these orders; whose each must be is for who looks at the answer.
SELECT orders.id, orders.user_id, status
FROM (SELECT DISTINCT id FROM unnest(:id::uuid[]) AS asked (id)) AS asked
JOIN orders ON orders.id = asked.id;

-- note_paid: of orders that were paid after all. One that is just being placed waits for that first.
INSERT INTO awaiting (order_id, until, paid_touched_at)
SELECT id, 'infinity', '-infinity'
FROM orders
WHERE id = ANY(:order_ids) AND status IN ('placing', 'awaiting_payment')
ORDER BY id
ON CONFLICT (order_id) DO UPDATE
SET paid_touched_at = excluded.paid_touched_at
WHERE awaiting.paid_touched_at IS NULL;

-- give_up_payments: orders that are not going to be paid have waited for long enough.
WITH held AS (
    SELECT order_id
    FROM awaiting
    WHERE order_id = ANY(:order_ids) AND paid_touched_at IS NULL
    ORDER BY order_id
    FOR UPDATE
)
UPDATE awaiting
SET until = now()
FROM held
WHERE awaiting.order_id = held.order_id;

-- touch_paid: these are being confirmed.
WITH held AS (
    SELECT order_id
    FROM awaiting
    WHERE order_id = ANY(:order_ids)
    ORDER BY order_id
    FOR UPDATE
)
UPDATE awaiting
SET paid_touched_at = now()
FROM held
WHERE awaiting.order_id = held.order_id;

-- claim_paid: orders that were paid after all, and those of them that a crash left. What was cancelled meanwhile is left to that.
WITH due AS (
    SELECT order_id
    FROM awaiting
    WHERE paid_touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY paid_touched_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
), found AS (
    SELECT id, status
    FROM due JOIN orders ON id = order_id
), over AS (
    DELETE FROM awaiting
    USING found
    WHERE order_id = id AND status NOT IN ('placing', 'awaiting_payment')
), touched AS (
    UPDATE awaiting
    SET paid_touched_at = now()
    FROM found
    WHERE order_id = id AND status = 'awaiting_payment'
    RETURNING order_id, status
)
SELECT order_id AS id, status
FROM touched;

-- confirm_paid: status, history and event are one. What was cancelled first stays so; whose stock is gone has waited for long enough.
WITH outcome AS (
    SELECT id, held
    FROM unnest(:id::uuid[], :held::bool[]) AS outcome (id, held)
), waiting AS (
    SELECT order_id, held
    FROM outcome JOIN awaiting ON order_id = id
    ORDER BY order_id
    FOR UPDATE OF awaiting
), lapsed AS (
    UPDATE awaiting
    SET until = now(), paid_touched_at = NULL
    FROM waiting
    WHERE awaiting.order_id = waiting.order_id AND NOT held
), paid AS (
    DELETE FROM awaiting
    USING waiting
    WHERE awaiting.order_id = waiting.order_id AND held
    RETURNING awaiting.order_id
), confirmed AS (
    UPDATE orders
    SET status = 'confirmed'
    FROM paid
    WHERE id = order_id AND status = 'awaiting_payment'
    RETURNING id, user_id, status, total_amount, total_currency
), history AS (
    INSERT INTO order_history (order_id, status, who, why)
    SELECT id, status, 'order.pay', 'paid'
    FROM confirmed
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'order.confirmed', jsonb_build_object('order_id', id, 'user_id', user_id,
        'total', jsonb_build_object('amount', total_amount, 'currency', total_currency))
    FROM confirmed
)
SELECT orders.id, coalesce(confirmed.status, orders.status) AS status
FROM outcome JOIN orders ON orders.id = outcome.id LEFT JOIN confirmed ON confirmed.id = orders.id;
