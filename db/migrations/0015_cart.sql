-- What somebody means to buy.
CALL souk_make_service('cart');

CREATE TABLE cart.cart (
    id uuid PRIMARY KEY, -- random: whoever knows a guest's has it
    user_id uuid UNIQUE, -- NULL: a guest's
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    country text,
    region text,
    shipping_method text,
    coupons text[] NOT NULL DEFAULT '{}',
    touched_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX cart_age ON cart.cart (touched_at) WHERE user_id IS NULL;

CREATE TABLE cart.line (
    cart_id uuid NOT NULL REFERENCES cart.cart ON DELETE CASCADE,
    sku text COLLATE "C" NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (cart_id, sku)
);

-- Whose lines were taken out of a cart already, so that an order takes them once. Kept as long as it may be asked again.
CREATE TABLE cart.ordered (
    order_id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ordered_age ON cart.ordered (at);

GRANT SELECT, INSERT, UPDATE, DELETE ON cart.cart, cart.line, cart.ordered TO souk_cart;
