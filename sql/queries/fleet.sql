-- name: queue_add
INSERT INTO queue (name, mode, device_id, info, location) VALUES ($1, $2, $3, $4, $5)
RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: queue_list
SELECT * FROM queue ORDER BY id;

-- name: queue_set
UPDATE queue SET mode = $2, device_id = $3, info = $4, location = $5, accepting = $6, changed_at = now()
WHERE name = $1 RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: queue_remove
-- Only a queue without jobs goes.
DELETE FROM queue WHERE name = $1 AND NOT EXISTS (SELECT FROM job WHERE queue_id = queue.id)
RETURNING id, pg_notify('ippgate_fleet', name) AS woken;

-- name: device_add
INSERT INTO device (name, uri, info, location, pjl, resend_unknown, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

-- name: device_list
SELECT * FROM device ORDER BY id;

-- name: device_by_id
SELECT * FROM device WHERE id = $1;

-- name: device_by_uuid
SELECT * FROM device WHERE uuid = $1;

-- name: device_move
-- The device is reached elsewhere now.
UPDATE device SET uri = $2 WHERE name = $1 RETURNING *, pg_notify('ippgate_fleet', name) AS woken;

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
-- Only a device that no queue and no job points to goes.
DELETE FROM device WHERE name = $1
  AND NOT EXISTS (SELECT FROM queue WHERE device_id = device.id) AND NOT EXISTS (SELECT FROM job WHERE device_id = device.id)
RETURNING id, pg_notify('ippgate_fleet', name) AS woken;

-- name: setting_put
INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: setting_default
-- The value as it stands, made now if there is none.
WITH made AS (INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING value)
SELECT value FROM made UNION ALL SELECT value FROM setting WHERE name = $1 LIMIT 1;

-- name: database_clock
SELECT now();
