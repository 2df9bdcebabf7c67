-- A job's document as it was converted for its device: a large object of its own, beside the document's.
-- It stands in the job's row, which every event of the job locks: so whoever ends a job sees the object, however new it is.

ALTER TABLE job
    ADD COLUMN rendition oid,               -- NULL: there is none (any more)
    ADD COLUMN rendition_format text,       -- what the document was converted to
    ADD COLUMN rendition_sheet text,        -- what it was laid out for: of another sheet, another rendition
    ADD COLUMN rendition_size bigint CHECK (rendition_size >= 0),    -- octets; NULL: it is not whole
    ADD COLUMN rendition_sha256 bytea CHECK (octet_length(rendition_sha256) = 32),
    ADD CONSTRAINT rendition_is_of_a_kind CHECK (rendition IS NULL OR (rendition_format IS NOT NULL AND rendition_sheet IS NOT NULL)),
    ADD CONSTRAINT whole_rendition_has_both CHECK ((rendition_size IS NULL) = (rendition_sha256 IS NULL));
CREATE UNIQUE INDEX job_rendition ON job (rendition) WHERE rendition IS NOT NULL;

-- NULL: a rendition; a job's key goes with its documents.
ALTER TABLE trash ALTER COLUMN job_id DROP NOT NULL;
