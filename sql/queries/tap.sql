-- name: tap_set
-- In place of the one before; what is over goes. No row: whoever it is has been removed.
WITH over AS (
    DELETE FROM tap WHERE expires_at < now() AND (station_id, device_id) <> ($1, $2)
)
INSERT INTO tap (station_id, device_id, handover, kind, person_id, digest, label, words, expires_at)
SELECT $1, $2, $3, $4, (SELECT id FROM person WHERE name = $5), $6, $7, $8, now() + make_interval(secs => $9)
WHERE $5::text IS NULL OR EXISTS (SELECT FROM person WHERE name = $5)
ON CONFLICT (station_id, device_id) DO UPDATE SET
    handover = excluded.handover, kind = excluded.kind, person_id = excluded.person_id, digest = excluded.digest, label = excluded.label,
    words = excluded.words, told = false, expires_at = excluded.expires_at
RETURNING pg_notify('ippgate_tap', station_id::text) AS woken, station_id;

-- name: tap_fetch
-- The one that the page does not know of yet. Where somebody is to type something, it is good for so much longer.
UPDATE tap SET told = true, expires_at = CASE WHEN digest IS NULL THEN expires_at ELSE now() + make_interval(secs => $3) END
WHERE station_id = $1 AND device_id = $2 AND NOT told AND expires_at > now()
RETURNING handover, kind, label, words;

-- name: tap_use
-- Who it is: told once.
WITH used AS (
    DELETE FROM tap WHERE station_id = $1 AND handover = $2 AND kind = 'login' AND expires_at > now() RETURNING device_id, person_id
)
SELECT device_id, name AS person FROM used JOIN person ON person.id = person_id;

-- name: tap_card
-- The card of one to which something is still to be said.
SELECT device_id, digest, label FROM tap WHERE station_id = $1 AND handover = $2 AND digest IS NOT NULL AND expires_at > now();

-- name: tap_forget
DELETE FROM tap WHERE station_id = $1 AND handover = $2;
