-- claim_numbering: whether no other process numbers the events of this service, until this transaction ends.
SELECT pg_try_advisory_xact_lock(hashtextextended('events of ' || current_schema(), 0)) AS mine;

-- number_events: what was committed to the outbox gets the next numbers and goes into the log. Rows are in the order of
-- their ids, which for one and the same thing is the order in which they were committed.
WITH taken AS (
    DELETE FROM outbox
    WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT :limit::int) AND EXISTS (SELECT FROM event_head)
    RETURNING id, topic, body, at, expires_at
), placed AS (
    SELECT event_head.seq + row_number() OVER (ORDER BY id) AS seq, topic, body, at, expires_at
    FROM taken CROSS JOIN event_head
), kept AS (
    INSERT INTO event (seq, topic, body, at, expires_at)
    SELECT seq, topic, body, at, expires_at
    FROM placed
), moved AS (
    UPDATE event_head
    SET seq = last
    FROM (SELECT max(seq) AS last FROM placed) AS placed
    WHERE last IS NOT NULL
)
SELECT seq, topic, body, at
FROM placed
ORDER BY seq;

-- find_events: those behind a number.
SELECT seq, topic, body, at
FROM event
WHERE seq > :after
ORDER BY seq
LIMIT :limit::int;

-- find_head: the number of the last event, and of the first that is kept.
SELECT seq AS head, oldest
FROM event_head;

-- forget_bodies: of events that hold what is good for a time only.
UPDATE event
SET body = NULL
WHERE seq IN (SELECT seq FROM event WHERE body IS NOT NULL AND expires_at <= now() ORDER BY expires_at LIMIT :limit::int);

-- drop_events: the oldest, up to the first that is to be kept.
WITH seen AS (
    SELECT seq, at < now() - :kept_s::int * interval '1 second' AS over
    FROM event
    WHERE seq >= (SELECT oldest FROM event_head) AND seq < (SELECT oldest FROM event_head) + :limit::int
), kept AS (
    SELECT coalesce(min(seq) FILTER (WHERE NOT over), max(seq) + 1) AS first
    FROM seen
), gone AS (
    DELETE FROM event
    USING kept
    WHERE seq >= (SELECT oldest FROM event_head) AND seq < kept.first
)
UPDATE event_head
SET oldest = first
FROM kept
WHERE first > oldest;
