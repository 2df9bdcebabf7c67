-- name: alias_add
-- Another name of an owner; workers are told.
WITH made AS (
    INSERT INTO owner_alias (name, owner, network, queue_id) VALUES ($1, $2, $3, $4) RETURNING *
)
SELECT made.*, queue.name AS queue, pg_notify('ippgate_owner', '') AS woken
FROM made LEFT JOIN queue ON queue.id = made.queue_id;

-- name: alias_list
-- So many at the most.
SELECT owner_alias.*, queue.name AS queue FROM owner_alias LEFT JOIN queue ON queue.id = owner_alias.queue_id
ORDER BY owner_alias.name, network, queue.name LIMIT $1;

-- name: alias_remove
-- The name's aliases: all of them, or that for one network and one queue.
WITH gone AS (
    DELETE FROM owner_alias WHERE name = $1 AND ($2::text IS NULL OR network = $2) AND ($3::integer IS NULL OR queue_id = $3)
    RETURNING id
)
SELECT count(*) AS removed, CASE WHEN count(*) > 0 THEN pg_notify('ippgate_owner', '') END AS woken FROM gone;
