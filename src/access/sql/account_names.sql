SELECT name FROM access_account ORDER BY name
