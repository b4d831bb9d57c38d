-- find_failures: and how long ago the last was.
SELECT key, count, greatest(0, extract(epoch FROM now() - at))::int AS age_s
FROM failure
WHERE key = ANY(:keys);

-- count_failures: one more for each, less what has healed meanwhile.
INSERT INTO failure AS known (key, count)
SELECT key, count(*)::int
FROM unnest(:keys::text[]) AS failed (key)
GROUP BY key
ORDER BY key
ON CONFLICT (key) DO UPDATE
SET count = excluded.count + greatest(0, known.count - floor(extract(epoch FROM now() - known.at) / :heal_s::int)::int), at = now();

-- forgive_failures: whoever succeeds had only mistyped.
DELETE FROM failure
WHERE key = ANY(:keys);

-- drop_failures: by then they have healed; a few at a time.
DELETE FROM failure
WHERE key IN (SELECT key FROM failure WHERE at < now() - interval '1 day' ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED);
