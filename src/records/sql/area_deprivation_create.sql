CREATE TABLE area_deprivation AS
SELECT a.id AS area, d.version, d.decile FROM reference_deprivation d JOIN area a USING (code) ORDER BY 1, 2
