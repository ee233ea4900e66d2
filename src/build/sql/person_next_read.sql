SELECT next_id FROM person_next
