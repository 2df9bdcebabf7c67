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
-- With its code, or its code alone.
WITH code AS (DELETE FROM station_code WHERE name = $1 RETURNING name), gone AS (DELETE FROM station WHERE name = $1 RETURNING name)
SELECT name, pg_notify('ippgate_station', name) AS woken FROM (SELECT name FROM code UNION SELECT name FROM gone) AS either;

-- name: station_code_set
-- A station's code, in place of one it had; what is over goes. No row: it stands nowhere yet, and nobody says where it will.
WITH over AS (
    DELETE FROM station_code WHERE expires_at < now() AND name <> $1
)
INSERT INTO station_code (name, digest, devices, names_people, expires_at)
SELECT $1, $2, $3, $4, now() + make_interval(secs => $5) WHERE $3::integer[] IS NOT NULL OR EXISTS (SELECT FROM station WHERE name = $1)
ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, devices = excluded.devices, names_people = excluded.names_people,
                                 expires_at = excluded.expires_at
RETURNING name, devices, names_people, expires_at;

-- name: station_code_list
SELECT name, devices, names_people, expires_at FROM station_code WHERE expires_at > now() ORDER BY name;

-- name: station_code_find
-- Which station's it is.
SELECT name FROM station_code WHERE digest = $1 AND expires_at > now();

-- name: station_enrol
-- The station of this code, made or changed as the code says; the code is used up with it. No row: there is no such code.
WITH used AS (
    DELETE FROM station_code WHERE digest = $1 AND expires_at > now() RETURNING name, devices, names_people
), made AS (
    INSERT INTO station (name, names_people, secret) SELECT name, coalesce(names_people, false), $2 FROM used
    ON CONFLICT (name) DO UPDATE SET secret = excluded.secret, certificate = NULL, fingerprint = NULL, changed_at = now(),
        names_people = coalesce((SELECT used.names_people FROM used), station.names_people)
    RETURNING *
), gone AS (
    DELETE FROM station_device USING made, used WHERE station_id = made.id AND device_id <> ALL (used.devices)
), placed AS (
    INSERT INTO station_device (station_id, device_id) SELECT made.id, device_id FROM made, used, unnest(used.devices) AS device_id
    ON CONFLICT DO NOTHING
)
SELECT made.*, coalesce(used.devices, ARRAY(SELECT device_id FROM station_device WHERE station_id = made.id ORDER BY device_id)) AS devices,
       pg_notify('ippgate_station', made.name) AS woken
FROM made, used;
