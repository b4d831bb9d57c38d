-- What was ordered, by whom, and what became of it.
CREATE TABLE "order".orders (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    -- NULL: it was rejected for a reason of ours, so that the customer may use the key once more.
    request_key text CHECK (length(request_key) <= 255),
    fingerprint text NOT NULL, -- of what was asked for under the key
    status text NOT NULL CHECK (status IN ('placing', 'awaiting_payment', 'confirmed', 'rejected')),
    reason text CHECK ((reason IS NOT NULL) = (status = 'rejected')), -- an error's code
    payment_method text NOT NULL,
    total_amount bigint NOT NULL CHECK (total_amount >= 0),
    total_currency text NOT NULL CHECK (total_currency ~ '^[A-Z]{3}$'),
    placed_at timestamptz NOT NULL,
    UNIQUE (user_id, request_key)
) WITH (fillfactor = 50); -- each is written twice: the second version stays beside the first, and no index is written again
CREATE INDEX orders_user ON "order".orders (user_id, id);

-- Those that are 'placing', few at any time. They are apart, so that what a crash left is found without an index on what
-- changes in every order.
CREATE TABLE "order".in_flight (
    order_id uuid PRIMARY KEY,
    attempt int NOT NULL DEFAULT 1, -- raised by whoever takes the order up, so that the one before writes no more
    touched_at timestamptz NOT NULL DEFAULT now()
);

-- Name and price as they were when it was ordered.
CREATE TABLE "order".order_line (
    order_id uuid NOT NULL REFERENCES "order".orders,
    position int NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    price_amount bigint NOT NULL CHECK (price_amount >= 0),
    price_currency text NOT NULL,
    PRIMARY KEY (order_id, position)
);

-- Every change of status. That an order was placed, when and by whom, stands in the order itself.
CREATE TABLE "order".order_history (
    order_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    status text NOT NULL,
    who text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, id)
);

-- Events are rows before they are messages.
CREATE TABLE "order".outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE ON "order".orders TO souk_order;
GRANT SELECT, INSERT, UPDATE, DELETE ON "order".in_flight TO souk_order;
GRANT SELECT, INSERT ON "order".order_line, "order".order_history, "order".outbox TO souk_order;
