-- name: person_add
-- Somebody new, while there are not too many.
INSERT INTO person (name, full_name, email, department, cost_center, language, groups, active, auto_release)
SELECT $1, $2, $3, $4, $5, $6, $7::text[], $8, $9 WHERE (SELECT count(*) FROM person) < $10::bigint
RETURNING *, password IS NOT NULL AS has_password, pin IS NOT NULL AS has_pin;

-- name: person_change
-- What is NULL stays; groups are joined ($9) and left ($10). Workers are told.
UPDATE person SET
    full_name = coalesce($2, full_name),
    email = coalesce($3, email),
    department = coalesce($4, department),
    cost_center = coalesce($5, cost_center),
    language = coalesce($6, language),
    active = coalesce($7, active),
    auto_release = coalesce($8, auto_release),
    groups = ARRAY(SELECT DISTINCT name FROM unnest(groups || $9::text[]) AS name WHERE name <> ALL ($10::text[]) ORDER BY name),
    revision = nextval('person_revision')
WHERE name = $1
RETURNING *, password IS NOT NULL AS has_password, pin IS NOT NULL AS has_pin;

-- name: person_get
SELECT *, password IS NOT NULL AS has_password, pin IS NOT NULL AS has_pin FROM person WHERE name = $1;

-- name: person_list
-- By name, so many behind a name; NULL: all groups, all departments, active or not.
SELECT *, password IS NOT NULL AS has_password, pin IS NOT NULL AS has_pin FROM person
WHERE name > $1 AND ($2::text IS NULL OR $2 = ANY (groups)) AND ($3::text IS NULL OR department = $3)
  AND ($4::boolean IS NULL OR active = $4)
ORDER BY name LIMIT $5;

-- name: person_facts
-- What workers have in mind of people: so many behind a name.
SELECT name, groups, department, cost_center, active, password IS NOT NULL AS has_password, preferences,
       ARRAY(SELECT delegate.person FROM delegate WHERE delegate.delegate = person.name ORDER BY delegate.person) AS stands_for
FROM person WHERE name > $1 ORDER BY name LIMIT $2;

-- name: person_facts_of
SELECT name, groups, department, cost_center, active, password IS NOT NULL AS has_password, preferences,
       ARRAY(SELECT delegate.person FROM delegate WHERE delegate.delegate = person.name ORDER BY delegate.person) AS stands_for
FROM person WHERE name = ANY ($1::text[]);

-- name: person_edition
-- Another one whenever anything of that has changed.
SELECT count(*) || '-' || coalesce(sum(revision), 0) FROM person;

-- name: person_remove
DELETE FROM person WHERE name = $1 RETURNING id;

-- name: person_set_password
-- NULL: none. Whoever has a proof of the old one in mind is told.
UPDATE person SET password = $2, revision = nextval('person_revision') WHERE name = $1
RETURNING *, password IS NOT NULL AS has_password, pin IS NOT NULL AS has_pin;

-- name: person_prefer
-- What they want of everything they send ($2; NULL: nothing), while it is still what was seen ($3).
UPDATE person SET preferences = $2, revision = nextval('person_revision') WHERE name = $1 AND preferences IS NOT DISTINCT FROM $3
RETURNING *, password IS NOT NULL AS has_password, pin IS NOT NULL AS has_pin;

-- name: person_set_pin
-- NULL: none.
UPDATE person SET pin = $2, revision = nextval('person_revision') WHERE name = $1
RETURNING *, password IS NOT NULL AS has_password, pin IS NOT NULL AS has_pin;

-- name: person_pins
-- How many people have one.
SELECT count(pin) FROM person;

-- name: person_password
-- The stored form of a person's password.
SELECT password FROM person WHERE name = $1;

-- name: person_by_pin
SELECT name FROM person WHERE pin = $1;
