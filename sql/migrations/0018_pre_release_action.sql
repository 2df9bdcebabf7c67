-- How a job is released (job-release-action, PWG 5100.11-2024): the action, the password, and how often one was wrong.

ALTER TABLE job
    ADD COLUMN release_action text CHECK (release_action IN ('button-press', 'job-password', 'owner-authorized')),
    ADD COLUMN password bytea,                              -- algorithm and octets, sealed with the job's key
    ADD COLUMN wrong_passwords smallint NOT NULL DEFAULT 0 CHECK (wrong_passwords >= 0),
    ADD COLUMN password_again_at timestamptz,               -- nobody may try before; NULL: at once
    ADD CONSTRAINT password_has_its_action CHECK (password IS NULL OR release_action IS NOT DISTINCT FROM 'job-password'),
    ADD CONSTRAINT password_has_its_key CHECK (password IS NULL OR key IS NOT NULL);

-- A job's password goes in the moment its key goes, whoever takes that.
CREATE FUNCTION job_forget_password() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.password := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER job_password_goes_with_the_key BEFORE UPDATE OF key ON job FOR EACH ROW
    WHEN (NEW.key IS NULL AND NEW.password IS NOT NULL) EXECUTE FUNCTION job_forget_password();

-- Why a job with an action is held: the same as action_reasons in ippgate/model/release_action.py.
CREATE FUNCTION action_reasons(action text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE action
        WHEN 'button-press' THEN ARRAY['job-held-for-button-press', 'job-held-for-release']
        WHEN 'job-password' THEN ARRAY['job-password-wait', 'job-held-for-release']
        WHEN 'owner-authorized' THEN ARRAY['job-held-for-authorization', 'job-held-for-release']
        ELSE ARRAY[]::text[]
    END
$$;

-- Who has offered wrong passwords: a source may fail so often at once, then once a minute, whatever jobs it tries.
CREATE TABLE password_guesser (
    source       text PRIMARY KEY CHECK (octet_length(source) BETWEEN 1 AND 255),
    busy_until   timestamptz NOT NULL       -- each failure pushes it on; once it has passed the source is as good as new
);
CREATE INDEX password_guesser_past ON password_guesser (busy_until);

-- What a queue asks for where a job says nothing is never a password: nobody would know it.
ALTER TABLE queue ADD CONSTRAINT default_action_is_no_password CHECK (options ->> 'release_action' IS DISTINCT FROM 'job-password');

ALTER TYPE job_rare
    ADD ATTRIBUTE release_action text,
    ADD ATTRIBUTE password text;            -- sealed; in hex
