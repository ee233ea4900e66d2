SELECT item, weight, person_a, person_b, rows_a, rows_b, held_back, unsure FROM review_pair ORDER BY item
