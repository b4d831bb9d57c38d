

-- claim_due: what failed softly and is due, opened for another try. What is locked, or just being paid by hand, waits for the next
-- look. Whoever may not pay any more is not asked of the provider.
WITH due AS (
    SELECT payment_id, method, customer
    FROM retry
    WHERE next_at <= now()
    ORDER BY next_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
), held AS (
    SELECT id, user_id, amount, currency, due.method, due.customer
    FROM due JOIN payment ON payment.id = payment_id
    WHERE status = 'insufficient'
    FOR UPDATE OF payment SKIP LOCKED
), limits AS (
    SELECT user_id, blocked, per_charge, per_day, currency, CASE spent_on WHEN current_date THEN spent ELSE 0 END AS spent
    FROM terms
    WHERE user_id = ANY(ARRAY(SELECT user_id FROM held))
    ORDER BY user_id
    FOR UPDATE
), judged AS (
    SELECT held.id, held.user_id, amount, method, customer, coalesce(blocked OR limits.currency <> held.currency
        OR per_charge > 0 AND amount > per_charge
        OR per_day > 0 AND spent + sum(amount) OVER (PARTITION BY held.user_id ORDER BY held.id) > per_day, false) AS refused
    FROM held LEFT JOIN limits ON limits.user_id = held.user_id
), opened AS (
    UPDATE payment
    SET status = 'opened', tries = tries + 1, method = judged.method, customer = judged.customer, reference = NULL, tried_at = now()
    FROM judged
    WHERE payment.id = judged.id
    RETURNING payment.id, order_id, payment.amount, currency, payment.method, payment.customer, manual, status, tries, refused
), counted AS (
    UPDATE terms
    SET spent = limits.spent + paid.amount, spent_on = current_date
    FROM limits JOIN (SELECT user_id, sum(amount)::bigint AS amount FROM judged GROUP BY user_id) AS paid USING (user_id)
    WHERE terms.user_id = limits.user_id
), noted AS (
    INSERT INTO in_flight (payment_id)
    SELECT id FROM opened
), begun AS (
    UPDATE retry
    SET next_at = NULL
    FROM opened
    WHERE payment_id = opened.id
), tried AS (
    INSERT INTO try (payment_id, number)
    SELECT id, tries FROM opened
)
SELECT id, order_id, amount AS amount_amount, currency AS amount_currency, method, customer, manual, status, tries, refused
FROM opened;

-- find_tries: those that were asked for under these keys already.
SELECT order_id, try.key, try.wish, coalesce(outcome, 'opened') AS status
FROM unnest(:order_id::uuid[], :key::text[]) AS asked (order_id, key)
JOIN payment USING (order_id)
JOIN try ON payment_id = payment.id AND try.key = asked.key;

-- open_tries: another one, of payments that are locked. Whoever may not pay learns why.
WITH asked AS (
    SELECT asked.id, key, wish, asked.method, method_id, user_id, amount, currency
    FROM unnest(:id::uuid[], :key::text[], :wish::text[], :method::text[], :method_id::uuid[])
        AS asked (id, key, wish, method, method_id)
    JOIN payment ON payment.id = asked.id
), held AS (
    SELECT user_id, blocked, per_charge, per_day, currency, CASE spent_on WHEN current_date THEN spent ELSE 0 END AS spent
    FROM terms
    WHERE user_id = ANY(ARRAY(SELECT user_id FROM asked))
    ORDER BY user_id
    FOR UPDATE
), judged AS (
    SELECT asked.id, coalesce(token, asked.method) AS method, customer,
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
    UPDATE payment
    SET status = 'opened', tries = tries + 1, method = judged.method, customer = judged.customer, reference = NULL, tried_at = now()
    FROM judged
    WHERE payment.id = judged.id AND verdict = 'opened'
    RETURNING payment.id, user_id, amount, payment.method, payment.customer, tries, status
), counted AS (
    UPDATE terms
    SET spent = held.spent + paid.amount, spent_on = current_date
    FROM held JOIN (SELECT user_id, sum(amount)::bigint AS amount FROM opened GROUP BY user_id) AS paid USING (user_id)
    WHERE terms.user_id = held.user_id
), noted AS (
    INSERT INTO in_flight (payment_id)
    SELECT id FROM opened
), tried AS (
    INSERT INTO try (payment_id, number, key, wish)
    SELECT opened.id, tries, key, wish
    FROM opened JOIN asked USING (id)
)
SELECT id, method, customer, tries, status AS verdict FROM opened
UNION ALL
SELECT id, method, customer, 0 AS tries, verdict FROM judged WHERE verdict <> 'opened';
