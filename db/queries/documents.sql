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

-- put_documents: each in the place of the one with its key.
INSERT INTO document (collection, key, body)
SELECT collection, key, body
FROM unnest(:collection::text[], :key::text[], :body::jsonb[]) AS put (collection, key, body)
ORDER BY collection, key
ON CONFLICT (collection, key) DO UPDATE
SET body = excluded.body;
