// Rows of the record in words, for whoever is told why a measure counts somebody. Internal to api.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/model/evidence.h"
#include "measures/measures.h"
#include "records/records.h"

namespace catchment::api {

/// A row as (column, text): codes as words, dates as 2025-04-01. Columns are those of records/schema.h.
EvidenceRow row_words(std::string_view table, const std::vector<measures::CellText>& cells);

/// A row of a made-up person: codes get the words of the codelists.
EvidenceRow row_words(const measures::CaseRow& row, const terminology::Codelists& codelists);

/// A resident's row. `bare`: of a protected location, so that no organisation, area or file is told.
EvidenceRow row_words(const records::BlockTable& table, std::size_t row, const records::Dictionaries& words, bool bare);

/// "Woman born on 1 May 1960".
std::string who_words(const std::vector<const measures::CaseRow*>& rows);

/// met | not_met | excluded | out, and the same as a sentence about a person.
std::string standing_word(const measures::Standing& standing);
std::string standing_sentence(const measures::Standing& standing, const measures::LibraryMeasure& measure);

using RowWords = std::function<std::optional<EvidenceRow>(const measures::RowAddress&)>;
/// Clauses with their rows told by `row`; rows it does not tell are left out.
std::vector<EvidenceClause> clause_words(const std::vector<measures::ClauseBehind>& clauses, const RowWords& row);
std::vector<EvidencePart> part_words(const measures::StandingBehind& behind, const measures::LibraryMeasure& measure, const RowWords& row);

}  // namespace catchment::api
