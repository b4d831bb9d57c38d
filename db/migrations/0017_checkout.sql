-- What an order says beyond its lines: who a guest is, where it is to go, what was taken off and put on.
ALTER TABLE "order".orders
    ADD COLUMN discount bigint NOT NULL DEFAULT 0 CHECK (discount >= 0),
    ADD COLUMN shipping bigint NOT NULL DEFAULT 0 CHECK (shipping >= 0),
    ADD COLUMN tax bigint NOT NULL DEFAULT 0 CHECK (tax >= 0),
    ADD COLUMN tax_included boolean NOT NULL DEFAULT true; -- in the prices; else it comes on top

ALTER TABLE "order".order_line
    ADD COLUMN discount bigint NOT NULL DEFAULT 0 CHECK (discount >= 0),
    ADD COLUMN tax bigint NOT NULL DEFAULT 0 CHECK (tax >= 0);

-- Of orders that say more, as one document; most systems that order in bulk do not.
CREATE TABLE "order".order_detail (
    order_id uuid PRIMARY KEY REFERENCES "order".orders,
    body jsonb NOT NULL
);

-- Carts that an order has yet to be taken out of, few at any time.
CREATE TABLE "order".to_close (
    order_id uuid PRIMARY KEY,
    cart_id uuid NOT NULL,
    attempt int NOT NULL DEFAULT 1,
    touched_at timestamptz NOT NULL DEFAULT now()
);

-- Orders that wait for their payment, and how long they may. One that was cancelled or paid meanwhile is passed over.
CREATE TABLE "order".awaiting (
    order_id uuid PRIMARY KEY,
    until timestamptz NOT NULL
);
CREATE INDEX awaiting_until ON "order".awaiting (until);

GRANT SELECT, INSERT ON "order".order_detail TO souk_order;
GRANT SELECT, INSERT, UPDATE, DELETE ON "order".to_close, "order".awaiting TO souk_order;
