-- What a person wants of everything they send, where it does not say: a few job template attributes, packed as tickets are.

ALTER TABLE person ADD COLUMN preferences bytea CHECK (octet_length(preferences) <= 4096);     -- NULL: nothing
