-- The house of a print gate: queues, devices, jobs, documents, attempts, and who works on what.
-- Times are the database's own clock throughout: workers on several machines need not agree on theirs.

CREATE TABLE device (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uuid         uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    name         text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
    uri          text NOT NULL CHECK (uri ~ '^(ipp|ipps|socket)://'),
    info         text NOT NULL DEFAULT '',
    location     text NOT NULL DEFAULT '',
    pjl          boolean NOT NULL DEFAULT false,
    resend_unknown boolean NOT NULL DEFAULT false,
    fingerprint  bytea CHECK (octet_length(fingerprint) = 32),
    -- what it said of itself when last asked
    state        smallint NOT NULL DEFAULT 3 CHECK (state IN (3, 4, 5)),
    reasons      text[] NOT NULL DEFAULT '{}',
    message      text NOT NULL DEFAULT '',
    accepting    boolean NOT NULL DEFAULT true,
    make_and_model text NOT NULL DEFAULT '',
    formats      text[] NOT NULL DEFAULT '{}',
    attributes   bytea,                 -- its printer attributes, as IPP
    probed_at    timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE queue (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uuid         uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    name         text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
    mode         text NOT NULL CHECK (mode IN ('release-printing', 'passthrough')),
    device_id    integer REFERENCES device ON DELETE RESTRICT,
    info         text NOT NULL DEFAULT '',
    location     text NOT NULL DEFAULT '',
    accepting    boolean NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    changed_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT passthrough_needs_a_device CHECK (mode <> 'passthrough' OR device_id IS NOT NULL)
);

-- A running worker. What it has leased is free for others once `until` has passed.
CREATE TABLE worker (
    id           uuid PRIMARY KEY,
    until        timestamptz NOT NULL,
    host         text NOT NULL,
    pid          integer NOT NULL
);

-- The law of states: the same table as ippgate/model/lifecycle.py. NULL: it cannot happen.
CREATE FUNCTION job_after(state smallint, event text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state
        WHEN 4 THEN CASE event WHEN 'release' THEN 3 WHEN 'cancel' THEN 7 WHEN 'abort' THEN 8 END
        WHEN 3 THEN CASE event WHEN 'hold' THEN 4 WHEN 'start' THEN 5 WHEN 'cancel' THEN 7 WHEN 'abort' THEN 8 END
        WHEN 5 THEN CASE event WHEN 'hold' THEN 4 WHEN 'retry' THEN 3 WHEN 'stop' THEN 6 WHEN 'complete' THEN 9
                               WHEN 'cancel' THEN 7 WHEN 'abort' THEN 8 END
        WHEN 6 THEN CASE event WHEN 'resume' THEN 5 WHEN 'hold' THEN 4 WHEN 'complete' THEN 9
                               WHEN 'cancel' THEN 7 WHEN 'abort' THEN 8 END
    END::smallint
$$;

-- The same law without its events, for the trigger that guards it: plain, so that it is inlined there.
CREATE FUNCTION job_may_move(old smallint, new smallint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE old
        WHEN 4 THEN new IN (3, 7, 8)
        WHEN 3 THEN new IN (4, 5, 7, 8)
        WHEN 5 THEN new IN (3, 4, 6, 7, 8, 9)
        WHEN 6 THEN new IN (4, 5, 7, 8, 9)
        ELSE false
    END
$$;

CREATE TABLE job (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,   -- IPP's job-id: integer(1:MAX)
    uuid         uuid NOT NULL UNIQUE,  -- drawn by the gate: an accept whose answer was lost is tried again by it
    queue_id     integer NOT NULL REFERENCES queue ON DELETE RESTRICT,
    owner        text NOT NULL CHECK (octet_length(owner) <= 255),
    name         text NOT NULL CHECK (octet_length(name) <= 255),
    host         text NOT NULL DEFAULT '',
    ticket       bytea NOT NULL,        -- msgpack: the job template attributes as accepted
    priority     smallint NOT NULL DEFAULT 50 CHECK (priority BETWEEN 1 AND 100),
    hold_until   text,
    state        smallint NOT NULL CHECK (state BETWEEN 3 AND 9),
    reasons      text[] NOT NULL DEFAULT '{}',
    message      text NOT NULL DEFAULT '',
    ready        boolean NOT NULL DEFAULT false,    -- a lane may take it once it is pending
    incoming_until timestamptz,         -- open for documents until then; NULL: closed
    arriving     oid,                   -- the object of the document that was begun last: whoever ends the job sees it here
    key          bytea,                 -- the job's key, wrapped; NULL: its documents can never be read again
    key_id       integer,               -- the master key that wraps it
    created_at   timestamptz NOT NULL DEFAULT now(),
    released_at  timestamptz,
    processing_at timestamptz,
    completed_at timestamptz,
    -- where it goes
    device_id    integer REFERENCES device ON DELETE RESTRICT,
    lease_worker uuid,                  -- who carries it; free again when that worker is gone
    lease        integer NOT NULL DEFAULT 0,    -- counts how often it was given to a carrier: a former one has no say
    edge         text CHECK (edge IN ('sending', 'accepted')),   -- how far this attempt has come for certain
    device_job_id integer,
    attempts     smallint NOT NULL DEFAULT 0,
    cancel_by    text CHECK (cancel_by IN ('user', 'operator')),    -- asked to cancel while at the device
    impressions  integer CHECK (impressions >= 0),
    sheets       integer CHECK (sheets >= 0),
    CONSTRAINT ended_has_a_time CHECK ((state >= 7) = (completed_at IS NOT NULL)),
    CONSTRAINT going_has_a_device CHECK (state NOT IN (3, 5, 6) OR device_id IS NOT NULL),
    CONSTRAINT carried_has_a_carrier CHECK (state NOT IN (5, 6) OR (lease_worker IS NOT NULL AND edge IS NOT NULL)),
    CONSTRAINT resting_has_no_carrier CHECK (state NOT IN (4, 7, 8, 9) OR (lease_worker IS NULL AND edge IS NULL)),
    CONSTRAINT ended_is_closed CHECK (state < 7 OR incoming_until IS NULL)
);

CREATE INDEX job_waiting_of_queue ON job (queue_id, id) WHERE state < 7;
CREATE INDEX job_waiting_of_owner ON job (owner, id) WHERE state < 7;
CREATE INDEX job_ended_of_queue ON job (queue_id, completed_at DESC, id DESC) WHERE state >= 7;
CREATE INDEX job_ended ON job (completed_at DESC, id DESC) WHERE state >= 7;
CREATE INDEX job_ended_of_owner ON job (owner, completed_at DESC, id DESC) WHERE state >= 7;
CREATE INDEX job_for_lane ON job (device_id, priority DESC, released_at, id)
    WHERE state = 3 AND ready AND lease_worker IS NULL;
CREATE INDEX job_leased ON job (lease_worker) WHERE lease_worker IS NOT NULL;
CREATE INDEX job_incoming ON job (incoming_until) WHERE incoming_until IS NOT NULL;

CREATE FUNCTION job_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'job % cannot go from state % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
END
$$;

CREATE TRIGGER job_keeps_the_law BEFORE UPDATE OF state ON job FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NOT job_may_move(OLD.state, NEW.state))
    EXECUTE FUNCTION job_refuse_move();

-- A document is one large object of sealed frames; the object and this row are made in one transaction.
CREATE TABLE document (
    job_id       integer NOT NULL REFERENCES job ON DELETE CASCADE,
    number       smallint NOT NULL CHECK (number >= 1),
    oid          oid,                   -- NULL: its bytes are gone
    format       text NOT NULL,
    name         text NOT NULL DEFAULT '',
    size         bigint CHECK (size >= 0),          -- octets as received; NULL while it arrives
    sha256       bytea CHECK (octet_length(sha256) = 32),
    PRIMARY KEY (job_id, number),
    CONSTRAINT complete_has_both CHECK ((size IS NULL) = (sha256 IS NULL))
);
CREATE UNIQUE INDEX document_object ON document (oid) WHERE oid IS NOT NULL;

-- Documents of ended jobs whose bytes wait to be unlinked, in batches, once they are due.
CREATE TABLE trash (
    oid          oid PRIMARY KEY,
    job_id       integer NOT NULL,
    due          timestamptz NOT NULL
);
CREATE INDEX trash_due ON trash (due);

-- Every delivery that was begun, and what came of it.
CREATE TABLE attempt (
    job_id       integer NOT NULL REFERENCES job ON DELETE CASCADE,
    number       smallint NOT NULL,
    device_id    integer NOT NULL REFERENCES device ON DELETE CASCADE,
    device_job_id integer,
    started_at   timestamptz NOT NULL,
    ended_at     timestamptz NOT NULL DEFAULT now(),
    outcome      text NOT NULL,         -- the event that ended it
    message      text NOT NULL DEFAULT '',
    impressions  integer,
    PRIMARY KEY (job_id, number)
);

-- Who serves a device's lane, and who does the gate's singular duties (sweeping, watching devices).
CREATE TABLE lane (
    device_id    integer PRIMARY KEY REFERENCES device ON DELETE CASCADE,
    worker       uuid NOT NULL
);
CREATE TABLE duty (
    name         text PRIMARY KEY,
    worker       uuid NOT NULL
);

CREATE FUNCTION worker_lives(who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM worker WHERE id = who AND until > now())
$$;

-- The gate's own facts: its uuid, the identity of the default queue.
CREATE TABLE setting (
    name         text PRIMARY KEY,
    value        text NOT NULL
);
