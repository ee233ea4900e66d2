-- Every identity of every subject, and once each subject without any. A subject without a key is named by the line it came from.
SELECT s.id, s.kind, coalesce(s.domain, ''), coalesce(o.code, ''), coalesce(s.key, f.file || ':' || s.line::VARCHAR), i.nhs_number, i.number_status,
  i.given, i.family,
  CASE i.birth_precision WHEN 'month' THEN strftime(i.birth_date, '%Y-%m') WHEN 'year' THEN strftime(i.birth_date, '%Y') ELSE i.birth_date::VARCHAR END,
  i.sex, i.postcode, i.address, i.telephone, i.email, i.restricted, g.postcode_is_incident, i.source, i.line
FROM subject s LEFT JOIN subject_identity i ON i.subject = s.id LEFT JOIN organisation o ON o.id = s.organisation
LEFT JOIN source f ON f.id = s.source LEFT JOIN source g ON g.id = i.source
ORDER BY s.id, i.source, i.line
