-- lock_chain: whoever adds entries does so alone, until the transaction ends. A statement of its own, so that the next one sees
-- what was added before.
SELECT pg_advisory_xact_lock(hashtextextended('audit chain', 0));

-- find_last: the entry that the next one is chained to.
SELECT n, hash
FROM entry
ORDER BY n DESC
LIMIT 1;

-- add_entries: the chain is locked.
INSERT INTO entry (n, source, seq, at, what, user_id, object, address, session, outcome, call, times, hash)
SELECT n, source, seq, at, what, user_id, object, address, session, outcome, call, times, hash
FROM unnest(:n::bigint[], :source::text[], :seq::bigint[], :at::timestamptz[], :what::text[], :user_id::text[], :object::text[],
    :address::text[], :session::text[], :outcome::text[], :call::text[], :times::int[], :hash::text[])
    AS entry (n, source, seq, at, what, user_id, object, address, session, outcome, call, times, hash);

-- find_place: where a page goes on.
SELECT at AS until, n AS before
FROM entry
WHERE n = :after;

-- list_entries: the latest first; one more than the limit.
SELECT n, source, seq, at, what, user_id, object, address, session, outcome, call, times, hash
FROM entry
WHERE at >= :from AND (at, n) < (:until, :before)
ORDER BY at DESC, n DESC
LIMIT :limit + 1;

-- list_entries_of_user: the same, of what a user did or what was done to one.
SELECT n, source, seq, at, what, user_id, object, address, session, outcome, call, times, hash
FROM entry
WHERE user_id = :user_id AND at >= :from AND (at, n) < (:until, :before)
ORDER BY at DESC, n DESC
LIMIT :limit + 1;

-- list_entries_of_object: the same, of one thing, by one user or by any.
SELECT n, source, seq, at, what, user_id, object, address, session, outcome, call, times, hash
FROM entry
WHERE object = :object AND (:user_id::text IS NULL OR user_id = :user_id) AND at >= :from AND (at, n) < (:until, :before)
ORDER BY at DESC, n DESC
LIMIT :limit + 1;

-- verify_entries: some, in the order of the chain.
SELECT n, source, seq, at, what, user_id, object, address, session, outcome, call, times, hash
FROM entry
WHERE n > :after
ORDER BY n
LIMIT :limit::int;

-- verify_sources: how many entries there are of a source, and how many its cursor says that there were; none where it has no cursor.
SELECT source, coalesce(event_cursor.seq, first - 1)::bigint AS told, coalesce(count, 0)::bigint AS noted,
    coalesce(first, event_cursor.seq + 1)::bigint AS first
FROM event_cursor
FULL JOIN (SELECT source, count(*) AS count, min(seq) AS first FROM entry GROUP BY source) AS entries USING (source)
ORDER BY source;
