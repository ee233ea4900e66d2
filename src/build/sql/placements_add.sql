INSERT INTO placements (program, definition, basis, digest, placements) VALUES (?, ?, ?, ?, ?)
