-- name: delegate_add
-- Have $2 stand for $1, while neither has too many ($3 delegates, $4 for whom one stands); `room` says whether there was room, and
-- `since` is NULL where $2 stood for $1 already.
WITH room AS (
    SELECT (SELECT count(*) FROM delegate WHERE person = $1) < $3::bigint AS of_person,
           (SELECT count(*) FROM delegate WHERE delegate = $2) < $4::bigint AS of_delegate
), added AS (
    INSERT INTO delegate (person, delegate) SELECT $1, $2 FROM room WHERE of_person AND of_delegate
    ON CONFLICT DO NOTHING
    RETURNING since
)
SELECT room.of_person, room.of_delegate, (SELECT since FROM added) AS since FROM room;

-- name: delegate_remove
DELETE FROM delegate WHERE person = $1 AND delegate = $2 RETURNING since;

-- name: delegate_list
-- Who stands for whom: of a person ($1), of a delegate ($2), of everybody (NULL), so many behind a pair of names.
SELECT * FROM delegate
WHERE ($1::text IS NULL OR person = $1) AND ($2::text IS NULL OR delegate = $2) AND (person, delegate) > ($3::text, $4::text)
ORDER BY person, delegate LIMIT $5;

-- name: delegate_stands
-- Whether $2 stands for $1 at this moment: neither is shut out.
SELECT EXISTS (
    SELECT FROM delegate
    JOIN person AS owner ON owner.name = delegate.person
    JOIN person AS other ON other.name = delegate.delegate
    WHERE delegate.person = $1 AND delegate.delegate = $2 AND owner.active AND other.active);
