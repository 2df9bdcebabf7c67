-- name: queue_add
INSERT INTO queue (name, mode, device_id, group_id, capabilities, info, location, options)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb)
RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: queue_list
SELECT * FROM queue ORDER BY id;

-- name: queue_set
UPDATE queue SET mode = $2, device_id = $3, group_id = $4, capabilities = $5, info = $6, location = $7,
                 options = $8::text::jsonb, accepting = $9, changed_at = now()
WHERE name = $1 RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: queue_name_announced
-- The name by which the network knows a queue is another one now.
UPDATE queue SET dns_sd_name = $2, changed_at = now() WHERE name = $1 AND dns_sd_name <> $2
RETURNING id, pg_notify('ippgate_fleet', name) AS woken;

-- name: queue_describe
-- What is said of a queue; NULL keeps what is said. Defaults are all or none of them, and only while they are those that
-- were seen ($11): two operators who change different ones at once both get theirs, one after the other.
UPDATE queue SET info = coalesce($2, info), location = coalesce($3, location), geo_location = coalesce($4, geo_location),
                 organization = coalesce($5, organization), organizational_unit = coalesce($6, organizational_unit),
                 message = coalesce($7, message), contact_name = coalesce($8, contact_name), contact_uri = coalesce($9, contact_uri),
                 defaults = CASE WHEN $12 THEN $10 ELSE defaults END, changed_at = now()
WHERE name = $1 AND (NOT $12 OR defaults IS NOT DISTINCT FROM $11)
RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: queue_remove
-- Only a queue without jobs goes.
DELETE FROM queue WHERE name = $1 AND NOT EXISTS (SELECT FROM job WHERE queue_id = queue.id)
RETURNING id, pg_notify('ippgate_fleet', name) AS woken;

-- name: device_add
-- A device and its own queue.
WITH made AS (
    INSERT INTO device (name, uri, info, location, pjl, resend_unknown, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING *
), own AS (
    INSERT INTO queue (name, mode, device_id, capabilities, of_device)
    SELECT 'device/' || name, 'passthrough', id, 'intersection', true FROM made
)
SELECT made.*, pg_notify('ippgate_fleet', name) AS woken FROM made;

-- name: device_list
SELECT * FROM device ORDER BY id;

-- name: device_by_id
SELECT * FROM device WHERE id = $1;

-- name: device_by_uuid
SELECT * FROM device WHERE uuid = $1;

-- name: device_move
-- The device is reached elsewhere now.
UPDATE device SET uri = $2 WHERE name = $1 RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: device_logins
-- How people log in there, how its reader writes, and whether a login prints all that waits.
UPDATE device SET logins = $2, card_profile = $3, auto_release = $4 WHERE name = $1 RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: device_report
-- What the device said of itself. Only a change of what others act on is told to them.
WITH before AS (SELECT * FROM device WHERE id = $1 FOR UPDATE)
UPDATE device SET state = $2, reasons = $3, message = $4, accepting = $5, make_and_model = $6, formats = $7, pjl = $8,
                  attributes = coalesce($9, device.attributes), probed_at = now()
FROM before WHERE device.id = before.id
RETURNING device.id, CASE
    WHEN (device.state, device.reasons, device.accepting, device.formats) IS DISTINCT FROM
         (before.state, before.reasons, before.accepting, before.formats) OR before.probed_at IS NULL
    THEN pg_notify('ippgate_fleet', device.name) END AS woken;

-- name: device_remove
-- Only a device that no queue but its own, no group, no station, no reader and no job points to goes.
WITH gone AS (
    SELECT id, name FROM device WHERE name = $1
      AND NOT EXISTS (SELECT FROM queue WHERE device_id = device.id AND NOT of_device)
      AND NOT EXISTS (SELECT FROM job WHERE device_id = device.id)
      AND NOT EXISTS (SELECT FROM device_group_member WHERE device_id = device.id)
      AND NOT EXISTS (SELECT FROM station_device WHERE device_id = device.id)
      AND NOT EXISTS (SELECT FROM reader WHERE device_id = device.id)
), own AS (
    DELETE FROM queue USING gone WHERE queue.device_id = gone.id
)
DELETE FROM device USING gone WHERE device.id = gone.id
RETURNING device.id, pg_notify('ippgate_fleet', device.name) AS woken;

-- name: device_waiting
-- How many jobs are on their way to each of these devices: those that wait in its lane, counted no further than $2, and
-- those that a carrier has.
SELECT wish.id, waiting.jobs + coalesce(carried.jobs, 0) AS jobs
FROM unnest($1::integer[]) AS wish(id)
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs FROM (
        SELECT FROM job WHERE device_id = wish.id AND state = 3 AND ready AND lease_worker IS NULL
                         AND delay_until IS NULL LIMIT $2) AS counted) AS waiting
LEFT JOIN (SELECT device_id, count(*) AS jobs FROM job WHERE lease_worker IS NOT NULL GROUP BY device_id) AS carried
    ON carried.device_id = wish.id;

-- name: group_list
SELECT device_group.*, ARRAY(SELECT device_id FROM device_group_member WHERE group_id = device_group.id ORDER BY device_id) AS members
FROM device_group ORDER BY id;

-- name: group_add
-- A group and its devices.
WITH made AS (
    INSERT INTO device_group (name, info, location) VALUES ($1, $2, $3) RETURNING *
), joined AS (
    INSERT INTO device_group_member (group_id, device_id) SELECT made.id, device_id FROM made, unnest($4::integer[]) AS device_id
)
SELECT made.*, $4::integer[] AS members, pg_notify('ippgate_fleet', name) AS woken FROM made;

-- name: group_set
-- The group has these devices and no others.
WITH changed AS (
    UPDATE device_group SET info = $2, location = $3 WHERE name = $1 RETURNING *
), gone AS (
    DELETE FROM device_group_member USING changed WHERE group_id = changed.id AND device_id <> ALL ($4::integer[])
), joined AS (
    INSERT INTO device_group_member (group_id, device_id) SELECT changed.id, device_id FROM changed, unnest($4::integer[]) AS device_id
    ON CONFLICT DO NOTHING
)
SELECT changed.*, $4::integer[] AS members, pg_notify('ippgate_fleet', name) AS woken FROM changed;

-- name: group_remove
-- Only a group that no queue points to goes; its devices stay.
DELETE FROM device_group WHERE name = $1 AND NOT EXISTS (SELECT FROM queue WHERE group_id = device_group.id)
RETURNING id, pg_notify('ippgate_fleet', name) AS woken;

-- name: setting_put
INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: setting_default
-- The value as it stands, made now if there is none. Whoever makes it at the same moment is waited for, and theirs stands.
INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value;

-- name: database_clock
SELECT now();
