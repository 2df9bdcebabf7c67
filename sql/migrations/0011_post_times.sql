-- No worker is left that leaves the end of a hold to the database, or looks for jobs by the former index.

DROP TRIGGER job_is_born_with_a_hold ON job;
DROP TRIGGER job_hold_changes ON job;
DROP FUNCTION job_time_hold();
DROP FUNCTION hold_ends(text);
DROP INDEX job_for_lane;
