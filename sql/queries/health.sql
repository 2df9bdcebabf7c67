-- name: health_facts
-- What an operator wants to know at a glance: the server's version, and work that should have been done by now.
SELECT current_setting('server_version') AS version,
       (SELECT count(*) FROM trash WHERE due < now() - interval '10 minutes') AS overdue_trash,
       (SELECT count(*) FROM job WHERE state = 3 AND ready AND released_at < now() - interval '10 minutes') AS waiting_long,
       (SELECT count(*) FROM job WHERE state IN (5, 6) AND NOT worker_lives(lease_worker)) AS carried_by_nobody,
       (SELECT count(*) FROM job WHERE incoming_until < now() - interval '10 minutes') AS open_long;

-- name: health_keys
-- Which master keys wrap the keys of jobs, of how many, and one of them to try.
SELECT used.key_id, used.jobs, one.uuid, one.key AS sample
FROM (SELECT key_id, count(*) AS jobs FROM job WHERE key IS NOT NULL GROUP BY key_id) AS used
CROSS JOIN LATERAL (SELECT uuid, key FROM job WHERE key IS NOT NULL AND key_id = used.key_id LIMIT 1) AS one
ORDER BY used.key_id;
