-- Each device is a printer of the gate: what is printed there directly belongs to a queue of its own, which is made and goes with
-- the device. No queue of an operator's can have its name.

ALTER TABLE queue
    ADD COLUMN of_device boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT queue_name_check,
    ADD CONSTRAINT queue_name_check CHECK (name ~ CASE WHEN of_device THEN '^device/[a-z0-9][a-z0-9_.-]{0,62}$'
                                                       ELSE '^[a-z0-9][a-z0-9_.-]{0,62}$' END),
    ADD CONSTRAINT of_device_prints_there CHECK (NOT of_device OR (mode = 'passthrough' AND device_id IS NOT NULL
                                                                   AND capabilities = 'intersection'));
CREATE UNIQUE INDEX queue_of_device ON queue (device_id) WHERE of_device;

INSERT INTO queue (name, mode, device_id, capabilities, of_device)
SELECT 'device/' || name, 'passthrough', id, 'intersection', true FROM device ORDER BY id;
