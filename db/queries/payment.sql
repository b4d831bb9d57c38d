

-- open_payments: an order is charged once. Whoever asks second gets no row back, nor does whoever pays with something stored or has
-- terms, which few do and which is dearer to judge. In the order of keys, so that two batches never wait for each other in a
-- circle.
WITH opened AS (
    INSERT INTO payment (id, order_id, user_id, amount, currency, method, manual, status)
    SELECT id, order_id, user_id, amount, currency, method, manual, 'opened'
    FROM unnest(:id::uuid[], :order_id::uuid[], :user_id::uuid[], :amount_amount::bigint[], :amount_currency::text[],
        :method::text[], :method_id::uuid[], :manual::bool[])
        AS asked (id, order_id, user_id, amount, currency, method, method_id, manual)
    WHERE method_id IS NULL AND NOT EXISTS (SELECT FROM terms WHERE terms.user_id = asked.user_id)
    ORDER BY order_id
    ON CONFLICT (order_id) DO NOTHING
    RETURNING id
), noted AS (
    INSERT INTO in_flight (payment_id)
    SELECT id FROM opened
)
SELECT id FROM opened;

-- judge_payments: the others. Whoever asks second gets no row back, and whoever may not pay learns why. Of what one customer asks
-- for at once, all that comes first counts against the day's limit.
WITH asked AS (
    SELECT id, order_id, user_id, amount, currency, method, method_id, manual
    FROM unnest(:id::uuid[], :order_id::uuid[], :user_id::uuid[], :amount_amount::bigint[], :amount_currency::text[],
        :method::text[], :method_id::uuid[], :manual::bool[])
        AS asked (id, order_id, user_id, amount, currency, method, method_id, manual)
), held AS (
    SELECT user_id, blocked, per_charge, per_day, currency, CASE spent_on WHEN current_date THEN spent ELSE 0 END AS spent
    FROM terms
    WHERE user_id = ANY(:user_id::uuid[])
    ORDER BY user_id
    FOR UPDATE
), judged AS (
    SELECT asked.id, order_id, asked.user_id, amount, asked.currency, coalesce(token, asked.method) AS method, customer, manual,
        CASE
            WHEN method_id IS NOT NULL AND token IS NULL THEN 'unknown_method'
            WHEN blocked OR held.currency <> asked.currency THEN 'not_eligible'
            WHEN per_charge > 0 AND amount > per_charge
                OR per_day > 0 AND spent + sum(amount) OVER (PARTITION BY asked.user_id ORDER BY asked.id) > per_day
                THEN 'limit_exceeded'
            ELSE 'opened'
        END AS verdict
    FROM asked
    LEFT JOIN held ON held.user_id = asked.user_id
    LEFT JOIN method ON method.id = method_id AND method.user_id = asked.user_id
), opened AS (
    INSERT INTO payment (id, order_id, user_id, amount, currency, method, customer, manual, status)
    SELECT id, order_id, user_id, amount, currency, method, customer, manual, verdict
    FROM judged
    WHERE verdict = 'opened'
    ORDER BY order_id
    ON CONFLICT (order_id) DO NOTHING
    RETURNING id, user_id, amount, method, customer, status
), counted AS (
    UPDATE terms
    SET spent = held.spent + paid.amount, spent_on = current_date
    FROM held JOIN (SELECT user_id, sum(amount)::bigint AS amount FROM opened GROUP BY user_id) AS paid USING (user_id)
    WHERE terms.user_id = held.user_id
), noted AS (
    INSERT INTO in_flight (payment_id)
    SELECT id FROM opened
)
SELECT id, method, customer, status AS verdict FROM opened
UNION ALL
SELECT id, method, customer, verdict FROM judged WHERE verdict <> 'opened';

-- find_payments: how it stands with these orders. What was voided before it was asked for has no amount.
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, customer, manual, status, reference, tries
FROM payment
WHERE order_id = ANY(:order_ids);

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
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, customer, manual, status, reference, tries
FROM claimed JOIN payment ON payment.id = payment_id;

-- lock_payments: of these orders, in the order of their ids, until the transaction ends.
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, customer, manual, status, reference, tries, captured,
    refunding, refunded
FROM payment
WHERE order_id = ANY(:order_ids)
ORDER BY order_id
FOR UPDATE;

-- begin_captures: of payments that are locked.
WITH begun AS (
    UPDATE payment
    SET status = 'capturing', captured = capture.captured
    FROM unnest(:id::uuid[], :captured::bigint[]) AS capture (id, captured)
    WHERE payment.id = capture.id
    RETURNING payment.id
)
INSERT INTO in_flight (payment_id)
SELECT id FROM begun;

-- settle_captures: what was set aside beyond that is let go. A provider that lets nothing be taken any more has let go of all.
WITH held AS (
    SELECT id
    FROM payment
    WHERE id = ANY(:id::uuid[]) AND status = 'capturing'
    ORDER BY order_id
    FOR UPDATE
), settled AS (
    UPDATE payment
    SET status = outcome.status, captured = CASE outcome.status WHEN 'captured' THEN captured ELSE 0 END
    FROM held JOIN unnest(:id::uuid[], :status::text[]) AS outcome (id, status) USING (id)
    WHERE payment.id = held.id
    RETURNING payment.id, order_id, user_id, payment.status, tries, amount, captured, currency
), noted AS (
    DELETE FROM in_flight
    USING settled
    WHERE payment_id = settled.id
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'payment.captured', jsonb_build_object('payment_id', id, 'order_id', order_id, 'user_id', user_id, 'late', false,
        'amount', jsonb_build_object('amount', captured, 'currency', currency))
    FROM settled
    WHERE status = 'captured'
    UNION ALL
    SELECT topic, jsonb_build_object('payment_id', id, 'order_id', order_id, 'user_id', user_id, 'status', status, 'tries', tries,
        'amount', jsonb_build_object('amount', amount, 'currency', currency))
    FROM settled, (VALUES ('payment.failed'), ('payment.given_up')) AS told (topic)
    WHERE status <> 'captured'
)
INSERT INTO ledger (payment_id, cause, account, amount)
SELECT id, 'capture', account, sign * captured
FROM settled, (VALUES ('provider', 1), ('sales', -1)) AS entry (account, sign)
WHERE status = 'captured' AND captured > 0;

-- claim_capturing: captures that a crash left.
WITH claimed AS (
    SELECT payment_id
    FROM in_flight JOIN payment ON payment.id = payment_id
    WHERE status = 'capturing' AND in_flight.touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY in_flight.touched_at
    LIMIT :limit::int
    FOR UPDATE OF in_flight SKIP LOCKED
), touched AS (
    UPDATE in_flight
    SET touched_at = now()
    FROM claimed
    WHERE in_flight.payment_id = claimed.payment_id
)
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, status, reference, captured
FROM claimed JOIN payment ON payment.id = payment_id;

-- bury_payments: what is voided before it was asked for must not be charged any more.
INSERT INTO payment (id, order_id, status)
SELECT id, order_id, 'voided'
FROM unnest(:id::uuid[], :order_id::uuid[]) AS buried (id, order_id)
ORDER BY order_id
ON CONFLICT (order_id) DO NOTHING;

-- void_payments: only money that was taken or set aside has to be given back, and of that what was not given back before. While
-- a refund is under way it is not known how much that is.
WITH held AS (
    SELECT id, status AS before
    FROM payment
    WHERE order_id = ANY(:order_ids)
    ORDER BY order_id
    FOR UPDATE
), voided AS (
    UPDATE payment
    SET status = CASE
        WHEN status = 'insufficient' THEN 'voided'
        WHEN status IN ('authorized', 'captured', 'partially_refunded') AND refunding = 0 THEN 'voiding'
        ELSE status
    END
    FROM held
    WHERE payment.id = held.id
    RETURNING payment.id, order_id, user_id, amount, currency, method, status, reference, captured, refunding, refunded, before
), noted AS (
    INSERT INTO in_flight (payment_id)
    SELECT id
    FROM voided
    WHERE status = 'voiding'
    ON CONFLICT (payment_id) DO NOTHING
), unplanned AS (
    DELETE FROM retry
    USING voided
    WHERE payment_id = voided.id AND status = 'voided'
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'payment.voided', jsonb_build_object('payment_id', id, 'order_id', order_id, 'user_id', user_id,
        'amount', jsonb_build_object('amount', 0, 'currency', currency))
    FROM voided
    WHERE status = 'voided' AND before <> 'voided'
)
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, status, reference, captured, refunding, refunded
FROM voided;

-- settle_voids: the entries turned round.
WITH held AS (
    SELECT id, captured - refunded AS remainder
    FROM payment
    WHERE id = ANY(:id::uuid[]) AND status = 'voiding'
    ORDER BY order_id
    FOR UPDATE
), settled AS (
    UPDATE payment
    SET status = 'voided', refunded = captured
    FROM held
    WHERE payment.id = held.id
    RETURNING payment.id, order_id, user_id, remainder, currency
), noted AS (
    DELETE FROM in_flight
    USING settled
    WHERE payment_id = settled.id
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'payment.voided', jsonb_build_object('payment_id', id, 'order_id', order_id, 'user_id', user_id,
        'amount', jsonb_build_object('amount', remainder, 'currency', currency))
    FROM settled
)
INSERT INTO ledger (payment_id, cause, account, amount)
SELECT id, 'void', account, sign * remainder
FROM settled, (VALUES ('provider', -1), ('sales', 1)) AS entry (account, sign)
WHERE remainder > 0;

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
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, status, reference, captured, refunding, refunded
FROM claimed JOIN payment ON payment.id = payment_id;

-- find_payment: of an order.
SELECT id AS payment_id, order_id, status, amount AS amount_amount, currency AS amount_currency, captured, refunding, refunded,
    reference, made_at, tries, next_at AS next_try_at
FROM payment LEFT JOIN retry ON payment_id = id
WHERE order_id = :order_id;

-- list_tries: of a payment, the oldest first. What succeeded at once is none of them.
SELECT number, key IS NOT NULL AS asked_for, coalesce(outcome, 'opened') AS status, at
FROM try
WHERE payment_id = :payment_id
ORDER BY number;

-- list_refunds: of a payment, the oldest first.
SELECT refund.id, refund.amount AS amount_amount, currency AS amount_currency, refund.status, reason, who, refund.made_at
FROM refund JOIN payment ON payment.id = payment_id
WHERE payment_id = :payment_id
ORDER BY refund.id;

-- list_entries: of a payment, the oldest first.
SELECT cause, account, amount, at
FROM ledger
WHERE payment_id = :payment_id
ORDER BY at, cause, account;

-- save_terms: what was spent today stays counted.
INSERT INTO terms (user_id, blocked, per_charge, per_day, currency, reason)
VALUES (:user_id, :blocked, :per_charge, :per_day, :currency, :reason)
ON CONFLICT (user_id) DO UPDATE
SET blocked = excluded.blocked, per_charge = excluded.per_charge, per_day = excluded.per_day, currency = excluded.currency,
    reason = excluded.reason;

-- find_terms: of a customer. Whoever has none pays what he likes.
SELECT wanted.user_id, coalesce(blocked, false) AS blocked, coalesce(per_charge, 0) AS per_charge, coalesce(per_day, 0) AS per_day,
    currency, reason
FROM (VALUES (:user_id::uuid)) AS wanted (user_id)
LEFT JOIN terms ON terms.user_id = wanted.user_id;
