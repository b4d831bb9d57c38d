-- reservations_released: of orders that came to nothing, and of none, nothing is held.
UPDATE inventory.reservation
SET status = 'released'
WHERE status = 'live' AND expires_at IS NULL
    AND NOT EXISTS (SELECT FROM "order".orders WHERE id = order_id AND status NOT IN ('rejected', 'cancelled'))
RETURNING format('order %s: its reservation is released', order_id) AS what;

-- stock_reserved: is what the live reservations hold and has not left.
WITH held AS (
    SELECT sku, location, sum(quantity - coalesce(gone, 0)) AS held
    FROM inventory.reservation, unnest(skus, locations, quantities, shipped) AS line (sku, location, quantity, gone)
    WHERE status = 'live'
    GROUP BY sku, location
), due AS (
    SELECT sku, location, reserved AS was, coalesce(held, 0) AS due
    FROM inventory.stock LEFT JOIN held USING (sku, location)
    WHERE reserved <> coalesce(held, 0)
)
UPDATE inventory.stock
SET reserved = due
FROM due
WHERE stock.sku = due.sku AND stock.location = due.location
RETURNING format('%s at %s: %s reserved, not %s', stock.sku, stock.location, due, was) AS what;

-- stock_not_low: nothing is noted that does not run low.
DELETE FROM inventory.low_stock
WHERE NOT EXISTS (SELECT FROM inventory.stock
    WHERE stock.sku = low_stock.sku AND stock.location = low_stock.location AND on_hand - reserved < threshold)
RETURNING format('%s at %s: does not run low', sku, location) AS what;

-- stock_low: what runs low is noted.
INSERT INTO inventory.low_stock (sku, location)
SELECT sku, location
FROM inventory.stock
WHERE on_hand - reserved < threshold AND on_hand >= reserved
ON CONFLICT DO NOTHING
RETURNING format('%s at %s: runs low', sku, location) AS what;

-- promotions_used: what a promotion counts is what live redemptions have used.
UPDATE pricing.promotion
SET used = uses
FROM (
    SELECT id, count(promotion_id) AS uses
    FROM pricing.promotion LEFT JOIN pricing.redemption ON promotion_id = id AND status = 'live'
    GROUP BY id
) AS live
WHERE promotion.id = live.id AND used <> uses
RETURNING format('promotion %s: %s used', promotion.id, uses) AS what;
