CREATE TABLE access_account_place (
  name TEXT NOT NULL REFERENCES access_account (name),
  place TEXT NOT NULL,
  PRIMARY KEY (name, place)
) STRICT
