SELECT json FROM resource WHERE person = ? AND source = ? AND line = ?
