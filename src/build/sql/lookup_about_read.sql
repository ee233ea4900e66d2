SELECT name, value FROM lookup_about
