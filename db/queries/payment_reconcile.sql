-- list_made: payments that were opened in this time, which their ids begin with.
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, status, coalesce(reference, order_id::text) AS reference,
    captured, refunding, refunded
FROM payment
WHERE id >= (lpad(to_hex(floor(extract(epoch FROM :from::timestamptz) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
    AND id < (lpad(to_hex(floor(extract(epoch FROM :until::timestamptz) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
ORDER BY id
LIMIT :limit::int + 1;

-- list_named: payments of these orders.
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, status, coalesce(reference, order_id::text) AS reference,
    captured, refunding, refunded
FROM payment
WHERE order_id = ANY(:order_ids);

-- simulator_journal: what the simulator was asked for in this time, and what it has taken and given back of that.
SELECT left(key, 36) AS order_id, key AS reference, currency,
    CASE WHEN outcome = 'authorized' AND refunded_at IS NULL THEN 'authorized' WHEN outcome = 'captured' THEN 'captured' ELSE 'failed' END
        AS status,
    CASE WHEN outcome = 'captured' THEN coalesce(captured, amount) ELSE 0 END AS captured,
    CASE
        WHEN outcome <> 'captured' THEN 0
        WHEN refunded_at IS NOT NULL THEN coalesce(captured, amount)
        ELSE (SELECT coalesce(sum(refund.amount), 0)::bigint FROM simulator.refund WHERE refund.charge = charge.key)
    END AS refunded,
    at
FROM simulator.charge
WHERE at >= :from AND at < :until
ORDER BY at
LIMIT :limit::int + 1;
