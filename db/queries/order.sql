-- find_known: the orders that stand under these keys already. id is that of the order that was to be made.
SELECT asked.id AS asked_id, orders.id, fingerprint, status, reason, total_amount, total_currency, placed_at,
    discount AS discount_amount, total_currency AS discount_currency, shipping AS shipping_amount,
    total_currency AS shipping_currency, tax AS tax_amount, total_currency AS tax_currency, tax_included
FROM unnest(:id::uuid[], :user_id::uuid[], :request_key::text[]) AS asked (id, user_id, request_key)
JOIN orders ON orders.user_id = asked.user_id AND orders.request_key = asked.request_key;

-- find_cart_orders: that have what was in these carts already. id is that of the order that was to be made.
SELECT asked.id AS asked_id, orders.id
FROM unnest(:id::uuid[], :cart_id::uuid[], :cart_round::int[]) AS asked (id, cart_id, cart_round)
JOIN orders ON orders.cart_id = asked.cart_id AND orders.cart_round = asked.cart_round;

-- save_orders: under one key of a user there is one order, and one has what is in a cart; whoever comes second is not saved.
-- In the order of keys, so that two batches never wait for each other in a circle; of the same key twice, the first is saved.
WITH saved AS (
    INSERT INTO orders (id, user_id, request_key, fingerprint, status, payment_method, total_amount, total_currency, placed_at,
        discount, shipping, tax, tax_included, cart_id, cart_round)
    SELECT id, user_id, request_key, fingerprint, status, payment_method, total_amount, total_currency, placed_at,
        discount, shipping, tax, tax_included, cart_id, nullif(cart_round, 0)
    FROM unnest(:id::uuid[], :user_id::uuid[], :request_key::text[], :fingerprint::text[], :status::text[],
        :payment_method::text[], :total_amount::bigint[], :total_currency::text[], :placed_at::timestamptz[],
        :discount_amount::bigint[], :shipping_amount::bigint[], :tax_amount::bigint[], :tax_included::bool[],
        :cart_id::uuid[], :cart_round::int[])
        WITH ORDINALITY AS asked (id, user_id, request_key, fingerprint, status, payment_method, total_amount,
        total_currency, placed_at, discount, shipping, tax, tax_included, cart_id, cart_round, arrival)
    ORDER BY user_id, request_key, arrival
    ON CONFLICT DO NOTHING
    RETURNING id
)
INSERT INTO in_flight (order_id)
SELECT id FROM saved;

-- save_lines: with name and price as they are now, of the orders that were saved; gives those.
WITH saved AS (
    INSERT INTO order_line (order_id, position, sku, name, quantity, price_amount, price_currency, discount, tax)
    SELECT line.order_id, position, sku, name, quantity, price_amount, price_currency, discount, tax
    FROM unnest(:order_id::uuid[], :position::int[], :sku::text[], :name::text[], :quantity::int[],
        :price_amount::bigint[], :price_currency::text[], :discount_amount::bigint[], :tax_amount::bigint[])
        AS line (order_id, position, sku, name, quantity, price_amount, price_currency, discount, tax)
    JOIN in_flight ON in_flight.order_id = line.order_id
    RETURNING order_id, position
)
SELECT order_id AS id
FROM saved
WHERE position = 1;

-- save_details: of the orders that were saved.
INSERT INTO order_detail (order_id, body)
SELECT id, detail::jsonb
FROM unnest(:id::uuid[], :detail::text[]) AS said (id, detail)
JOIN in_flight ON order_id = id
WHERE detail IS NOT NULL;

-- settle_orders: status, history and event are one. Whoever was overtaken by the sweeper gets no row back.
WITH placed AS (
    DELETE FROM in_flight
    USING unnest(:id::uuid[], :attempt::int[], :outcome::text[], :cart_id::uuid[], :patience_s::int[])
        AS outcome (id, attempt, status, cart_id, patience_s)
    WHERE in_flight.order_id = outcome.id AND in_flight.attempt = outcome.attempt
    RETURNING outcome.id, outcome.status, outcome.cart_id, outcome.patience_s
), waiting AS (
    INSERT INTO awaiting (order_id, until)
    SELECT id, now() + patience_s * interval '1 second'
    FROM placed
    WHERE status = 'awaiting_payment'
    ON CONFLICT (order_id) DO UPDATE
    SET until = excluded.until
), noted AS (
    INSERT INTO to_close (order_id, cart_id)
    SELECT id, cart_id
    FROM placed
    WHERE cart_id IS NOT NULL
), settled AS (
    UPDATE orders
    SET status = placed.status
    FROM placed
    WHERE orders.id = placed.id
    RETURNING orders.id, user_id, orders.status, total_amount, total_currency
), history AS (
    INSERT INTO order_history (order_id, status, who, why)
    SELECT id, status, 'order.place', CASE status WHEN 'confirmed' THEN 'paid' ELSE 'not paid yet' END
    FROM settled
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'order.confirmed', jsonb_build_object('order_id', id, 'user_id', user_id,
        'total', jsonb_build_object('amount', total_amount, 'currency', total_currency))
    FROM settled
    WHERE status = 'confirmed'
)
SELECT id FROM settled;

-- reject_orders: what the shop itself was the reason for may be tried once more under the same key, and what is in the cart
-- under any.
WITH placed AS (
    DELETE FROM in_flight
    USING unnest(:id::uuid[], :attempt::int[], :reason::text[], :keeps_key::bool[])
        AS outcome (id, attempt, reason, keeps_key)
    WHERE in_flight.order_id = outcome.id AND in_flight.attempt = outcome.attempt
    RETURNING outcome.id, outcome.reason, outcome.keeps_key
), rejected AS (
    UPDATE orders
    SET status = 'rejected', reason = placed.reason, request_key = CASE WHEN keeps_key THEN request_key END,
        cart_id = NULL, cart_round = NULL
    FROM placed
    WHERE orders.id = placed.id
    RETURNING orders.id, user_id, status, orders.reason
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'order.rejected', jsonb_build_object('order_id', id, 'user_id', user_id, 'reason', reason)
    FROM rejected
)
INSERT INTO order_history (order_id, status, who, why)
SELECT id, status, 'order.place', reason
FROM rejected;

-- claim_stranded: whoever had an order before writes no more, since attempt is another. One with a cart is behind the point
-- of no return.
WITH begun AS (
    UPDATE in_flight
    SET attempt = attempt + 1, touched_at = now()
    WHERE order_id IN (
        SELECT order_id
        FROM in_flight
        WHERE work = 'placing' AND touched_at < now() - :older_than_ms::int * interval '1 millisecond'
        ORDER BY touched_at
        LIMIT :limit::int
        FOR UPDATE SKIP LOCKED
    )
    RETURNING order_id, attempt
), settled AS (
    UPDATE to_close
    SET attempt = attempt + 1, touched_at = now()
    WHERE order_id IN (
        SELECT order_id
        FROM to_close
        WHERE touched_at < now() - :older_than_ms::int * interval '1 millisecond'
        ORDER BY touched_at
        LIMIT :limit::int
        FOR UPDATE SKIP LOCKED
    )
    RETURNING order_id, attempt, cart_id
)
SELECT order_id AS id, attempt, NULL::uuid AS closing FROM begun
UNION ALL
SELECT order_id AS id, attempt, cart_id AS closing FROM settled;

-- forget_closed: what was ordered is in the cart no more.
DELETE FROM to_close
USING unnest(:id::uuid[]) AS closed (id)
WHERE order_id = closed.id;

-- begin_moves: from here on an order only goes forwards, so of all that want to move it one does. Whoever comes from where
-- there is no way gets no row back.
WITH moved AS (
    UPDATE orders
    SET status = move.via
    FROM unnest(:id::uuid[], :user_id::uuid[], :via::text[], :who::text[], :why::text[]) AS move (id, user_id, via, who, why)
    WHERE orders.id = move.id AND orders.user_id = coalesce(move.user_id, orders.user_id)
        AND (status = 'confirmed' OR (status = 'awaiting_payment' AND move.via = 'cancelling'))
    RETURNING orders.id, orders.user_id, status, who, why
), noted AS (
    INSERT INTO in_flight (order_id, work)
    SELECT id, status FROM moved
), history AS (
    INSERT INTO order_history (order_id, status, who, why)
    SELECT id, status, who, why FROM moved
)
SELECT id, user_id FROM moved;

-- find_moves: how it stands with those that were not moved; whose each must be is for who looks at the answer.
SELECT orders.id, orders.user_id, status
FROM (SELECT DISTINCT id FROM unnest(:id::uuid[]) AS move (id)) AS asked
JOIN orders ON orders.id = asked.id;

-- end_moves: status, history and event are one. Whoever was overtaken by the sweeper gets no row back.
WITH done AS (
    DELETE FROM in_flight
    USING unnest(:id::uuid[], :attempt::int[], :via::text[], :status::text[]) AS move (id, attempt, via, status)
    WHERE in_flight.order_id = move.id AND in_flight.attempt = move.attempt AND in_flight.work = move.via
    RETURNING move.id, move.status
), moved AS (
    UPDATE orders
    SET status = done.status
    FROM done
    WHERE orders.id = done.id
    RETURNING orders.id, user_id, orders.status
), history AS (
    INSERT INTO order_history (order_id, status, who, why)
    SELECT id, status, 'shop', status FROM moved
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'order.' || status, jsonb_build_object('order_id', id, 'user_id', user_id) FROM moved
)
SELECT id FROM moved;

-- claim_cancelling: as claim_stranded; and what has waited for its payment for too long is cancelled, as if somebody had asked for it,
-- unless the payment has come.
WITH late AS (
    DELETE FROM awaiting
    WHERE order_id IN (
        SELECT order_id
        FROM awaiting
        WHERE until <= now() AND paid_touched_at IS NULL
        ORDER BY until
        LIMIT :limit::int
        FOR UPDATE SKIP LOCKED
    )
    RETURNING order_id
), lapsed AS (
    UPDATE orders
    SET status = 'cancelling'
    FROM late
    WHERE id = late.order_id AND status = 'awaiting_payment'
    RETURNING id, status
), noted AS (
    INSERT INTO in_flight (order_id, work)
    SELECT id, status FROM lapsed
    RETURNING order_id, attempt
), history AS (
    INSERT INTO order_history (order_id, status, who, why)
    SELECT id, status, 'shop', 'not paid in time' FROM lapsed
), stranded AS (
    UPDATE in_flight
    SET attempt = attempt + 1, touched_at = now()
    WHERE order_id IN (
        SELECT order_id
        FROM in_flight
        WHERE work = 'cancelling' AND touched_at < now() - :older_than_ms::int * interval '1 millisecond'
        ORDER BY touched_at
        LIMIT :limit::int
        FOR UPDATE SKIP LOCKED
    )
    RETURNING order_id, attempt
)
SELECT order_id AS id, attempt FROM stranded
UNION ALL
SELECT order_id AS id, attempt FROM noted;

-- ship_orders: in the order of keys. Whoever comes from where there is no way stays there.
WITH asked AS (
    SELECT DISTINCT ON (id) id, who
    FROM unnest(:id::uuid[], :who::text[]) AS asked (id, who)
    ORDER BY id
), locked AS (
    SELECT orders.id, who
    FROM asked JOIN orders ON orders.id = asked.id
    WHERE status = 'confirmed'
    ORDER BY orders.id
    FOR UPDATE OF orders
), moved AS (
    UPDATE orders
    SET status = 'shipping'
    FROM locked
    WHERE orders.id = locked.id
    RETURNING orders.id, status, who
)
INSERT INTO order_history (order_id, status, who, why)
SELECT id, status, who, 'being shipped'
FROM moved;

-- follow_shipments: an order comes further and never back, so that what is told twice is done once; status, history and event
-- are one.
WITH told AS (
    SELECT DISTINCT ON (id) id, status, why
    FROM unnest(:id::uuid[], :status::text[], :why::text[]) AS told (id, status, why)
    ORDER BY id
), locked AS (
    SELECT orders.id, told.status, why
    FROM told JOIN orders ON orders.id = told.id
    WHERE orders.status IN ('shipping', 'shipped', 'delivered') AND orders.status <> told.status
        AND NOT (orders.status = 'delivered' AND told.status = 'shipped')
    ORDER BY orders.id
    FOR UPDATE OF orders
), moved AS (
    UPDATE orders
    SET status = locked.status
    FROM locked
    WHERE orders.id = locked.id
    RETURNING orders.id, user_id, orders.status, why
), history AS (
    INSERT INTO order_history (order_id, status, who, why)
    SELECT id, status, 'fulfilment', why FROM moved
)
INSERT INTO outbox (topic, body)
SELECT 'order.' || status, jsonb_build_object('order_id', id, 'user_id', user_id)
FROM moved;

-- find_history: of an order; that it was placed stands in the order itself.
SELECT status, why, at
FROM order_history
WHERE order_id = :id
ORDER BY id;

-- find_order: of this user; of anybody where no user is given.
SELECT id, status, reason, total_amount, total_currency, placed_at,
    discount AS discount_amount, total_currency AS discount_currency, shipping AS shipping_amount,
    total_currency AS shipping_currency, tax AS tax_amount, total_currency AS tax_currency, tax_included
FROM orders
WHERE id = :id AND user_id = coalesce(:user_id, user_id);

-- list_orders: newest first, which is the order of their ids; one more than the limit, to know whether there are more.
-- No id is as large as the last one: so that there is one plan for the first page and for all others. Only the rejected have a
-- reason, and are not in the index.
SELECT id, status, reason, total_amount, total_currency, placed_at,
    discount AS discount_amount, total_currency AS discount_currency, shipping AS shipping_amount,
    total_currency AS shipping_currency, tax AS tax_amount, total_currency AS tax_currency, tax_included
FROM orders
WHERE user_id = :user_id AND orders.reason IS NULL AND id < coalesce(:after::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
ORDER BY id DESC
LIMIT :limit + 1;

-- list_any_orders: newest first, which is the order of their ids. For one page so many are looked at and no more, however few
-- of them fit; the last of those is given also where it does not fit, to go on from there.
WITH seen AS (
    SELECT id, user_id, status, reason, total_amount, total_currency, placed_at, row_number() OVER (ORDER BY id DESC) AS place
    FROM orders
    WHERE id >= :from_id AND id < :before_id
    ORDER BY id DESC
    LIMIT :looked_at::int
)
SELECT id, user_id, status, reason, total_amount, total_currency, placed_at, place = :looked_at::int AS is_end
FROM seen
WHERE status = coalesce(:status, status) OR place = :looked_at::int
ORDER BY id DESC
LIMIT :limit + 1;

-- list_any_orders_of: the same of one user.
WITH seen AS (
    SELECT id, user_id, status, reason, total_amount, total_currency, placed_at, row_number() OVER (ORDER BY id DESC) AS place
    FROM orders
    WHERE user_id = :user_id AND id >= :from_id AND id < :before_id
    ORDER BY id DESC
    LIMIT :looked_at::int
)
SELECT id, user_id, status, reason, total_amount, total_currency, placed_at, place = :looked_at::int AS is_end
FROM seen
WHERE status = coalesce(:status, status) OR place = :looked_at::int
ORDER BY id DESC
LIMIT :limit + 1;

-- find_details: what orders say beyond their lines.
SELECT order_id AS id, body AS detail
FROM order_detail
WHERE order_id = ANY(:order_ids);

-- find_lines: of these orders, each with its lines together.
SELECT order_id, position, sku, name, quantity, price_amount, price_currency, discount AS discount_amount,
    price_currency AS discount_currency, tax AS tax_amount, price_currency AS tax_currency
FROM order_line
WHERE order_id = ANY(:order_ids)
ORDER BY order_id, position;

-- forget_users: that they have left, and what was answered to them. The orders stay, with what they cost.
WITH forgotten AS (
    SELECT DISTINCT user_id FROM unnest(:user_id::uuid[]) AS given (user_id)
), noted AS (
    INSERT INTO leaver (user_id)
    SELECT user_id FROM forgotten ORDER BY user_id
    ON CONFLICT (user_id) DO UPDATE SET at = now()
)
DELETE FROM request_key USING forgotten WHERE principal = forgotten.user_id::text;

-- forget_details: of all who have left within the hour, so that an order that was under way then is not left out.
WITH over AS (
    DELETE FROM leaver WHERE at < now() - interval '1 hour'
)
UPDATE order_detail
SET body = body - '{email,shipping_address,billing_address,note}'::text[]
FROM leaver JOIN orders ON orders.user_id = leaver.user_id
WHERE order_id = orders.id AND body ?| '{email,shipping_address,billing_address,note}';
