-- Held jobs expire: since when they wait, and which of those that ended did so because nobody came for them.

ALTER TABLE job
    ADD COLUMN waits_since timestamptz,         -- it was held again, or its hold has ended; NULL: since it was made
    ADD COLUMN expired boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT what_expired_is_cancelled CHECK (NOT expired OR state = 7);

CREATE INDEX job_held_since ON job (queue_id, (greatest(coalesce(waits_since, created_at), hold_until_time)))
    WHERE state = 4 AND expires_at IS NULL AND incoming_until IS NULL;
CREATE INDEX job_expired_of_owner ON job (owner, completed_at) WHERE expired;
