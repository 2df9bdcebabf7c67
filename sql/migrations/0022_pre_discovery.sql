-- Queues are announced to the network (DNS-SD), under names that others may have taken first.

ALTER TABLE queue ADD COLUMN dns_sd_name text NOT NULL DEFAULT '' CHECK (octet_length(dns_sd_name) <= 63);   -- what it got; '': none yet
