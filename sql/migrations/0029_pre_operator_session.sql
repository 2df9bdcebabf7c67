-- Operators log in at the pages too: a session is a person's or an operator's.

ALTER TABLE session
    DROP CONSTRAINT session_kind_check,
    ADD CONSTRAINT session_kind_check CHECK (kind IN ('panel', 'portal', 'api', 'admin')),
    ALTER COLUMN person_id DROP NOT NULL,
    ADD COLUMN operator_id integer REFERENCES operator ON DELETE CASCADE,
    ADD CONSTRAINT is_somebodys CHECK (CASE WHEN kind = 'admin' THEN operator_id IS NOT NULL AND person_id IS NULL
                                            ELSE person_id IS NOT NULL AND operator_id IS NULL END);
CREATE INDEX session_of_operator ON session (operator_id, seen_at) WHERE operator_id IS NOT NULL;

-- Who gets another password is logged in nowhere.
CREATE FUNCTION operator_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM session WHERE operator_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER operator_is_logged_out AFTER UPDATE OF password ON operator FOR EACH ROW
    WHEN (OLD.password IS DISTINCT FROM NEW.password) EXECUTE FUNCTION operator_leaves();
