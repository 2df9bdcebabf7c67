-- name: operator_add
INSERT INTO operator (name, password) VALUES ($1, $2)
RETURNING name, created_at, changed_at, pg_notify('ippgate_operator', name) AS woken;

-- name: operator_list
SELECT name, created_at, changed_at FROM operator ORDER BY name;

-- name: operator_password
-- The stored form of an operator's password.
SELECT password FROM operator WHERE name = $1;

-- name: operator_set_password
-- Whoever has a proof of the old one in mind is told.
UPDATE operator SET password = $2, changed_at = now() WHERE name = $1
RETURNING name, created_at, changed_at, pg_notify('ippgate_operator', name) AS woken;

-- name: operator_remove
DELETE FROM operator WHERE name = $1 RETURNING id, pg_notify('ippgate_operator', name) AS woken;
