SELECT person FROM opt_out
