-- name: password_try
-- Somebody offers a password for job $1 from source $2. The try counts as wrong until it has proved right, so that tries side by
-- side count as well: $3 wrong ones cost nothing, the next makes everybody wait $4 seconds, each further one twice as long, $5
-- at the most; after $6 the job is locked. A source may fail $7 times at once, then once in $8 seconds.
-- `locked` and `wait` (seconds): the password is not looked at, and nothing is counted.
WITH asked AS (
    SELECT id, uuid, key, key_id, password, wrong_passwords,
           greatest(extract(epoch FROM password_again_at - clock_timestamp()), 0)::double precision AS wait
    FROM job WHERE id = $1 AND state < 7 AND password IS NOT NULL FOR UPDATE
), guesser AS (
    SELECT greatest(extract(epoch FROM busy_until - clock_timestamp()) - $7::double precision * $8::double precision, 0) AS wait
    FROM password_guesser WHERE source = $2 FOR UPDATE
), verdict AS (
    SELECT asked.*, wrong_passwords >= $6::integer AS locked,
           greatest(asked.wait, coalesce((SELECT wait FROM guesser), 0))::double precision AS wait_for
    FROM asked
), counted AS (
    UPDATE job SET wrong_passwords = job.wrong_passwords + 1,
                   password_again_at = CASE WHEN job.wrong_passwords >= $3::integer THEN clock_timestamp() + interval '1 second'
                       * least($4::double precision * 2 ^ least(job.wrong_passwords - $3::integer, 30), $5::double precision) END
    FROM verdict WHERE job.id = verdict.id AND NOT verdict.locked AND verdict.wait_for = 0
    RETURNING job.id
), charged AS (
    INSERT INTO password_guesser (source, busy_until)
    SELECT $2, clock_timestamp() + interval '1 second' * $8::double precision FROM counted
    ON CONFLICT (source) DO UPDATE
        SET busy_until = greatest(password_guesser.busy_until, clock_timestamp()) + interval '1 second' * $8::double precision
)
SELECT uuid, key, key_id, password, locked, wait_for FROM verdict;

-- name: password_right
-- The try was right: the job is as good as new, and source $2 has one failure less, in $3 seconds' worth.
WITH proved AS (
    UPDATE job SET wrong_passwords = 0, password_again_at = NULL WHERE id = $1
)
UPDATE password_guesser SET busy_until = busy_until - interval '1 second' * $3::double precision WHERE source = $2;

-- name: password_unlock
-- An operator lets people try again.
UPDATE job SET wrong_passwords = 0, password_again_at = NULL WHERE id = $1 AND password IS NOT NULL RETURNING id;

-- name: password_forget_guessers
-- Sources that are as good as new.
DELETE FROM password_guesser WHERE source IN (
    SELECT source FROM password_guesser WHERE busy_until < now() ORDER BY busy_until LIMIT $1 FOR UPDATE SKIP LOCKED);

-- name: password_kept
-- The sealed password of a job.
SELECT password FROM job WHERE id = $1;
