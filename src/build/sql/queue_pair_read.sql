SELECT item, weight, person_a, person_b, rows_a, rows_b, held_back, unsure FROM review_pair
WHERE item IN (SELECT unnest(CAST(string_split(?, ',') AS INTEGER[]))) ORDER BY item
