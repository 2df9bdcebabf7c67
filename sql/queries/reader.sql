-- name: reader_list
SELECT * FROM reader ORDER BY name;

-- name: reader_find
SELECT * FROM reader WHERE name = $1;

-- name: reader_of_certificate
SELECT * FROM reader WHERE fingerprint = $1;

-- name: reader_certificates
SELECT certificate FROM reader WHERE certificate IS NOT NULL;

-- name: reader_add
INSERT INTO reader (name, device_id, station_id, profile, secret, certificate, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, sha256($6))
RETURNING reader.*, pg_notify('ippgate_reader', name) AS woken;

-- name: reader_set
UPDATE reader SET device_id = $2, station_id = $3, profile = $4 WHERE name = $1 RETURNING *;

-- name: reader_renew
-- What it had is worth nothing from now on, and it counts its taps anew.
UPDATE reader SET secret = $2, certificate = $3, fingerprint = sha256($3), sequence = 0, visit = visit + 1, changed_at = now() WHERE name = $1
RETURNING reader.*, pg_notify('ippgate_reader', name) AS woken;

-- name: reader_remove
DELETE FROM reader WHERE name = $1 RETURNING id, pg_notify('ippgate_reader', name) AS woken;

-- name: reader_visit
-- It has connected: what it said before on another connection is over. No row: its token was renewed a moment ago.
UPDATE reader SET visit = visit + 1, seen_at = now() WHERE id = $1 AND changed_at = $2 RETURNING *;

-- name: reader_advance
-- A tap counts once, and only while the reader has this token and no other connection. No row: one of these is not so.
UPDATE reader SET sequence = $3, seen_at = now()
WHERE id = $1 AND changed_at = $2 AND sequence < $3 AND ($4::bigint IS NULL OR visit = $4) RETURNING *;
