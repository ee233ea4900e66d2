INSERT INTO answer (hash, month, grp, people, who) VALUES (?, ?, ?, ?, ?)
