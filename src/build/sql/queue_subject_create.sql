-- The rows a decision on an item speaks of, by source and key of the person register.
CREATE OR REPLACE TABLE review_subject (item INTEGER, side VARCHAR, position INTEGER, link_source INTEGER, key VARCHAR)
