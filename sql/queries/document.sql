-- name: document_begin
-- Record a large object before its first octet: row and object appear in one transaction. The job is locked and told, so
-- that an end of the job that waits for the lock sees the object, although its snapshot is older than the document.
-- A job that a lane may take already has its last document.
WITH open AS (
    SELECT id FROM job WHERE id = $1 AND state < 7 AND incoming_until IS NOT NULL AND NOT ready FOR UPDATE
), begun AS (
    INSERT INTO document (job_id, number, oid, format, name, created_at)
    SELECT id, $2, lo_create(0), $3, $4, now() FROM open
    RETURNING job_id, oid
)
UPDATE job SET arriving = begun.oid, edition = edition + 1 FROM begun WHERE job.id = begun.job_id
RETURNING begun.oid;

-- name: document_put
-- Write frames at an offset.
SELECT lo_put($1, $2, $3);

-- name: document_store
-- A whole small document for a job that is already there; the job is locked and told as in document_begin.
WITH open AS (
    SELECT id FROM job WHERE id = $1 AND state < 7 AND incoming_until IS NOT NULL AND NOT ready FOR UPDATE
), stored AS (
    INSERT INTO document (job_id, number, oid, format, name, size, sha256, created_at)
    SELECT id, $2, lo_from_bytea(0, $5), $3, $4, $6, $7, now() FROM open
    RETURNING job_id, oid
)
UPDATE job SET arriving = stored.oid, edition = edition + 1 FROM stored WHERE job.id = stored.job_id
RETURNING stored.oid;

-- name: document_finish
-- The document is whole. Saying so twice does no harm.
UPDATE document SET size = $3, sha256 = $4 WHERE job_id = $1 AND number = $2 AND (size IS NULL OR sha256 = $4)
RETURNING oid;

-- name: document_cancel
-- A document of a job that waits is not printed: its octets go to the sweeper, and what was converted of the job with them. Only
-- while no document came or went since $3 was read. A lane that has leased the job would carry it with the document: it is
-- taken away and waits for its lane again; who converts is told.
WITH open AS (
    SELECT id, rendition, rendition_size FROM job WHERE id = $1 AND state IN (3, 4) AND edition = $3 FOR UPDATE
), before AS (
    SELECT document.job_id, document.number, document.oid FROM document JOIN open ON open.id = document.job_id
    WHERE document.number = $2 AND document.oid IS NOT NULL AND document.size IS NOT NULL
), gone AS (
    UPDATE document SET canceled_at = now(), oid = NULL FROM before
    WHERE document.job_id = before.job_id AND document.number = before.number
    RETURNING document.job_id, before.oid
), left_over AS (
    INSERT INTO trash (oid, due)
    SELECT objects.oid, now() FROM (SELECT oid FROM gone UNION SELECT rendition FROM open JOIN gone ON gone.job_id = open.id) AS objects
    WHERE objects.oid IS NOT NULL
    ON CONFLICT DO NOTHING
)
UPDATE job SET edition = edition + 1, lease_worker = NULL, arriving = nullif(arriving, gone.oid),
               rendition = NULL, rendition_size = NULL, rendition_sha256 = NULL
FROM gone JOIN open ON open.id = gone.job_id WHERE job.id = gone.job_id
RETURNING job.id, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken,
          CASE WHEN open.rendition IS NOT NULL AND open.rendition_size IS NULL THEN pg_notify('ippgate_cancel', job.id::text) END AS stopped;

-- name: document_rename
-- A document of a job that waits has another name.
UPDATE document SET name = $3 FROM job
WHERE document.job_id = $1 AND document.number = $2 AND job.id = document.job_id AND job.state IN (3, 4) AND document.canceled_at IS NULL
RETURNING document.number;

-- name: document_read
-- A stretch of a document.
SELECT lo_get($1, $2, $3);

-- name: document_growing
-- Whether a document still arrives: its job lives and its size is not known yet.
SELECT EXISTS (SELECT FROM document JOIN job ON job.id = document.job_id
               WHERE document.oid = $1 AND document.size IS NULL AND job.state < 7 AND job.incoming_until IS NOT NULL);

-- name: document_key
-- The wrapped key of a job.
SELECT key, key_id, uuid FROM job WHERE id = $1;

-- name: trash_reap
-- Unlink a batch of large objects whose time has come; with the job's key gone, nothing of them can be read again.
-- Few at a time: each unlink holds a lock until commit.
WITH due AS (
    DELETE FROM trash WHERE oid IN (SELECT oid FROM trash WHERE due <= now() ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING oid, job_id
), unlinked AS (
    SELECT due.oid, due.job_id, lo_unlink(due.oid) AS done
    FROM due WHERE EXISTS (SELECT FROM pg_largeobject_metadata WHERE pg_largeobject_metadata.oid = due.oid)
), forgotten AS (
    UPDATE document SET oid = NULL FROM due WHERE document.oid = due.oid
), ended AS (
    SELECT id FROM job WHERE id IN (SELECT job_id FROM due) AND state >= 7 AND key IS NOT NULL ORDER BY id FOR UPDATE
), keyless AS (
    UPDATE job SET key = NULL FROM ended WHERE job.id = ended.id
)
SELECT count(*) AS swept, count(unlinked.done) AS unlinked FROM due LEFT JOIN unlinked USING (oid);

-- name: document_orphans
-- Large objects that no document, no job and no trash entry knows. There should never be one.
SELECT m.oid FROM pg_largeobject_metadata AS m
WHERE m.lomowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
  AND NOT EXISTS (SELECT FROM document WHERE document.oid = m.oid)
  AND NOT EXISTS (SELECT FROM job WHERE job.rendition = m.oid)
  AND NOT EXISTS (SELECT FROM trash WHERE trash.oid = m.oid)
LIMIT $1;
