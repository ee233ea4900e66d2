SELECT source, column_name, present, bad FROM source_field ORDER BY source, column_name
