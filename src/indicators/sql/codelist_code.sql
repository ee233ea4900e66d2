CREATE OR REPLACE TEMP TABLE codelist_code (codelist VARCHAR, code INTEGER)
