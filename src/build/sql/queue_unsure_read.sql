SELECT item FROM review_pair WHERE unsure ORDER BY item
