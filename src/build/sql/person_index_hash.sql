SELECT coalesce(sum(hash(subject, person)::HUGEINT), 0)::VARCHAR FROM person_of_subject
