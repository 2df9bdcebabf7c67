-- What documents were found to be, and what rules made of jobs.

-- msgpack of ippgate.model.facts; NULL: nobody has looked yet.
ALTER TABLE document ADD COLUMN facts bytea;
CREATE INDEX document_to_examine ON document (job_id, number) WHERE facts IS NULL AND size IS NOT NULL AND oid IS NOT NULL;

-- What rules decided of a job and why: on its arrival, and whenever it was released.
CREATE TABLE decision (
    job_id       integer NOT NULL REFERENCES job ON DELETE CASCADE,
    stage        text NOT NULL CHECK (stage IN ('arrival', 'release')),
    decided_at   timestamptz NOT NULL DEFAULT now(),
    decision     bytea NOT NULL,        -- msgpack of ippgate.policy's decision
    PRIMARY KEY (job_id, stage)         -- of several releases the last one counts
);

ALTER TABLE job
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN judged boolean NOT NULL DEFAULT true,    -- false: rules wait for its document; it goes nowhere before
    ADD COLUMN ruled boolean NOT NULL DEFAULT false,    -- a decision is kept
    ADD COLUMN expires_at timestamptz;  -- a job that still waits then is given up; NULL: it waits for ever
CREATE INDEX job_expiring ON job (expires_at) WHERE expires_at IS NOT NULL AND state IN (3, 4);
