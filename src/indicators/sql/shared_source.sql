-- Files whose partners share them for population health: no measure reads others.
CREATE OR REPLACE TEMP TABLE shared_source AS
SELECT id FROM source WHERE coalesce(purposes, '') = '' OR list_contains(string_split(purposes, ','), 'population-health')
