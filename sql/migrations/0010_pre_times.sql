-- Until when: holds that end at a moment, output that is delayed, ended jobs that are retained, time at a device that is bounded.
-- The moments are reckoned where calendars are known (ippgate/model/until.py); a database compares them with its clock.

ALTER TABLE job
    ADD COLUMN held_until text,                 -- until when it was last held, in words; NULL: it never was
    ADD COLUMN delay_until timestamptz,         -- no lane takes it before
    ADD COLUMN retain text CHECK (retain IN ('end-of-day', 'end-of-week', 'end-of-month', 'indefinite')),
    ADD COLUMN retain_seconds integer CHECK (retain_seconds >= 0),     -- from its end on
    ADD COLUMN retain_until timestamptz,        -- as it was asked for; of an ended job: how long its documents stay
    ADD COLUMN cancel_after integer CHECK (cancel_after > 0),          -- seconds of processing
    ADD COLUMN cancel_due timestamptz,          -- while it is processing: when these are over
    ADD COLUMN cancel_left interval,            -- while its device has stopped: what is left of them
    ADD CONSTRAINT one_way_to_be_retained CHECK (state >= 7 OR num_nonnulls(retain, retain_seconds, retain_until) <= 1),
    ADD CONSTRAINT only_processing_is_timed CHECK (cancel_due IS NULL OR state = 5),
    ADD CONSTRAINT only_a_stop_leaves_time CHECK (cancel_left IS NULL OR state = 6),
    DROP CONSTRAINT job_cancel_by_check,
    ADD CONSTRAINT job_cancel_by_check CHECK (cancel_by IN ('user', 'operator', 'timeout'));

CREATE INDEX job_for_lane_at_once ON job (device_id, priority DESC, released_at, id)
    WHERE state = 3 AND ready AND lease_worker IS NULL AND delay_until IS NULL;
CREATE INDEX job_delayed ON job (delay_until) WHERE delay_until IS NOT NULL;
CREATE INDEX job_timed ON job (cancel_due) WHERE cancel_due IS NOT NULL;

ALTER TYPE job_rare
    ADD ATTRIBUTE hold_ends timestamptz,
    ADD ATTRIBUTE held_until text,
    ADD ATTRIBUTE delay_until timestamptz,
    ADD ATTRIBUTE retain text,
    ADD ATTRIBUTE retain_seconds integer,
    ADD ATTRIBUTE retain_until timestamptz,
    ADD ATTRIBUTE cancel_after integer;

-- Workers of the former version leave the end of a hold to the database; while some are left, it is reckoned for them.
CREATE OR REPLACE FUNCTION job_time_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.hold_until_time IS NULL OR (TG_OP = 'UPDATE' AND NEW.hold_until_time IS NOT DISTINCT FROM OLD.hold_until_time) THEN
        NEW.hold_until_time := hold_ends(NEW.hold_until);
    END IF;
    RETURN NEW;
END
$$;
