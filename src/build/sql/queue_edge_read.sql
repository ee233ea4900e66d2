SELECT source_a, line_a, source_b, line_b, reason, weight FROM link_edge WHERE person = ? ORDER BY source_a, line_a, source_b, line_b
