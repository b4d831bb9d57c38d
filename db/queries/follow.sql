-- open_cursor: nothing was dealt with yet.
INSERT INTO event_cursor (source, seq)
VALUES (:source, 0)
ON CONFLICT DO NOTHING;

-- find_cursor: up to where the events of a source were dealt with.
SELECT seq
FROM event_cursor
WHERE source = :source;

-- move_cursor: no row where another process was faster.
UPDATE event_cursor
SET seq = :to
WHERE source = :source AND seq = :from
RETURNING seq;

-- park_event: what could not be dealt with waits for somebody who looks at it.
INSERT INTO dead_letter (source, seq, topic, subject, body, told_at, error)
VALUES (:source, :seq, :topic, :subject, :body, :told_at, :error);

-- list_dead_letters: in the order in which they were told; one more than the limit.
SELECT source, seq, topic, subject, body, told_at, error, at
FROM dead_letter
WHERE (source, seq) > (:source, :after)
ORDER BY source, seq
LIMIT :limit + 1;

-- lock_dead_letter: to deal with it once more.
SELECT source, seq, topic, subject, body, told_at, error, at
FROM dead_letter
WHERE source = :source AND seq = :seq
FOR UPDATE;

-- forget_dead_letter: it was dealt with.
DELETE FROM dead_letter
WHERE source = :source AND seq = :seq
RETURNING source, seq;
