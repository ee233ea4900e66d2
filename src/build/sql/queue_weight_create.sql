-- Bars that sum to an item's weight, in log2 odds.
CREATE OR REPLACE TABLE review_weight (item INTEGER, position INTEGER, field VARCHAR, level VARCHAR, bits DOUBLE)
