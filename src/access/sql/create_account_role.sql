CREATE TABLE access_account_role (
  name TEXT NOT NULL REFERENCES access_account (name),
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (name, role)
) STRICT
