-- name: document_begin
-- Record a large object before its first octet: row and object appear in one transaction. The job is locked and told, so
-- that an end of the job that waits for the lock sees the object, although its snapshot is older than the document.
WITH open AS (
    SELECT id FROM job WHERE id = $1 AND state < 7 AND incoming_until IS NOT NULL FOR UPDATE
), begun AS (
    INSERT INTO document (job_id, number, oid, format, name)
    SELECT id, $2, lo_create(0), $3, $4 FROM open
    RETURNING job_id, oid
)
UPDATE job SET arriving = begun.oid FROM begun WHERE job.id = begun.job_id
RETURNING begun.oid;

-- name: document_put
-- Write frames at an offset.
SELECT lo_put($1, $2, $3);

-- name: document_store
-- A whole small document for a job that is already there; the job is locked and told as in document_begin.
WITH open AS (
    SELECT id FROM job WHERE id = $1 AND state < 7 AND incoming_until IS NOT NULL FOR UPDATE
), stored AS (
    INSERT INTO document (job_id, number, oid, format, name, size, sha256)
    SELECT id, $2, lo_from_bytea(0, $5), $3, $4, $6, $7 FROM open
    RETURNING job_id, oid
)
UPDATE job SET arriving = stored.oid FROM stored WHERE job.id = stored.job_id
RETURNING stored.oid;

-- name: document_finish
-- The document is whole. Saying so twice does no harm.
UPDATE document SET size = $3, sha256 = $4 WHERE job_id = $1 AND number = $2 AND (size IS NULL OR sha256 = $4)
RETURNING oid;

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
