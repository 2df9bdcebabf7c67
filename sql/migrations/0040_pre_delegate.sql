-- Delegates: people who may see and release what another holds; and who released a job.

CREATE TABLE delegate (
    person   text NOT NULL REFERENCES person (name) ON DELETE CASCADE,    -- whose jobs they are
    delegate text NOT NULL REFERENCES person (name) ON DELETE CASCADE,    -- who may see and release them
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person, delegate),
    CONSTRAINT nobody_is_their_own CHECK (person <> delegate)
);
CREATE INDEX delegate_of ON delegate (delegate, person);

-- Every worker has in mind for whom somebody stands: to it that is a change of the delegate.
CREATE FUNCTION delegate_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE person SET revision = nextval('person_revision') WHERE name = CASE TG_OP WHEN 'DELETE' THEN OLD.delegate ELSE NEW.delegate END;
    RETURN NULL;
END
$$;
CREATE TRIGGER delegate_is_told AFTER INSERT OR DELETE ON delegate FOR EACH ROW EXECUTE FUNCTION delegate_told();

ALTER TABLE job ADD COLUMN released_by text;        -- who released it last, its owner or another; NULL: nobody did
ALTER TABLE attempt ADD COLUMN released_by text;    -- who had released it
