-- Codes by which stations are enrolled: whoever brings one becomes that station.

CREATE TABLE station_code (
    name         text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),    -- the station's, which may not be there yet
    digest       bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),           -- keyed hash of the code; never the code itself
    devices      integer[] CHECK (cardinality(devices) BETWEEN 1 AND 1000),         -- where it will stand; none: where it stands
    names_people boolean,                                                           -- none: as it is
    expires_at   timestamptz NOT NULL
);
