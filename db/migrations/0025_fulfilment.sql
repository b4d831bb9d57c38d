-- What was ordered leaves the house, and some of it comes back.
CALL souk_make_service('fulfilment');
CALL souk_give_events('fulfilment');
CALL souk_give_cursors('fulfilment');

-- One for each order that was confirmed. Whoever changes anything about an order's shipments or returns locks its row first.
CREATE TABLE fulfilment.job (
    order_id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    -- 'new': where its goods lie is not known yet; 'closed': nothing was held for it any more when that was looked at.
    status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'planned', 'closed', 'cancelled')),
    due_at timestamptz NOT NULL DEFAULT now() -- when it is looked at next, while it is new
);
CREATE INDEX job_due ON fulfilment.job (due_at) WHERE status = 'new';

-- What leaves one location for an order at once.
CREATE TABLE fulfilment.shipment (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES fulfilment.job,
    location text COLLATE "C" NOT NULL,
    -- 'returned': it could not be delivered, and is back.
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'picking', 'packed', 'shipped', 'delivered', 'returned', 'cancelled')),
    carrier text,
    tracking_number text COLLATE "C",
    departure_id uuid, -- with which it leaves or has left
    version int NOT NULL DEFAULT 1,
    demo_at timestamptz, -- when the simulated carrier moves it on; NULL: it does not
    made_at timestamptz NOT NULL DEFAULT now(),
    CHECK (status NOT IN ('shipped', 'delivered', 'returned') OR departure_id IS NOT NULL)
);
CREATE INDEX shipment_order ON fulfilment.shipment (order_id);
CREATE INDEX shipment_status ON fulfilment.shipment (status, id);
CREATE INDEX shipment_location ON fulfilment.shipment (location, status, id);
CREATE UNIQUE INDEX shipment_tracking ON fulfilment.shipment (tracking_number) WHERE tracking_number IS NOT NULL;
CREATE INDEX shipment_demo ON fulfilment.shipment (demo_at) WHERE demo_at IS NOT NULL;

CREATE TABLE fulfilment.shipment_line (
    shipment_id uuid NOT NULL REFERENCES fulfilment.shipment,
    sku text COLLATE "C" NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (shipment_id, sku)
);

CREATE TABLE fulfilment.shipment_history (
    shipment_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    status text NOT NULL,
    who text NOT NULL,
    why text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shipment_id, id)
);

-- Shipments that are just leaving, few at any time, and those of one order one after the other: from here on they leave, and
-- their goods have yet to be taken out of the stock.
CREATE TABLE fulfilment.departure (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL UNIQUE,
    key text NOT NULL, -- under which the stock knows it; '': as one of before there were shipments
    outcome text NOT NULL CHECK (outcome IN ('shipped', 'delivered', 'returned')), -- what they are in the end
    who text NOT NULL,
    attempt int NOT NULL DEFAULT 1,
    touched_at timestamptz NOT NULL DEFAULT now()
);

-- What carriers have said, so that what they say twice is heard once.
CREATE TABLE fulfilment.carrier_event (
    id text COLLATE "C" PRIMARY KEY,
    tracking_number text NOT NULL,
    status text NOT NULL,
    shipment_id uuid NOT NULL,
    outcome text NOT NULL, -- the status that was answered
    told_at timestamptz NOT NULL, -- when it was so, as the carrier says
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX carrier_event_age ON fulfilment.carrier_event (at);

-- What comes back, or is said to.
CREATE TABLE fulfilment.order_return (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES fulfilment.job,
    shipment_id uuid, -- that could not be delivered; NULL: the customer sends something back
    status text NOT NULL CHECK (status IN ('requested', 'received', 'inspecting', 'inspected', 'cancelled')),
    reason text NOT NULL,
    location text COLLATE "C", -- where it has arrived
    version int NOT NULL DEFAULT 1,
    made_at timestamptz NOT NULL DEFAULT now(),
    attempt int NOT NULL DEFAULT 1,
    touched_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX order_return_order ON fulfilment.order_return (order_id);
CREATE INDEX order_return_status ON fulfilment.order_return (status, id);
CREATE INDEX order_return_inspecting ON fulfilment.order_return (touched_at) WHERE status = 'inspecting';

CREATE TABLE fulfilment.return_line (
    return_id uuid NOT NULL REFERENCES fulfilment.order_return,
    sku text COLLATE "C" NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    restocked int NOT NULL DEFAULT 0 CHECK (restocked >= 0),
    written_off int NOT NULL DEFAULT 0 CHECK (written_off >= 0),
    PRIMARY KEY (return_id, sku),
    CHECK (restocked + written_off <= quantity)
);

GRANT SELECT, INSERT, UPDATE ON fulfilment.job, fulfilment.shipment, fulfilment.shipment_line, fulfilment.order_return,
    fulfilment.return_line TO souk_fulfilment;
GRANT DELETE ON fulfilment.shipment_line TO souk_fulfilment; -- all of a product goes into another shipment
GRANT SELECT, INSERT ON fulfilment.shipment_history TO souk_fulfilment;
GRANT SELECT, INSERT, UPDATE, DELETE ON fulfilment.departure, fulfilment.carrier_event TO souk_fulfilment;

-- An order follows its shipments.
DO $$
BEGIN
    IF to_regclass('"order".event_cursor') IS NULL THEN
        CALL souk_give_cursors('order');
    END IF;
END
$$;
ALTER TABLE "order".orders DROP CONSTRAINT orders_status_check;
ALTER TABLE "order".orders ADD CONSTRAINT orders_status_check CHECK (status IN ('placing', 'awaiting_payment', 'confirmed',
    'rejected', 'cancelling', 'cancelled', 'shipping', 'shipped', 'delivered', 'returned'));

-- What waits to be shipped, whatever has become of the events that told of it.
INSERT INTO fulfilment.job (order_id, user_id)
SELECT id, user_id FROM "order".orders WHERE status = 'confirmed';

-- What was just leaving goes on from here, under the same key: the order did that itself before.
WITH leaving AS (
    DELETE FROM "order".in_flight WHERE work = 'shipping' RETURNING order_id
)
INSERT INTO fulfilment.departure (id, order_id, key, outcome, who)
SELECT gen_random_uuid(), order_id, '', 'shipped', 'order.ship' FROM leaving;

INSERT INTO fulfilment.job (order_id, user_id, status)
SELECT orders.id, user_id, 'planned'
FROM fulfilment.departure JOIN "order".orders ON orders.id = order_id;

INSERT INTO fulfilment.shipment (id, order_id, location, departure_id)
SELECT gen_random_uuid(), departure.order_id, location, departure.id
FROM fulfilment.departure JOIN (
    SELECT DISTINCT order_id, location FROM inventory.reservation, unnest(locations) AS held (location)
) AS place ON place.order_id = departure.order_id;

INSERT INTO fulfilment.shipment_line (shipment_id, sku, quantity)
SELECT shipment.id, sku, sum(quantity)
FROM fulfilment.shipment JOIN inventory.reservation ON reservation.order_id = shipment.order_id,
    unnest(skus, locations, quantities) AS held (sku, location, quantity)
WHERE held.location = shipment.location
GROUP BY shipment.id, sku;
