-- The review page asks for one pair, one decision, one snapshot or a time at once.
CREATE INDEX person_review_pair ON person_review (source_a, key_a, source_b, key_b);
CREATE INDEX person_review_decision ON person_review (decision);
CREATE INDEX review_decision_snapshot ON review_decision (snapshot);
CREATE INDEX review_decision_time ON review_decision (at_ms);
