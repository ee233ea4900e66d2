INSERT INTO link_source (kind, domain, organisation) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
