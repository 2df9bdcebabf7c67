-- name: job_accept
-- Make many jobs, each with its whole document in one frame: one round trip and one commit for all of them.
-- A job that is there already (its answer was lost) is left as it is and not returned.
-- A job that is born pending wakes its device's lane.
-- `rare` is what few jobs have, as JSON by the names of `job_rare`, and the subscriptions that come with it; NULL: nothing of it.
WITH wish AS (
    SELECT * FROM unnest(
        $1::integer[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::smallint[], $8::smallint[],
        $9::text[], $10::integer[], $11::bytea[], $12::integer[], $13::bytea[], $14::text[],
        $15::text[], $16::text[], $17::bigint[], $18::bytea[], $19::bytea[], $20::bytea[])
    AS w(queue_id, uuid, owner, name, host, ticket, priority, state,
         reasons, device_id, key, key_id, decision, rare,
         format, document_name, size, sha256, frame, facts)
), born AS (
    INSERT INTO job (queue_id, uuid, owner, name, host, ticket, priority, state,
                     reasons, device_id, key, key_id, ruled, ready, released_at,
                     message, tags, expires_at, hold_until, hold_until_time, held_until, delay_until,
                     retain, retain_seconds, retain_until, cancel_after, release_action, password,
                     said, unclaimed, storage, storage_access, storage_group)
    SELECT queue_id, uuid, owner, name, host, ticket, priority, state,
           string_to_array(reasons, ' '), device_id, key, key_id, decision IS NOT NULL, true, CASE state WHEN 3 THEN now() END,
           coalesce(r.message, ''), coalesce(r.tags, '{}'), now() + r.waits_for * interval '1 second',
           r.hold_until, r.hold_ends, r.held_until, r.delay_until, r.retain, r.retain_seconds, r.retain_until, r.cancel_after,
           r.release_action, decode(r.password, 'hex'), r.said, coalesce(r.unclaimed, false),
           r.storage, r.storage_access, r.storage_group
    FROM wish LEFT JOIN LATERAL jsonb_populate_record(NULL::job_rare, wish.rare::jsonb) AS r ON wish.rare IS NOT NULL
    ON CONFLICT (uuid) DO NOTHING
    RETURNING id, uuid, device_id, state, created_at
), stored AS (
    INSERT INTO document (job_id, number, oid, format, name, size, sha256, facts)
    SELECT born.id, 1, lo_from_bytea(0, wish.frame), wish.format, wish.document_name, wish.size, wish.sha256, wish.facts
    FROM born JOIN wish USING (uuid)
    RETURNING job_id, oid
), decided AS (
    INSERT INTO decision (job_id, stage, decision)
    SELECT born.id, 'arrival', wish.decision FROM born JOIN wish USING (uuid) WHERE wish.decision IS NOT NULL
)
SELECT born.id, born.uuid, born.created_at, stored.oid,
       CASE born.state WHEN 3 THEN pg_notify('ippgate_lane', born.device_id::text) END AS woken,
       CASE WHEN wish.rare LIKE '%"subscriptions"%'
            THEN subscribe_at_birth(wish.queue_id, born.id, wish.owner, wish.rare::jsonb -> 'subscriptions') END AS subscribed
FROM born JOIN stored ON stored.job_id = born.id JOIN wish USING (uuid);

-- name: job_accepted
-- Jobs that an earlier accept made, whose answer was lost.
SELECT job.id, job.uuid, job.created_at, document.oid
FROM job JOIN document ON document.job_id = job.id AND document.number = 1
WHERE job.uuid = ANY($1::uuid[]);

-- name: job_create
-- Make one job without a document; it stays open for $16 seconds. $14 is what few jobs have, as for job_accept.
WITH born AS (
    INSERT INTO job (queue_id, uuid, owner, name, host, ticket, priority, state, reasons, device_id, key, key_id,
                     ruled, judged, incoming_until, released_at,
                     message, tags, expires_at, hold_until, hold_until_time, held_until, delay_until,
                     retain, retain_seconds, retain_until, cancel_after, release_action, password,
                     said, unclaimed, storage, storage_access, storage_group)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, string_to_array($9, ' '), $10, $11, $12,
           $13::bytea IS NOT NULL, $15, now() + $16::double precision * interval '1 second', CASE $8::smallint WHEN 3 THEN now() END,
           coalesce(r.message, ''), coalesce(r.tags, '{}'), now() + r.waits_for * interval '1 second',
           r.hold_until, r.hold_ends, r.held_until, r.delay_until, r.retain, r.retain_seconds, r.retain_until, r.cancel_after,
           r.release_action, decode(r.password, 'hex'), r.said, coalesce(r.unclaimed, false),
           r.storage, r.storage_access, r.storage_group
    FROM jsonb_populate_record(NULL::job_rare, $14::text::jsonb) AS r
    RETURNING id, created_at
), decided AS (
    INSERT INTO decision (job_id, stage, decision) SELECT id, 'arrival', $13::bytea FROM born WHERE $13::bytea IS NOT NULL
)
SELECT id, created_at,
       CASE WHEN $14::text LIKE '%"subscriptions"%'
            THEN subscribe_at_birth($1, id, $3, $14::text::jsonb -> 'subscriptions') END AS subscribed
FROM born;

-- name: job_move
-- The one place where a job changes its state. Each wish happens only where the law allows the event in the job's present
-- state; where a worker is named, only while that worker carries the job by that lease; where it says overdue, only if
-- the job's client has been silent too long, or (release) the moment until which it was held has come, or (cancel) it
-- still waits and its time is over; what was held again in between waits anew, for no time is shorter than a minute. A job of a paused
-- queue does not start, and one that is nobody's is not released. What did not happen is not returned.
-- A job that somebody wants cancelled neither waits nor is held again: it is cancelled.
-- A job that its release keeps is held again in place of being completed, all of its documents to be printed anew; its attempt
-- is one that completed it. One that somebody wants cancelled meanwhile is not kept.
-- Whoever holds a job with a release action again has it wait for that action again, with its reasons.
-- A release that has a key happens once for that key, its job and whoever releases: what has happened, and only that, is remembered.
-- A release may bind another ticket in place of the one it was made from; held again, the job has the one its owner left.
-- A pending job wakes its lane; an ended one leaves its documents to the sweeper, due after $22 seconds, or, if it is to be
-- retained, at the end of the day ($23), the week ($24), the month ($25), or as it says, but not after $26. What has not
-- arrived whole is not retained.
-- A job that is only to be stored is released nowhere; once it is here (store), or has been printed where it is to be stored
-- besides, its documents stay until $27.
-- The reason why a pending job is not begun yet is added here, and taken away from all others.
-- Of several documents one may go alone; when it came out (retry), that is kept with it, and the next may go.
-- What expires, is given up, or is held again with a reason is to be told to its owner; whatever happens next takes that back.
-- A rendition goes with the end of its job, with a release to another device, and, while it is not whole, with a hold; who makes
-- it is told that it is wanted no more.
WITH wish AS (
    SELECT * FROM unnest(
        $1::integer[], $2::text[], $3::uuid[], $4::integer[], $5::integer[], $6::text[], $7::text[], $8::integer[], $9::integer[],
        $10::integer[], $11::text[], $12::text[], $13::boolean[], $14::boolean[], $15::bytea[], $16::bytea[],
        $17::timestamptz[], $18::text[], $19::smallint[], $20::text[], $21::text[])
    AS w(id, event, worker, lease, device_id, reasons, message, device_job_id, impressions, sheets, edge, hold_until, keep, overdue,
         ticket, made_from, hold_ends, held_until, document, released_by, once)
), before AS (
    SELECT job.id, job.state, job.reasons, job.device_job_id, job.attempts, job.processing_at, job.lease_worker, job.lease, job.cancel_by,
           job.incoming_until, job.hold_until_time, job.queue_id, job.ticket, job.device_id, job.rendition, job.rendition_size,
           job.delay_until, job.retain, job.retain_seconds, job.retain_until, job.unclaimed, job.keeps, job.storage,
           CASE WHEN job.lease_worker IS NOT NULL THEN NULL WHEN job.state = 3 THEN job.expires_at
                WHEN job.state = 4 THEN coalesce(job.expires_at, greatest(coalesce(job.waits_since, job.created_at) + interval '1 minute',
                                                                          job.hold_until_time)) END AS waits_until,
           action_reasons(job.release_action) AS action_reasons
    FROM job JOIN wish ON wish.id = job.id
    ORDER BY job.id
    FOR UPDATE OF job
), law AS (
    SELECT wish.id, happens.event, job_after(before.state, happens.event) AS state, before.state AS old_state,
           CASE WHEN happens.event <> wish.event AND NOT happens.kept THEN ARRAY[CASE before.cancel_by WHEN 'timeout' THEN 'job-canceled-after-timeout'
                                                            ELSE 'job-canceled-by-' || before.cancel_by END]
                WHEN before.cancel_by IS NOT NULL AND wish.event IN ('stop', 'resume') THEN before.reasons
                WHEN happens.event = 'hold' THEN why.reasons
                    || ARRAY(SELECT own FROM unnest(before.action_reasons) AS own WHERE own <> ALL (why.reasons))
                ELSE string_to_array(wish.reasons, ' ') END AS reasons,
           CASE WHEN happens.kept THEN 'it was printed, and is kept' ELSE wish.message END AS message,
           wish.message AS said, happens.kept, wish.device_id, coalesce(wish.device_job_id, before.device_job_id) AS device_job_id,
           wish.impressions, wish.sheets, wish.edge, wish.hold_until, wish.hold_ends, wish.held_until, wish.keep, wish.overdue,
           wish.ticket, wish.document, wish.released_by, wish.once, before.attempts, before.processing_at, before.rendition, before.delay_until,
           greatest(CASE WHEN before.incoming_until IS NULL AND num_nonnulls(before.retain, before.retain_seconds, before.retain_until) > 0
                THEN least($26::timestamptz, CASE before.retain
                    WHEN 'end-of-day' THEN $23::timestamptz WHEN 'end-of-week' THEN $24::timestamptz
                    WHEN 'end-of-month' THEN $25::timestamptz WHEN 'indefinite' THEN $26::timestamptz
                    ELSE coalesce(before.retain_until, now() + before.retain_seconds * interval '1 second') END) END,
                    CASE WHEN before.incoming_until IS NULL AND before.storage IS NOT NULL AND happens.event IN ('complete', 'store')
                         THEN $27::timestamptz END) AS retain_until,
           before.storage IS NOT NULL AND happens.event IN ('complete', 'store') AND before.incoming_until IS NULL
               AND $27::timestamptz > now() AS stores,
           before.rendition IS NOT NULL AND CASE happens.event
               WHEN 'complete' THEN true WHEN 'cancel' THEN true WHEN 'abort' THEN true
               WHEN 'release' THEN coalesce(wish.device_id <> before.device_id, false)
               WHEN 'retry' THEN wish.document IS NOT NULL
               WHEN 'hold' THEN before.rendition_size IS NULL ELSE false END AS drops,
           before.rendition IS NOT NULL AND before.rendition_size IS NULL AS rendering
    FROM wish JOIN before ON before.id = wish.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN before.cancel_by IS NOT NULL AND wish.event IN ('hold', 'retry') THEN 'cancel'
                    WHEN before.cancel_by IS NULL AND wish.event = 'complete' AND before.keeps THEN 'hold' ELSE wish.event END,
               before.cancel_by IS NULL AND wish.event = 'complete' AND before.keeps
    ) AS happens(event, kept)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN happens.kept THEN ARRAY['job-held-for-release'] ELSE string_to_array(wish.reasons, ' ') END
    ) AS why(reasons)
    WHERE (wish.worker IS NULL OR (before.lease_worker = wish.worker AND before.lease = wish.lease))
      AND (NOT wish.overdue OR CASE wish.event WHEN 'release' THEN before.hold_until_time WHEN 'cancel' THEN before.waits_until
                                                  ELSE before.incoming_until END < now())
      AND NOT (happens.event = 'start' AND before.queue_id = ANY(ARRAY(SELECT id FROM queue WHERE paused)))
      AND NOT (happens.event = 'release' AND (before.unclaimed OR before.storage IS NOT DISTINCT FROM 'store-only'))
      AND (happens.event <> 'store' OR (before.storage = 'store-only' AND before.incoming_until IS NULL))
      AND (wish.made_from IS NULL OR before.ticket = wish.made_from)
), remembered AS (
    INSERT INTO release_key (person, job_id, key)
    SELECT released_by, id, once FROM law WHERE law.state IS NOT NULL AND once IS NOT NULL ORDER BY id
    ON CONFLICT DO NOTHING
    RETURNING job_id
), moved AS (
    UPDATE job SET
        state = law.state,
        reasons = array_remove(law.reasons, 'job-delay-output-until-specified')
            || CASE WHEN law.state = 3 AND law.delay_until > now() THEN ARRAY['job-delay-output-until-specified'] ELSE '{}' END
            || CASE WHEN law.stores THEN ARRAY(SELECT replace(own, 'job-completed-', 'job-printed-') FROM unnest(law.reasons) AS own
                                               WHERE law.event = 'complete' AND own LIKE 'job-completed-%') || ARRAY['job-stored']
                    ELSE '{}' END,
        message = law.message,
        hold_until = CASE law.event WHEN 'release' THEN NULL WHEN 'hold' THEN law.hold_until ELSE job.hold_until END,
        hold_until_time = CASE law.event WHEN 'release' THEN NULL WHEN 'hold' THEN law.hold_ends ELSE job.hold_until_time END,
        held_until = CASE law.event WHEN 'hold' THEN coalesce(law.held_until, job.held_until) ELSE job.held_until END,
        ticket = CASE law.event WHEN 'release' THEN coalesce(law.ticket, job.ticket)
                                WHEN 'hold' THEN coalesce(job.unbound, job.ticket) ELSE job.ticket END,
        unbound = CASE law.event WHEN 'release' THEN CASE WHEN law.ticket IS NOT NULL THEN job.ticket END
                                 WHEN 'hold' THEN NULL ELSE job.unbound END,
        device_id = coalesce(law.device_id, job.device_id),
        device_job_id = CASE WHEN law.event NOT IN ('release', 'retry') THEN law.device_job_id END,
        impressions = coalesce(law.impressions, job.impressions),
        sheets = coalesce(law.sheets, job.sheets),
        edge = CASE WHEN law.state IN (5, 6) THEN coalesce(law.edge, job.edge) END,
        lease_worker = CASE WHEN law.state IN (5, 6) OR (law.state = 3 AND law.keep) THEN job.lease_worker END,
        cancel_by = CASE WHEN law.state IN (5, 6) THEN job.cancel_by END,
        sending = CASE WHEN law.state IN (5, 6) THEN CASE law.event WHEN 'start' THEN law.document ELSE job.sending END END,
        keeps = CASE law.event WHEN 'release' THEN law.keep WHEN 'hold' THEN false ELSE job.keeps AND law.state < 7 END,
        impressions_before = CASE WHEN law.kept THEN NULL WHEN law.event = 'retry' AND law.document IS NOT NULL THEN law.impressions
                                  ELSE job.impressions_before END,
        sheets_before = CASE WHEN law.kept THEN NULL WHEN law.event = 'retry' AND law.document IS NOT NULL THEN law.sheets ELSE job.sheets_before END,
        attempts = CASE law.event WHEN 'start' THEN job.attempts + 1 WHEN 'release' THEN 0
                                  WHEN 'retry' THEN CASE WHEN law.document IS NULL THEN job.attempts ELSE 0 END ELSE job.attempts END,
        released_at = CASE law.event WHEN 'release' THEN now() ELSE job.released_at END,
        released_by = CASE law.event WHEN 'release' THEN law.released_by ELSE job.released_by END,
        processing_at = CASE law.event WHEN 'start' THEN now() ELSE job.processing_at END,
        completed_at = CASE WHEN law.state >= 7 THEN now() END,
        waits_since = CASE law.event WHEN 'hold' THEN now() ELSE job.waits_since END,
        expired = law.overdue AND law.event = 'cancel',
        untold = CASE law.event WHEN 'cancel' THEN law.overdue WHEN 'abort' THEN true
                                WHEN 'hold' THEN NOT law.kept AND law.message <> '' ELSE false END,
        stored = law.stores,
        incoming_until = CASE WHEN law.state < 7 THEN job.incoming_until END,
        retain_until = CASE WHEN law.state < 7 THEN job.retain_until WHEN law.retain_until > now() THEN law.retain_until END,
        cancel_due = CASE WHEN law.state = 5 THEN CASE law.event WHEN 'start' THEN now() + job.cancel_after * interval '1 second'
                                                                 WHEN 'resume' THEN now() + job.cancel_left ELSE job.cancel_due END END,
        cancel_left = CASE WHEN law.state = 6 THEN coalesce(job.cancel_due - now(), job.cancel_left) END,
        key = CASE WHEN law.state < 7 OR $22::double precision > 0 OR law.retain_until > now() THEN job.key END,
        rendition = CASE WHEN NOT law.drops THEN job.rendition END,
        rendition_size = CASE WHEN NOT law.drops OR law.state >= 7 THEN job.rendition_size END,
        rendition_sha256 = CASE WHEN NOT law.drops OR law.state >= 7 THEN job.rendition_sha256 END
    FROM law
    WHERE job.id = law.id AND law.state IS NOT NULL AND (law.once IS NULL OR law.id IN (SELECT job_id FROM remembered))
    RETURNING job.id, job.state, job.device_id, job.impressions, job.arriving, job.retain_until, job.released_by, law.event, law.said, law.kept, law.old_state,
              law.device_job_id, law.processing_at, law.rendition, law.drops, law.rendering,
              CASE WHEN law.event <> 'start' THEN law.document END AS came_out
), came_out AS (
    UPDATE document SET printed = printed + 1 FROM moved WHERE document.job_id = moved.id AND document.number = moved.came_out
), anew AS (
    UPDATE document SET printed = 0 FROM moved WHERE moved.kept AND document.job_id = moved.id AND document.printed > 0
), told AS (
    INSERT INTO attempt (job_id, number, device_id, device_job_id, started_at, outcome, message, impressions, released_by)
    SELECT moved.id, (SELECT count(*) + 1 FROM attempt WHERE job_id = moved.id), device_id, device_job_id, processing_at,
           CASE WHEN kept THEN 'complete' ELSE event END, said, impressions, released_by
    FROM moved WHERE old_state IN (5, 6) AND state NOT IN (5, 6)
), left_over AS (
    INSERT INTO trash (oid, job_id, due)
    SELECT objects.oid, objects.id, greatest(now() + $22::double precision * interval '1 second', objects.retain_until)
    FROM (SELECT moved.id, document.oid, moved.retain_until FROM moved JOIN document ON document.job_id = moved.id
          WHERE moved.state >= 7
          UNION SELECT moved.id, moved.arriving, moved.retain_until FROM moved WHERE moved.state >= 7) AS objects
    WHERE objects.oid IS NOT NULL
    ON CONFLICT DO NOTHING
), dropped AS (
    INSERT INTO trash (oid, due) SELECT rendition, now() FROM moved WHERE drops ON CONFLICT DO NOTHING
)
SELECT id, state, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken,
       CASE WHEN old_state = 3 AND rendering THEN pg_notify('ippgate_cancel', id::text) END AS stopped
FROM moved;

-- name: job_reach_edge
-- The device has the whole document: what follows is following. A job that is being cancelled goes on saying so.
UPDATE job SET edge = 'accepted', device_job_id = coalesce($4, device_job_id),
               reasons = CASE WHEN cancel_by IS NULL THEN $5 ELSE reasons END
WHERE id = $1 AND lease_worker = $2 AND lease = $3 AND state IN (5, 6)
RETURNING id;

-- name: job_report
-- What the device says of a job that goes on. A job that is being cancelled goes on saying so.
UPDATE job SET reasons = CASE WHEN cancel_by IS NULL THEN $4 ELSE reasons END, message = $5,
               impressions = coalesce($6, impressions), sheets = coalesce($7, sheets)
WHERE id = $1 AND lease_worker = $2 AND lease = $3 AND state IN (5, 6);

-- name: job_ask_cancel
-- A job at its device is cancelled there first: say so, and wake the worker that carries it.
UPDATE job SET cancel_by = $2, reasons = $3
WHERE id = $1 AND state IN (5, 6) AND cancel_by IS NULL
RETURNING id, pg_notify('ippgate_cancel', id::text) AS woken;

-- name: job_at_device
-- The number by which its device knows a job that it has as a whole.
SELECT device_job_id FROM job WHERE id = $1 AND state IN (5, 6) AND edge = 'accepted';

-- name: job_get
-- Jobs by their ids, documents and all. Only where there are or were several, the fate of each is told.
SELECT job.*, queue.name AS queue, device.name AS device, device.uuid AS device_uuid,
       d.numbers, d.oids, d.formats, d.names, d.sizes, d.sums, d.facts, fate.created, fate.canceled, fate.printed
FROM job
JOIN queue ON queue.id = job.queue_id
LEFT JOIN device ON device.id = job.device_id
LEFT JOIN LATERAL (
    SELECT array_agg(number ORDER BY number) AS numbers, array_agg(oid ORDER BY number) AS oids,
           array_agg(format ORDER BY number) AS formats, array_agg(name ORDER BY number) AS names,
           array_agg(size ORDER BY number) AS sizes, array_agg(sha256 ORDER BY number) AS sums,
           array_agg(facts ORDER BY number) AS facts
    FROM document WHERE job_id = job.id) d ON true
LEFT JOIN LATERAL (
    SELECT array_agg(created_at ORDER BY number) AS created, array_agg(canceled_at ORDER BY number) AS canceled,
           array_agg(printed ORDER BY number) AS printed
    FROM document WHERE job_id = job.id) fate ON job.edition > 1
WHERE job.id = ANY($1::integer[])
ORDER BY job.id;

-- Listings have a query for each index they go by: plans are made once, for whatever arguments come.

-- name: job_ids_waiting_of_owner
-- Jobs of an owner that are not ended, of a queue (NULL: of all), in the states $3, oldest first.
SELECT id FROM job
WHERE state < 7 AND owner = $2 AND ($1::integer IS NULL OR queue_id = $1) AND state = ANY($3::smallint[])
  AND ($4::integer IS NULL OR device_id = $4) AND id > $6
ORDER BY id LIMIT $5;

-- name: job_ids_waiting_of_queue
-- Jobs of a queue that are not ended, of whatever owner.
SELECT id FROM job
WHERE state < 7 AND queue_id = $1 AND $2::text IS NULL AND state = ANY($3::smallint[])
  AND ($4::integer IS NULL OR device_id = $4) AND id > $6
ORDER BY id LIMIT $5;

-- name: job_ids_waiting
-- All jobs that are not ended.
SELECT id FROM job
WHERE state < 7 AND $1::integer IS NULL AND $2::text IS NULL AND state = ANY($3::smallint[])
  AND ($4::integer IS NULL OR device_id = $4) AND id > $6
ORDER BY id LIMIT $5;

-- name: job_ids_at_device_of_owner
-- Jobs of an owner that are held, or go to the device $2, in the states $3, oldest first.
SELECT id FROM job
WHERE state < 7 AND owner = $1 AND (state = 4 OR device_id = $2) AND state = ANY($3::smallint[])
ORDER BY id LIMIT $4;

-- name: job_ids_at_device_of_owners
-- The same for somebody ($1) who stands for others ($5): of theirs what is held, and what they themselves released.
SELECT each.id FROM unnest(array_append($5::text[], $1::text)) AS whose(name)
CROSS JOIN LATERAL (
    SELECT id FROM job
    WHERE state < 7 AND owner = whose.name AND (state = 4 OR device_id = $2) AND state = ANY($3::smallint[])
      AND (owner = $1 OR state = 4 OR released_by = $1)
    ORDER BY id LIMIT $4) AS each
ORDER BY each.id LIMIT $4;

-- name: job_ids_held_of_owners
-- Held jobs of several owners.
SELECT each.id FROM unnest($1::text[]) AS whose(name)
CROSS JOIN LATERAL (SELECT id FROM job WHERE state < 7 AND state = 4 AND owner = whose.name ORDER BY id LIMIT $2) AS each
ORDER BY each.id LIMIT $2;

-- name: job_ids_at_device
-- What is held, or goes to the device $2, of all owners.
SELECT id FROM job
WHERE state < 7 AND $1::text IS NULL AND (state = 4 OR device_id = $2) AND state = ANY($3::smallint[])
ORDER BY id LIMIT $4;

-- name: job_ids_ended_of_owner
-- Ended jobs of an owner, newest first.
SELECT id FROM job
WHERE state >= 7 AND owner = $2 AND ($1::integer IS NULL OR queue_id = $1) AND state = ANY($3::smallint[])
  AND ($4::integer IS NULL OR device_id = $4)
ORDER BY completed_at DESC, id DESC LIMIT $5;

-- name: job_ids_ended_of_queue
-- Ended jobs of a queue.
SELECT id FROM job
WHERE state >= 7 AND queue_id = $1 AND $2::text IS NULL AND state = ANY($3::smallint[])
  AND ($4::integer IS NULL OR device_id = $4)
ORDER BY completed_at DESC, id DESC LIMIT $5;

-- name: job_ids_ended
-- All ended jobs.
SELECT id FROM job
WHERE state >= 7 AND $1::integer IS NULL AND $2::text IS NULL AND state = ANY($3::smallint[])
  AND ($4::integer IS NULL OR device_id = $4)
ORDER BY completed_at DESC, id DESC LIMIT $5;

-- name: job_ids_stored
-- Stored jobs with access $1, of an owner ($2), a group ($3) and a queue ($4), where these are named; newest first.
SELECT id FROM job
WHERE stored AND storage_access = $1 AND ($2::text IS NULL OR owner = $2) AND ($3::text IS NULL OR storage_group = $3)
  AND ($4::integer IS NULL OR queue_id = $4)
ORDER BY completed_at DESC, id DESC LIMIT $5;

-- name: job_ids_storing
-- Jobs that are only to be stored, and are here; no more than $1.
SELECT id FROM job WHERE storage = 'store-only' AND state = 4 AND incoming_until IS NULL ORDER BY id LIMIT $1;

-- name: job_unstore
-- A stored job is stored no longer: its key goes at once, its documents with the next sweep.
WITH gone AS (
    UPDATE job SET key = NULL, retain_until = NULL WHERE id = $1 AND stored RETURNING id
), left_over AS (
    UPDATE trash SET due = now() FROM gone WHERE trash.job_id = gone.id
)
SELECT id FROM gone;

-- name: job_count_waiting
-- How many jobs of a queue are not ended, counted no further than $2.
SELECT count(*) FROM (SELECT FROM job WHERE queue_id = $1 AND state < 7 LIMIT $2) AS counted;

-- name: job_count_states
-- Jobs by state, for monitoring. Ended ones are not counted: they only grow.
SELECT state, count(*) AS jobs FROM job WHERE state < 7 GROUP BY state;

-- name: job_set
-- Change what the job asks for and why it waits, while its state and reasons are those that were read.
-- A lane that has leased it would carry it as it was: it is taken away and waits for its lane again; who converts its document
-- for the ticket as it was is told.
-- A ticket that is changed is its owner's own from then on, whatever a release had bound.
UPDATE job SET ticket = $2, unbound = CASE WHEN ticket = $2 THEN unbound END, name = $3, priority = $4, hold_until = $5,
               reasons = $6, lease_worker = NULL, hold_until_time = $9, held_until = coalesce($10, held_until),
               delay_until = $11, retain = $12, retain_seconds = $13, retain_until = $14, cancel_after = $15
WHERE id = $1 AND state = $7 AND state IN (3, 4) AND reasons = $8
RETURNING id, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken,
          CASE WHEN rendition IS NOT NULL AND rendition_size IS NULL THEN pg_notify('ippgate_cancel', id::text) END AS stopped;

-- name: job_claim
-- Give a held job whose documents are here to its owner; what its client said, or was thought to be, is kept.
UPDATE job SET owner = $2, said = coalesce(said, CASE WHEN owner <> $2 THEN owner END), unclaimed = false, reasons = $3,
               message = CASE WHEN unclaimed AND reasons <> $3 THEN '' ELSE message END
WHERE id = $1 AND state = 4 AND incoming_until IS NULL AND reasons = $4
RETURNING id;

-- name: job_stay_open
-- Its client is still there: push back the moment when the job counts as abandoned.
UPDATE job SET incoming_until = now() + $2::double precision * interval '1 second'
WHERE id = $1 AND incoming_until IS NOT NULL
RETURNING id;

-- name: job_close
-- All documents are here, those of edition $2 (NULL: whichever). The job may go once it is pending.
UPDATE job SET incoming_until = NULL, ready = true,
               reasons = array_remove(array_remove(reasons, 'job-incoming'), 'job-data-insufficient')
WHERE id = $1 AND incoming_until IS NOT NULL AND state < 7 AND ($2::integer IS NULL OR edition = $2)
RETURNING id, device_id, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken;

-- name: job_make_ready
-- A lane may take the job although its document still arrives.
UPDATE job SET ready = true WHERE id = $1 AND state < 7
RETURNING id, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken;

-- name: job_count_held
-- Jobs that have not ended or are stored, and the octets of their documents, as received, by queue and ($1) owner.
SELECT job.queue_id, CASE WHEN $1 THEN job.owner ELSE '' END AS owner,
       count(*) FILTER (WHERE document.number IS NULL OR document.number = 1) AS jobs,
       coalesce(sum(document.size), 0)::bigint AS octets
FROM job LEFT JOIN document ON document.job_id = job.id
WHERE job.state < 7 OR job.stored
GROUP BY 1, 2;

-- name: job_ids_abandoned
-- Jobs whose client has not been heard of in time.
SELECT id, state FROM job WHERE incoming_until < now() AND state < 7 ORDER BY incoming_until LIMIT $1;

-- name: job_ids_held_over
-- Jobs whose hold is over, and whose documents are here.
SELECT id FROM job
WHERE state = 4 AND hold_until_time < now() AND incoming_until IS NULL
  AND (device_id IS NOT NULL OR reasons <> ARRAY['job-hold-until-specified'])
ORDER BY hold_until_time LIMIT $1;

-- name: job_end_hold
-- The hold is over, and the job waits for something else besides.
UPDATE job SET hold_until = NULL, hold_until_time = NULL, waits_since = now(), reasons = array_remove(reasons, 'job-hold-until-specified')
WHERE id = $1 AND state = 4 AND hold_until_time < now() AND reasons <> ARRAY['job-hold-until-specified']
RETURNING id;

-- name: job_end_delays
-- Let lanes take jobs whose output was delayed, where they are pending; no more than $1 at once.
WITH due AS (
    SELECT id FROM job WHERE delay_until <= now() AND state < 7 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE job SET delay_until = NULL, reasons = array_remove(reasons, 'job-delay-output-until-specified') FROM due WHERE job.id = due.id
RETURNING job.id, CASE state WHEN 3 THEN pg_notify('ippgate_lane', device_id::text) END AS woken;

-- name: job_ids_too_long
-- Jobs that have been processing for longer than they were to.
SELECT id FROM job WHERE cancel_due < now() AND cancel_by IS NULL ORDER BY cancel_due LIMIT $1;

-- name: job_ids_expired
-- Jobs that have waited as long as they were allowed to, and how many seconds that was: as long as a rule says, or else, held, as
-- long as their queue does ($2: as all do that say nothing; 0: for ever) since they were made, held again, or their hold ended.
(SELECT id, extract(epoch FROM expires_at - created_at)::double precision AS seconds
 FROM job WHERE expires_at < now() AND state IN (3, 4) AND lease_worker IS NULL
 ORDER BY expires_at LIMIT $1)
UNION ALL
(SELECT due.id, allowed.seconds
 FROM (SELECT id, coalesce((options ->> 'retention')::double precision, $2::double precision) AS seconds FROM queue) AS allowed
 CROSS JOIN LATERAL (
     SELECT id FROM job
     WHERE queue_id = allowed.id AND state = 4 AND expires_at IS NULL AND incoming_until IS NULL
       AND greatest(coalesce(waits_since, created_at), hold_until_time) < now() - allowed.seconds * interval '1 second'
     ORDER BY greatest(coalesce(waits_since, created_at), hold_until_time) LIMIT $1) AS due
 WHERE allowed.seconds > 0
 LIMIT $1);

-- name: job_ids_expired_of_owner
-- Jobs of a person that have expired since $2, newest first.
SELECT id FROM job WHERE expired AND owner = $1 AND completed_at >= $2 ORDER BY completed_at DESC, id DESC LIMIT $3;

-- name: release_key_known
-- Whether somebody's release of a job with this key has happened.
SELECT EXISTS (SELECT FROM release_key WHERE job_id = $1 AND person = $2 AND key = $3);

-- name: release_key_remember
-- Somebody's release of a job with this key has been answered: another had happened already.
INSERT INTO release_key (person, job_id, key) SELECT $2, id, $3 FROM job WHERE id = $1 ON CONFLICT DO NOTHING;

-- name: release_key_forget
-- Keys that are older than $1 seconds, so many at the most.
DELETE FROM release_key WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM release_key WHERE released_at < now() - $1::double precision * interval '1 second' ORDER BY released_at LIMIT $2));

-- name: job_tell
-- What happened to a person's jobs without their doing and was not told yet, newest first; it counts as told from now on. A job that
-- moves at this moment is told the next time.
WITH news AS (
    SELECT id FROM job WHERE owner = $1 AND untold ORDER BY id DESC LIMIT $2 FOR UPDATE SKIP LOCKED
), told AS (
    UPDATE job SET untold = false FROM news WHERE job.id = news.id
    RETURNING job.id, job.name, job.queue_id, job.device_id, job.message,
              CASE job.state WHEN 4 THEN 'held-again' WHEN 8 THEN 'aborted' ELSE 'expired' END AS what,
              CASE WHEN job.state >= 7 THEN job.completed_at ELSE job.waits_since END AS at
)
SELECT told.*, queue.name AS queue, device.name AS device
FROM told JOIN queue ON queue.id = told.queue_id LEFT JOIN device ON device.id = told.device_id
ORDER BY told.at DESC, told.id DESC;

-- name: job_purge
-- Forget ended jobs that have no bytes left, oldest first.
DELETE FROM job WHERE id IN (
    SELECT id FROM job
    WHERE state >= 7 AND completed_at < now() - $1::double precision * interval '1 second'
      AND NOT EXISTS (SELECT FROM document WHERE job_id = job.id AND oid IS NOT NULL)
    ORDER BY completed_at LIMIT $2)
RETURNING id;

-- name: job_keys_to_wrap
-- Keys that another master key than $1 wraps, after job $2.
SELECT id, uuid, key, key_id FROM job WHERE id > $2 AND key IS NOT NULL AND key_id <> $1 ORDER BY id LIMIT $3;

-- name: job_wrap_keys
-- Put newly wrapped keys in place of those read. Rows are locked in the order in which every query locks several.
WITH wish AS (
    SELECT job.id, w.stale, w.fresh FROM unnest($1::integer[], $2::bytea[], $3::bytea[]) AS w(id, stale, fresh)
    JOIN job ON job.id = w.id
    ORDER BY job.id
    FOR UPDATE OF job
)
UPDATE job SET key = wish.fresh, key_id = $4 FROM wish
WHERE job.id = wish.id AND job.key = wish.stale
RETURNING job.id;

-- name: attempt_list
-- Every delivery of a job that was begun and has ended.
SELECT attempt.*, device.name AS device FROM attempt JOIN device ON device.id = attempt.device_id
WHERE job_id = $1 ORDER BY number;

-- name: job_count_keys_to_wrap
-- How many keys another master key than $1 wraps.
SELECT count(*) FROM job WHERE key IS NOT NULL AND key_id <> $1;

-- name: job_count_keys_of
-- How many keys this master key wraps, counted no further than one.
SELECT count(*) FROM (SELECT FROM job WHERE key IS NOT NULL AND key_id = $1 LIMIT 1) AS counted;
