-- Operators' accounts; what operators ask of a queue; holds that end by themselves.

CREATE TABLE operator (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
    password     text NOT NULL CHECK (password LIKE '$argon2id$%'),     -- never the password itself
    created_at   timestamptz NOT NULL DEFAULT now(),
    changed_at   timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE queue
    ADD COLUMN paused boolean NOT NULL DEFAULT false,   -- lanes take none of its jobs (Pause-Printer)
    ADD COLUMN holds_new_since timestamptz;             -- jobs made since then wait (Hold-New-Jobs); NULL: they do not

-- The moment at which a hold with a time of day ends (job-hold-until as CUPS's clients write it: HH:MM or HH:MM:SS, UTC):
-- the next one of that name. NULL for every other hold.
CREATE FUNCTION hold_ends(hold_until text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN hold_until ~ '^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$' THEN
        (SELECT CASE WHEN today > now() THEN today ELSE today + interval '24 hours' END
         FROM (SELECT (date_trunc('day', now() AT TIME ZONE 'UTC') + hold_until::interval) AT TIME ZONE 'UTC') AS t(today))
    END
$$;

ALTER TABLE job ADD COLUMN hold_until_time timestamptz;
CREATE INDEX job_held_until ON job (hold_until_time) WHERE state = 4 AND hold_until_time IS NOT NULL;

CREATE FUNCTION job_time_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.hold_until_time := hold_ends(NEW.hold_until);
    RETURN NEW;
END
$$;
CREATE TRIGGER job_is_born_with_a_hold BEFORE INSERT ON job FOR EACH ROW
    WHEN (NEW.hold_until IS NOT NULL) EXECUTE FUNCTION job_time_hold();
CREATE TRIGGER job_hold_changes BEFORE UPDATE OF hold_until ON job FOR EACH ROW
    WHEN (NEW.hold_until IS DISTINCT FROM OLD.hold_until) EXECUTE FUNCTION job_time_hold();
