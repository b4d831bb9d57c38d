-- Money that is only set aside, money given back in parts, stored payment methods, and whom the shop takes how much from.
ALTER TABLE payment.payment
    ADD COLUMN user_id uuid, -- who pays; NULL: not known
    ADD COLUMN manual boolean NOT NULL DEFAULT false, -- set aside first, and taken when it is captured
    ADD COLUMN captured bigint NOT NULL DEFAULT 0, -- taken, or being taken while 'capturing'
    ADD COLUMN refunding bigint NOT NULL DEFAULT 0, -- the provider is being asked to give back
    ADD COLUMN refunded bigint NOT NULL DEFAULT 0,
    ADD COLUMN reference text, -- what the provider calls it
    DROP CONSTRAINT payment_status_check,
    ADD CONSTRAINT payment_status_check CHECK (status IN ('opened', 'authorized', 'capturing', 'captured', 'partially_refunded',
        'refunded', 'declined', 'insufficient', 'voiding', 'voided'));

UPDATE payment.payment
SET captured = payment.amount, refunded = CASE status WHEN 'voided' THEN payment.amount ELSE 0 END
FROM payment.ledger
WHERE payment_id = id AND cause = 'charge' AND account = 'provider';

ALTER TABLE payment.payment
    ADD CONSTRAINT payment_bounds CHECK (refunding >= 0 AND refunded >= 0 AND refunding + refunded <= captured
        AND captured <= coalesce(amount, 0));

-- A refund is made once by its key, and what is under way counts as given back.
CREATE TABLE payment.refund (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payment.payment,
    key text COLLATE "C" NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    reason text,
    who text NOT NULL,
    status text NOT NULL CHECK (status IN ('refunding', 'refunded', 'failed')),
    made_at timestamptz NOT NULL DEFAULT now(),
    touched_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (payment_id, key)
);
CREATE INDEX refund_under_way ON payment.refund (touched_at) WHERE status = 'refunding';

-- The money of a refund comes out of an account of its own, so that what was sold stays to be seen.
ALTER TABLE payment.ledger
    DROP CONSTRAINT ledger_cause_check,
    ADD CONSTRAINT ledger_cause_check CHECK (cause IN ('charge', 'capture', 'void') OR cause LIKE 'refund %'),
    DROP CONSTRAINT ledger_account_check,
    ADD CONSTRAINT ledger_account_check CHECK (account IN ('provider', 'sales', 'refunds'));

-- What a customer has stored: the provider's token and what it tells of it. No number of a card ever comes here.
CREATE TABLE payment.method (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    token text COLLATE "C" NOT NULL,
    label text,
    brand text NOT NULL,
    last4 text NOT NULL CHECK (last4 ~ '^[0-9]{4}$'),
    expiry_month int NOT NULL CHECK (expiry_month BETWEEN 1 AND 12),
    expiry_year int NOT NULL,
    is_default boolean NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, token)
);
CREATE UNIQUE INDEX method_default ON payment.method (user_id) WHERE is_default;

-- Those of whom the shop takes no money, or only so much. Whoever has no row pays what he likes.
CREATE TABLE payment.terms (
    user_id uuid PRIMARY KEY,
    blocked boolean NOT NULL,
    per_charge bigint NOT NULL CHECK (per_charge >= 0), -- 0: no limit
    per_day bigint NOT NULL CHECK (per_day >= 0), -- 0: no limit
    currency text CHECK (currency ~ '^[A-Z]{3}$'), -- of the limits; what is paid in another is not taken
    reason text,
    spent bigint NOT NULL DEFAULT 0, -- on that day, UTC
    spent_on date NOT NULL DEFAULT current_date,
    CHECK (currency IS NOT NULL OR (per_charge = 0 AND per_day = 0))
);

GRANT SELECT, INSERT, UPDATE ON payment.refund TO souk_payment;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment.method TO souk_payment;
GRANT SELECT, INSERT, UPDATE ON payment.terms TO souk_payment;

-- The simulator sets aside and gives back in parts, too.
ALTER TABLE simulator.charge
    ADD COLUMN captured bigint, -- where that is less than was set aside
    DROP CONSTRAINT charge_outcome_check,
    ADD CONSTRAINT charge_outcome_check CHECK (outcome IN ('authorized', 'captured', 'declined', 'insufficient'));
CREATE TABLE simulator.refund (
    key text COLLATE "C" PRIMARY KEY,
    charge text COLLATE "C" NOT NULL,
    amount bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON simulator.refund TO souk_payment;
