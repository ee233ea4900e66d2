SELECT count(*) FROM review_pair
