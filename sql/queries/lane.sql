-- name: worker_beat
-- I live, for another $2 seconds.
INSERT INTO worker (id, until, host, pid) VALUES ($1, now() + $2::double precision * interval '1 second', $3, $4)
ON CONFLICT (id) DO UPDATE SET until = excluded.until;

-- name: worker_leave
-- Give back everything that is not under way, and go.
WITH lanes AS (DELETE FROM lane WHERE worker = $1),
     duties AS (DELETE FROM duty WHERE worker = $1),
     mine AS (SELECT id FROM job WHERE lease_worker = $1 AND state = 3 ORDER BY id FOR UPDATE),
     leases AS (UPDATE job SET lease_worker = NULL FROM mine WHERE job.id = mine.id)
DELETE FROM worker WHERE id = $1 RETURNING pg_notify('ippgate_lane', '');

-- name: worker_bury
-- Forget workers that are long gone and carry nothing.
DELETE FROM worker WHERE until < now() - interval '1 day' AND NOT EXISTS (SELECT FROM job WHERE lease_worker = worker.id);

-- name: duty_take
-- Whether this worker does a singular duty: it holds it, or its holder is gone.
INSERT INTO duty AS d (name, worker) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET worker = excluded.worker
WHERE d.worker = excluded.worker OR NOT worker_lives(d.worker)
RETURNING worker;

-- name: lane_waiting
-- Devices for which a job waits in a lane that is free or mine, and its queue is not paused.
SELECT device.id FROM device LEFT JOIN lane ON lane.device_id = device.id
WHERE EXISTS (SELECT FROM job WHERE job.device_id = device.id AND state = 3 AND ready AND lease_worker IS NULL
              AND delay_until IS NULL AND queue_id <> ALL (ARRAY(SELECT id FROM queue WHERE paused)))
  AND (lane.worker IS NULL OR lane.worker = $1 OR NOT worker_lives(lane.worker));

-- name: lane_claim
-- Take the lanes of these devices as far as they are free, lease up to so many waiting jobs in each, and bring what is
-- needed to carry them, a document of one small frame (up to $4 octets) included. Rows that another worker has locked
-- are passed over, and so are jobs of paused queues and those whose output is delayed. A lease that a crash undoes costs nothing: the commit need not reach the disk.
WITH wish AS (
    SELECT w.*, set_config('synchronous_commit', 'off', true) FROM unnest($2::integer[], $3::integer[]) AS w(device_id, room)
), mine AS (
    INSERT INTO lane AS l (device_id, worker) SELECT device_id, $1 FROM wish JOIN device ON device.id = device_id ORDER BY device_id
    ON CONFLICT (device_id) DO UPDATE SET worker = excluded.worker
    WHERE l.worker = excluded.worker OR NOT worker_lives(l.worker)
    RETURNING device_id
), picked AS (
    SELECT next.id FROM mine JOIN wish USING (device_id) CROSS JOIN LATERAL (
        SELECT id FROM job
        WHERE job.device_id = mine.device_id AND state = 3 AND ready AND lease_worker IS NULL
          AND delay_until IS NULL AND queue_id <> ALL (ARRAY(SELECT id FROM queue WHERE paused))
        ORDER BY priority DESC, released_at, id LIMIT wish.room
        FOR UPDATE SKIP LOCKED) AS next
), leased AS (
    UPDATE job SET lease_worker = $1, lease = lease + 1 FROM picked WHERE job.id = picked.id
    RETURNING job.*
)
SELECT leased.*, document.oid, document.format, document.size, document.facts, 0::double precision AS age,
       CASE WHEN document.size <= $4 THEN lo_get(document.oid) END AS frame
FROM leased LEFT JOIN document ON document.job_id = leased.id AND document.number = 1
ORDER BY leased.priority DESC, leased.released_at, leased.id;

-- name: lane_enclosed
-- The documents of leased jobs that have several: those that were not cancelled.
SELECT job_id, number, oid, format, name, size, facts, printed FROM document
WHERE job_id = ANY($1::integer[]) AND canceled_at IS NULL AND size IS NOT NULL
ORDER BY job_id, number;

-- name: lane_leave
-- This worker serves the lane no longer. What it had leased there and not begun waits again; what it was carrying and
-- does not carry any more (the lane failed) gets a carrier that never lives, so that the next look finds an heir.
WITH gone AS (
    DELETE FROM lane WHERE device_id = $1 AND worker = $2
), mine AS (
    SELECT id FROM job WHERE device_id = $1 AND lease_worker = $2 ORDER BY id FOR UPDATE
)
UPDATE job SET lease_worker = CASE WHEN state <> 3 THEN '00000000-0000-0000-0000-000000000000'::uuid END
FROM mine WHERE job.id = mine.id
RETURNING job.id, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken;

-- name: lease_free_pending
-- Jobs that a dead worker had leased and not begun wait again.
WITH left_over AS (
    SELECT id FROM job WHERE state = 3 AND lease_worker IS NOT NULL AND NOT worker_lives(lease_worker)
    ORDER BY id FOR UPDATE SKIP LOCKED
)
UPDATE job SET lease_worker = NULL FROM left_over WHERE job.id = left_over.id
RETURNING job.id, pg_notify('ippgate_lane', device_id::text) AS woken;

-- name: lease_inherit
-- Take over jobs that a dead worker was carrying, to find out what became of them. What this worker carries itself it
-- need not inherit, however late its own pulse is.
WITH left_over AS (
    SELECT id FROM job
    WHERE state IN (5, 6) AND lease_worker IS NOT NULL AND lease_worker <> $1 AND NOT worker_lives(lease_worker)
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE job SET lease_worker = $1, lease = lease + 1 FROM left_over WHERE job.id = left_over.id
    RETURNING job.*
)
SELECT taken.*, document.oid, document.format, document.size, document.facts, NULL::bytea AS frame,
       extract(epoch FROM now() - taken.processing_at)::double precision AS age
FROM taken LEFT JOIN document ON document.job_id = taken.id AND document.number = 1
ORDER BY taken.id;

-- name: lease_disown
-- The same for certain leases of this worker.
WITH given_up AS (
    SELECT job.id FROM unnest($2::integer[], $3::integer[]) AS w(id, lease)
    JOIN job ON job.id = w.id AND job.lease = w.lease AND job.lease_worker = $1
    ORDER BY job.id FOR UPDATE OF job
)
UPDATE job SET lease_worker = CASE WHEN state <> 3 THEN '00000000-0000-0000-0000-000000000000'::uuid END
FROM given_up WHERE job.id = given_up.id
RETURNING job.id, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken;

-- name: lease_list
-- Everything that is leased to this worker.
SELECT id, lease FROM job WHERE lease_worker = $1;

-- name: lease_cancels
-- Jobs that this worker carries and that somebody wants cancelled.
SELECT id, cancel_by FROM job WHERE lease_worker = $1 AND cancel_by IS NOT NULL;

-- name: worker_list
SELECT id, host, pid, until, until > now() AS lives FROM worker ORDER BY until DESC;

-- name: worker_remove
DELETE FROM worker WHERE id = ANY($1::uuid[]);
