-- save_accounts: under one e-mail address, whose case does not matter, and under one idempotency key there is one account. Whoever
-- comes second gets no row back.
INSERT INTO account (id, email, name, status, request_key, fingerprint)
SELECT id, email, name, 'registering', request_key, fingerprint
FROM unnest(:id::uuid[], :email::text[], :name::text[], :request_key::text[], :fingerprint::text[])
    WITH ORDINALITY AS account (id, email, name, request_key, fingerprint, arrival)
ORDER BY lower(email), arrival
ON CONFLICT DO NOTHING
RETURNING id;

-- find_registered: what became of registrations under these idempotency keys.
SELECT asked.id AS asked_id, account.id, account.fingerprint, status
FROM unnest(:id::uuid[], :request_key::text[]) AS asked (id, request_key)
JOIN account ON account.request_key = asked.request_key;

-- forget_keys: under which accounts were made so long ago; a few at a time.
UPDATE account
SET request_key = NULL, fingerprint = NULL
WHERE id IN (
    SELECT id
    FROM account
    WHERE request_key IS NOT NULL AND made_at <= now() - :kept_s::int * interval '1 second'
    ORDER BY made_at
    LIMIT 1000
    FOR UPDATE SKIP LOCKED
);

-- activate_accounts: whoever was overtaken by the sweeper gets no row back.
WITH activated AS (
    UPDATE account
    SET status = 'active'
    FROM unnest(:id::uuid[], :attempt::int[]) AS registered (id, attempt)
    WHERE account.id = registered.id AND account.attempt = registered.attempt AND status = 'registering'
    RETURNING account.id
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'user.registered', jsonb_build_object('user_id', id) FROM activated
)
SELECT id FROM activated;

-- drop_accounts: of registrations that came to nothing; the address is free again.
DELETE FROM account
USING unnest(:id::uuid[], :attempt::int[]) AS dropped (id, attempt)
WHERE account.id = dropped.id AND account.attempt = dropped.attempt AND status = 'registering';

-- claim_stranded: whoever had a registration before writes no more, since attempt is another.
UPDATE account
SET attempt = attempt + 1, touched_at = now()
WHERE id IN (
    SELECT id
    FROM account
    WHERE status = 'registering' AND touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY touched_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
RETURNING id, attempt;

-- find_account: one who may log in.
SELECT id, email, name
FROM account
WHERE id = :id AND status = 'active';

-- tell_change: of one who may log in.
INSERT INTO outbox (topic, body)
VALUES ('user.changed', jsonb_build_object('user_id', :user_id::uuid, 'what', :what::text));

-- change_name: of one who may log in.
UPDATE account
SET name = :name
WHERE id = :id AND status = 'active'
RETURNING id, email, name;

-- lock_accounts: so that of an account that is to be changed in two ways at once one begins; each statement sees what was there
-- when it began, so this is one of its own.
SELECT id
FROM account
WHERE id = ANY(:id::uuid[])
ORDER BY id
FOR UPDATE;

-- begin_email_changes: one of each account at a time. Whoever cannot begin gets no row back. The numbers count changes and what
-- undoes them, so that the latest wins at auth, whatever arrives when.
WITH asked AS (
    SELECT DISTINCT ON (id) id, email
    FROM unnest(:id::uuid[], :email::text[]) WITH ORDINALITY AS asked (id, email, arrival)
    ORDER BY id, arrival
), begun AS (
    INSERT INTO email_change (account_id, email)
    SELECT asked.id, asked.email
    FROM asked JOIN account ON account.id = asked.id
    WHERE status = 'active'
    ORDER BY asked.id
    ON CONFLICT (account_id) DO NOTHING
    RETURNING account_id
)
UPDATE account
SET email_serial = email_serial + 2
FROM begun
WHERE account.id = account_id
RETURNING account.id, account.email AS old_email, name, email_serial - 1 AS serial;

-- settle_email_changes: whoever was overtaken by the sweeper gets no row back.
WITH settled AS (
    DELETE FROM email_change
    USING unnest(:id::uuid[], :attempt::int[]) AS changed (id, attempt)
    WHERE account_id = changed.id AND email_change.attempt = changed.attempt
    RETURNING account_id, email
), moved AS (
    UPDATE account
    SET email = settled.email
    FROM settled
    WHERE account.id = account_id
    RETURNING account.id
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'user.changed', jsonb_build_object('user_id', id, 'what', 'email') FROM moved
)
SELECT id FROM moved;

-- drop_email_changes: that came to nothing.
DELETE FROM email_change
USING unnest(:id::uuid[], :attempt::int[]) AS dropped (id, attempt)
WHERE account_id = dropped.id AND email_change.attempt = dropped.attempt;

-- claim_email_changes: with all that is needed to take them back.
WITH claimed AS (
    UPDATE email_change
    SET attempt = attempt + 1, touched_at = now()
    WHERE account_id IN (
        SELECT account_id
        FROM email_change
        WHERE touched_at < now() - :older_than_ms::int * interval '1 millisecond'
        ORDER BY touched_at
        LIMIT :limit::int
        FOR UPDATE SKIP LOCKED
    )
    RETURNING account_id, email, attempt
)
SELECT account.id, claimed.email, account.email AS old_email, name, email_serial - 1 AS serial, claimed.attempt
FROM claimed JOIN account ON account.id = account_id;

-- begin_closures: from here on there is no way back. Whoever changes the address just now has to wait.
UPDATE account
SET status = 'closing', attempt = account.attempt + 1, touched_at = now()
FROM unnest(:id::uuid[]) AS closing (id)
WHERE account.id = closing.id AND status = 'active'
    AND NOT EXISTS (SELECT FROM email_change WHERE account_id = account.id)
RETURNING account.id, account.attempt;

-- claim_closures: whoever had one before writes no more, since attempt is another.
UPDATE account
SET attempt = attempt + 1, touched_at = now()
WHERE id IN (
    SELECT id
    FROM account
    WHERE status = 'closing' AND touched_at < now() - :older_than_ms::int * interval '1 millisecond'
    ORDER BY touched_at
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
)
RETURNING id, attempt;

-- settle_closures: who it was is forgotten, and what was answered to them but for the closure; the id stays, for the orders.
WITH closed AS (
    UPDATE account
    SET status = 'closed', email = NULL, name = NULL, blocked_at = NULL, blocked_reason = NULL
    FROM unnest(:id::uuid[], :attempt::int[]) AS closing (id, attempt)
    WHERE account.id = closing.id AND account.attempt = closing.attempt AND status = 'closing'
    RETURNING account.id
), addresses AS (
    DELETE FROM address USING closed WHERE account_id = closed.id
), answers AS (
    DELETE FROM request_key USING closed WHERE principal = closed.id::text AND operation <> 'user.close'
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'user.closed', jsonb_build_object('user_id', id) FROM closed
)
SELECT id FROM closed;

-- list_accounts: newest first; one more than the limit, to know whether there are more.
SELECT id, email, name, status, blocked_reason, made_at
FROM account
WHERE id < coalesce(:after::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') AND status <> 'registering'
ORDER BY id DESC
LIMIT :limit + 1;

-- find_by_email: whose case does not matter.
SELECT id, email, name, status, blocked_reason, made_at
FROM account
WHERE lower(email) = lower(:email) AND status <> 'registering';

-- find_member: as staff see it.
SELECT id, email, name, status, blocked_reason, made_at
FROM account
WHERE id = :id AND status <> 'registering';

-- block_account: who is blocked already is so for the new reason.
WITH blocked AS (
    UPDATE account
    SET blocked_at = coalesce(blocked_at, now()), blocked_reason = :reason
    WHERE id = :id AND status = 'active'
    RETURNING id, email, name, status, blocked_reason, made_at
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'user.blocked', jsonb_build_object('user_id', id) FROM blocked
)
SELECT id, email, name, status, blocked_reason, made_at FROM blocked;

-- unblock_account: whether or not it was blocked.
WITH unblocked AS (
    UPDATE account
    SET blocked_at = NULL, blocked_reason = NULL
    WHERE id = :id AND status = 'active'
    RETURNING id, email, name, status, blocked_reason, made_at
), event AS (
    INSERT INTO outbox (topic, body)
    SELECT 'user.unblocked', jsonb_build_object('user_id', id) FROM unblocked
)
SELECT id, email, name, status, blocked_reason, made_at FROM unblocked;

-- find_ineligible: those of them that may not order.
SELECT id AS user_id
FROM account
WHERE id = ANY(:user_ids) AND (blocked_at IS NOT NULL OR status IN ('closing', 'closed'));

-- lock_book: so that of two who add an address at once neither is overlooked.
SELECT id FROM account WHERE id = :account_id AND status = 'active' FOR UPDATE;

-- list_addresses: oldest first.
SELECT id, version, name, company, line1, line2, city, postal_code, region, country, phone, default_shipping, default_billing
FROM address
WHERE account_id = :account_id
ORDER BY id;

-- find_address: of this account.
SELECT id, version, name, company, line1, line2, city, postal_code, region, country, phone, default_shipping, default_billing
FROM address
WHERE id = :id AND account_id = :account_id;

-- clear_defaults: there is one of each kind.
UPDATE address
SET default_shipping = default_shipping AND NOT :default_shipping, default_billing = default_billing AND NOT :default_billing,
    version = version + 1
WHERE account_id = :account_id AND id <> :id AND (default_shipping AND :default_shipping OR default_billing AND :default_billing);

-- save_address: a new one.
INSERT INTO address (id, account_id, name, company, line1, line2, city, postal_code, region, country, phone, default_shipping,
    default_billing)
VALUES (:id, :account_id, :name, :company, :line1, :line2, :city, :postal_code, :region, :country, :phone, :default_shipping,
    :default_billing)
RETURNING id, version, name, company, line1, line2, city, postal_code, region, country, phone, default_shipping, default_billing;

-- replace_address: as a whole.
UPDATE address
SET name = :name, company = :company, line1 = :line1, line2 = :line2, city = :city, postal_code = :postal_code, region = :region,
    country = :country, phone = :phone, default_shipping = :default_shipping, default_billing = :default_billing,
    version = version + 1
WHERE id = :id AND account_id = :account_id
RETURNING id, version, name, company, line1, line2, city, postal_code, region, country, phone, default_shipping, default_billing;

-- delete_address: of this account.
DELETE FROM address
WHERE id = :id AND account_id = :account_id;
