-- name: rendition_begin
-- Record a large object for a leased job's document in another format, before its first octet. What was made for it before
-- is left to the sweeper. The object is made once, in a CTE: an UPDATE may compute its values twice.
WITH mine AS (
    SELECT id, rendition FROM job WHERE id = $1 AND lease_worker = $2 AND lease = $3 AND state = 3 FOR UPDATE
), begun AS MATERIALIZED (
    SELECT id, lo_create(0) AS oid FROM mine
), left_over AS (
    INSERT INTO trash (oid, due) SELECT rendition, now() FROM mine WHERE rendition IS NOT NULL ON CONFLICT DO NOTHING
)
UPDATE job SET rendition = begun.oid, rendition_format = $4, rendition_sheet = $5, rendition_size = NULL, rendition_sha256 = NULL,
               message = $6
FROM begun WHERE job.id = begun.id
RETURNING job.rendition;

-- name: rendition_finish
-- It is whole. Saying so twice does no harm.
UPDATE job SET rendition_size = $5, rendition_sha256 = $6, message = ''
WHERE id = $1 AND lease_worker = $2 AND lease = $3 AND state = 3 AND rendition = $4
RETURNING id;

-- name: rendition_put_off
-- A leased job whose document still arrives waits until it is whole; one that is whole by now waits for its lane again.
UPDATE job SET ready = incoming_until IS NULL, lease_worker = NULL
WHERE id = $1 AND lease_worker = $2 AND lease = $3 AND state = 3
RETURNING id, CASE WHEN ready THEN pg_notify('ippgate_lane', device_id::text) END AS woken;
