-- Who may log in, and who has.
CREATE TABLE auth.credential (
    user_id uuid PRIMARY KEY,
    email text,
    password_hash text, -- argon2id, with its parameters and salt
    roles text[] NOT NULL DEFAULT '{customer}',
    -- Once forgotten, a user's enrolment that comes late must not bring it back: so the row stays.
    status text NOT NULL CHECK (status IN ('active', 'forgotten')),
    made_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'active') = (email IS NOT NULL AND password_hash IS NOT NULL))
);
CREATE UNIQUE INDEX credential_email ON auth.credential (lower(email));

CREATE TABLE auth.session (
    id uuid PRIMARY KEY,
    token_hash text COLLATE "C" NOT NULL UNIQUE, -- SHA-256; the token itself is kept nowhere
    user_id uuid NOT NULL REFERENCES auth.credential ON DELETE CASCADE,
    made_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_owner ON auth.session (user_id);
CREATE INDEX session_expiry ON auth.session (expires_at);

GRANT SELECT, INSERT, UPDATE ON auth.credential TO souk_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.session TO souk_auth;
