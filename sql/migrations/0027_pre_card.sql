-- Cards by which people are known at devices, and codes by which they register one themselves.

CREATE TABLE card (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id    integer NOT NULL REFERENCES person ON DELETE CASCADE,
    digest       bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),   -- keyed hash of the number; never the number itself
    label        text NOT NULL CHECK (octet_length(label) <= 16),           -- the end of it, to tell cards apart
    created_at   timestamptz NOT NULL DEFAULT now(),
    seen_at      timestamptz                                                -- the last login with it
);
CREATE INDEX card_of_person ON card (person_id, id);

-- One for each person at most; it is gone when it is used.
CREATE TABLE card_code (
    person_id    integer PRIMARY KEY REFERENCES person ON DELETE CASCADE,
    digest       bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),   -- keyed hash of the code
    expires_at   timestamptz NOT NULL
);
