-- What operators say of a queue over IPP (Set-Printer-Attributes, RFC 3380), and what its jobs are printed with when they
-- do not say.

ALTER TABLE queue
    ADD COLUMN geo_location text NOT NULL DEFAULT '' CHECK (geo_location = '' OR geo_location LIKE 'geo:%' AND octet_length(geo_location) <= 1023),
    ADD COLUMN organization text NOT NULL DEFAULT '' CHECK (octet_length(organization) <= 1023),
    ADD COLUMN organizational_unit text NOT NULL DEFAULT '' CHECK (octet_length(organizational_unit) <= 1023),
    ADD COLUMN message text NOT NULL DEFAULT '' CHECK (octet_length(message) <= 127),           -- printer-message-from-operator
    ADD COLUMN contact_name text NOT NULL DEFAULT '' CHECK (octet_length(contact_name) <= 255),
    ADD COLUMN contact_uri text NOT NULL DEFAULT '' CHECK (octet_length(contact_uri) <= 1023),
    ADD COLUMN defaults bytea;      -- a ticket: what is put into one that does not say; NULL: nothing
