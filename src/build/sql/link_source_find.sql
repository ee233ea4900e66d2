SELECT id FROM link_source WHERE kind = ? AND domain = ? AND organisation = ?
