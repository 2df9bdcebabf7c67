-- Stations: what stands at devices and speaks for the people there, an MFP's app or a terminal beside it.

CREATE TABLE station (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
    names_people boolean NOT NULL DEFAULT false,    -- whom it says to have authenticated is believed to be that person
    -- what proves it: a certificate whose key it has, or a secret, which is not stored
    certificate  bytea,                             -- DER
    fingerprint  bytea UNIQUE CHECK (fingerprint = sha256(certificate)),
    secret       bytea CHECK (octet_length(secret) = 48),   -- a key of 16 octets, and what BLAKE2b makes of the secret with it
    created_at   timestamptz NOT NULL DEFAULT now(),
    changed_at   timestamptz NOT NULL DEFAULT now(),    -- when it got its certificate or secret
    CONSTRAINT one_proof CHECK ((certificate IS NULL) <> (secret IS NULL)),
    CONSTRAINT certificate_is_found CHECK ((certificate IS NULL) = (fingerprint IS NULL))
);

-- At which devices a station is believed.
CREATE TABLE station_device (
    station_id   integer NOT NULL REFERENCES station ON DELETE CASCADE,
    device_id    integer NOT NULL REFERENCES device ON DELETE RESTRICT,
    PRIMARY KEY (station_id, device_id)
);
CREATE INDEX station_of_device ON station_device (device_id);
