SELECT name, number, bytes FROM about
