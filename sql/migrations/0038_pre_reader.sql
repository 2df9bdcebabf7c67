-- Card readers on the network: each at one device, and known by a token of its own.

CREATE TABLE reader (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
    device_id    integer NOT NULL REFERENCES device ON DELETE RESTRICT,
    station_id   integer REFERENCES station ON DELETE CASCADE,      -- whose page is told of a tap; none: it stands alone, and all is printed
    profile      text NOT NULL DEFAULT '' CHECK (octet_length(profile) <= 400),     -- how it writes numbers; empty: as the device says
    secret       bytea NOT NULL CHECK (octet_length(secret) = 48),  -- a key of 16 octets, and what BLAKE2b makes of the token with it
    sequence     bigint NOT NULL DEFAULT 0 CHECK (sequence >= 0),   -- of its last tap: the next one has a higher one
    visit        bigint NOT NULL DEFAULT 0,                         -- counts its connections: the last one is good
    created_at   timestamptz NOT NULL DEFAULT now(),
    changed_at   timestamptz NOT NULL DEFAULT now(),                -- when it got its token
    seen_at      timestamptz                                        -- its last connection or tap
);
CREATE INDEX reader_of_device ON reader (device_id);
CREATE INDEX reader_of_station ON reader (station_id) WHERE station_id IS NOT NULL;
