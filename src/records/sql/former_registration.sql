-- People whom a practice took off its list and who have not joined another: they moved away, unless a feed is missing.
CREATE TEMP TABLE former_registration AS
SELECT DISTINCT person FROM registration WHERE end_date <= $1
