-- What was charged, and the books that say where the money went.
CREATE TABLE payment.payment (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL UNIQUE,
    amount bigint CHECK (amount >= 0),
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    method text,
    -- 'voided' without an amount: it was voided before it was asked for, and must not be charged any more.
    status text NOT NULL CHECK (status IN ('opened', 'captured', 'declined', 'insufficient', 'voiding', 'voided')),
    made_at timestamptz NOT NULL DEFAULT now(),
    CHECK (status = 'voided' OR (amount IS NOT NULL AND currency IS NOT NULL AND method IS NOT NULL))
) WITH (fillfactor = 50); -- each is written twice: the second version stays beside the first, and no index is written again

-- Those that are 'opened' or 'voiding', few at any time. They are apart, so that what a crash left is found without an
-- index on what changes in every payment.
CREATE TABLE payment.in_flight (
    payment_id uuid PRIMARY KEY,
    touched_at timestamptz NOT NULL DEFAULT now()
);

-- Double entry: the entries of a payment add up to nothing, and each is made once.
CREATE TABLE payment.ledger (
    payment_id uuid NOT NULL,
    cause text NOT NULL CHECK (cause IN ('charge', 'void')),
    account text NOT NULL CHECK (account IN ('provider', 'sales')),
    amount bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (payment_id, cause, account)
);

GRANT SELECT, INSERT, UPDATE ON payment.payment TO souk_payment;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment.in_flight TO souk_payment;
GRANT SELECT, INSERT ON payment.ledger TO souk_payment;

-- The simulated provider's own journal. It stands for a world outside: no transaction of ours covers it.
CREATE SCHEMA simulator;
CREATE TABLE simulator.charge (
    key text COLLATE "C" PRIMARY KEY,
    amount bigint NOT NULL,
    currency text NOT NULL,
    method text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('captured', 'declined', 'insufficient')),
    asked int NOT NULL DEFAULT 1, -- how often; charged is once
    refunded_at timestamptz,
    at timestamptz NOT NULL DEFAULT now()
);

GRANT USAGE ON SCHEMA simulator TO souk_payment;
GRANT SELECT, INSERT, UPDATE ON simulator.charge TO souk_payment;
