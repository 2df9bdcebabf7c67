-- Devices may be reached by LPD (RFC 1179), too.

ALTER TABLE device
    DROP CONSTRAINT device_uri_check,
    ADD CONSTRAINT device_uri_check CHECK (uri ~ '^(ipp|ipps|socket|lpd)://');
