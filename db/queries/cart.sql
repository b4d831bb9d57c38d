-- save_cart: a user has one, a guest as many as there are ids.
INSERT INTO cart (id, user_id)
VALUES (:cart_id, :user_id)
ON CONFLICT (user_id) DO UPDATE SET touched_at = now()
RETURNING id, currency, country, region, shipping_method, coupons;

-- find_cart: a guest's by its id, a user's only for that user.
SELECT id, currency, country, region, shipping_method, coupons
FROM cart
WHERE id = :cart_id AND coalesce(user_id = :user_id, user_id IS NULL);

-- find_carts: with their owners; whose each may be is for who looks at the answer, since many ask at once.
SELECT id, user_id, round, currency, country, region, shipping_method, coupons
FROM cart
WHERE id = ANY(:cart_ids);

-- touch_cart: locks it, so that what is changed is changed by one after the other.
UPDATE cart
SET touched_at = now()
WHERE id = :cart_id AND coalesce(user_id = :user_id, user_id IS NULL)
RETURNING id, currency, country, region, shipping_method, coupons;

-- find_lines: in the order in which they were added.
SELECT cart_id, sku, quantity
FROM line
WHERE cart_id = ANY(:cart_ids)
ORDER BY cart_id, added_at, sku;

-- add_line: to what is there of it.
INSERT INTO line (cart_id, sku, quantity)
VALUES (:cart_id, :sku, :quantity)
ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = line.quantity + excluded.quantity;

-- set_line: whatever was there of it.
INSERT INTO line (cart_id, sku, quantity)
VALUES (:cart_id, :sku, :quantity)
ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = excluded.quantity;

-- drop_line: that it is gone is what counts.
DELETE FROM line
WHERE cart_id = :cart_id AND sku = :sku;

-- drop_cart: with its lines.
DELETE FROM cart
WHERE id = :cart_id AND coalesce(user_id = :user_id, user_id IS NULL);

-- set_delivery: where it is to go, how, and what is paid in.
UPDATE cart
SET currency = :currency, country = :country, region = :region, shipping_method = :shipping_method
WHERE id = :cart_id;

-- set_coupons: all of them.
UPDATE cart
SET coupons = :coupons
WHERE id = :cart_id;

-- take_guests: the lines and coupons of a guest's cart into a user's; what is in both is added up, to the most that a line may have.
WITH taken AS (
    DELETE FROM cart
    WHERE id = :guest_id AND user_id IS NULL
    RETURNING id, currency, country, region, shipping_method, coupons
), moved AS (
    INSERT INTO line (cart_id, sku, quantity, added_at)
    SELECT :cart_id, sku, quantity, added_at
    FROM line
    WHERE cart_id IN (SELECT id FROM taken)
    ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = least(line.quantity + excluded.quantity, :most::int)
)
UPDATE cart
SET currency = coalesce(cart.currency, taken.currency), country = coalesce(cart.country, taken.country),
    region = coalesce(cart.region, taken.region),
    shipping_method = coalesce(cart.shipping_method, taken.shipping_method),
    coupons = ARRAY(SELECT code FROM unnest(cart.coupons || taken.coupons) WITH ORDINALITY AS given (code, place)
        GROUP BY code ORDER BY min(place) LIMIT :coupons_max::int)
FROM taken
WHERE cart.id = :cart_id
RETURNING cart.id;

-- note_ordered: of orders that were not seen before.
INSERT INTO ordered (order_id)
SELECT order_id
FROM unnest(:order_id::uuid[]) AS given (order_id)
ORDER BY order_id
ON CONFLICT (order_id) DO NOTHING
RETURNING order_id;

-- take_coupons: those that went with an order, which ends a round of the cart. It is locked by this, in the order of keys.
WITH held AS (
    SELECT id
    FROM cart
    WHERE id = ANY(:cart_id::uuid[])
    ORDER BY id
    FOR UPDATE
)
UPDATE cart
SET round = round + 1, coupons = ARRAY(
    SELECT code
    FROM unnest(coupons) WITH ORDINALITY AS given (code, place)
    WHERE NOT EXISTS (SELECT FROM unnest(:cart_id::uuid[], :code::text[]) AS used (cart_id, code)
        WHERE used.cart_id = cart.id AND used.code = upper(given.code))
    ORDER BY place)
FROM held
WHERE cart.id = held.id;

-- take_lines: what was ordered is in the cart no more; what came in since stays.
WITH taken AS (
    SELECT cart_id, sku, sum(quantity)::int AS quantity
    FROM unnest(:cart_id::uuid[], :sku::text[], :quantity::int[]) AS ordered_line (cart_id, sku, quantity)
    GROUP BY cart_id, sku
), held AS (
    SELECT line.cart_id, line.sku, line.quantity - taken.quantity AS left_over
    FROM line JOIN taken ON line.cart_id = taken.cart_id AND line.sku = taken.sku
    ORDER BY line.cart_id, line.sku
    FOR UPDATE OF line
), emptied AS (
    DELETE FROM line
    USING held
    WHERE line.cart_id = held.cart_id AND line.sku = held.sku AND left_over <= 0
)
UPDATE line
SET quantity = left_over
FROM held
WHERE line.cart_id = held.cart_id AND line.sku = held.sku AND left_over > 0;

-- forget_old_carts: of guests who have not come back for so long, a few at a time.
DELETE FROM cart
WHERE id IN (
    SELECT id
    FROM cart
    WHERE user_id IS NULL AND touched_at < now() - :kept_s::int * interval '1 second'
    ORDER BY touched_at
    LIMIT 500
    FOR UPDATE SKIP LOCKED
);

-- forget_old_orders: nobody asks any more.
DELETE FROM ordered
WHERE order_id IN (
    SELECT order_id
    FROM ordered
    WHERE at < now() - :kept_s::int * interval '1 second'
    ORDER BY at
    LIMIT 500
    FOR UPDATE SKIP LOCKED
);

-- drop_carts_of: of these users, and what was answered to them.
WITH gone AS (
    SELECT DISTINCT user_id FROM unnest(:user_id::uuid[]) AS given (user_id)
), answers AS (
    DELETE FROM request_key USING gone WHERE principal = gone.user_id::text
)
DELETE FROM cart USING gone WHERE cart.user_id = gone.user_id;
