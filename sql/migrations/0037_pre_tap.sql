-- Cards that were tapped at a moment, and wait for the page of their station: one for each station and device.

CREATE TABLE tap (
    station_id   integer NOT NULL REFERENCES station ON DELETE CASCADE,
    device_id    integer NOT NULL REFERENCES device ON DELETE CASCADE,
    handover     text NOT NULL CHECK (octet_length(handover) = 32),     -- what the station asks for it by, with its own credential
    kind         text NOT NULL CHECK (kind IN ('login', 'pin', 'unknown', 'refused')),
    person_id    integer REFERENCES person ON DELETE CASCADE,           -- who it is
    digest       bytea CHECK (octet_length(digest) = 32),               -- keyed hash of the card's number, where something is still to be said
    label        text NOT NULL DEFAULT '' CHECK (octet_length(label) <= 16),
    words        text NOT NULL DEFAULT '' CHECK (octet_length(words) <= 1000),  -- why not
    told         boolean NOT NULL DEFAULT false,                        -- the page knows of it
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (station_id, device_id),
    CONSTRAINT says_who CHECK ((kind = 'login') = (person_id IS NOT NULL)),
    CONSTRAINT says_which CHECK ((kind IN ('pin', 'unknown')) = (digest IS NOT NULL))
);
CREATE INDEX tap_of_person ON tap (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX tap_of_device ON tap (device_id);
