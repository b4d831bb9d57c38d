-- find_documents: those with these keys; keys that are not there are left out. LATERAL and LIMIT make it a look-up for each:
-- a plan that was made while there were few documents holds all of them against all keys otherwise.
SELECT found.body
FROM (SELECT DISTINCT key FROM unnest(:keys::text[]) AS given (key)) AS wanted,
    LATERAL (SELECT body FROM document WHERE collection = :collection AND document.key = wanted.key LIMIT 1) AS found;

-- page_documents: those behind a key, in the order of keys.
SELECT body
FROM document
WHERE collection = :collection AND key > :after
ORDER BY key
LIMIT :limit;

-- put_documents: each in the place of the one with its key; of several with one key the last. What is absent is not kept.
INSERT INTO document (collection, key, body)
SELECT DISTINCT ON (collection, key) collection, key, jsonb_strip_nulls(body)
FROM unnest(:collection::text[], :key::text[], :body::jsonb[]) WITH ORDINALITY AS put (collection, key, body, arrival)
ORDER BY collection, key, arrival DESC
ON CONFLICT (collection, key) DO UPDATE
SET body = excluded.body;
