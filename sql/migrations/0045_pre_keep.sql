-- Print and keep: a job that is held again once it is printed.

ALTER TABLE job ADD COLUMN keeps boolean NOT NULL DEFAULT false;   -- its present release leaves it held
