-- What comes off a price, and what on top.
CALL souk_make_service('pricing');

-- With a code it is a coupon, without one it is for everybody. What it says is a document; what statements ask for stands
-- beside it.
CREATE TABLE pricing.promotion (
    id uuid PRIMARY KEY,
    code text COLLATE "C" UNIQUE CHECK (code = upper(code)),
    body jsonb NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    limit_total int NOT NULL CHECK (limit_total >= 0), -- 0: there is none
    limit_per_customer int NOT NULL CHECK (limit_per_customer >= 0), -- 0: there is none
    used int NOT NULL DEFAULT 0 CHECK (used >= 0), -- by live redemptions
    version int NOT NULL DEFAULT 1
);
CREATE INDEX promotion_automatic ON pricing.promotion (ends_at) WHERE code IS NULL;

-- Uses of what is limited, each by an order.
CREATE TABLE pricing.redemption (
    order_id uuid NOT NULL,
    promotion_id uuid NOT NULL REFERENCES pricing.promotion,
    customer text COLLATE "C" NOT NULL, -- a user's id, or a guest's e-mail address in small letters
    status text NOT NULL CHECK (status IN ('live', 'given_back')),
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, promotion_id)
);
CREATE INDEX redemption_customer ON pricing.redemption (promotion_id, customer) WHERE status = 'live';

-- What is given back before it was redeemed must not be redeemed any more.
CREATE TABLE pricing.given_back (
    order_id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE pricing.tax_country (
    country text COLLATE "C" PRIMARY KEY,
    included boolean NOT NULL -- in the prices; else tax comes on top
);

CREATE TABLE pricing.tax_rate (
    id uuid PRIMARY KEY,
    country text COLLATE "C" NOT NULL REFERENCES pricing.tax_country,
    region text COLLATE "C" NOT NULL DEFAULT '', -- '': all that have none of their own
    tax_class text NOT NULL,
    rate int NOT NULL CHECK (rate BETWEEN 0 AND 1000000), -- parts per million
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    CHECK (starts_at < ends_at)
);
CREATE INDEX tax_rate_country ON pricing.tax_rate (country, region, tax_class, starts_at);

-- Shipping methods, by code.
CREATE TABLE pricing.document (
    collection text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (collection, key)
);

GRANT SELECT, INSERT, UPDATE ON pricing.promotion, pricing.redemption TO souk_pricing;
GRANT SELECT, INSERT ON pricing.given_back TO souk_pricing;
GRANT SELECT, INSERT, UPDATE ON pricing.tax_country TO souk_pricing;
GRANT SELECT, INSERT, UPDATE, DELETE ON pricing.tax_rate, pricing.document TO souk_pricing;
