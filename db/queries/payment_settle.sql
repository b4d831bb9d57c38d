-- save_references: what the provider calls these.
WITH held AS (
    SELECT id
    FROM payment
    WHERE id = ANY(:id::uuid[]) AND status = 'opened'
    ORDER BY order_id
    FOR UPDATE
)
UPDATE payment
SET reference = learned.reference
FROM held JOIN unnest(:id::uuid[], :tries::int[], :reference::text[]) AS learned (id, tries, reference) USING (id)
WHERE payment.id = held.id AND payment.tries = learned.tries;

-- settle_payments: the money came from the provider and is owed to the shop, or is set aside. What was settled meanwhile, or is being
-- tried once more, stays as it is. All that lock payments do so in the order of the orders.
WITH held AS (
    SELECT id
    FROM payment
    WHERE id = ANY(:id::uuid[]) AND status = 'opened'
    ORDER BY order_id
    FOR UPDATE
), settled AS (
    UPDATE payment
    SET status = outcome.status, reference = outcome.reference,
        captured = CASE outcome.status WHEN 'captured' THEN amount ELSE 0 END
    FROM held JOIN unnest(:id::uuid[], :tries::int[], :status::text[], :reference::text[]) AS outcome (id, tries, status, reference)
        USING (id)
    WHERE payment.id = held.id AND payment.tries = outcome.tries
    RETURNING payment.id, order_id, user_id, payment.status, payment.tries, amount, currency
), noted AS (
    DELETE FROM in_flight
    USING settled
    WHERE payment_id = settled.id
), late AS (
    SELECT id, tries, status
    FROM settled
    WHERE tries > 1
), planned AS (
    DELETE FROM retry
    USING late
    WHERE payment_id = late.id
), tried AS (
    UPDATE try
    SET outcome = late.status
    FROM late
    WHERE payment_id = late.id AND number = late.tries
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'payment.' || status, jsonb_build_object('payment_id', id, 'order_id', order_id, 'user_id', user_id, 'late', tries > 1,
        'amount', jsonb_build_object('amount', amount, 'currency', currency))
    FROM settled
)
INSERT INTO ledger (payment_id, cause, account, amount)
SELECT id, 'charge', account, sign * amount
FROM settled, (VALUES ('provider', 1), ('sales', -1)) AS entry (account, sign)
WHERE status = 'captured' AND amount > 0;

-- fail_payments: nothing was taken. What failed softly is tried again, unless this very try was asked for: then all stays as it was
-- before. What was refused does not count against the day's limit.
WITH held AS (
    SELECT id, manual, next_at, next_at IS NOT NULL OR tries > 1 AND retry.payment_id IS NULL AS by_hand
    FROM payment LEFT JOIN retry ON payment_id = id
    WHERE id = ANY(:id::uuid[]) AND status = 'opened'
    ORDER BY order_id
    FOR UPDATE OF payment
), judged AS (
    SELECT id, tries, outcome.status, reference, by_hand,
        CASE
            WHEN by_hand THEN next_at
            WHEN outcome.status = 'insufficient' AND NOT manual AND next_in_ms >= 0 THEN now() + next_in_ms * interval '1 millisecond'
        END AS next_at
    FROM held JOIN unnest(:id::uuid[], :tries::int[], :status::text[], :reference::text[], :next_in_ms::int[])
        AS outcome (id, tries, status, reference, next_in_ms) USING (id)
), settled AS (
    UPDATE payment
    SET status = CASE WHEN by_hand THEN 'insufficient' ELSE judged.status END, reference = judged.reference
    FROM judged
    WHERE payment.id = judged.id AND payment.tries = judged.tries
    RETURNING payment.id, order_id, user_id, judged.status, payment.tries, amount, currency, method, customer,
        coalesce(tried_at, made_at) AS tried_at, by_hand, next_at
), noted AS (
    DELETE FROM in_flight
    USING settled
    WHERE payment_id = settled.id
), planned AS (
    INSERT INTO retry (payment_id, method, customer, next_at)
    SELECT id, method, customer, next_at
    FROM settled
    WHERE next_at IS NOT NULL
    ON CONFLICT (payment_id) DO UPDATE
    SET next_at = excluded.next_at
), given_up AS (
    DELETE FROM retry
    USING settled
    WHERE payment_id = settled.id AND settled.next_at IS NULL
), tried AS (
    INSERT INTO try (payment_id, number, outcome)
    SELECT id, tries, status
    FROM settled
    ON CONFLICT (payment_id, number) DO UPDATE
    SET outcome = excluded.outcome
), refused AS (
    SELECT user_id, sum(amount)::bigint AS amount
    FROM settled
    WHERE tried_at >= current_date
    GROUP BY user_id
), limited AS (
    SELECT user_id
    FROM terms
    WHERE user_id = ANY(ARRAY(SELECT user_id FROM refused))
    ORDER BY user_id
    FOR UPDATE
), forgiven AS (
    UPDATE terms
    SET spent = greatest(spent - refused.amount, 0)
    FROM limited JOIN refused USING (user_id)
    WHERE terms.user_id = limited.user_id AND spent_on = current_date
)
INSERT INTO outbox (topic, body)
SELECT topic, jsonb_strip_nulls(jsonb_build_object('payment_id', id, 'order_id', order_id, 'user_id', user_id, 'status', status,
    'tries', tries, 'next_try_at', next_at, 'amount', jsonb_build_object('amount', amount, 'currency', currency)))
FROM settled, (VALUES ('payment.failed', true), ('payment.given_up', false)) AS told (topic, always)
WHERE always OR next_at IS NULL AND NOT by_hand
ORDER BY topic;
