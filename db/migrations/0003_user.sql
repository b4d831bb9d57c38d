-- Who the customers are.
CREATE TABLE "user".account (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    status text NOT NULL CHECK (status IN ('registering', 'active')),
    attempt int NOT NULL DEFAULT 1, -- raised by whoever takes the registration up, so that the one before writes no more
    touched_at timestamptz NOT NULL DEFAULT now(),
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX account_email ON "user".account (lower(email));
CREATE INDEX account_registering ON "user".account (touched_at) WHERE status = 'registering';

GRANT SELECT, INSERT, UPDATE, DELETE ON "user".account TO souk_user;
