-- name: migration_lock
-- One migration at a time on a database; the session keeps the lock.
SELECT pg_advisory_lock(hashtext('ippgate migration'));

-- name: migration_unlock
SELECT pg_advisory_unlock(hashtext('ippgate migration'));

-- name: migration_ledger
-- The one table that must exist before any migration is read.
CREATE TABLE IF NOT EXISTS schema_migration (
    number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());

-- name: migration_ledger_exists
SELECT to_regclass('schema_migration') IS NOT NULL;

-- name: migration_applied
SELECT number, name, checksum FROM schema_migration ORDER BY number;

-- name: migration_record
INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3);

-- name: server_version
SELECT current_setting('server_version_num')::integer / 10000;
