

-- find_refunds: those that were made under these keys already.
SELECT refund.id, order_id, refund.key, refund.amount AS amount_amount, currency AS amount_currency, refund.status, reference, method
FROM unnest(:order_id::uuid[], :key::text[]) AS asked (order_id, key)
JOIN payment USING (order_id)
JOIN refund ON payment_id = payment.id AND refund.key = asked.key;

-- save_refunds: of payments that are locked.
WITH saved AS (
    INSERT INTO refund (id, payment_id, key, amount, reason, who, status)
    SELECT id, payment_id, key, amount, reason, who, 'refunding'
    FROM unnest(:id::uuid[], :payment_id::uuid[], :key::text[], :amount_amount::bigint[], :reason::text[], :who::text[])
        AS refund (id, payment_id, key, amount, reason, who)
    RETURNING payment_id, amount
)
UPDATE payment
SET refunding = refunding + total
FROM (SELECT payment_id, sum(amount)::bigint AS total FROM saved GROUP BY payment_id ORDER BY payment_id) AS refunds
WHERE payment.id = payment_id;

-- settle_refunds: what the provider would not give back can be asked for once more, under another key.
WITH held AS (
    SELECT id
    FROM payment
    WHERE id = ANY(ARRAY(SELECT payment_id FROM refund WHERE id = ANY(:id::uuid[])))
    ORDER BY order_id
    FOR UPDATE
), settled AS (
    UPDATE refund
    SET status = outcome.status
    FROM unnest(:id::uuid[], :status::text[]) AS outcome (id, status), held
    WHERE refund.id = outcome.id AND refund.status = 'refunding' AND payment_id = held.id
    RETURNING refund.id, payment_id, refund.status, amount
), moved AS (
    UPDATE payment
    SET refunding = refunding - asked, refunded = refunded + given,
        status = CASE
            WHEN given = 0 THEN status
            WHEN refunded + given = captured THEN 'refunded'
            ELSE 'partially_refunded'
        END
    FROM (
        SELECT payment_id, sum(amount)::bigint AS asked,
            coalesce(sum(amount) FILTER (WHERE status = 'refunded'), 0)::bigint AS given
        FROM settled
        GROUP BY payment_id
        ORDER BY payment_id
    ) AS refunds
    WHERE payment.id = payment_id
    RETURNING payment.id, order_id, user_id, currency
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'payment.refunded', jsonb_build_object('payment_id', payment_id, 'order_id', order_id, 'user_id', user_id,
        'refund_id', settled.id, 'amount', jsonb_build_object('amount', amount, 'currency', currency))
    FROM settled JOIN moved ON moved.id = payment_id
    WHERE status = 'refunded'
)
INSERT INTO ledger (payment_id, cause, account, amount)
SELECT payment_id, 'refund ' || id, account, sign * amount
FROM settled, (VALUES ('provider', -1), ('refunds', 1)) AS entry (account, sign)
WHERE status = 'refunded';

-- claim_refunding: refunds that a crash left.
WITH claimed AS (
    SELECT id
    FROM refund
    WHERE status = 'refunding' AND touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY touched_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
), touched AS (
    UPDATE refund
    SET touched_at = now()
    FROM claimed
    WHERE refund.id = claimed.id
    RETURNING refund.id, payment_id, key, amount, status
)
SELECT touched.id, order_id, key, touched.amount AS amount_amount, currency AS amount_currency, touched.status, reference, method
FROM touched JOIN payment ON payment.id = payment_id;
