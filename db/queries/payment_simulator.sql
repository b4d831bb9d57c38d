-- simulator_charge: the provider charges once by key, however often it is asked.
INSERT INTO simulator.charge (key, amount, currency, method, outcome)
SELECT DISTINCT ON (key) key, amount, currency, method, outcome
FROM unnest(:key::text[], :amount_amount::bigint[], :amount_currency::text[], :method::text[], :outcome::text[])
    AS charge (key, amount, currency, method, outcome)
ORDER BY key
ON CONFLICT (key) DO UPDATE SET asked = charge.asked + 1;

-- simulator_find: what the provider knows of these.
SELECT key, outcome
FROM simulator.charge
WHERE key = ANY(:keys);

-- simulator_capture: once, and never more than was set aside.
UPDATE simulator.charge
SET outcome = 'captured', captured = capture.amount
FROM unnest(:reference::text[], :amount_amount::bigint[]) AS capture (key, amount)
WHERE charge.key = capture.key AND outcome = 'authorized' AND refunded_at IS NULL AND capture.amount <= charge.amount;

-- simulator_void: all that was taken or set aside and not given back yet; once, however often it is asked.
UPDATE simulator.charge
SET refunded_at = now()
WHERE key = ANY(:reference::text[]) AND outcome IN ('authorized', 'captured') AND refunded_at IS NULL;

-- simulator_refund: once by key, however often it is asked.
INSERT INTO simulator.refund (key, charge, amount)
SELECT DISTINCT ON (key) key, charge, amount
FROM unnest(:key::text[], :reference::text[], :amount_amount::bigint[]) AS refund (key, charge, amount)
ORDER BY key
ON CONFLICT (key) DO NOTHING;
