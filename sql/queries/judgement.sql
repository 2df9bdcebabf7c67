-- name: job_judged
-- A job whose documents are all here is closed as rules made it. It goes on from there by job_move.
WITH judged AS (
    UPDATE job SET ticket = $2, priority = $3, reasons = string_to_array($4, ' '), message = $5,
                   device_id = coalesce($6, device_id), tags = string_to_array($7, ' '),
                   expires_at = now() + $8::double precision * interval '1 second', ruled = $9::bytea IS NOT NULL,
                   judged = true, incoming_until = NULL, ready = true
    WHERE id = $1 AND incoming_until IS NOT NULL AND state = $10 AND edition = $11
    RETURNING id, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken
), decided AS (
    INSERT INTO decision (job_id, stage, decision) SELECT id, 'arrival', $9::bytea FROM judged WHERE $9::bytea IS NOT NULL
    ON CONFLICT (job_id, stage) DO UPDATE SET decision = excluded.decision, decided_at = now()
)
SELECT id, woken FROM judged;

-- name: decision_keep
-- Keep what rules decided of a job at a stage; the last decision counts.
WITH ruled AS (UPDATE job SET ruled = true WHERE id = $1 AND NOT ruled)
INSERT INTO decision (job_id, stage, decision) VALUES ($1, $2, $3)
ON CONFLICT (job_id, stage) DO UPDATE SET decision = excluded.decision, decided_at = now();

-- name: decision_list
-- What rules decided of a job, in the order of its story.
SELECT stage, decided_at, decision FROM decision WHERE job_id = $1 ORDER BY stage;

-- name: document_found
-- Keep what a document was found to be.
UPDATE document SET facts = $3 WHERE job_id = $1 AND number = $2;

-- name: documents_to_examine
-- Whole documents that nobody has looked at, of jobs that have not ended; oldest first.
SELECT document.job_id, document.number, document.oid, document.size, document.format, job.uuid, job.key, job.key_id
FROM document JOIN job ON job.id = document.job_id
WHERE document.facts IS NULL AND document.size IS NOT NULL AND document.oid IS NOT NULL AND job.state < 7 AND job.key IS NOT NULL
  AND (document.job_id, document.number) > ($1, $2)
ORDER BY document.job_id, document.number LIMIT $3;
