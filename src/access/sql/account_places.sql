SELECT place FROM access_account_place WHERE name = ? ORDER BY place
