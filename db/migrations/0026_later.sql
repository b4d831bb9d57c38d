-- Payments that take their time: a charge that failed softly is tried again, and an order follows what becomes of it.
ALTER TABLE payment.payment
    ADD COLUMN tries int NOT NULL DEFAULT 1, -- how often the provider was asked for the charge, each time under another key
    ADD COLUMN tried_at timestamptz; -- when for the last time; NULL: that was the first

-- Payments that failed softly and are tried again, few at any time.
CREATE TABLE payment.retry (
    payment_id uuid PRIMARY KEY,
    method text NOT NULL,
    customer text COLLATE "C",
    next_at timestamptz -- NULL: it is just being tried
);
CREATE INDEX retry_due ON payment.retry (next_at) WHERE next_at IS NOT NULL;

-- Every try of a charge but the first of those that succeed at once.
CREATE TABLE payment.try (
    payment_id uuid NOT NULL REFERENCES payment.payment,
    number int NOT NULL CHECK (number > 0),
    key text COLLATE "C", -- of whoever asked for it; NULL: nobody did
    wish text, -- what was to be paid with then
    outcome text CHECK (outcome IN ('captured', 'authorized', 'declined', 'insufficient', 'authentication_required')), -- NULL: not known
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (payment_id, number)
);
CREATE UNIQUE INDEX try_key ON payment.try (payment_id, key) WHERE key IS NOT NULL;
INSERT INTO payment.try (payment_id, number, outcome, at)
SELECT id, 1, status, made_at FROM payment.payment WHERE status = 'insufficient'; -- whoever waits may still pay by hand

-- What a provider has told by itself, so that it is dealt with once.
CREATE TABLE payment.heard (
    id text COLLATE "C" PRIMARY KEY, -- of the provider's event
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX heard_at ON payment.heard (at);

GRANT SELECT, INSERT, DELETE ON payment.heard TO souk_payment;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment.retry TO souk_payment;
GRANT SELECT, INSERT, UPDATE ON payment.try TO souk_payment;

-- The simulator's journal is read by time, in which it was written; every other index would be written with each charge.
CREATE INDEX charge_at ON simulator.charge USING brin (at) WITH (pages_per_range = 16, autosummarize = on);

-- An order that waits has been paid: it is to be confirmed.
ALTER TABLE "order".awaiting
    ADD COLUMN paid_touched_at timestamptz; -- when somebody last saw to that; NULL: it is not paid
CREATE INDEX awaiting_paid ON "order".awaiting (paid_touched_at) WHERE paid_touched_at IS NOT NULL;

-- It has cursors since 0025.
