-- name: card_add
-- A person's card, while they have fewer than so many. No row: there is no such person; no id: they have too many.
WITH owner AS (
    SELECT id, name, (SELECT count(*) FROM card WHERE person_id = person.id) AS cards FROM person WHERE name = $1
), made AS (
    INSERT INTO card (person_id, digest, label) SELECT id, $2, $3 FROM owner WHERE cards < $4::bigint RETURNING *
)
SELECT made.id, owner.id AS person_id, owner.name AS person, made.label, made.created_at, made.seen_at
FROM owner LEFT JOIN made ON true;

-- name: card_list
-- Of a person, or of everybody: so many behind an id.
SELECT card.*, person.name AS person FROM card JOIN person ON person.id = card.person_id
WHERE card.id > $2 AND ($1::text IS NULL OR person.name = $1) ORDER BY card.id LIMIT $3;

-- name: card_find
SELECT card.*, person.name AS person FROM card JOIN person ON person.id = card.person_id WHERE digest = $1;

-- name: card_remove
WITH gone AS (DELETE FROM card WHERE id = $1 RETURNING *)
SELECT gone.*, person.name AS person FROM gone JOIN person ON person.id = gone.person_id;

-- name: card_code_set
-- The person's code, in place of one they had; what is over goes.
WITH over AS (
    DELETE FROM card_code WHERE expires_at < now() AND person_id <> (SELECT id FROM person WHERE name = $1)
)
INSERT INTO card_code (person_id, digest, expires_at)
SELECT id, $2, now() + make_interval(secs => $3) FROM person WHERE name = $1
ON CONFLICT (person_id) DO UPDATE SET digest = excluded.digest, expires_at = excluded.expires_at
RETURNING expires_at;

-- name: card_register
-- A card for whoever has this code, which is used up with it. No row: there is no such code; no id: they have too many.
WITH used AS (
    DELETE FROM card_code USING person
    WHERE card_code.digest = $1 AND card_code.expires_at > now() AND person.id = card_code.person_id AND person.active
    RETURNING person.id, person.name, (SELECT count(*) FROM card WHERE card.person_id = person.id) AS cards
), made AS (
    INSERT INTO card (person_id, digest, label) SELECT id, $2, $3 FROM used WHERE cards < $4::bigint RETURNING *
)
SELECT made.id, used.id AS person_id, used.name AS person, made.label, made.created_at, made.seen_at
FROM used LEFT JOIN made ON true;

-- name: card_seen
UPDATE card SET seen_at = now() WHERE id = $1 RETURNING id;
