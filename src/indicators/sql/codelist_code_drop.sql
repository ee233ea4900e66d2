DROP TABLE codelist_code
