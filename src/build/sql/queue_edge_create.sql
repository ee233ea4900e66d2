-- What joined the rows of a person: a row of one subject to a row of another. Rows of one subject need no edge.
CREATE OR REPLACE TABLE link_edge (person BIGINT, source_a INTEGER, line_a BIGINT, source_b INTEGER, line_b BIGINT, reason VARCHAR, weight DOUBLE)
