-- Devices in groups, queues that point to a group, what a queue advertises, and what a release has changed of a ticket.

CREATE TABLE device_group (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uuid         uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    name         text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
    info         text NOT NULL DEFAULT '',
    location     text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE device_group_member (
    group_id     integer NOT NULL REFERENCES device_group ON DELETE CASCADE,
    device_id    integer NOT NULL REFERENCES device ON DELETE RESTRICT,
    PRIMARY KEY (group_id, device_id)
);

-- A queue's devices: one, those of a group, or (neither) all.
ALTER TABLE queue
    ADD COLUMN group_id integer REFERENCES device_group ON DELETE RESTRICT,
    ADD COLUMN capabilities text NOT NULL DEFAULT 'safe' CHECK (capabilities IN ('safe', 'intersection', 'union')),
    ADD CONSTRAINT one_device_or_one_group CHECK (device_id IS NULL OR group_id IS NULL),
    ADD CONSTRAINT passthrough_needs_a_target CHECK (mode <> 'passthrough' OR device_id IS NOT NULL OR group_id IS NOT NULL),
    DROP CONSTRAINT passthrough_needs_a_device;

-- The ticket as its owner left it, while a release has bound another in its place; NULL: the ticket is that.
ALTER TABLE job
    ADD COLUMN unbound bytea,
    ADD CONSTRAINT held_is_unbound CHECK (state <> 4 OR unbound IS NULL);
