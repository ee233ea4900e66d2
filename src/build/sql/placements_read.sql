SELECT program, definition, basis, digest, placements FROM placements
