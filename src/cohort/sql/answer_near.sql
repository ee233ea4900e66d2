SELECT id, people, month FROM answer WHERE id <= ? AND people BETWEEN ? AND ? ORDER BY id DESC
