-- find_documents: those with these keys; keys that are not there are left out.
SELECT body
FROM document
WHERE collection = :collection AND key = ANY(:keys);

-- page_documents: those behind a key, in the order of keys.
SELECT body
FROM document
WHERE collection = :collection AND key > :after
ORDER BY key
LIMIT :limit;

-- put_documents: each in the place of the one with its key; of several with one key the last.
INSERT INTO document (collection, key, body)
SELECT DISTINCT ON (collection, key) collection, key, body
FROM unnest(:collection::text[], :key::text[], :body::jsonb[]) WITH ORDINALITY AS put (collection, key, body, arrival)
ORDER BY collection, key, arrival DESC
ON CONFLICT (collection, key) DO UPDATE
SET body = excluded.body;
