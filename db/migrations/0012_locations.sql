-- Stock lies at several locations, every change of it is told with its reason, and what runs low is noticed.
CREATE TABLE inventory.location (
    code text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    priority int NOT NULL, -- the lowest is taken from first
    active boolean NOT NULL DEFAULT true, -- else orders get nothing from here any more
    version int NOT NULL DEFAULT 1,
    made_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO inventory.location (code, name, priority) VALUES ('main', 'Main', 1);

ALTER TABLE inventory.movement DROP CONSTRAINT movement_sku_fkey, DROP CONSTRAINT movement_pkey;
ALTER TABLE inventory.stock
    ADD location text COLLATE "C" NOT NULL DEFAULT 'main' REFERENCES inventory.location,
    ADD threshold int NOT NULL DEFAULT 0 CHECK (threshold >= 0), -- fewer that can be had are too few
    DROP CONSTRAINT stock_pkey;
ALTER TABLE inventory.stock ALTER location DROP DEFAULT, ADD PRIMARY KEY (sku, location);
CREATE INDEX stock_location ON inventory.stock (location, sku);

-- Beside skus and quantities: where each line is taken from, and how much of it has left.
ALTER TABLE inventory.reservation
    ADD locations text[],
    ADD shipped int[], -- NULL: nothing yet
    DROP CONSTRAINT reservation_status_check,
    ADD CONSTRAINT reservation_status_check CHECK (status IN ('live', 'released', 'expired', 'shipped'));
UPDATE inventory.reservation SET locations = array_fill('main'::text, ARRAY[cardinality(skus)]);
ALTER TABLE inventory.reservation
    ALTER locations SET DEFAULT '{}',
    ALTER locations SET NOT NULL,
    ADD CHECK (cardinality(skus) = cardinality(locations)),
    ADD CHECK (cardinality(skus) = cardinality(shipped));

-- What has left for an order, under the key of the shipment, so that it leaves once.
CREATE TABLE inventory.shipment (
    order_id uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, key)
);

ALTER TABLE inventory.movement
    ALTER key DROP NOT NULL, -- only what others send has one of its own
    ADD id bigint GENERATED ALWAYS AS IDENTITY,
    ADD location text COLLATE "C" NOT NULL DEFAULT 'main',
    ADD reason text NOT NULL DEFAULT 'received' CHECK (reason IN ('received', 'damaged', 'lost', 'found', 'counted', 'returned',
        'other', 'transferred', 'shipped')),
    ADD who text, -- NULL: a service
    ADD reference text, -- of what it was for: the order's id
    ADD note text;
ALTER TABLE inventory.movement
    ALTER location DROP DEFAULT,
    ALTER reason DROP DEFAULT,
    ADD PRIMARY KEY (sku, id), -- a product's newest first
    ADD FOREIGN KEY (sku, location) REFERENCES inventory.stock DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX movement_key ON inventory.movement (key, sku, location) WHERE key IS NOT NULL;

-- Events are rows before they are messages.
CREATE TABLE inventory.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- Where there is too little. Apart, so that it is found without an index on what every order changes.
CREATE TABLE inventory.low_stock (
    sku text COLLATE "C" NOT NULL,
    location text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sku, location)
);

-- Once for each crossing, whoever crosses; whoever does not pays for a comparison and no more.
CREATE FUNCTION inventory.note_crossing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.on_hand - NEW.reserved >= NEW.threshold THEN
        DELETE FROM inventory.low_stock WHERE sku = NEW.sku AND location = NEW.location;
        RETURN NULL;
    END IF;
    INSERT INTO inventory.low_stock (sku, location) VALUES (NEW.sku, NEW.location);
    INSERT INTO inventory.outbox (topic, body)
    VALUES ('inventory.low_stock', jsonb_build_object('sku', NEW.sku, 'location', NEW.location,
        'available', NEW.on_hand - NEW.reserved, 'threshold', NEW.threshold));
    RETURN NULL;
END
$$;
CREATE TRIGGER stock_crossing AFTER UPDATE OF on_hand, reserved, threshold ON inventory.stock
    FOR EACH ROW
    WHEN ((OLD.on_hand - OLD.reserved < OLD.threshold) <> (NEW.on_hand - NEW.reserved < NEW.threshold))
    EXECUTE FUNCTION inventory.note_crossing();

GRANT SELECT, INSERT, UPDATE ON inventory.location TO souk_inventory;
GRANT SELECT, INSERT ON inventory.shipment, inventory.outbox TO souk_inventory;
GRANT SELECT, INSERT, DELETE ON inventory.low_stock TO souk_inventory;
