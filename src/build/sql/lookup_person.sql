-- What the rows of a person say, packed; keys name persons by place.
CREATE TABLE lookup_person (place INTEGER PRIMARY KEY, said BLOB NOT NULL) STRICT
