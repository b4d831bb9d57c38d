-- Accounts as they are lived with: sessions that idle away, roles that are granted, keys for systems, tokens that come by mail,
-- and what slows down whoever guesses.

ALTER TABLE auth.credential
    ADD COLUMN verified_at timestamptz, -- that mail to the address arrives; NULL: nobody has shown it
    ADD COLUMN email_serial int NOT NULL DEFAULT 0; -- of the last change of the address; an older one comes too late
CREATE INDEX credential_admins ON auth.credential (user_id) WHERE roles @> '{admin}' AND status = 'active';

-- expires_at moves ahead while the session is used, to ends_at at the most.
ALTER TABLE auth.session
    ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now(), -- to within a few minutes
    ADD COLUMN ends_at timestamptz,
    ADD COLUMN address text; -- where it was begun
UPDATE auth.session SET ends_at = expires_at;
ALTER TABLE auth.session ALTER COLUMN ends_at SET NOT NULL;
DROP INDEX auth.session_owner;
CREATE INDEX session_owner ON auth.session (user_id, id);

-- Failed attempts, by what they have in common (SHA-256 of it). They heal with time.
CREATE TABLE auth.failure (
    key text COLLATE "C" PRIMARY KEY,
    count int NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX failure_age ON auth.failure (at);

-- Networks from which somebody has logged in, or set a new password: what others fail at elsewhere does not concern them.
CREATE TABLE auth.known_network (
    user_id uuid NOT NULL REFERENCES auth.credential ON DELETE CASCADE,
    network text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, network)
);
CREATE INDEX known_network_age ON auth.known_network (at);

-- What is sent by mail and comes back once. Of the token itself only the hash is here.
CREATE TABLE auth.mail_token (
    token_hash text COLLATE "C" PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('reset', 'verification')),
    user_id uuid NOT NULL REFERENCES auth.credential ON DELETE CASCADE,
    email text NOT NULL, -- it is worth something for as long as this is the user's address
    expires_at timestamptz NOT NULL
);
CREATE INDEX mail_token_owner ON auth.mail_token (user_id);
CREATE INDEX mail_token_expiry ON auth.mail_token (expires_at);

CREATE TABLE auth.api_key (
    id uuid PRIMARY KEY, -- and the principal that it stands for
    key_hash text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0), -- operations
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz -- NULL: never
);

-- Events are rows before they are messages. Those that hold a token are deleted when it has run out.
CREATE TABLE auth.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    body jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);
CREATE INDEX outbox_expiry ON auth.outbox (expires_at) WHERE expires_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON auth.failure, auth.known_network, auth.mail_token, auth.api_key TO souk_auth;
GRANT SELECT, INSERT, DELETE ON auth.outbox TO souk_auth;

-- A closed account keeps its id, for the orders; who it was is forgotten.
ALTER TABLE "user".account
    DROP CONSTRAINT account_status_check,
    ADD CONSTRAINT account_status_check CHECK (status IN ('registering', 'active', 'closing', 'closed')),
    ALTER COLUMN email DROP NOT NULL,
    ALTER COLUMN name DROP NOT NULL,
    ADD CONSTRAINT account_known CHECK ((status = 'closed') = (email IS NULL) AND (status = 'closed') = (name IS NULL)),
    ADD COLUMN blocked_at timestamptz,
    ADD COLUMN blocked_reason text,
    ADD CONSTRAINT account_blocked CHECK ((blocked_at IS NULL) = (blocked_reason IS NULL)),
    ADD COLUMN email_serial int NOT NULL DEFAULT 0; -- of the last change of the address, as auth counts it
CREATE INDEX account_closing ON "user".account (touched_at) WHERE status = 'closing';

-- Changes of an address that are under way, one of each account.
CREATE TABLE "user".email_change (
    account_id uuid PRIMARY KEY REFERENCES "user".account,
    email text NOT NULL,
    attempt int NOT NULL DEFAULT 1, -- raised by whoever takes it up, so that the one before writes no more
    touched_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX email_change_age ON "user".email_change (touched_at);

CREATE TABLE "user".address (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES "user".account,
    version int NOT NULL DEFAULT 1,
    name text NOT NULL,
    company text,
    line1 text NOT NULL,
    line2 text,
    city text NOT NULL,
    postal_code text NOT NULL,
    region text,
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    phone text,
    default_shipping bool NOT NULL,
    default_billing bool NOT NULL
);
CREATE INDEX address_owner ON "user".address (account_id, id);
CREATE UNIQUE INDEX address_shipping ON "user".address (account_id) WHERE default_shipping;
CREATE UNIQUE INDEX address_billing ON "user".address (account_id) WHERE default_billing;

GRANT SELECT, INSERT, UPDATE, DELETE ON "user".email_change, "user".address TO souk_user;
