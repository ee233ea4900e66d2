CREATE TEMP TABLE reference_opt_out (feed VARCHAR, kind VARCHAR)
