SELECT said FROM lookup_person WHERE place = ?
