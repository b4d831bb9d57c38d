-- Customers as the provider knows them, so that a stored method can be paid with more than once, and payments that a bank wants
-- the customer to confirm.
CREATE TABLE payment.customer (
    user_id uuid PRIMARY KEY,
    reference text COLLATE "C", -- what the provider calls him; NULL: not known
    attempt int NOT NULL, -- the provider makes him once by user and attempt; 0: it was never asked to
    gone boolean NOT NULL DEFAULT false, -- the account is closed, and nothing is stored for it any more
    made_at timestamptz NOT NULL DEFAULT now()
);

-- What the provider has yet to let go of, few at any time: a method that was dropped, or the customer whose account is closed.
CREATE TABLE payment.farewell (
    id uuid PRIMARY KEY, -- the method's, or the user's
    user_id uuid NOT NULL,
    token text COLLATE "C", -- of a method; NULL: the customer himself
    customer text COLLATE "C", -- NULL: the answer that told it never came
    attempt int NOT NULL DEFAULT 0,
    touched_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- not when a lock was first waited for
    CHECK (token IS NULL OR customer IS NOT NULL)
);

ALTER TABLE payment.method
    ADD COLUMN customer text COLLATE "C"; -- whom the provider keeps it for; NULL: for nobody, it pays once

ALTER TABLE payment.payment
    ADD COLUMN customer text COLLATE "C", -- whose stored method is paid with
    DROP CONSTRAINT payment_status_check,
    ADD CONSTRAINT payment_status_check CHECK (status IN ('opened', 'authorized', 'capturing', 'captured', 'partially_refunded',
        'refunded', 'declined', 'insufficient', 'authentication_required', 'voiding', 'voided'));

ALTER TABLE simulator.charge
    DROP CONSTRAINT charge_outcome_check,
    ADD CONSTRAINT charge_outcome_check CHECK (outcome IN ('authorized', 'captured', 'declined', 'insufficient',
        'authentication_required'));

GRANT SELECT, INSERT, UPDATE ON payment.customer TO souk_payment;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment.farewell TO souk_payment;
