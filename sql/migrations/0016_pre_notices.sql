-- Who is told what: subscriptions (RFC 3995), and the notices that are kept for those who fetch them (RFC 3996).
--
-- Triggers write notices in the transaction of the change that they tell, whoever makes it, and only where somebody has
-- subscribed. A subscription's notices are numbered while its row is locked, and the lock is held until the transaction
-- ends: so they become visible in the order of their numbers, none missing, and nobody who reads on from the last number
-- that he has seen can pass one over. Rows are locked in one order: jobs by their ids, then subscriptions by theirs.

CREATE TABLE subscription (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- notify-subscription-id: integer(1:MAX)
    queue_id     integer NOT NULL REFERENCES queue ON DELETE CASCADE,
    job_id       integer REFERENCES job ON DELETE CASCADE,          -- NULL: of the printer, not of one job
    owner        text NOT NULL CHECK (octet_length(owner) <= 255),
    printer_uri  text NOT NULL CHECK (octet_length(printer_uri) <= 1023),   -- by which it was asked for
    events       text[] NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 32),
    user_data    bytea CHECK (octet_length(user_data) <= 63),
    charset      text NOT NULL,
    language     text NOT NULL,
    time_interval integer NOT NULL DEFAULT 0 CHECK (time_interval >= 0),    -- seconds between two notices of job-progress
    lease        integer CHECK (lease BETWEEN 0 AND 67108863),      -- seconds; 0: while it is fetched; NULL: while its job goes on
    until        timestamptz,           -- the end of its lease
    ended_at     timestamptz,           -- its job has ended: it hears no more, and is fetched for a while yet
    keeps        integer NOT NULL CHECK (keeps >= 1),               -- notices; the oldest fall away
    number       bigint NOT NULL DEFAULT 0 CHECK (number >= 0),     -- of its last notice
    progress_at  timestamptz,           -- the last notice of job-progress
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT a_printer_s_has_a_lease CHECK ((job_id IS NULL) = (lease IS NOT NULL) AND (lease IS NULL) = (until IS NULL)),
    CONSTRAINT a_job_s_ends_with_it CHECK (ended_at IS NULL OR job_id IS NOT NULL)
);
CREATE INDEX subscription_of_queue ON subscription (queue_id) WHERE job_id IS NULL;
CREATE INDEX subscription_of_job ON subscription (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX subscription_of_owner ON subscription (owner);

CREATE TABLE notice (
    subscription_id integer NOT NULL REFERENCES subscription ON DELETE CASCADE,
    number       bigint NOT NULL CHECK (number >= 1),
    event        text NOT NULL,         -- the subscribed one that matched
    at           timestamptz NOT NULL,
    job_id       integer,               -- what follows was so at that moment; NULL: it was about the printer
    state        smallint NOT NULL,     -- of the job, or of the printer
    reasons      text[] NOT NULL,
    impressions  integer,               -- of the job
    accepting    boolean,               -- the printer
    PRIMARY KEY (subscription_id, number)
);
CREATE INDEX notice_by_age ON notice (at);

-- Something that has happened to a job or (job_id NULL) a printer, with the events that it is, the narrowest first.
CREATE TYPE happening AS (
    queue_id integer, job_id integer, events text[], state smallint, reasons text[], impressions integer, accepting boolean
);

-- Whether a subscription hears of it. A job's hears of its own job and of the printer.
CREATE FUNCTION subscription_hears(s subscription, h happening) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT s.queue_id = h.queue_id AND s.events && h.events AND (s.job_id IS NULL OR h.job_id IS NULL OR s.job_id = h.job_id)
       AND s.ended_at IS NULL AND (s.until IS NULL OR s.until > now())
$$;

-- Write the notices of what has happened, in that order; subscriptions of the jobs `ended` end. What matches several events of
-- one subscription is told once, as the narrowest. In two steps: what is read after the locks are held is what was committed
-- before.
CREATE FUNCTION notice_write(happened happening[], ended integer[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told integer[];
    moment timestamptz;
BEGIN
    SELECT array_agg(id) INTO told FROM (
        SELECT s.id FROM unnest(happened) AS h JOIN subscription s ON s.queue_id = h.queue_id AND s.job_id IS NULL
        WHERE subscription_hears(s, h)
        UNION SELECT s.id FROM unnest(happened) AS h JOIN subscription s ON s.job_id = h.job_id WHERE subscription_hears(s, h)
        UNION SELECT s.id FROM unnest(happened) AS h JOIN subscription s ON s.queue_id = h.queue_id AND s.job_id IS NOT NULL
        WHERE h.job_id IS NULL AND subscription_hears(s, h)
        UNION SELECT s.id FROM subscription s WHERE s.job_id = ANY(ended)
    ) AS hearing;
    IF told IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM subscription WHERE id = ANY(told) ORDER BY id FOR UPDATE;
    moment := clock_timestamp();
    WITH heard AS (
        SELECT s.id, h.*, s.number + row_number() OVER (PARTITION BY s.id ORDER BY h.place) AS number,
               (SELECT name FROM unnest(h.events) WITH ORDINALITY AS e(name, place) WHERE name = ANY(s.events)
                ORDER BY e.place LIMIT 1) AS event
        FROM unnest(happened) WITH ORDINALITY AS h(queue_id, job_id, events, state, reasons, impressions, accepting, place)
        JOIN subscription s ON s.id = ANY(told)
            AND subscription_hears(s, ROW(h.queue_id, h.job_id, h.events, h.state, h.reasons, h.impressions, h.accepting)::happening)
        WHERE h.events <> ARRAY['job-progress']
           OR s.progress_at IS NULL OR s.progress_at <= moment - s.time_interval * interval '1 second'
    ), written AS (
        INSERT INTO notice (subscription_id, number, event, at, job_id, state, reasons, impressions, accepting)
        SELECT id, number, event, moment, job_id, state, reasons, impressions, accepting FROM heard
    ), counted AS (
        UPDATE subscription s SET
            number = last.number,
            progress_at = CASE WHEN last.progress THEN moment ELSE s.progress_at END
        FROM (SELECT id, max(number) AS number, bool_or(event = 'job-progress') AS progress FROM heard GROUP BY id) AS last
        WHERE s.id = last.id
        RETURNING s.id, s.number, s.keeps
    )
    DELETE FROM notice USING counted WHERE notice.subscription_id = counted.id AND notice.number <= counted.number - counted.keeps;
    UPDATE subscription SET ended_at = moment WHERE id = ANY(told) AND job_id = ANY(ended) AND ended_at IS NULL;
    PERFORM pg_notify('ippgate_notice', CASE WHEN cardinality(told) <= 500 THEN array_to_string(told, ' ') ELSE '' END);
END
$$;

-- Whether a queue passes jobs on to a device.
CREATE FUNCTION queue_has(q queue, which integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT q.mode = 'passthrough' AND CASE
        WHEN q.device_id IS NOT NULL THEN q.device_id = which
        ELSE EXISTS (SELECT FROM device_group_member WHERE group_id = q.group_id AND device_id = which) END
$$;

-- How a printer stands: what doors tell of it as printer-state, -state-reasons and -is-accepting-jobs. A paused queue is stopped
-- once what was being printed has ended; one that passes on stands as its devices do, of several as the best of them.
CREATE FUNCTION printer_stands(which integer, OUT state smallint, OUT reasons text[], OUT accepting boolean)
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT q.paused THEN coalesce(d.state, 3)
                WHEN EXISTS (SELECT FROM job WHERE queue_id = q.id AND state IN (5, 6)) THEN 4 ELSE 5 END::smallint,
           CASE WHEN q.paused THEN ARRAY[CASE WHEN EXISTS (SELECT FROM job WHERE queue_id = q.id AND state IN (5, 6))
                                              THEN 'moving-to-paused' ELSE 'paused' END] ELSE '{}' END
           || CASE WHEN q.holds_new_since IS NOT NULL THEN ARRAY['hold-new-jobs'] ELSE '{}' END
           || CASE WHEN d.devices = 1 OR d.state = 5 THEN
                  ARRAY(SELECT DISTINCT reason FROM device, unnest(device.reasons) AS reason
                        WHERE queue_has(q, device.id) AND reason <> 'none' ORDER BY reason)
              ELSE '{}' END,
           q.accepting
    FROM queue q CROSS JOIN LATERAL (
        SELECT count(*) AS devices, min(device.state) AS state FROM device WHERE queue_has(q, device.id)) AS d
    WHERE q.id = which
$$;

CREATE FUNCTION job_tells_its_birth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM subscription) THEN
        PERFORM notice_write(array_agg(ROW(queue_id, id, ARRAY['job-created', 'job-state-changed'], state, reasons,
                                           impressions, NULL)::happening ORDER BY id), '{}')
        FROM born;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER job_is_told_when_born AFTER INSERT ON job
    REFERENCING NEW TABLE AS born FOR EACH STATEMENT EXECUTE FUNCTION job_tells_its_birth();

-- A statement that changes nothing which anybody is told (a lease, a lane) costs one look at the table of subscriptions.
CREATE FUNCTION job_tells_its_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened happening[];
    ended integer[];
    left_device integer[];
BEGIN
    IF NOT EXISTS (SELECT FROM subscription) THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(CASE WHEN event.of_the_job
                         THEN ROW(job.queue_id, job.id, event.names, job.state, job.reasons, job.impressions, NULL)::happening
                         ELSE (SELECT ROW(job.queue_id, NULL, event.names, state, reasons, NULL, accepting)::happening
                               FROM printer_stands(job.queue_id)) END
                     ORDER BY job.id, event.place),
           array_agg(DISTINCT job.id) FILTER (WHERE job.state >= 7 AND was.state < 7),
           array_agg(DISTINCT job.queue_id) FILTER (WHERE was.state IN (5, 6) AND job.state NOT IN (5, 6))
    INTO happened, ended, left_device
    FROM after_it AS job JOIN before_it AS was USING (id)
    CROSS JOIN LATERAL (VALUES
        (1, true, ARRAY['job-config-changed'], (job.ticket, job.name, job.priority) IS DISTINCT FROM (was.ticket, was.name, was.priority)
            OR (job.state = was.state
                AND (job.hold_until, job.hold_until_time) IS DISTINCT FROM (was.hold_until, was.hold_until_time))),
        (2, false, ARRAY['printer-queue-order-changed'], job.state = was.state AND job.state = 3
            AND (job.priority, job.released_at) IS DISTINCT FROM (was.priority, was.released_at)),
        (3, true, ARRAY['job-progress'], job.impressions IS DISTINCT FROM was.impressions OR job.sheets IS DISTINCT FROM was.sheets),
        (4, true, ARRAY['job-fetchable'], 'job-fetchable' = ANY(job.reasons) AND NOT 'job-fetchable' = ANY(was.reasons)),
        (5, true, CASE WHEN job.state >= 7 AND was.state < 7 THEN ARRAY['job-completed', 'job-state-changed']
                       WHEN job.state = 6 AND was.state <> 6 THEN ARRAY['job-stopped', 'job-state-changed']
                       ELSE ARRAY['job-state-changed'] END,
            (job.state, job.reasons) IS DISTINCT FROM (was.state, was.reasons))
    ) AS event(place, of_the_job, names, happens)
    WHERE event.happens;
    IF left_device IS NOT NULL THEN
        happened := happened || queues_at_rest(left_device);
    END IF;
    IF happened IS NOT NULL THEN
        PERFORM notice_write(happened, coalesce(ended, '{}'));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER job_is_told_when_changed AFTER UPDATE ON job
    REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION job_tells_its_change();

-- Paused queues of these whose last job at a device has just ended: they are stopped now. Two that end at once take turns, so
-- that the second sees the first.
CREATE FUNCTION queues_at_rest(which integer[]) RETURNS happening[] LANGUAGE plpgsql AS $$
DECLARE
    resting happening[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ippgate queues at rest'), id) FROM queue WHERE paused AND id = ANY(which) ORDER BY id;
    IF FOUND THEN
        SELECT array_agg(ROW(queue.id, NULL, ARRAY['printer-stopped', 'printer-state-changed'], stands.state, stands.reasons, NULL,
                             stands.accepting)::happening ORDER BY queue.id)
        INTO resting FROM queue CROSS JOIN LATERAL printer_stands(queue.id) AS stands
        WHERE queue.paused AND queue.id = ANY(which) AND stands.state = 5;
    END IF;
    RETURN resting;
END
$$;

-- What operators change of a queue: its switches are its state, all the rest is its configuration.
CREATE FUNCTION queue_tells_its_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM subscription) THEN
        PERFORM notice_write(array_agg(ROW(queue.id, NULL, event.names, stands.state, stands.reasons, NULL, stands.accepting)::happening
                                       ORDER BY queue.id, event.place), '{}')
        FROM after_it AS queue JOIN before_it AS was USING (id)
        CROSS JOIN LATERAL printer_stands(queue.id) AS stands
        CROSS JOIN LATERAL (VALUES
            (1, ARRAY['printer-config-changed'], to_jsonb(queue) - ARRAY['paused', 'holds_new_since', 'accepting', 'changed_at']
                IS DISTINCT FROM to_jsonb(was) - ARRAY['paused', 'holds_new_since', 'accepting', 'changed_at']),
            (2, CASE WHEN queue.paused AND NOT was.paused AND stands.state = 5 THEN ARRAY['printer-stopped', 'printer-state-changed']
                     ELSE ARRAY['printer-state-changed'] END,
                (queue.paused, queue.holds_new_since IS NULL, queue.accepting)
                IS DISTINCT FROM (was.paused, was.holds_new_since IS NULL, was.accepting))
        ) AS event(place, names, happens)
        WHERE event.happens;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER queue_is_told_when_changed AFTER UPDATE ON queue
    REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION queue_tells_its_change();

-- A device that stops, or goes again, is the state of the queues that pass on to it, where it makes a difference to them.
CREATE FUNCTION device_tells_its_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM subscription) AND EXISTS (
        SELECT FROM after_it AS device JOIN before_it AS was USING (id)
        WHERE (device.state, device.reasons) IS DISTINCT FROM (was.state, was.reasons)
    ) THEN
        PERFORM notice_write(array_agg(ROW(queue.id, NULL, CASE WHEN stands.state = 5 AND devices.was <> 5 AND NOT queue.paused
                                                                THEN ARRAY['printer-stopped', 'printer-state-changed']
                                                                ELSE ARRAY['printer-state-changed'] END,
                                           stands.state, stands.reasons, NULL, stands.accepting)::happening ORDER BY queue.id), '{}')
        FROM queue CROSS JOIN LATERAL printer_stands(queue.id) AS stands
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, min(device.state) AS state, min(coalesce(was.state, device.state)) AS was,
                   coalesce(bool_or(was.reasons <> device.reasons), false) AS reasons_differ
            FROM device LEFT JOIN before_it AS was ON was.id = device.id WHERE queue_has(queue, device.id)
        ) AS devices
        WHERE devices.state <> devices.was OR (devices.reasons_differ AND (devices.number = 1 OR devices.state = 5));
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER device_is_told_when_changed AFTER UPDATE ON device
    REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION device_tells_its_change();

-- Make subscriptions of one person: of a queue, or of a job that has not ended (in the statement that makes the job, or later).
-- `wanted` is an array of objects with the columns' names; `most` bounds them per person, per job, per printer, and in all. As
-- many are made as there is room for, the first first; their ids are returned in that order. NULL: the job has ended.
CREATE FUNCTION subscribe(of_queue integer, of_job integer, by text, wanted jsonb, most integer[]) RETURNS integer[]
LANGUAGE plpgsql AS $$
DECLARE
    room bigint;
    made integer[];
BEGIN
    IF of_job IS NOT NULL THEN
        PERFORM FROM job WHERE id = of_job AND state < 7 FOR SHARE;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ippgate subscribe'));
    SELECT least(most[1] - count(*) FILTER (WHERE owner = by),
                 CASE WHEN of_job IS NULL THEN most[3] - count(*) FILTER (WHERE queue_id = of_queue AND job_id IS NULL)
                      ELSE most[2] - count(*) FILTER (WHERE job_id = of_job) END,
                 most[4] - count(*))
    INTO room FROM subscription;
    WITH new AS (
        INSERT INTO subscription (queue_id, job_id, owner, printer_uri, events, user_data, charset, language, time_interval, lease,
                                  until, keeps)
        SELECT of_queue, of_job, by, w.printer_uri, w.events, decode(w.user_data, 'hex'), w.charset, w.language, w.time_interval,
               w.lease, now() + w.lasts * interval '1 second', w.keeps
        FROM jsonb_array_elements(wanted) WITH ORDINALITY AS item(value, place)
        CROSS JOIN LATERAL jsonb_to_record(item.value) AS w(printer_uri text, events text[], user_data text, charset text,
            language text, time_interval integer, lease integer, lasts double precision, keeps integer)
        WHERE item.place <= room ORDER BY item.place
        RETURNING id
    )
    SELECT coalesce(array_agg(id ORDER BY id), '{}') INTO made FROM new;
    RETURN made;
END
$$;

-- The subscriptions that come with a job: they hear of its creation, which is told when the statement that makes both is over.
-- A CASE that looks for the word spares all other jobs the reading of JSON; here it is read, and may not be there after all.
CREATE FUNCTION subscribe_at_birth(of_queue integer, of_job integer, by text, told jsonb) RETURNS integer[]
LANGUAGE sql VOLATILE AS $$
    SELECT subscribe(of_queue, of_job, by, told -> 'wanted', ARRAY(SELECT n::integer FROM jsonb_array_elements_text(told -> 'most') AS n))
    WHERE told IS NOT NULL
$$;
