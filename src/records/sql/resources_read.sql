SELECT source, line, json FROM resource WHERE person = ? AND type NOT IN ('Patient', 'RelatedPerson', 'Person', 'Practitioner')
