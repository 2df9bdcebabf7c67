-- A release that is asked for with a key happens once, however often it is asked for; and devices where a login prints all that waits.

CREATE TABLE release_key (
    person      text NOT NULL,              -- who released
    job_id      integer NOT NULL REFERENCES job ON DELETE CASCADE,
    key         text NOT NULL CHECK (key <> '' AND octet_length(key) <= 255),    -- as their client says it
    released_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (job_id, person, key)
);
CREATE INDEX release_key_age ON release_key (released_at);

ALTER TABLE device ADD COLUMN auto_release boolean NOT NULL DEFAULT false;     -- whoever logs in there prints all that waits for them
