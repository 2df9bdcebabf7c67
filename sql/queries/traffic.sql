-- name: traffic_pause
-- Lanes take no more jobs of this queue: what they have leased of it and not begun waits again.
WITH changed AS (
    UPDATE queue SET paused = true, changed_at = now() WHERE name = $1 RETURNING *
), leased AS (
    SELECT job.id FROM job JOIN changed ON job.queue_id = changed.id
    WHERE job.state = 3 AND job.lease_worker IS NOT NULL ORDER BY job.id FOR UPDATE OF job
), recalled AS (
    UPDATE job SET lease_worker = NULL FROM leased WHERE job.id = leased.id
)
SELECT changed.*, pg_notify('ippgate_fleet', name) AS woken FROM changed;

-- name: traffic_resume
-- Lanes take the queue's jobs again; a lease from the moment of the pause that nobody used is taken back first.
WITH changed AS (
    UPDATE queue SET paused = false, changed_at = now() WHERE name = $1 RETURNING *
), leased AS (
    SELECT job.id FROM job JOIN changed ON job.queue_id = changed.id
    WHERE job.state = 3 AND job.lease_worker IS NOT NULL ORDER BY job.id FOR UPDATE OF job
), recalled AS (
    UPDATE job SET lease_worker = NULL FROM leased WHERE job.id = leased.id
)
SELECT changed.*, pg_notify('ippgate_fleet', name) AS told, pg_notify('ippgate_lane', '') AS woken FROM changed;

-- name: traffic_accept
-- Whether the queue takes jobs.
UPDATE queue SET accepting = $2, changed_at = now() WHERE name = $1
RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: traffic_hold_new
-- Jobs made from now on wait until operators let them go.
UPDATE queue SET holds_new_since = coalesce(holds_new_since, now()), changed_at = now() WHERE name = $1
RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: traffic_take_new
-- Jobs made from now on wait no longer; those that were made since `since` and wait for nothing else are for the caller
-- to let go.
WITH before AS (SELECT id, holds_new_since AS since FROM queue WHERE name = $1 FOR UPDATE)
UPDATE queue SET holds_new_since = NULL, changed_at = now() FROM before WHERE queue.id = before.id
RETURNING queue.*, before.since, pg_notify('ippgate_fleet', name) AS woken;

-- name: traffic_held_new
-- Jobs of a queue, after job $4, that were made since $2 and have waited ever since because new jobs were held. What a
-- client asked for besides (job-hold-until) is a reason of its own; a job with a release action waits for that.
SELECT id FROM job
WHERE queue_id = $1 AND state = 4 AND id > $4 AND created_at >= $2 AND released_at IS NULL
  AND 'job-held-for-release' = ANY(reasons) AND release_action IS NULL
ORDER BY id LIMIT $3;

-- name: traffic_at_device
-- Jobs of a queue that are at their devices, the one that began first first.
SELECT id FROM job WHERE queue_id = $1 AND state IN (5, 6) ORDER BY processing_at, id LIMIT $2;

-- name: traffic_schedule
-- Put a waiting job right behind job $2 of its lane, with the priority of that one, or (NULL) before all that wait there, with
-- the highest. Those behind make room by two microseconds each, so none of them changes places with another. What a worker
-- has leased ahead and not begun is given back, for it was leased in the former order; the lane is woken.
WITH waiting AS (
    SELECT job.id, job.priority, job.released_at FROM job
    WHERE job.state = 3 AND job.device_id = (SELECT device_id FROM job WHERE id = $1)
    ORDER BY job.id FOR UPDATE
), place AS (
    SELECT priority, released_at, id FROM waiting WHERE id = $2
    UNION ALL
    SELECT 100, coalesce(min(released_at) FILTER (WHERE priority = 100 AND id <> $1), now()) - interval '2 microseconds', NULL
    FROM waiting HAVING $2 IS NULL
), ordered AS (
    SELECT waiting.id, CASE WHEN waiting.id = $1 THEN place.priority ELSE waiting.priority END AS priority,
           CASE WHEN waiting.id = $1 THEN place.released_at + interval '1 microsecond'
                WHEN waiting.priority = place.priority AND (waiting.released_at, waiting.id) > (place.released_at, place.id)
                THEN waiting.released_at + interval '2 microseconds' ELSE waiting.released_at END AS released_at
    FROM waiting CROSS JOIN place
    WHERE EXISTS (SELECT FROM waiting WHERE id = $1)
), moved AS (
    UPDATE job SET priority = ordered.priority, released_at = ordered.released_at, lease_worker = NULL FROM ordered
    WHERE job.id = ordered.id
      AND (job.id = $1 OR job.released_at <> ordered.released_at OR job.lease_worker IS NOT NULL)
    RETURNING job.id, job.device_id
)
SELECT id, pg_notify('ippgate_lane', device_id::text) AS woken FROM moved WHERE id = $1;
