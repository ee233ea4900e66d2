UPDATE person_next SET next_id = ?
