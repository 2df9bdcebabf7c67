-- Jobs that are kept to be printed again (job-storage, PWG 5100.11-2024).

ALTER TABLE job
    ADD COLUMN storage text CHECK (storage IN ('print-and-store', 'store-only')),
    ADD COLUMN storage_access text CHECK (storage_access IN ('owner', 'group', 'public')),
    ADD COLUMN storage_group text CHECK (storage_group <> '' AND octet_length(storage_group) <= 255),
    ADD COLUMN stored boolean NOT NULL DEFAULT false,   -- it has ended, and is here to be printed again
    ADD CONSTRAINT stored_for_somebody CHECK ((storage IS NULL) = (storage_access IS NULL)),
    ADD CONSTRAINT stored_for_a_group CHECK ((storage_access IS NOT DISTINCT FROM 'group') = (storage_group IS NOT NULL)),
    ADD CONSTRAINT stored_has_ended CHECK (NOT stored OR (state = 9 AND storage IS NOT NULL AND key IS NOT NULL)),
    ADD CONSTRAINT only_stored_goes_nowhere CHECK (storage IS DISTINCT FROM 'store-only' OR state IN (4, 7, 8, 9));

CREATE INDEX job_stored ON job (storage_access, completed_at DESC, id DESC) WHERE stored;
CREATE INDEX job_storing ON job (id) WHERE storage = 'store-only' AND state = 4;

ALTER TYPE job_rare
    ADD ATTRIBUTE storage text,
    ADD ATTRIBUTE storage_access text,
    ADD ATTRIBUTE storage_group text;

-- A job without its key is no longer stored, whoever takes that.
CREATE FUNCTION job_forget_storage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.stored := false;
    NEW.reasons := array_remove(NEW.reasons, 'job-stored');
    RETURN NEW;
END
$$;
CREATE TRIGGER job_storage_ends_with_the_key BEFORE UPDATE OF key ON job FOR EACH ROW
    WHEN (NEW.key IS NULL AND NEW.stored) EXECUTE FUNCTION job_forget_storage();

-- The law of states once more: a held job may be stored, which ends it.
CREATE OR REPLACE FUNCTION job_after(state smallint, event text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state
        WHEN 4 THEN CASE event WHEN 'release' THEN 3 WHEN 'store' THEN 9 WHEN 'cancel' THEN 7 WHEN 'abort' THEN 8 END
        WHEN 3 THEN CASE event WHEN 'hold' THEN 4 WHEN 'start' THEN 5 WHEN 'cancel' THEN 7 WHEN 'abort' THEN 8 END
        WHEN 5 THEN CASE event WHEN 'hold' THEN 4 WHEN 'retry' THEN 3 WHEN 'stop' THEN 6 WHEN 'complete' THEN 9
                               WHEN 'cancel' THEN 7 WHEN 'abort' THEN 8 END
        WHEN 6 THEN CASE event WHEN 'resume' THEN 5 WHEN 'hold' THEN 4 WHEN 'complete' THEN 9
                               WHEN 'cancel' THEN 7 WHEN 'abort' THEN 8 END
    END::smallint
$$;

CREATE OR REPLACE FUNCTION job_may_move(old smallint, new smallint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE old
        WHEN 4 THEN new IN (3, 7, 8, 9)
        WHEN 3 THEN new IN (4, 5, 7, 8)
        WHEN 5 THEN new IN (3, 4, 6, 7, 8, 9)
        WHEN 6 THEN new IN (4, 5, 7, 8, 9)
        ELSE false
    END
$$;
