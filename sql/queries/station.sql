-- name: station_list
SELECT station.*, ARRAY(SELECT device_id FROM station_device WHERE station_id = station.id ORDER BY device_id) AS devices
FROM station ORDER BY name;

-- name: station_add
-- A station and the devices at which it stands.
WITH made AS (
    INSERT INTO station (name, names_people, certificate, fingerprint, secret) VALUES ($1, $2, $3, sha256($3), $4) RETURNING *
), placed AS (
    INSERT INTO station_device (station_id, device_id) SELECT made.id, device_id FROM made, unnest($5::integer[]) AS device_id
)
SELECT made.*, $5::integer[] AS devices, pg_notify('ippgate_station', name) AS woken FROM made;

-- name: station_set
-- It stands at these devices and no others.
WITH changed AS (
    UPDATE station SET names_people = $2 WHERE name = $1 RETURNING *
), gone AS (
    DELETE FROM station_device USING changed WHERE station_id = changed.id AND device_id <> ALL ($3::integer[])
), placed AS (
    INSERT INTO station_device (station_id, device_id) SELECT changed.id, device_id FROM changed, unnest($3::integer[]) AS device_id
    ON CONFLICT DO NOTHING
)
SELECT changed.*, $3::integer[] AS devices, pg_notify('ippgate_station', name) AS woken FROM changed;

-- name: station_renew
-- What proved it before is worth nothing from now on.
UPDATE station SET certificate = $2, fingerprint = sha256($2), secret = $3, changed_at = now() WHERE name = $1
RETURNING *, ARRAY(SELECT device_id FROM station_device WHERE station_id = station.id ORDER BY device_id) AS devices,
          pg_notify('ippgate_station', name) AS woken;

-- name: station_remove
DELETE FROM station WHERE name = $1 RETURNING id, pg_notify('ippgate_station', name) AS woken;
