-- name: tuning_embedded
-- The embedded server is the gate's own: its large objects hold sealed frames, which no compression makes smaller, and
-- PostgreSQL would try on every 2 KiB page, at half the cost of storing a document. Only how new pages are made changes.
DO $$
BEGIN
    IF (SELECT attstorage FROM pg_attribute WHERE attrelid = 'pg_largeobject'::regclass AND attname = 'data') <> 'e' THEN
        SET LOCAL allow_system_table_mods = on;
        ALTER TABLE pg_largeobject ALTER COLUMN data SET STORAGE EXTERNAL;
    END IF;
END
$$;

-- name: tuning_session
-- The same waste on an external server: where it knows lz4, its try costs a tenth.
SELECT set_config(name, 'lz4', false) FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals);

-- name: tuning_types
-- The kinds of arrays that statements take, named once: a new connection learns about them here, not under way.
SELECT $1::integer[], $2::smallint[], $3::text[], $4::bytea[], $5::uuid[], $6::bigint[], $7::boolean[];
