-- stock_in_bounds: nothing is negative, and no more is promised than is there.
SELECT format('%s at %s: on_hand %s, reserved %s', sku, location, on_hand, reserved) AS what
FROM inventory.stock
WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand;

-- stock_reserved: what is reserved is what the live reservations hold and has not left.
SELECT format('%s at %s: reserved %s, but reservations hold %s', sku, location, coalesce(reserved, 0), coalesce(held, 0)) AS what
FROM inventory.stock FULL JOIN (
    SELECT sku, location, sum(quantity - coalesce(gone, 0)) AS held
    FROM inventory.reservation, unnest(skus, locations, quantities, shipped) AS line (sku, location, quantity, gone)
    WHERE status = 'live'
    GROUP BY sku, location
) AS live USING (sku, location)
WHERE coalesce(reserved, 0) <> coalesce(held, 0);

-- stock_moved: what is there is what came and did not go.
SELECT format('%s at %s: on_hand %s, but movements add up to %s', sku, location, coalesce(on_hand, 0), coalesce(moved, 0)) AS what
FROM inventory.stock FULL JOIN (
    SELECT sku, location, sum(quantity) AS moved
    FROM inventory.movement
    GROUP BY sku, location
) AS moves USING (sku, location)
WHERE coalesce(on_hand, 0) <> coalesce(moved, 0);

-- stock_shipped: what has left for an order is what the movements say.
SELECT format('order %s: %s have left, but movements add up to %s', coalesce(order_id::text, reference), coalesce(gone, 0),
    coalesce(moved, 0)) AS what
FROM (
    SELECT order_id, sum(quantity) AS gone
    FROM inventory.reservation, unnest(shipped) AS line (quantity)
    GROUP BY order_id
) AS told FULL JOIN (
    SELECT reference, -sum(quantity) AS moved
    FROM inventory.movement
    WHERE reason = 'shipped'
    GROUP BY reference
) AS moves ON reference = order_id::text
WHERE coalesce(gone, 0) <> coalesce(moved, 0);

-- stock_low: what runs low is noted, and nothing else. Less than nothing is another damage.
SELECT format('%s at %s: %s are available, of at least %s, and it is %s', sku, location, on_hand - reserved, threshold,
    CASE WHEN since IS NULL THEN 'not noted' ELSE 'noted' END) AS what
FROM inventory.stock FULL JOIN inventory.low_stock USING (sku, location)
WHERE coalesce(greatest(on_hand - reserved, 0) < threshold, false) <> (since IS NOT NULL);

-- reservations_belong: what is held for good is held for an order.
SELECT format('order %s is not there, but its reservation is live', order_id) AS what
FROM inventory.reservation LEFT JOIN "order".orders ON orders.id = order_id
WHERE reservation.status = 'live' AND expires_at IS NULL AND orders.id IS NULL;

-- reservations_run_out: none that has run out is still held a minute later.
SELECT format('order %s: ran out at %s', order_id, expires_at) AS what
FROM inventory.reservation
WHERE status = 'live' AND expires_at < now() - interval '1 minute';

-- orders_end: none is in flight for longer than two minutes, and those in flight are noted as such.
SELECT format('order %s is %s, placed at %s, and %s', id, status, placed_at,
    CASE WHEN order_id IS NULL THEN 'not noted' ELSE 'noted' END) AS what
FROM "order".orders FULL JOIN "order".in_flight ON order_id = id
WHERE order_id IS NOT NULL AND (status IS DISTINCT FROM work OR
        CASE work WHEN 'placing' THEN placed_at ELSE touched_at END < now() - interval '2 minutes')
    OR order_id IS NULL AND status IN ('placing', 'cancelling');

-- order_totals: lines, less the discount, with shipping, and with the tax where it is not in the prices, are the total, in its
-- currency; and no line has more taken off than it costs.
SELECT format('order %s: total %s %s, but its lines have %s, discount %s, shipping %s, tax %s', id, total_amount, total_currency,
    lines, discount, shipping, tax) AS what
FROM (
    SELECT orders.id, total_amount, total_currency, orders.discount, shipping, orders.tax, tax_included,
        coalesce(sum(quantity * price_amount) FILTER (WHERE price_currency = total_currency), 0) AS lines,
        coalesce(bool_or(order_line.discount > quantity * price_amount), true) AS too_much
    FROM "order".orders LEFT JOIN "order".order_line ON order_id = id
    GROUP BY orders.id
) AS summed
WHERE total_amount <> lines - discount + shipping + CASE WHEN tax_included THEN 0 ELSE tax END OR too_much;

-- orders_lapse: none waits for its payment two minutes longer than it may, and all that wait are noted.
SELECT format('order %s is %s since %s, and may be so until %s', id, status, placed_at, coalesce(until::text, 'no known time')) AS what
FROM "order".orders LEFT JOIN "order".awaiting ON order_id = id
WHERE status = 'awaiting_payment' AND coalesce(until, '-infinity') < now() - interval '2 minutes';

-- carts_close: no cart waits for longer than two minutes for what was ordered to be taken out, and none for an order of another.
SELECT format('order %s: cart %s waits since %s', order_id, to_close.cart_id, touched_at) AS what
FROM "order".to_close LEFT JOIN "order".orders ON id = order_id
WHERE touched_at < now() - interval '2 minutes' OR status IS NULL OR status IN ('placing', 'rejected')
    OR to_close.cart_id <> orders.cart_id;

-- order_history: its last entry is what the order says.
SELECT format('order %s is %s, but its history says %s', id, orders.status, coalesce(last.status, 'nothing')) AS what
FROM "order".orders LEFT JOIN (
    SELECT DISTINCT ON (order_id) order_id, status
    FROM "order".order_history
    ORDER BY order_id, order_history.id DESC
) AS last ON order_id = id
WHERE orders.status <> coalesce(last.status, 'placing');

-- order_events: every order that was confirmed has its event, once, and no other has one; one that was cancelled may have
-- been confirmed before. Those that are older than the oldest event which is kept may have lost theirs.
WITH kept AS (
    SELECT CASE WHEN oldest = 1 THEN '-infinity' ELSE coalesce(at, now()) END AS since
    FROM "order".event_head LEFT JOIN "order".event ON event.seq = oldest
)
SELECT format('order %s is %s and has %s events', coalesce(id::text, order_id), coalesce(status, 'unknown'),
    coalesce(events, 0)) AS what
FROM "order".orders FULL JOIN (
    SELECT body ->> 'order_id' AS order_id, count(*) AS events
    FROM "order".told
    WHERE topic = 'order.confirmed'
    GROUP BY body ->> 'order_id'
) AS told ON order_id = id::text
WHERE CASE
    WHEN placed_at < (SELECT since FROM kept) THEN coalesce(events, 0) > 1
    WHEN status IN ('confirmed', 'shipping', 'shipped', 'delivered', 'returned') THEN coalesce(events, 0) <> 1
    WHEN status IN ('cancelling', 'cancelled') THEN coalesce(events, 0) > 1
    ELSE coalesce(events, 0) <> 0
END;

-- order_moves: every order that was cancelled, shipped, delivered or returned has its event, once, and no other has one; one
-- that has come further may have been delivered before. As above.
WITH kept AS (
    SELECT CASE WHEN oldest = 1 THEN '-infinity' ELSE coalesce(at, now()) END AS since
    FROM "order".event_head LEFT JOIN "order".event ON event.seq = oldest
)
SELECT format('order %s is %s and has %s, %s, %s and %s events of being cancelled, shipped, delivered and returned',
    coalesce(id::text, order_id), coalesce(status, 'unknown'), coalesce(cancelled, 0), coalesce(shipped, 0), coalesce(delivered, 0),
    coalesce(returned, 0)) AS what
FROM "order".orders FULL JOIN (
    SELECT body ->> 'order_id' AS order_id, count(*) FILTER (WHERE topic = 'order.cancelled') AS cancelled,
        count(*) FILTER (WHERE topic = 'order.shipped') AS shipped,
        count(*) FILTER (WHERE topic = 'order.delivered') AS delivered,
        count(*) FILTER (WHERE topic = 'order.returned') AS returned
    FROM "order".told
    WHERE topic IN ('order.cancelled', 'order.shipped', 'order.delivered', 'order.returned')
    GROUP BY body ->> 'order_id'
) AS told ON order_id = id::text
WHERE greatest(cancelled, shipped, delivered, returned) > 1
    OR coalesce(placed_at >= (SELECT since FROM kept), true) AND (
        coalesce(cancelled, 0) <> (coalesce(status, '') = 'cancelled')::int
        OR coalesce(shipped, 0) <> (coalesce(status, '') IN ('shipped', 'delivered', 'returned'))::int
        OR coalesce(delivered, 0) <> CASE coalesce(status, '')
            WHEN 'delivered' THEN 1
            WHEN 'returned' THEN coalesce(delivered, 0)
            ELSE 0
        END
        OR coalesce(returned, 0) <> (coalesce(status, '') = 'returned')::int);

-- orders_reserved: a confirmed order holds what its lines say, for good, until it is shipped, and then all of it has left;
-- one that awaits its payment has held something, with an end; a rejected one holds nothing.
SELECT format('order %s is %s, but its reservation is %s', id, orders.status, coalesce(reservation.status, 'not there')) AS what
FROM "order".orders LEFT JOIN inventory.reservation ON order_id = id
WHERE (orders.status IN ('confirmed', 'shipping', 'shipped', 'delivered', 'returned') AND (reservation.status IS NULL OR expires_at IS NOT NULL OR
        CASE orders.status
            WHEN 'confirmed' THEN reservation.status <> 'live'
            WHEN 'shipping' THEN reservation.status NOT IN ('live', 'shipped')
            ELSE reservation.status <> 'shipped'
        END OR
        (SELECT jsonb_object_agg(sku, quantity) FROM (
            SELECT sku, sum(quantity) AS quantity FROM unnest(skus, quantities) AS held (sku, quantity) GROUP BY sku
        ) AS reserved)
        IS DISTINCT FROM
        (SELECT jsonb_object_agg(sku, quantity) FROM (
            SELECT sku, sum(quantity) AS quantity FROM "order".order_line WHERE order_id = orders.id GROUP BY sku
        ) AS ordered)))
    OR (orders.status IN ('rejected', 'cancelled') AND reservation.status = 'live')
    OR (orders.status = 'awaiting_payment' AND (reservation.status IS NULL OR reservation.status = 'released' OR
        expires_at IS NULL AND NOT EXISTS (SELECT FROM "order".awaiting WHERE order_id = orders.id AND paid_touched_at IS NOT NULL)));

-- orders_planned: what was confirmed two minutes ago is to be packed, all of it and nothing else, unless it had left before there
-- were shipments, or is cancelled; and then nothing is.
SELECT format('order %s is %s, but to be packed it is %s, with %s', orders.id, orders.status, coalesce(job.status, 'unknown'),
    coalesce(packed::text, 'nothing')) AS what
FROM "order".orders LEFT JOIN fulfilment.job ON job.order_id = orders.id LEFT JOIN (
    SELECT order_id, jsonb_object_agg(sku, quantity) AS packed
    FROM (
        SELECT order_id, sku, sum(quantity) AS quantity
        FROM fulfilment.shipment JOIN fulfilment.shipment_line ON shipment_id = id
        WHERE status <> 'cancelled'
        GROUP BY order_id, sku
    ) AS line
    GROUP BY order_id
) AS shipments ON shipments.order_id = orders.id
WHERE CASE
    WHEN orders.status IN ('confirmed', 'shipping') AND coalesce(job.status, 'new') = 'new' THEN
        (SELECT min(at) FROM "order".order_history WHERE order_id = orders.id AND status = 'confirmed') < now() - interval '2 minutes'
    WHEN orders.status IN ('confirmed', 'shipping', 'shipped', 'delivered', 'returned') AND job.status = 'planned' THEN
        packed IS DISTINCT FROM (
            SELECT jsonb_object_agg(sku, quantity)
            FROM (
                SELECT sku, sum(quantity) AS quantity FROM "order".order_line WHERE order_id = orders.id GROUP BY sku
            ) AS ordered
        )
    WHEN orders.status = 'confirmed' THEN true
    WHEN orders.status = 'cancelled' THEN packed IS NOT NULL
        AND (SELECT max(at) FROM "order".order_history WHERE order_id = orders.id) < now() - interval '2 minutes'
    ELSE packed IS NOT NULL AND orders.status NOT IN ('cancelling', 'shipping', 'shipped', 'delivered', 'returned')
END;

-- shipments_followed: an order is as far as its shipments, two minutes later at most.
SELECT format('order %s is %s, but of its shipments %s are in the house, %s are on their way, %s have arrived and %s are back', order_id,
    orders.status, inside, under_way, arrived, back) AS what
FROM (
    SELECT order_id, count(*) FILTER (WHERE status IN ('pending', 'picking', 'packed')) AS inside,
        count(*) FILTER (WHERE status = 'shipped') AS under_way, count(*) FILTER (WHERE status = 'delivered') AS arrived,
        count(*) FILTER (WHERE status = 'returned') AS back, max(last.at) AS at
    FROM fulfilment.shipment, LATERAL (
        SELECT max(at) AS at FROM fulfilment.shipment_history WHERE shipment_id = shipment.id
    ) AS last
    WHERE status <> 'cancelled'
    GROUP BY order_id
) AS shipments JOIN "order".orders ON orders.id = order_id
WHERE under_way + arrived + back > 0 AND orders.status NOT IN ('shipping', 'shipped', 'delivered', 'returned')
    OR inside > 0 AND orders.status IN ('shipped', 'delivered', 'returned')
    OR inside = 0 AND at < now() - interval '2 minutes' AND (orders.status = 'shipping'
        OR under_way = 0 AND arrived > 0 AND orders.status = 'shipped')
    OR under_way > 0 AND orders.status IN ('delivered', 'returned');

-- shipments_left: what has left in shipments is what has left the stock, unless it is just leaving.
SELECT format('order %s: %s have left in shipments, but %s the stock', order_id, coalesce(shipped, 0), coalesce(gone, 0)) AS what
FROM (
    SELECT order_id, sum(quantity) FILTER (WHERE status IN ('shipped', 'delivered', 'returned')) AS shipped
    FROM fulfilment.shipment JOIN fulfilment.shipment_line ON shipment_id = id
    GROUP BY order_id
) AS told LEFT JOIN (
    SELECT order_id, sum(quantity) AS gone
    FROM inventory.reservation, unnest(reservation.shipped) AS line (quantity)
    GROUP BY order_id
) AS stock USING (order_id)
WHERE coalesce(shipped, 0) <> coalesce(gone, 0) AND NOT EXISTS (SELECT FROM fulfilment.departure WHERE departure.order_id = told.order_id);

-- shipments_settle: none is leaving, and no return is being put in stock, for longer than two minutes.
SELECT format('order %s is leaving since %s', order_id, touched_at) AS what
FROM fulfilment.departure
WHERE touched_at < now() - interval '2 minutes'
UNION ALL
SELECT format('return %s is being put in stock since %s', id, touched_at) AS what
FROM fulfilment.order_return
WHERE status = 'inspecting' AND touched_at < now() - interval '2 minutes';

-- returns_arrived: no more of an order comes back than has been sent.
SELECT format('order %s: %s of %s come back, of %s that were sent', order_id, back, sku, coalesce(sent, 0)) AS what
FROM (
    SELECT order_id, sku, sum(CASE status WHEN 'inspected' THEN restocked + written_off ELSE quantity END) AS back
    FROM fulfilment.order_return JOIN fulfilment.return_line ON return_id = id
    WHERE status <> 'cancelled'
    GROUP BY order_id, sku
) AS returned LEFT JOIN (
    SELECT order_id, sku, sum(quantity) AS sent
    FROM fulfilment.shipment JOIN fulfilment.shipment_line ON shipment_id = id
    WHERE status IN ('delivered', 'returned')
    GROUP BY order_id, sku
) AS left_house USING (order_id, sku)
WHERE back > coalesce(sent, 0);

-- returns_restocked: what was inspected and found good is in stock again, once.
SELECT format('return %s: %s are good, but %s were put in stock', id, good, coalesce(moved, 0)) AS what
FROM (
    SELECT id, status, sum(restocked) AS good
    FROM fulfilment.order_return JOIN fulfilment.return_line ON return_id = id
    GROUP BY id, status
) AS returned LEFT JOIN (
    SELECT key, sum(quantity) AS moved
    FROM inventory.movement
    WHERE reason = 'returned' AND key IS NOT NULL
    GROUP BY key
) AS movements ON key = id::text
WHERE status <> 'inspecting' AND CASE status WHEN 'inspected' THEN good ELSE 0 END <> coalesce(moved, 0);

-- orders_paid: a confirmed order is paid, with its total, whatever was given back later; one that is rejected or cancelled has cost
-- nothing, nor has one that waits for its payment, but for the two minutes that it may take to confirm it.
SELECT format('order %s is %s and costs %s %s, but its payment is %s, of %s %s', orders.id, orders.status, total_amount,
    total_currency, coalesce(payment.status, 'not there'), amount, currency) AS what
FROM "order".orders LEFT JOIN payment.payment ON order_id = orders.id
WHERE (orders.status = 'confirmed' AND (coalesce(payment.status, '') NOT IN ('captured', 'partially_refunded', 'refunded')
        OR (captured, currency) IS DISTINCT FROM (total_amount, total_currency)))
    OR (orders.status IN ('rejected', 'cancelled') AND payment.status IN ('opened', 'authorized', 'capturing', 'captured',
        'partially_refunded', 'voiding'))
    OR (orders.status = 'awaiting_payment' AND (payment.status IN ('authorized', 'capturing', 'partially_refunded', 'voiding')
        OR payment.status = 'captured' AND coalesce(tried_at, made_at) < now() - interval '2 minutes'));

-- payments_tried: what failed softly is tried again when it is due, within two minutes, and nothing else is; and all tries are noted.
SELECT format('payment %s is %s, of %s tries, of which %s are noted, %s of them under way, and the next is due at %s', id, status,
    tries, coalesce(noted, 0), coalesce(under_way, 0), next_at) AS what
FROM (
    SELECT id, status, tries, retry.payment_id IS NOT NULL AS planned, next_at, noted, under_way
    FROM payment.payment FULL JOIN payment.retry ON retry.payment_id = id LEFT JOIN (
        SELECT payment_id, count(*) AS noted, count(*) FILTER (WHERE outcome IS NULL) AS under_way
        FROM payment.try
        GROUP BY payment_id
    ) AS made ON made.payment_id = coalesce(id, retry.payment_id)
) AS tried
WHERE planned AND (coalesce(status, '') NOT IN ('insufficient', 'opened')
        OR status = 'insufficient' AND coalesce(next_at, '-infinity') < now() - interval '2 minutes')
    OR tries > 1 AND coalesce(noted, 0) <> tries
    OR coalesce(under_way, 0) <> CASE WHEN status = 'opened' AND tries > 1 THEN 1 ELSE 0 END;

-- payments_settle: none is under way for longer than two minutes, and those under way are noted as such.
SELECT format('payment %s is %s, made at %s, and %s', id, status, made_at,
    CASE WHEN payment_id IS NULL THEN 'not noted' ELSE 'noted' END) AS what
FROM payment.payment FULL JOIN payment.in_flight ON payment_id = id
WHERE (status IS NULL OR status NOT IN ('opened', 'capturing', 'voiding')) AND payment_id IS NOT NULL
    OR status IN ('opened', 'capturing', 'voiding') AND (payment_id IS NULL OR touched_at < now() - interval '2 minutes');

-- payments_belong: what was taken was taken for an order.
SELECT format('payment %s is %s, but there is no order %s', payment.id, payment.status, order_id) AS what
FROM payment.payment LEFT JOIN "order".orders ON orders.id = order_id
WHERE payment.status IN ('captured', 'partially_refunded') AND orders.id IS NULL;

-- payments_in_bounds: no more is given back than was taken, nor taken than was asked for, and each status has its amounts.
SELECT format('payment %s is %s, of %s: captured %s, refunding %s, refunded %s', id, status, amount, captured, refunding,
    refunded) AS what
FROM payment.payment
WHERE refunding < 0 OR refunded < 0 OR refunding + refunded > captured OR captured > coalesce(amount, 0)
    OR CASE status
        WHEN 'captured' THEN refunded > 0
        WHEN 'partially_refunded' THEN refunded = 0 OR refunded = captured
        WHEN 'refunded' THEN refunded < captured
        WHEN 'voided' THEN refunded < captured
        WHEN 'voiding' THEN refunding > 0
        WHEN 'capturing' THEN captured = 0 AND amount > 0
        ELSE captured > 0
    END;

-- refunds_add_up: what a payment says is given back is what its refunds say. What is voided gives back the rest without one.
SELECT format('payment %s is %s: refunding %s, refunded %s, but its refunds have %s and %s', id, status, refunding, refunded,
    coalesce(asked, 0), coalesce(given, 0)) AS what
FROM payment.payment FULL JOIN (
    SELECT payment_id, coalesce(sum(amount) FILTER (WHERE status = 'refunding'), 0) AS asked,
        coalesce(sum(amount) FILTER (WHERE status = 'refunded'), 0) AS given
    FROM payment.refund
    GROUP BY payment_id
) AS refunds ON payment_id = id
WHERE refunding <> coalesce(asked, 0)
    OR CASE WHEN status = 'voided' THEN refunded < coalesce(given, 0) ELSE refunded <> coalesce(given, 0) END;

-- refunds_settle: none is under way for longer than two minutes.
SELECT format('refund %s is under way since %s', id, touched_at) AS what
FROM payment.refund
WHERE status = 'refunding' AND touched_at < now() - interval '2 minutes';

-- methods_kept: the provider keeps a stored method for the customer that its user is.
SELECT format('method %s of user %s is kept for %s, who is %s', id, method.user_id, customer, coalesce(reference, 'nobody')) AS what
FROM payment.method LEFT JOIN payment.customer AS known USING (user_id)
WHERE customer IS NOT NULL AND customer IS DISTINCT FROM reference;

-- customers_forgotten: of whose account is closed there is neither a stored method, nor a customer that the provider need not forget.
SELECT format('user %s is gone, but has a stored method or is customer %s', user_id, coalesce(reference, 'nobody')) AS what
FROM payment.customer
WHERE gone AND (EXISTS (SELECT FROM payment.method WHERE method.user_id = customer.user_id)
    OR (reference IS NOT NULL AND NOT EXISTS (SELECT FROM payment.farewell WHERE id = customer.user_id)));

-- farewells_end: the provider is asked to let go of something until it has, every two minutes at least.
SELECT format('%s of user %s is still with the provider, untouched since %s', CASE WHEN token IS NULL THEN 'the customer' ELSE 'a method' END,
    user_id, touched_at) AS what
FROM payment.farewell
WHERE touched_at < now() - interval '2 minutes';

-- ledger_balanced: the entries of a payment add up to nothing, and what the provider owes is what was taken and not given back.
SELECT format('payment %s is %s, of %s; its entries add up to %s, and the provider owes %s', id, status, amount,
    coalesce(total, 0), coalesce(owed, 0)) AS what
FROM payment.payment FULL JOIN (
    SELECT payment_id, sum(amount) AS total, sum(amount) FILTER (WHERE account = 'provider') AS owed
    FROM payment.ledger
    GROUP BY payment_id
) AS entries ON payment_id = id
WHERE coalesce(total, 0) <> 0
    OR coalesce(owed, 0) <> CASE WHEN status = 'capturing' THEN 0 ELSE coalesce(captured - refunded, 0) END;

-- provider_agrees: what the simulator took and kept is what the payments say that went through it.
SELECT format('order %s: the provider says %s, of %s, and has kept %s; the payment is %s, of %s', coalesce(order_id::text, key),
    coalesce(outcome, 'nothing'), kept.amount, kept, coalesce(status, 'not there'), payment.amount) AS what
FROM payment.payment FULL JOIN (
    SELECT key, amount, currency, outcome, CASE WHEN outcome = 'captured' AND refunded_at IS NULL
        THEN coalesce(captured, amount) - (SELECT coalesce(sum(refund.amount), 0) FROM simulator.refund WHERE refund.charge = charge.key)
        ELSE 0 END AS kept
    FROM simulator.charge
) AS kept ON key = coalesce(reference, order_id::text)
WHERE (status IN ('captured', 'partially_refunded', 'refunded') AND refunding = 0 AND payment.amount > 0
        AND method LIKE 'pm\_sim\_%'
        AND (outcome, kept, kept.amount, kept.currency) IS DISTINCT FROM
            ('captured', captured - refunded, payment.amount, payment.currency))
    OR (kept > 0 AND (status IS NULL OR status NOT IN ('opened', 'authorized', 'capturing', 'captured', 'partially_refunded',
        'refunded', 'voiding')));

-- registrations_end: none is under way for longer than two minutes.
SELECT format('user %s is registering since %s', id, made_at) AS what
FROM "user".account
WHERE status = 'registering' AND made_at < now() - interval '2 minutes';

-- accounts_settle: no change of an address and no closing is under way for longer than two minutes.
SELECT format('user %s is %s, under way since %s', account.id, status, coalesce(email_change.touched_at, account.touched_at)) AS what
FROM "user".account LEFT JOIN "user".email_change ON account_id = account.id
WHERE email_change.touched_at < now() - interval '2 minutes'
    OR status = 'closing' AND account.touched_at < now() - interval '2 minutes';

-- closed_forgotten: of a closed account there is neither an address, nor a session, nor a role.
SELECT format('user %s is closed, but has an address, a session or a role', id) AS what
FROM "user".account
WHERE status = 'closed' AND (EXISTS (SELECT FROM "user".address WHERE account_id = account.id)
    OR EXISTS (SELECT FROM auth.session WHERE user_id = account.id)
    OR EXISTS (SELECT FROM auth.credential WHERE user_id = account.id AND roles <> '{customer}'));

-- tokens_run_out: none that was to be mailed is kept for longer than it is good, but for ten minutes.
SELECT format('an event %s holds what ran out at %s', topic, expires_at) AS what
FROM auth.told
WHERE body IS NOT NULL AND expires_at < now() - interval '10 minutes';

-- users_can_log_in: every customer has a credential, under the same address, and nobody else has one.
SELECT format('user %s is %s, but the credential is %s', coalesce(id, user_id), coalesce(account.status, 'not there'),
    coalesce(credential.status, 'not there')) AS what
FROM "user".account FULL JOIN auth.credential ON user_id = id
WHERE (account.status = 'active' AND (credential.status IS DISTINCT FROM 'active' OR
        lower(account.email) IS DISTINCT FROM lower(credential.email))
        AND NOT EXISTS (SELECT FROM "user".email_change WHERE account_id = id))
    OR (credential.status = 'active' AND (account.id IS NULL OR account.status = 'closed'));

-- offers_priced: what can be bought has its price among its prices, and what cannot be bought any more has none of another.
SELECT format('%s: costs %s %s, but its prices have %s', offer.sku, price_amount, price_currency, coalesce(amount::text, 'nothing')) AS what
FROM product.offer LEFT JOIN product.offer_price ON offer_price.sku = offer.sku AND currency = price_currency
WHERE buyable AND amount IS DISTINCT FROM price_amount OR NOT buyable AND amount <> price_amount;

-- offers_belong: every product keeps its own SKU, and every SKU is of a product that is there.
SELECT format('%s: %s', coalesce(offer.sku, key), CASE WHEN key IS NULL THEN 'is of no product' ELSE 'is no SKU' END) AS what
FROM product.offer FULL JOIN (SELECT key FROM product.document WHERE collection = 'product') AS listed ON key = product_sku
WHERE key IS NULL OR offer.sku IS NULL;

-- offers_published: nothing can be bought of a product that is not published.
SELECT format('%s: can be bought, but %s is %s', sku, product_sku, body ->> 'status') AS what
FROM product.offer JOIN product.document ON collection = 'product' AND key = product_sku
WHERE buyable AND coalesce(body ->> 'status', 'published') <> 'published';

-- shelves_filled: every product stands on the shelves that its document and the tree say, and on no other, but for those that
-- have yet to follow a category that was moved.
SELECT format('%s: %s on the shelf %s, as %s', coalesce(stands.sku, should.sku),
    CASE WHEN stands.sku IS NULL THEN 'is not' ELSE 'should not be' END, coalesce(stands.shelf, should.shelf),
    coalesce(stands.status, should.status)) AS what
FROM product.shelf AS stands FULL JOIN (
    SELECT key AS sku, shelf, coalesce(body ->> 'status', 'published') AS status
    FROM product.document, LATERAL (
        SELECT ''
        UNION
        SELECT 'category:' || above.slug
        FROM jsonb_array_elements_text(body -> 'categories') AS own (slug) JOIN product.category ON category.slug = own.slug,
            unnest(path) AS above (slug)
        UNION
        SELECT 'attribute:' || (attribute ->> 'name') || ':' || (attribute ->> 'value')
        FROM jsonb_array_elements(body -> 'attributes') AS own (attribute)
    ) AS place (shelf)
    WHERE collection = 'product'
) AS should ON stands.sku = should.sku AND stands.shelf = should.shelf AND stands.status = should.status
WHERE (stands.sku IS NULL OR should.sku IS NULL) AND NOT EXISTS (SELECT
    FROM product.category_move JOIN product.shelf AS filed ON filed.shelf = 'category:' || slug
    WHERE filed.sku = coalesce(stands.sku, should.sku));

-- moves_end: products follow a category that was moved; none has waited for two minutes for the next of them.
SELECT format('%s: the products behind %s %s wait since %s', slug, after_status, after_sku, touched_at) AS what
FROM product.category_move
WHERE touched_at < now() - interval '2 minutes';

-- categories_rooted: the way to a category is that to its parent and itself.
SELECT format('%s: is at %s, but its parent at %s', category.slug, category.path, coalesce(parent.path::text, 'the top')) AS what
FROM product.category LEFT JOIN product.category AS parent ON parent.slug = category.parent
WHERE category.path <> coalesce(parent.path, '{}') || category.slug;

-- promotions_used: what a promotion counts is what live redemptions have used.
SELECT format('promotion %s: used %s, but redemptions are %s', coalesce(id, promotion_id), coalesce(used, 0), coalesce(uses, 0)) AS what
FROM pricing.promotion FULL JOIN (
    SELECT promotion_id, count(*) AS uses
    FROM pricing.redemption
    WHERE status = 'live'
    GROUP BY promotion_id
) AS live ON promotion_id = id
WHERE coalesce(used, 0) <> coalesce(uses, 0);

-- events_numbered: from the oldest event that is kept to the last one no number is missing.
SELECT format('%s has %s events from %s to %s, where its head says %s to %s', source, kept, first, last, oldest, head) AS what
FROM souk_event_logs()
WHERE kept <> head - oldest + 1 OR first <> oldest OR last <> head;

-- cursors_behind: nobody has dealt with what was not told.
SELECT format('%s is at event %s of %s, which has told %s', follower, seq, source, head) AS what
FROM souk_event_cursors() JOIN souk_event_logs() USING (source)
WHERE seq > head;

-- audit_complete: what a service has told, and the trail has dealt with, stands in it once, and its entries have all numbers.
SELECT format('%s: of its events %s to %s there are %s entries', source, first, seq, count) AS what
FROM audit.event_cursor JOIN (SELECT source, count(*) AS count, min(seq) AS first FROM audit.entry GROUP BY source) AS entries
    USING (source)
WHERE count <> seq - first + 1
UNION ALL
SELECT format('there are %s entries, and the last is %s', count(*), max(n))
FROM audit.entry
HAVING count(*) <> coalesce(max(n), 0);

-- audit_true: what stands in the trail is what the service has told, as far as that is still kept. Whoever is on the bus can say to be it.
SELECT format('entry %s: the event %s of %s says something else', n, seq, source) AS what
FROM souk_events() AS told JOIN audit.entry USING (source, seq)
WHERE CASE WHEN topic = source || '.called'
    THEN (what, user_id, object, address, session, outcome, call, times) IS DISTINCT FROM (body->>'operation', body->>'user',
        body->>'subject', body->>'address', body->>'session', body->>'outcome', body->>'call',
        coalesce((body->>'times')::int, 1))
    ELSE what <> topic OR user_id IS DISTINCT FROM body->>'user_id' OR outcome IS NOT NULL END AND body IS NOT NULL;
