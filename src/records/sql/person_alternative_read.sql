SELECT field::VARCHAR, value, source, line, date, chosen FROM person_alternative WHERE person = ? ORDER BY field, chosen DESC, value
