SELECT source, line, json FROM resource WHERE person = ?
