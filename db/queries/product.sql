-- find_owners: the products that these variants belong to, with those that are not sold any more.
SELECT offer.sku, product_sku
FROM (SELECT DISTINCT sku FROM unnest(:skus::text[]) AS given (sku)) AS wanted,
    LATERAL (SELECT sku, product_sku FROM offer WHERE offer.sku = wanted.sku LIMIT 1) AS offer;

-- find_offers: what each SKU is sold for, in the currency that it is asked in; without one, in the product's own. What cannot be
-- bought is left out, and what has no price in the currency has none.
SELECT asked.key, offer.sku, name, weight_g, tax_class, categories,
    CASE WHEN asked.currency IS NULL THEN price_amount ELSE other.amount END AS price_amount,
    CASE WHEN asked.currency IS NULL THEN price_currency ELSE other.currency END AS price_currency
FROM (SELECT DISTINCT key, sku, currency FROM unnest(:key::text[], :sku::text[], :currency::text[])
        AS given (key, sku, currency)) AS asked,
    LATERAL (SELECT sku, name, price_amount, price_currency, weight_g, tax_class, categories
        FROM offer WHERE offer.sku = asked.sku AND buyable LIMIT 1) AS offer
    LEFT JOIN LATERAL (SELECT amount, currency FROM offer_price
        WHERE offer_price.sku = asked.sku AND offer_price.currency = asked.currency LIMIT 1) AS other ON true;

-- claim_products: makes room for those that are new, so that they can be locked like all others.
INSERT INTO document (collection, key, body)
SELECT DISTINCT 'product', sku, '{}'::jsonb
FROM unnest(:skus::text[]) AS given (sku)
ORDER BY sku
ON CONFLICT (collection, key) DO NOTHING;

-- lock_products: each once, in the order of keys; one that was only just claimed has no version.
SELECT wanted.sku, document.id, document.status, document.version
FROM (SELECT DISTINCT sku FROM unnest(:skus::text[]) AS given (sku) ORDER BY sku) AS wanted,
    LATERAL (SELECT body ->> 'id' AS id, coalesce(body ->> 'status', 'published') AS status,
        CASE WHEN body ? 'sku' THEN coalesce((body ->> 'version')::int, 1) ELSE 0 END AS version
        FROM document WHERE collection = 'product' AND key = wanted.sku LIMIT 1 FOR UPDATE) AS document;

-- hold_categories: those that are there, so that none is moved or removed while products are put into it.
SELECT wanted.slug
FROM (SELECT DISTINCT slug FROM unnest(:slugs::text[]) AS given (slug) ORDER BY slug) AS wanted,
    LATERAL (SELECT slug FROM category WHERE category.slug = wanted.slug LIMIT 1 FOR SHARE) AS category;

-- retire_offers: all that these products were sold as, until it is said anew.
WITH retired AS (
    UPDATE offer
    SET buyable = false
    WHERE product_sku = ANY(:skus)
    RETURNING sku
)
DELETE FROM offer_price
USING retired
WHERE offer_price.sku = retired.sku;

-- save_offers: gives those that were saved, which are not those that belong to another product.
INSERT INTO offer (sku, product_sku, name, price_amount, price_currency, weight_g, tax_class, buyable)
SELECT sku, product_sku, name, price_amount, price_currency, weight_g, tax_class, buyable
FROM unnest(:sku::text[], :product_sku::text[], :name::text[], :price_amount::bigint[], :price_currency::text[],
    :weight_g::int[], :tax_class::text[], :buyable::bool[])
    AS given (sku, product_sku, name, price_amount, price_currency, weight_g, tax_class, buyable)
ORDER BY sku
ON CONFLICT (sku) DO UPDATE
SET name = excluded.name, price_amount = excluded.price_amount, price_currency = excluded.price_currency,
    weight_g = excluded.weight_g, tax_class = excluded.tax_class, buyable = excluded.buyable
WHERE offer.product_sku = excluded.product_sku
RETURNING sku, product_sku;

-- save_prices: those of before were removed with the offers.
INSERT INTO offer_price (sku, currency, amount)
SELECT sku, price_currency, price_amount
FROM unnest(:sku::text[], :price_amount::bigint[], :price_currency::text[]) AS given (sku, price_amount, price_currency);

-- clear_shelves: of these products.
WITH cleared AS (
    DELETE FROM shelf
    WHERE sku = ANY(:skus)
)
DELETE FROM shelf_price
WHERE sku = ANY(:skus);

-- fill_shelves: as their documents, the tree and their prices say. What they are sold as learns its categories.
WITH listed AS MATERIALIZED (
    SELECT document.sku, coalesce(body ->> 'status', 'published') AS status, (body ->> 'id')::uuid AS id,
        lower(left(body ->> 'name', 40)) AS name, body -> 'attributes' AS attributes,
        ARRAY(SELECT DISTINCT above.slug
            FROM jsonb_array_elements_text(body -> 'categories') AS own (slug), category, unnest(path) AS above (slug)
            WHERE category.slug = own.slug
            ORDER BY above.slug) AS categories
    FROM (SELECT DISTINCT sku FROM unnest(:skus::text[]) AS given (sku)) AS wanted,
        LATERAL (SELECT key AS sku, body FROM document WHERE collection = 'product' AND key = wanted.sku LIMIT 1) AS document
), standing AS MATERIALIZED (
    SELECT sku, status, id, name, shelf
    FROM listed, LATERAL (
        SELECT ''
        UNION ALL
        SELECT 'category:' || slug FROM unnest(categories) AS above (slug)
        UNION ALL
        SELECT DISTINCT 'attribute:' || (attribute ->> 'name') || ':' || (attribute ->> 'value')
        FROM jsonb_array_elements(attributes) AS own (attribute)
    ) AS place (shelf)
), filled AS (
    INSERT INTO shelf (sku, shelf, status, id, name)
    SELECT sku, shelf, status, id, name
    FROM standing
), priced AS (
    INSERT INTO shelf_price (sku, shelf, currency, status, amount)
    SELECT sku, shelf, currency, status, amount
    FROM standing, LATERAL (
        SELECT currency, min(amount) AS amount
        FROM offer JOIN offer_price ON offer_price.sku = offer.sku
        WHERE product_sku = standing.sku
        GROUP BY currency
    ) AS lowest
)
UPDATE offer
SET categories = listed.categories
FROM listed
WHERE product_sku = listed.sku;

-- save_events: what became of each.
INSERT INTO outbox (topic, body)
SELECT topic, jsonb_build_object('sku', sku, 'version', version, 'status', status)
FROM unnest(:topic::text[], :sku::text[], :version::int[], :status::text[]) AS given (topic, sku, version, status);

-- walk_shelf: up to :walk products of a shelf from a place on, in one of its orders, of which at most :limit are given: those
-- that stand on all the others too and fit otherwise, and the last that was looked at, where it was the :walk-th. Only the
-- one branch that is in the order asked for is ever run, so the rows come in that order.
SELECT sku, id, name, amount, fits, number = :walk AS ends
FROM (
    SELECT sku, id, name, amount, row_number() OVER () AS number,
        name >= lower(:prefix) AND name < lower(:prefix) || chr(1114111)
        AND cardinality(:others::text[]) = (SELECT count(*)
            FROM unnest(:others::text[]) AS other (shelf) JOIN shelf AS also
                ON also.sku = stand.sku AND also.shelf = other.shelf)
        AND (:currency::text IS NULL OR 0 < (SELECT count(*)
            FROM shelf_price AS price
            WHERE price.sku = stand.sku AND price.shelf = '' AND price.currency = :currency
                AND amount BETWEEN :price_min AND :price_max)) AS fits
    FROM (
        (SELECT sku, id, name, 0::bigint AS amount
        FROM shelf
        WHERE :sort = 'sku' AND shelf = :shelf AND status = :status AND sku > :after_sku
        ORDER BY sku
        LIMIT :walk)
        UNION ALL
        (SELECT sku, id, name, 0::bigint
        FROM shelf
        WHERE :sort = 'name' AND shelf = :shelf AND status = :status
            AND (name, sku) > (coalesce(:after_name, lower(:prefix)), :after_sku) AND name < lower(:prefix) || chr(1114111)
        ORDER BY name, sku
        LIMIT :walk)
        UNION ALL
        (SELECT sku, id, name, 0::bigint
        FROM shelf
        WHERE :sort = 'newest' AND shelf = :shelf AND status = :status AND (id, sku) < (:after_id::uuid, :after_sku)
        ORDER BY id DESC, sku DESC
        LIMIT :walk)
        UNION ALL
        (SELECT priced.sku, id, name, priced.amount
        FROM (SELECT sku, amount
            FROM shelf_price
            WHERE :sort = 'price' AND shelf = :shelf AND status = :status AND currency = :currency
                AND (amount, sku) > (:after_amount, :after_sku) AND amount <= :price_max
            ORDER BY amount, sku
            LIMIT :walk) AS priced JOIN shelf ON shelf.sku = priced.sku AND shelf = :shelf)
        UNION ALL
        (SELECT priced.sku, id, name, priced.amount
        FROM (SELECT sku, amount
            FROM shelf_price
            WHERE :sort = '-price' AND shelf = :shelf AND status = :status AND currency = :currency
                AND (amount, sku) < (:after_amount, :after_sku) AND amount >= :price_min
            ORDER BY amount DESC, sku DESC
            LIMIT :walk) AS priced JOIN shelf ON shelf.sku = priced.sku AND shelf = :shelf)
    ) AS stand
) AS walked
WHERE fits OR number = :walk
LIMIT :limit;

-- find_tree: every category behind the one that it is in, and those beside each other by position.
WITH RECURSIVE tree AS (
    SELECT slug, name, parent, position, ARRAY[lpad(position::text, 9, '0') || slug] AS place
    FROM category
    WHERE parent IS NULL
    UNION ALL
    SELECT below.slug, below.name, below.parent, below.position, place || (lpad(below.position::text, 9, '0') || below.slug)
    FROM tree JOIN category AS below ON below.parent = tree.slug
)
SELECT slug, name, parent, position
FROM tree
ORDER BY place COLLATE "C";

-- lock_tree: all of it, so that the tree changes in one way at a time.
SELECT slug, name, parent, position, path
FROM category
ORDER BY slug
FOR UPDATE;

-- save_category: with the way to it; those below have that of before until they are moved.
INSERT INTO category (slug, name, parent, position, path)
VALUES (:slug, :name, :parent, :position, :path)
ON CONFLICT (slug) DO UPDATE
SET name = excluded.name, parent = excluded.parent, position = excluded.position, path = excluded.path;

-- move_below: what is below a category follows it.
UPDATE category
SET path = :path::text[] || path[array_position(path, :slug) + 1:]
WHERE :slug = ANY(path) AND slug <> :slug;

-- delete_category: nothing is in it.
DELETE FROM category
WHERE slug = :slug;

-- find_filed: the products in a category or below it, whatever their status, from a place on.
SELECT status, sku
FROM shelf
WHERE shelf = 'category:' || :slug AND (status, sku) > (:after_status, :after_sku)
ORDER BY status, sku
LIMIT :limit::int;

-- begin_move: products have yet to follow this category. One that is moved again begins anew.
INSERT INTO category_move (slug, after_status, after_sku)
VALUES (:slug, :after_status, :after_sku)
ON CONFLICT (slug) DO UPDATE
SET after_status = excluded.after_status, after_sku = excluded.after_sku, touched_at = now();

-- take_move: the one that has waited longest, and that nobody else is at.
SELECT slug, after_status, after_sku
FROM category_move
ORDER BY touched_at
LIMIT 1
FOR UPDATE SKIP LOCKED;

-- keep_move: how far its products are.
UPDATE category_move
SET after_status = :after_status, after_sku = :after_sku, touched_at = now()
WHERE slug = :slug;

-- end_move: all have followed.
DELETE FROM category_move
WHERE slug = :slug;

-- save_category_event: what became of it.
INSERT INTO outbox (topic, body)
VALUES (:topic, jsonb_build_object('slug', :slug::text));
