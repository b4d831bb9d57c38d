-- save_accounts: under one e-mail address, whose case does not matter, there is one account. Whoever comes second gets no row back.
INSERT INTO account (id, email, name, status)
SELECT id, email, name, 'registering'
FROM unnest(:id::uuid[], :email::text[], :name::text[]) WITH ORDINALITY AS account (id, email, name, arrival)
ORDER BY lower(email), arrival
ON CONFLICT (lower(email)) DO NOTHING
RETURNING id;

-- activate_accounts: whoever was overtaken by the sweeper gets no row back.
UPDATE account
SET status = 'active'
FROM unnest(:id::uuid[], :attempt::int[]) AS registered (id, attempt)
WHERE account.id = registered.id AND account.attempt = registered.attempt AND status = 'registering'
RETURNING account.id;

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
