-- Printer URIs with a secret part, for clients that cannot say who they are.

CREATE TABLE private_uri (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue_id     integer NOT NULL REFERENCES queue ON DELETE CASCADE,
    digest       bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),  -- keyed hash of the secret; never the secret itself
    person       text CHECK (octet_length(person) BETWEEN 1 AND 255),      -- whose jobs come by it
    workstation  text CHECK (octet_length(workstation) BETWEEN 1 AND 255), -- or from where, whoever's they are
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT a_person_or_a_workstation CHECK ((person IS NULL) <> (workstation IS NULL))
);
CREATE INDEX private_uri_of_queue ON private_uri (queue_id, id);
