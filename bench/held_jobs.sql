-- Held jobs number $2 to $3, each with its document: what many Print-Jobs would have left. Their owners take turns, so that
-- the jobs of one person lie far apart, as they do when they come over days. Key and frame are sealed as the gate seals
-- them, and the same for all: any of these jobs can be released and printed.
-- $1 queue, $4 people, $5 ticket, $6 wrapped key, $7 its master key, $8 frame, $9 plain size, $10 SHA-256
WITH born AS (
    INSERT INTO job (queue_id, uuid, owner, name, host, ticket, hold_until, state, reasons, key, key_id, ready)
    SELECT $1, gen_random_uuid(), 'person-' || n % $4, 'held', '127.0.0.1', $5, 'indefinite', 4,
           '{job-hold-until-specified,job-held-for-release}', $6, $7, true
    FROM generate_series($2::integer, $3::integer) AS n
    RETURNING id
)
INSERT INTO document (job_id, number, oid, format, name, size, sha256)
SELECT id, 1, lo_from_bytea(0, $8), 'application/octet-stream', '', $9, $10 FROM born;
