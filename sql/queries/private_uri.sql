-- name: private_uri_add
WITH made AS (
    INSERT INTO private_uri (queue_id, digest, person, workstation)
    SELECT queue.id, $2, $3, $4 FROM queue WHERE queue.name = $1
    RETURNING *
)
SELECT made.*, queue.name AS queue FROM made JOIN queue ON queue.id = made.queue_id;

-- name: private_uri_list
SELECT private_uri.*, queue.name AS queue FROM private_uri JOIN queue ON queue.id = private_uri.queue_id ORDER BY private_uri.id;

-- name: private_uri_find
SELECT private_uri.*, queue.name AS queue FROM private_uri JOIN queue ON queue.id = private_uri.queue_id WHERE digest = $1;

-- name: private_uri_revoke
-- Every worker forgets it.
WITH gone AS (DELETE FROM private_uri WHERE id = $1 RETURNING *)
SELECT gone.*, queue.name AS queue, pg_notify('ippgate_private_uri', '') AS woken FROM gone JOIN queue ON queue.id = gone.queue_id;
