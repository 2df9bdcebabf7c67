-- Jobs of several documents: each is cancelled, and comes out, by itself.

ALTER TABLE job
    ADD COLUMN edition integer NOT NULL DEFAULT 0,  -- counts documents that came or went one by one; 0 or 1: it has its first alone
    ADD COLUMN sending smallint,        -- the document that alone is at the device; NULL: all that are left are
    ADD COLUMN impressions_before integer CHECK (impressions_before >= 0),  -- of documents that came out by themselves
    ADD COLUMN sheets_before integer CHECK (sheets_before >= 0),
    ADD CONSTRAINT sends_at_the_device CHECK (sending IS NULL OR state IN (5, 6));

ALTER TABLE document
    ADD COLUMN created_at timestamptz,  -- NULL: it came with its job
    ADD COLUMN canceled_at timestamptz, -- it is not printed; NULL: it was not cancelled
    ADD COLUMN printed smallint NOT NULL DEFAULT 0 CHECK (printed >= 0),    -- how often it came out while others of its job were left
    ADD CONSTRAINT canceled_has_no_bytes CHECK (canceled_at IS NULL OR (oid IS NULL AND size IS NOT NULL));
