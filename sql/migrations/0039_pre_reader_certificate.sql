-- A reader is known by a token, or by a client's certificate.

ALTER TABLE reader
    ADD COLUMN certificate bytea,                                               -- DER
    ADD COLUMN fingerprint bytea UNIQUE CHECK (fingerprint = sha256(certificate)),
    ALTER COLUMN secret DROP NOT NULL,
    ADD CONSTRAINT reader_has_one_proof CHECK ((certificate IS NULL) <> (secret IS NULL)),
    ADD CONSTRAINT reader_certificate_is_found CHECK ((certificate IS NULL) = (fingerprint IS NULL));
