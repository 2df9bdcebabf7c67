-- name: subscription_add
-- Subscriptions of a queue, or of a job that has not ended: as many as there is room for, their ids. NULL: the job has ended.
SELECT subscribe($1, $2, $3, $4::jsonb, $5::integer[]);

-- name: subscription_get
-- Subscriptions by their ids.
SELECT subscription.*, queue.name AS queue FROM subscription JOIN queue ON queue.id = subscription.queue_id
WHERE subscription.id = ANY($1::integer[]) AND (until IS NULL OR until > now())
ORDER BY subscription.id;

-- name: subscription_list
-- Subscriptions of a queue (NULL: of all), of a job, or (NULL) of no job, of a person (NULL: of whomever).
SELECT subscription.*, queue.name AS queue FROM subscription JOIN queue ON queue.id = subscription.queue_id
WHERE ($1::integer IS NULL OR queue_id = $1) AND job_id IS NOT DISTINCT FROM $2 AND ($3::text IS NULL OR owner = $3)
  AND (until IS NULL OR until > now())
ORDER BY subscription.id LIMIT $4;

-- name: subscription_all
-- Every subscription, whatever it is of, after id $1.
SELECT subscription.*, queue.name AS queue FROM subscription JOIN queue ON queue.id = subscription.queue_id
WHERE subscription.id > $1 ORDER BY subscription.id LIMIT $2;

-- name: subscription_renew
-- A printer's subscription lasts another $3 seconds from now.
UPDATE subscription SET lease = $2, until = now() + $3::double precision * interval '1 second'
WHERE id = $1 AND job_id IS NULL AND until > now()
RETURNING id, pg_notify('ippgate_notice', id::text) AS woken;

-- name: subscription_touch
-- Somebody fetches from these: those whose lease lasts while they are fetched go on.
UPDATE subscription SET until = now() + $2::double precision * interval '1 second'
WHERE id = ANY($1::integer[]) AND lease = 0;

-- name: subscription_cancel
-- It is gone, and its notices with it; whoever waits for one is told.
DELETE FROM subscription WHERE id = $1 RETURNING id, pg_notify('ippgate_notice', id::text) AS woken;

-- name: subscription_sweep
-- Leases that are over, and subscriptions of jobs that ended $1 seconds ago.
DELETE FROM subscription WHERE id IN (
    SELECT id FROM subscription WHERE until < now() OR ended_at < now() - $1::double precision * interval '1 second'
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING id, pg_notify('ippgate_notice', id::text) AS woken;

-- name: subscription_count
-- How many there are, of printers and of jobs, for monitoring.
SELECT count(*) FILTER (WHERE job_id IS NULL) AS printer, count(job_id) AS job FROM subscription;

-- name: notice_sweep
-- Notices that are older than $1 seconds, oldest first.
DELETE FROM notice WHERE (subscription_id, number) IN (
    SELECT subscription_id, number FROM notice WHERE at < now() - $1::double precision * interval '1 second'
    ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING number;

-- name: notice_fetch
-- The notices of subscriptions from a number on, at most so many of each, for several who fetch at once: each subscription that is there
-- has a row at least.
SELECT wish.place, s.*, queue.name AS queue, n.number AS notice, n.event, n.at, n.job_id AS about, n.state, n.reasons,
       n.impressions, n.accepting, extract(epoch FROM s.until - now())::double precision AS lasts
FROM unnest($1::integer[], $2::integer[], $3::bigint[]) AS wish(place, id, first)
JOIN subscription s ON s.id = wish.id AND (s.until IS NULL OR s.until > now())
JOIN queue ON queue.id = s.queue_id
LEFT JOIN LATERAL (
    SELECT * FROM notice WHERE subscription_id = s.id AND notice.number >= wish.first ORDER BY notice.number LIMIT $4
) AS n ON true
ORDER BY wish.place, s.id, n.number;
