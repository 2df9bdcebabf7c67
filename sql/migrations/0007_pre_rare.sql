-- What few jobs have when they are made, as the statements that make them are told it: one JSON value for all of it.

CREATE TYPE job_rare AS (
    hold_until   text,
    message      text,
    tags         text[],
    waits_for    double precision   -- seconds
);
