-- name: diagnosis_lane
-- How a device's lane stands: who serves it, whether anybody could, and what is in it.
SELECT worker.host, worker.pid, lane.worker IS NOT NULL AND worker_lives(lane.worker) AS served,
       (SELECT count(*) FROM worker WHERE until > now()) AS workers, jobs.*
FROM device
LEFT JOIN lane ON lane.device_id = device.id
LEFT JOIN worker ON worker.id = lane.worker
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state = 3) AS waiting,
           count(*) FILTER (WHERE state = 3 AND queue_id = ANY(ARRAY(SELECT id FROM queue WHERE paused))) AS paused,
           count(*) FILTER (WHERE state = 3 AND delay_until IS NOT NULL) AS delayed,
           count(*) FILTER (WHERE state = 3 AND NOT ready) AS arriving,
           count(*) FILTER (WHERE state IN (5, 6)) AS carried,
           count(*) FILTER (WHERE state IN (5, 6) AND (lease_worker IS NULL OR NOT worker_lives(lease_worker))) AS orphaned,
           coalesce(extract(epoch FROM now() - min(released_at) FILTER (WHERE state = 3 AND ready AND delay_until IS NULL)), 0)::double precision
               AS oldest
    FROM job WHERE device_id = device.id AND state < 7 AND state <> 4) AS jobs
WHERE device.id = $1;

-- name: diagnosis_errand
-- How a job stands on its way to its device, and how many go before it, counted no further than $2.
SELECT job.ready, job.lease_worker IS NOT NULL AND worker_lives(job.lease_worker) AS carried, job.edge, job.cancel_by,
       job.rendition IS NOT NULL AND job.rendition_size IS NULL AS converting,
       coalesce(extract(epoch FROM now() - job.released_at), 0)::double precision AS released_ago,
       (SELECT count(*) FROM (
            SELECT FROM job AS other
            WHERE other.device_id = job.device_id AND other.state = 3 AND other.ready AND other.delay_until IS NULL
              AND (other.priority > job.priority OR other.priority = job.priority AND other.released_at < job.released_at)
            LIMIT $2) AS counted) AS before
FROM job WHERE job.id = $1;

-- name: diagnosis_attempts
-- The last deliveries to a device that ended, latest first.
SELECT job_id, ended_at, outcome, message FROM attempt WHERE device_id = $1 ORDER BY ended_at DESC, job_id DESC LIMIT $2;

-- name: diagnosis_holdings
-- What somebody has that has not ended, by queue and state.
SELECT queue.name AS queue, job.state, count(*) AS jobs
FROM job JOIN queue ON queue.id = job.queue_id WHERE job.owner = $1 AND job.state < 7
GROUP BY queue.name, job.state ORDER BY queue.name, job.state;

-- name: diagnosis_owners
-- Whose jobs have not ended: so many names, each looked up behind the one before, however many jobs there are.
WITH RECURSIVE whose AS (
    (SELECT owner, 1 AS number FROM job WHERE state < 7 ORDER BY owner LIMIT 1)
    UNION ALL
    SELECT next.owner, whose.number + 1 FROM whose CROSS JOIN LATERAL (
        SELECT owner FROM job WHERE state < 7 AND owner > whose.owner ORDER BY owner LIMIT 1) AS next
    WHERE whose.number < $1
)
SELECT owner FROM whose;

-- name: diagnosis_unclaimed
-- Jobs that wait because nobody knows whose they are, counted no further than $1.
SELECT count(*) FROM (SELECT FROM job WHERE unclaimed AND state < 7 LIMIT $1) AS counted;
