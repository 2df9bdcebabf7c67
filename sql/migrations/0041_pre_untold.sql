-- What happened to a job without its owner's doing is told to them when they log in next, once.

ALTER TABLE job ADD COLUMN untold boolean NOT NULL DEFAULT false;   -- it expired, was aborted, or was held again, and they were not told
CREATE INDEX job_untold ON job (owner, id) WHERE untold;
