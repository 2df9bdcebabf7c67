-- name: session_number
-- The id of a session that is about to be opened.
SELECT nextval(pg_get_serial_sequence('session', 'id'));

-- name: session_open
-- A person's session, in place of their oldest where they have so many already; what has ended goes, so many at once.
WITH owner AS (
    UPDATE person SET seen_at = now() WHERE name = $1 AND active RETURNING id, name
), ended AS (
    DELETE FROM session WHERE id IN (
        SELECT id FROM session WHERE ends_at < now() OR seen_at + make_interval(secs => idle) < now() LIMIT 100 FOR UPDATE SKIP LOCKED
    )
), crowded AS (
    DELETE FROM session WHERE id IN (
        SELECT session.id FROM session JOIN owner ON owner.id = person_id
        WHERE ends_at >= now() AND seen_at + make_interval(secs => idle) >= now()
        ORDER BY session.seen_at DESC, session.id DESC OFFSET $9::bigint - 1
    )
), made AS (
    INSERT INTO session (id, digest, kind, person_id, device_id, station_id, idle, ends_at)
    SELECT $2, $3, $4, owner.id, $5, $6, $7, now() + make_interval(secs => $8) FROM owner RETURNING *
)
SELECT made.*, owner.name AS person, NULL::text AS operator FROM made JOIN owner ON true;

-- name: session_open_admin
-- An operator's session, likewise.
WITH owner AS (
    SELECT id, name FROM operator WHERE name = $1 FOR UPDATE
), ended AS (
    DELETE FROM session WHERE id IN (
        SELECT id FROM session WHERE ends_at < now() OR seen_at + make_interval(secs => idle) < now() LIMIT 100 FOR UPDATE SKIP LOCKED
    )
), crowded AS (
    DELETE FROM session WHERE id IN (
        SELECT session.id FROM session JOIN owner ON owner.id = operator_id
        WHERE ends_at >= now() AND seen_at + make_interval(secs => idle) >= now()
        ORDER BY session.seen_at DESC, session.id DESC OFFSET $6::bigint - 1
    )
), made AS (
    INSERT INTO session (id, digest, kind, operator_id, idle, ends_at)
    SELECT $2, $3, 'admin', owner.id, $4, now() + make_interval(secs => $5) FROM owner RETURNING *
)
SELECT made.*, NULL::text AS person, owner.name AS operator FROM made JOIN owner ON true;

-- name: session_use
-- The session that has this token, if it is good: it is used at this moment.
UPDATE session SET seen_at = now()
WHERE id = $1 AND digest = $2 AND ends_at > now() AND seen_at + make_interval(secs => idle) > now()
  AND (person_id IS NULL OR EXISTS (SELECT FROM person WHERE person.id = person_id AND person.active))
RETURNING session.*, (SELECT name FROM person WHERE person.id = person_id) AS person,
    (SELECT name FROM operator WHERE operator.id = operator_id) AS operator;

-- name: session_list
-- Those that are good, of a person or of everybody: so many behind an id.
SELECT session.*, person.name AS person, operator.name AS operator
FROM session LEFT JOIN person ON person.id = person_id LEFT JOIN operator ON operator.id = operator_id
WHERE session.id > $2 AND ($1::text IS NULL OR person.name = $1)
  AND ends_at > now() AND session.seen_at + make_interval(secs => idle) > now()
ORDER BY session.id LIMIT $3;

-- name: session_end
WITH gone AS (DELETE FROM session WHERE id = $1 RETURNING *)
SELECT gone.*, person.name AS person, operator.name AS operator
FROM gone LEFT JOIN person ON person.id = person_id LEFT JOIN operator ON operator.id = operator_id;

-- name: session_end_all
WITH gone AS (
    DELETE FROM session USING person WHERE person.id = person_id AND person.name = $1 RETURNING session.id
)
SELECT count(*) FROM gone;
