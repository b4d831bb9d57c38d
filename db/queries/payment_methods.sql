-- lock_methods: whoever stores one while another of the same customer is being stored waits for it. In the order of the
-- customers, so that two batches never wait for each other in a circle.
SELECT pg_advisory_xact_lock(hashtextextended('method ' || user_id, 0)) IS NOT NULL AS locked
FROM (SELECT DISTINCT user_id FROM unnest(:user_ids::text[]) AS customer (user_id) ORDER BY user_id OFFSET 0) AS customers;

-- know_customer: as the provider is to be asked for him, and how it stands with what is stored.
WITH known AS (
    INSERT INTO customer (user_id, attempt)
    VALUES (:user_id, 1)
    ON CONFLICT (user_id) DO UPDATE
    SET attempt = greatest(customer.attempt, 1)
    RETURNING reference, attempt, gone
)
SELECT reference AS customer, attempt, gone,
    (SELECT count(*) FROM method WHERE user_id = :user_id AND token <> :token)::int AS others,
    EXISTS (SELECT FROM farewell WHERE user_id = :user_id AND token = :token) AS parting
FROM known;

-- save_customer: what the provider calls him, or that it has to be asked anew.
UPDATE customer
SET reference = :customer, attempt = :attempt
WHERE user_id = :user_id AND reference IS NULL AND NOT gone;

-- save_method: the same once more is the same. The first is what is paid with unless something else is said.
INSERT INTO method (id, user_id, token, customer, label, brand, last4, expiry_month, expiry_year, is_default)
SELECT :id, :user_id, :token, :customer, :label, :card_brand, :card_last4, :card_expiry_month, :card_expiry_year,
    NOT EXISTS (SELECT FROM method WHERE user_id = :user_id)
ON CONFLICT (user_id, token) DO UPDATE
SET customer = excluded.customer, label = coalesce(excluded.label, method.label), expiry_month = excluded.expiry_month,
    expiry_year = excluded.expiry_year
RETURNING id, label, brand, last4, expiry_month, expiry_year, is_default;

-- unsave_method: what was attached and is not kept.
INSERT INTO farewell (id, user_id, token, customer)
SELECT :id, :user_id, :token, :customer
WHERE NOT EXISTS (SELECT FROM method WHERE user_id = :user_id AND token = :token)
ON CONFLICT (id) DO NOTHING;

-- list_methods: of a customer, what is paid with by default first.
SELECT id, label, brand, last4, expiry_month, expiry_year, is_default
FROM method
WHERE user_id = :user_id
ORDER BY is_default DESC, id;

-- choose_method: the one that was the default is so no more, before another is.
UPDATE method
SET is_default = false
WHERE user_id = :user_id AND is_default AND id <> :id
    AND EXISTS (SELECT FROM method WHERE user_id = :user_id AND id = :id);

-- set_default: and this one is.
UPDATE method
SET is_default = true
WHERE user_id = :user_id AND id = :id
RETURNING id, label, brand, last4, expiry_month, expiry_year, is_default;

-- drop_method: unless something is just being paid with it. The provider lets go of what it keeps for the customer.
WITH wanted AS (
    SELECT id, user_id, token, customer, EXISTS (
        SELECT
        FROM in_flight JOIN payment ON payment.id = payment_id
        WHERE status = 'opened' AND payment.user_id = method.user_id AND payment.method = token
    ) AS in_use
    FROM method
    WHERE user_id = :user_id AND id = :id
), dropped AS (
    DELETE FROM method
    USING wanted
    WHERE method.id = wanted.id AND NOT in_use
    RETURNING method.id, method.user_id, method.token, method.customer
), noted AS (
    INSERT INTO farewell (id, user_id, token, customer)
    SELECT id, user_id, token, customer
    FROM dropped
    WHERE customer IS NOT NULL
)
SELECT id, user_id, token, customer, in_use
FROM wanted;

-- promote_method: the oldest that is left, where none is the default.
UPDATE method
SET is_default = true
WHERE id = (SELECT id FROM method WHERE user_id = :user_id ORDER BY id LIMIT 1)
    AND NOT EXISTS (SELECT FROM method WHERE user_id = :user_id AND is_default);

-- forget_users: what they have stored to pay with, what staff wrote about them, and what was answered to them. The books stay. Whoever
-- comes after this finds that they are gone.
WITH forgotten AS (
    SELECT DISTINCT user_id FROM unnest(:user_id::uuid[]) AS given (user_id) ORDER BY user_id
), methods AS (
    DELETE FROM method USING forgotten WHERE method.user_id = forgotten.user_id
), answers AS (
    DELETE FROM request_key USING forgotten WHERE principal = forgotten.user_id::text
), marked AS (
    INSERT INTO customer (user_id, attempt, gone)
    SELECT user_id, 0, true
    FROM forgotten
    ON CONFLICT (user_id) DO UPDATE
    SET gone = true
    WHERE NOT customer.gone
    RETURNING user_id, reference, attempt
), noted AS (
    INSERT INTO farewell (id, user_id, customer, attempt)
    SELECT user_id, user_id, reference, attempt
    FROM marked
    WHERE attempt > 0
)
DELETE FROM terms USING forgotten WHERE terms.user_id = forgotten.user_id;

-- find_farewells: of customers whose accounts are closed.
SELECT id, user_id, token, customer, attempt
FROM farewell
WHERE id = ANY(:user_id::uuid[]);

-- settle_farewells: nothing is known any more of what is gone.
WITH gone AS (
    DELETE FROM farewell
    WHERE id = ANY(:id::uuid[])
    RETURNING user_id, token
)
UPDATE customer
SET reference = NULL
FROM gone
WHERE token IS NULL AND customer.user_id = gone.user_id;

-- claim_farewells: those that a crash left, or that nobody has asked for yet.
WITH claimed AS (
    SELECT id
    FROM farewell
    WHERE touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY touched_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
UPDATE farewell
SET touched_at = now()
FROM claimed
WHERE farewell.id = claimed.id
RETURNING farewell.id, user_id, token, customer, attempt;
