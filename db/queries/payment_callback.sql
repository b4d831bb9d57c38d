-- find_heard: the provider's events that were dealt with before.
SELECT id AS key
FROM heard
WHERE id = ANY(:keys);

-- find_named: payments that a provider's events are about, by the order.
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, customer, manual, status, reference, tries
FROM payment
WHERE order_id = ANY(:order_ids);

-- keep_heard: these have been dealt with.
INSERT INTO heard (id)
SELECT DISTINCT key
FROM unnest(:key::text[]) AS told (key)
ORDER BY key
ON CONFLICT (id) DO NOTHING;

-- forget_heard: no provider repeats what is a month old.
DELETE FROM heard
WHERE id IN (SELECT id FROM heard WHERE at < now() - interval '30 days' ORDER BY at LIMIT 1000);

-- revive_payments: payments that had failed here, and which the provider has taken after all. What was cancelled meanwhile is given
-- back, by whoever goes on with what is under way.
WITH held AS (
    SELECT id
    FROM payment
    WHERE id = ANY(:id::uuid[]) AND status IN ('insufficient', 'declined', 'authentication_required', 'voided') AND NOT manual
        AND captured = 0
    ORDER BY order_id
    FOR UPDATE
), revived AS (
    UPDATE payment
    SET status = CASE payment.status WHEN 'voided' THEN 'voiding' ELSE 'captured' END, captured = amount
    FROM held JOIN unnest(:id::uuid[], :reference::text[]) AS told (id, reference) USING (id)
    WHERE payment.id = held.id AND payment.reference = told.reference AND amount > 0
    RETURNING payment.id, order_id, user_id, status, tries, amount, currency
), noted AS (
    INSERT INTO in_flight (payment_id, touched_at)
    SELECT id, '-infinity'
    FROM revived
    WHERE status = 'voiding'
), unplanned AS (
    DELETE FROM retry
    USING revived
    WHERE payment_id = revived.id
), tried AS (
    UPDATE try
    SET outcome = 'captured'
    FROM revived
    WHERE payment_id = revived.id AND number = tries
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'payment.captured', jsonb_build_object('payment_id', id, 'order_id', order_id, 'user_id', user_id, 'late', true,
        'amount', jsonb_build_object('amount', amount, 'currency', currency))
    FROM revived
    WHERE status = 'captured'
)
INSERT INTO ledger (payment_id, cause, account, amount)
SELECT id, 'charge', account, sign * amount
FROM revived, (VALUES ('provider', 1), ('sales', -1)) AS entry (account, sign);
