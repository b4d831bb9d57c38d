-- find_promotions: those for everybody that are on, and the coupons that were given, whatever holds of them. Those for everybody
-- come first, of each kind by priority.
SELECT id, code, body, starts_at <= now() AS has_begun, ends_at <= now() AS has_ended,
    limit_total > 0 AND used >= limit_total AS used_up, limit_total, limit_per_customer
FROM (
    SELECT id, code, body, starts_at, ends_at, limit_total, limit_per_customer, used
    FROM promotion
    WHERE code IS NULL AND ends_at > now() AND starts_at <= now()
    UNION ALL
    SELECT id, code, body, starts_at, ends_at, limit_total, limit_per_customer, used
    FROM promotion
    WHERE code = ANY(:codes)
) AS found
ORDER BY code IS NOT NULL, (body ->> 'priority')::int, id;

-- find_codes: those of these that there are; what has not begun is not told of.
SELECT code
FROM promotion
WHERE code = ANY(:codes) AND starts_at <= now();

-- find_uses: how often each of these customers has used each of these promotions.
SELECT format('%s %s', asked.promotion_id, asked.customer) AS key, uses
FROM (SELECT DISTINCT promotion_id, customer FROM unnest(:promotion_id::uuid[], :customer::text[])
        AS given (promotion_id, customer)) AS asked,
    LATERAL (SELECT count(*)::int AS uses FROM redemption
        WHERE redemption.promotion_id = asked.promotion_id AND redemption.customer = asked.customer AND status = 'live') AS counted;

-- find_rates: what holds now, in these countries. The one of a region goes before that of its country, and of several of one place
-- the latest.
SELECT tax_rate.country, region, tax_class, rate, included
FROM tax_rate JOIN tax_country ON tax_country.country = tax_rate.country
WHERE tax_rate.country = ANY(:countries) AND starts_at <= now() AND ends_at > now()
ORDER BY tax_rate.country, region DESC, starts_at DESC, id;

-- lock_orders: redeeming and giving back for one order wait for each other, whichever comes first.
SELECT count(pg_advisory_xact_lock(hashtextextended(id::text, 0)))::int AS count
FROM (SELECT DISTINCT id FROM unnest(:ids::uuid[]) AS given (id) ORDER BY id) AS ordered;

-- lock_promotions: each once, in the order of keys.
SELECT id AS promotion_id, limit_total, limit_per_customer, used
FROM promotion
WHERE id = ANY(:ids)
ORDER BY id
FOR UPDATE;

-- find_redeemed: of orders that have redeemed before, or have given back.
SELECT order_id, 'redeemed' AS status
FROM redemption
WHERE order_id = ANY(:ids) AND status = 'live'
UNION ALL
SELECT order_id, 'given_back' AS status
FROM given_back
WHERE order_id = ANY(:ids);

-- save_redemptions: the promotions are locked.
WITH saved AS (
    INSERT INTO redemption (order_id, promotion_id, customer, status)
    SELECT order_id, promotion_id, customer, 'live'
    FROM unnest(:order_id::uuid[], :promotion_id::uuid[], :customer::text[]) AS use (order_id, promotion_id, customer)
    RETURNING promotion_id
)
UPDATE promotion
SET used = used + uses
FROM (SELECT promotion_id, count(*)::int AS uses FROM saved GROUP BY promotion_id) AS counted
WHERE id = promotion_id;

-- bury_redemptions: what is given back before it was redeemed must not be redeemed any more.
INSERT INTO given_back (order_id)
SELECT DISTINCT order_id
FROM unnest(:order_ids::uuid[]) AS given (order_id)
ORDER BY order_id
ON CONFLICT (order_id) DO NOTHING;

-- give_back: each use once, however often it is given back.
WITH held AS (
    SELECT promotion.id
    FROM promotion
    WHERE id IN (SELECT promotion_id FROM redemption WHERE order_id = ANY(:order_ids) AND status = 'live')
    ORDER BY id
    FOR UPDATE
), given AS (
    UPDATE redemption
    SET status = 'given_back'
    FROM held
    WHERE order_id = ANY(:order_ids) AND status = 'live' AND promotion_id = held.id
    RETURNING promotion_id
)
UPDATE promotion
SET used = used - uses
FROM (SELECT promotion_id, count(*)::int AS uses FROM given GROUP BY promotion_id) AS counted
WHERE id = promotion_id;

-- save_promotion: a code is had once.
INSERT INTO promotion (id, code, body, starts_at, ends_at, limit_total, limit_per_customer)
VALUES (:id, :code, :body::text::jsonb, :starts_at, :ends_at, :limit_total, :limit_per_customer);

-- change_promotion: its code stays, and so do its uses.
UPDATE promotion
SET body = :body::text::jsonb, starts_at = :starts_at, ends_at = :ends_at, limit_total = :limit_total,
    limit_per_customer = :limit_per_customer, version = version + 1
WHERE id = :id AND version = coalesce(nullif(:version::int, 0), version)
RETURNING version;

-- end_promotion: what has ended stays as it ended.
UPDATE promotion
SET ends_at = least(ends_at, now()), version = version + 1
WHERE id = :id AND version = coalesce(nullif(:version::int, 0), version)
RETURNING version;

-- find_promotion: whatever holds of it.
SELECT id, code, body, starts_at, ends_at, limit_total, limit_per_customer, used, version
FROM promotion
WHERE id = :id;

-- list_promotions: newest first, one more than the limit.
SELECT id, code, body, starts_at, ends_at, limit_total, limit_per_customer, used, version
FROM promotion
WHERE id < coalesce(:after::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
ORDER BY id DESC
LIMIT :limit + 1;

-- save_tax_country: how prices are meant there.
INSERT INTO tax_country (country, included)
VALUES (:country, :included)
ON CONFLICT (country) DO UPDATE SET included = excluded.included;

-- list_tax_countries: all of them, at most some two hundred and fifty.
SELECT country, included
FROM tax_country
ORDER BY country;

-- save_tax_rate: in a country whose prices are known.
INSERT INTO tax_rate (id, country, region, tax_class, rate, starts_at, ends_at)
SELECT :id, country, coalesce(:region, ''), :tax_class, :rate, :starts_at, coalesce(:ends_at, timestamptz '9999-12-31T00:00:00Z')
FROM tax_country
WHERE country = :country
RETURNING id;

-- list_tax_rates: of a country, past and future.
SELECT id, country, nullif(region, '') AS region, tax_class, rate, starts_at, nullif(ends_at, timestamptz '9999-12-31T00:00:00Z') AS ends_at
FROM tax_rate
WHERE country = :country
ORDER BY country, region, tax_class, starts_at, id;

-- drop_tax_rate: what orders were charged stands in the orders.
DELETE FROM tax_rate
WHERE id = :id
RETURNING id;

-- drop_method: a shipping method.
DELETE FROM document
WHERE collection = 'shipping_method' AND key = :code
RETURNING key AS code;
