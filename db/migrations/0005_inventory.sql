-- What is there, what is promised to whom, and why there is as much.
-- SKUs sort by their bytes, as strcmp does: rows are locked in that order.
CREATE TABLE inventory.stock (
    sku text COLLATE "C" PRIMARY KEY,
    on_hand int NOT NULL CHECK (on_hand >= 0),
    reserved int NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND reserved <= on_hand)
) WITH (fillfactor = 25); -- every order writes here: room for new versions beside the old ones

-- Made, given back and looked at as a whole; so the lines are in the row.
CREATE TABLE inventory.reservation (
    order_id uuid PRIMARY KEY,
    skus text[] NOT NULL DEFAULT '{}',
    quantities int[] NOT NULL DEFAULT '{}',
    -- 'released' without lines: it was given back before it was made, and must not be made any more.
    status text NOT NULL CHECK (status IN ('live', 'released', 'expired')),
    expires_at timestamptz, -- NULL: it stays
    made_at timestamptz NOT NULL DEFAULT now(),
    CHECK (cardinality(skus) = cardinality(quantities))
);
CREATE INDEX reservation_expires ON inventory.reservation (expires_at)
    WHERE status = 'live' AND expires_at IS NOT NULL;

-- on_hand is the sum of these. Whoever brings stock names it by a key, so that it arrives once.
CREATE TABLE inventory.movement (
    key text NOT NULL,
    sku text COLLATE "C" NOT NULL REFERENCES inventory.stock DEFERRABLE INITIALLY DEFERRED,
    quantity int NOT NULL CHECK (quantity <> 0),
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (key, sku)
);

GRANT SELECT, INSERT, UPDATE ON inventory.stock TO souk_inventory;
GRANT SELECT, INSERT, UPDATE, DELETE ON inventory.reservation TO souk_inventory;
GRANT SELECT, INSERT ON inventory.movement TO souk_inventory;
