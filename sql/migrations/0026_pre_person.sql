-- People: those whose jobs the gate holds, as operators or a directory know them.

CREATE SEQUENCE person_revision;

CREATE TABLE person (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE CHECK (name <> '' AND octet_length(name) <= 255),     -- the owner name of their jobs
    full_name    text NOT NULL DEFAULT '' CHECK (octet_length(full_name) <= 255),
    email        text NOT NULL DEFAULT '' CHECK (octet_length(email) <= 254),
    department   text NOT NULL DEFAULT '' CHECK (octet_length(department) <= 255),
    cost_center  text NOT NULL DEFAULT '' CHECK (octet_length(cost_center) <= 255),
    language     text NOT NULL DEFAULT '' CHECK (octet_length(language) <= 63),
    groups       text[] NOT NULL DEFAULT '{}' CHECK (cardinality(groups) <= 512),
    source       text NOT NULL DEFAULT 'local' CHECK (source IN ('local', 'directory')),
    active       boolean NOT NULL DEFAULT true,         -- who is not is shut out
    auto_release boolean NOT NULL DEFAULT false,        -- a login at a device prints all that waits
    password     text CHECK (password LIKE '$argon2id$%'),                  -- never the password itself
    pin          bytea UNIQUE CHECK (octet_length(pin) = 32),               -- keyed hash of the PIN
    created_at   timestamptz NOT NULL DEFAULT now(),
    seen_at      timestamptz,                           -- the last login
    revision     bigint NOT NULL DEFAULT nextval('person_revision')         -- another one whenever rules see somebody else
);
ALTER SEQUENCE person_revision OWNED BY person.revision;

-- Every worker has in mind what rules may know of people; each change of it is told by the name.
CREATE FUNCTION person_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('ippgate_person', CASE TG_OP WHEN 'DELETE' THEN OLD.name ELSE NEW.name END);
    RETURN NULL;
END
$$;
CREATE TRIGGER person_is_told AFTER INSERT OR DELETE OR UPDATE OF revision ON person FOR EACH ROW EXECUTE FUNCTION person_told();
