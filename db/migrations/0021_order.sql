-- What is in a cart is ordered once: an order remembers which cart it is from, and which time that was ordered.
ALTER TABLE cart.cart
    ADD COLUMN round int NOT NULL DEFAULT 1 CHECK (round > 0); -- one more whenever an order is taken out of it

-- A rejected order gives the cart free.
ALTER TABLE "order".orders
    ADD COLUMN cart_id uuid,
    ADD COLUMN cart_round int,
    ADD CHECK ((cart_id IS NULL) = (cart_round IS NULL)),
    ADD CHECK (cart_id IS NULL OR status <> 'rejected');
CREATE UNIQUE INDEX orders_cart ON "order".orders (cart_id, cart_round) WHERE cart_id IS NOT NULL;

-- What a customer is told of, without the rejected ones. By the reason, which no other order ever has: an index by the status would
-- be written again whenever an order is settled.
CREATE INDEX orders_told ON "order".orders (user_id, id) WHERE reason IS NULL;

-- Coupons that were tried and that there are not, by who has tried them (SHA-256 of it). They heal with time.
CREATE TABLE pricing.failure (
    key text COLLATE "C" PRIMARY KEY,
    count int NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX failure_age ON pricing.failure (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON pricing.failure TO souk_pricing;

-- Regions are ISO 3166-2 codes without the country. What is none stands beside the address, as far as it fits; of a cart it is
-- left out, to be chosen anew. Tax rates for what is none hold no more. What was ordered stays as it was.
UPDATE "user".address
SET region = CASE WHEN upper(region) ~ '^[A-Z0-9]{1,3}$' THEN upper(region) END,
    line2 = CASE WHEN upper(region) ~ '^[A-Z0-9]{1,3}$' OR region = '' THEN line2
        ELSE left(concat_ws(', ', nullif(line2, ''), region), 200) END
WHERE region IS NOT NULL;

UPDATE cart.cart
SET region = CASE WHEN upper(region) ~ '^[A-Z0-9]{1,3}$' THEN upper(region) END
WHERE region IS NOT NULL;

UPDATE pricing.tax_rate
SET region = upper(region)
WHERE upper(region) ~ '^[A-Z0-9]{1,3}$';

UPDATE pricing.tax_rate
SET ends_at = least(ends_at, greatest(now(), starts_at + interval '1 millisecond'))
WHERE region <> '' AND region !~ '^[A-Z0-9]{1,3}$';
