-- Whose a job is: other names of owners, what clients said, and jobs that wait until somebody claims them.

CREATE TABLE owner_alias (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL CHECK (name <> '' AND octet_length(name) <= 255),       -- '*': every name that names nobody
    owner        text NOT NULL CHECK (owner <> '' AND octet_length(owner) <= 255),
    network      text NOT NULL DEFAULT '' CHECK (CASE network WHEN '' THEN true ELSE network::cidr IS NOT NULL END),
    queue_id     integer REFERENCES queue ON DELETE CASCADE,        -- NULL: in all queues
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (name, network, queue_id)
);

ALTER TABLE job
    ADD COLUMN said text CHECK (said <> '' AND octet_length(said) <= 255),  -- requesting-user-name, where it is not the owner
    ADD COLUMN unclaimed boolean NOT NULL DEFAULT false,    -- nobody knows whose it is: it goes nowhere before it is claimed
    ADD CONSTRAINT unclaimed_goes_nowhere CHECK (NOT unclaimed OR state IN (4, 7, 8));

ALTER TYPE job_rare ADD ATTRIBUTE said text, ADD ATTRIBUTE unclaimed boolean;
