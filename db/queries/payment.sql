-- open_payments: an order is charged once. Whoever asks second gets no row back.
-- In the order of keys, so that two batches never wait for each other in a circle.
WITH opened AS (
    INSERT INTO payment (id, order_id, amount, currency, method, status)
    SELECT id, order_id, amount, currency, method, 'opened'
    FROM unnest(:id::uuid[], :order_id::uuid[], :amount_amount::bigint[], :amount_currency::text[], :method::text[])
        AS asked (id, order_id, amount, currency, method)
    ORDER BY order_id
    ON CONFLICT (order_id) DO NOTHING
    RETURNING id
)
INSERT INTO in_flight (payment_id)
SELECT id FROM opened
RETURNING payment_id AS id;

-- find_payments: how it stands with these orders. What was voided before it was asked for has no amount.
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, status
FROM payment
WHERE order_id = ANY(:order_ids);

-- settle_payments: the money came from the provider and is owed to the shop. What was settled meanwhile stays as it is.
WITH settled AS (
    UPDATE payment
    SET status = outcome.status
    FROM unnest(:id::uuid[], :status::text[]) AS outcome (id, status)
    WHERE payment.id = outcome.id AND payment.status = 'opened'
    RETURNING payment.id, payment.status, amount
), noted AS (
    DELETE FROM in_flight
    USING settled
    WHERE payment_id = settled.id
)
INSERT INTO ledger (payment_id, cause, account, amount)
SELECT id, 'charge', account, sign * amount
FROM settled, (VALUES ('provider', 1), ('sales', -1)) AS entry (account, sign)
WHERE status = 'captured';

-- claim_opened: charges that a crash left, the longest untouched first.
WITH claimed AS (
    SELECT payment_id
    FROM in_flight JOIN payment ON payment.id = payment_id
    WHERE status = 'opened' AND in_flight.touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY in_flight.touched_at
    LIMIT :limit::int
    FOR UPDATE OF in_flight SKIP LOCKED
), touched AS (
    UPDATE in_flight
    SET touched_at = now()
    FROM claimed
    WHERE in_flight.payment_id = claimed.payment_id
)
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, status
FROM claimed JOIN payment ON payment.id = payment_id;

-- bury_payments: what is voided before it was asked for must not be charged any more.
INSERT INTO payment (id, order_id, status)
SELECT id, order_id, 'voided'
FROM unnest(:id::uuid[], :order_id::uuid[]) AS buried (id, order_id)
ORDER BY order_id
ON CONFLICT (order_id) DO NOTHING;

-- void_payments: only money that was taken has to be given back.
WITH held AS (
    SELECT id
    FROM payment
    WHERE order_id = ANY(:order_ids)
    ORDER BY order_id
    FOR UPDATE
), voided AS (
    UPDATE payment
    SET status = CASE status WHEN 'captured' THEN 'voiding' WHEN 'insufficient' THEN 'voided' ELSE status END
    FROM held
    WHERE payment.id = held.id
    RETURNING payment.id, order_id, status
), noted AS (
    INSERT INTO in_flight (payment_id)
    SELECT id
    FROM voided
    WHERE status = 'voiding'
    ON CONFLICT (payment_id) DO NOTHING
)
SELECT id, order_id, status FROM voided;

-- settle_voids: the entries turned round.
WITH settled AS (
    UPDATE payment
    SET status = 'voided'
    FROM unnest(:id::uuid[]) AS voided (id)
    WHERE payment.id = voided.id AND status = 'voiding'
    RETURNING payment.id, amount
), noted AS (
    DELETE FROM in_flight
    USING settled
    WHERE payment_id = settled.id
)
INSERT INTO ledger (payment_id, cause, account, amount)
SELECT id, 'void', account, sign * amount
FROM settled, (VALUES ('provider', -1), ('sales', 1)) AS entry (account, sign);

-- claim_voiding: voids that a crash left.
WITH claimed AS (
    SELECT payment_id
    FROM in_flight JOIN payment ON payment.id = payment_id
    WHERE status = 'voiding' AND in_flight.touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY in_flight.touched_at
    LIMIT :limit::int
    FOR UPDATE OF in_flight SKIP LOCKED
), touched AS (
    UPDATE in_flight
    SET touched_at = now()
    FROM claimed
    WHERE in_flight.payment_id = claimed.payment_id
)
SELECT id, order_id, status
FROM claimed JOIN payment ON payment.id = payment_id;

-- simulator_charge: the provider charges once by key, however often it is asked.
INSERT INTO simulator.charge (key, amount, currency, method, outcome)
SELECT DISTINCT ON (key) key, amount, currency, method, outcome
FROM unnest(:key::text[], :amount_amount::bigint[], :amount_currency::text[], :method::text[], :outcome::text[])
    AS charge (key, amount, currency, method, outcome)
ORDER BY key
ON CONFLICT (key) DO UPDATE SET asked = charge.asked + 1;

-- simulator_find: what the provider knows of these.
SELECT key, outcome
FROM simulator.charge
WHERE key = ANY(:keys);

-- simulator_refund: once, however often it is asked.
UPDATE simulator.charge
SET refunded_at = now()
WHERE key = ANY(:keys) AND outcome = 'captured' AND refunded_at IS NULL;
