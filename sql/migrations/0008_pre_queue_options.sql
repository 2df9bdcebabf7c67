-- What operators ask of a queue beyond its name, mode and devices: one value, from which what is as usual is left out.

ALTER TABLE queue ADD COLUMN options jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object');
