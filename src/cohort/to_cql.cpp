// Clauses as CQL, one definition each.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "cohort/cohort.h"
#include "cohort/words.h"

namespace catchment::cohort {

namespace {

constexpr std::string_view head = R"(
using FHIR version '4.0.1'

include FHIRHelpers version '4.0.1' called FHIRHelpers
include Record version '1' called Record

)";

/// A name or text between CQL quotes.
std::string between(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') result += '\\';
    result += c;
  }
  return result + quote;
}

std::string library_name(const std::string& id) {
  std::string name = "Cohort";
  bool upper = true;
  for (const char c : id) {
    if (c == '-') {
      upper = true;
      continue;
    }
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return name;
}

std::string interval(const Window& within) {
  const std::string last = "Record.\"Last day\"";
  if (within.months > 0) return fmt::format("Interval[{} - {} months + 1 day, {}]", last, within.months, last);
  const std::string from = within.from ? "@" + to_string(*within.from) : "@1900-01-01";
  const std::string to = within.to ? fmt::format("Min({{ @{}, {} }})", to_string(*within.to), last) : last;
  return fmt::format("Interval[{}, {}]", from, to);
}

class Writing {
 public:
  explicit Writing(const Known& known) : known_(known) {}

  std::string cohort(const Cohort& cohort) {
    const std::string who = expression(cohort.who);
    std::string text =
        fmt::format("// {}\n// Written from the form of cohort '{}'. A clause is true or false of everyone: nothing known is false.\nlibrary {} version '1'\n",
                    cohort.title, cohort.id, library_name(cohort.id));
    text += head;
    for (const auto& [id, title] : sets_) text += fmt::format("valueset {}: 'codelist:{}'\n", between(title, '"'), id);
    text += "\nparameter \"Measurement Period\" Interval<DateTime>\n\ncontext Patient\n\n";
    text += definitions_;
    return text + fmt::format("define \"Cohort\":\n  Record.\"{}\"\n    and {}\n", cohort.registered ? "Registered" : "Alive", who);
  }

 private:
  std::string expression(const Clause& clause) {
    switch (clause.kind) {
      case ClauseKind::all: return joined(clause, " and ");
      case ClauseKind::any: return joined(clause, " or ");
      case ClauseKind::no: return "not " + expression(clause.parts.at(0));
      default: return leaf(clause);
    }
  }

  std::string joined(const Clause& clause, std::string_view word) {
    std::string text;
    for (const Clause& part : clause.parts) text += (text.empty() ? "" : std::string(word)) + expression(part);
    return clause.parts.size() == 1 ? text : "(" + text + ")";
  }

  std::string leaf(const Clause& clause) {
    const std::string name = fmt::format("{} {}", ++leaves_, words_of(clause, known_));
    const std::string asked = between(name, '"');
    definitions_ += fmt::format("define {}:\n  Coalesce({}, false)\n\n", asked, test(clause));
    return asked;
  }

  std::string set(const std::string& id) {
    const auto found = sets_.find(id);
    if (found != sets_.end()) return between(found->second, '"');
    const terminology::Codelist* list = terminology::find_codelist(*known_.codelists, id);
    std::string title = list == nullptr || list->title.empty() ? id : list->title;
    while (!titles_.insert(title).second) title += " (" + id + ")";
    sets_.emplace(id, title);
    return between(title, '"');
  }

  /// Days on which the codelist was recorded within the window: what is looked for follows from the kind of the list.
  std::string days(const Clause& clause) {
    const terminology::Codelist* list = terminology::find_codelist(*known_.codelists, clause.codelist);
    const std::string kind = list == nullptr ? "" : list->kind, codes = set(clause.codelist), window = interval(clause.within);
    if (kind == "vaccine") return fmt::format("[Immunization: {}].given({}) E\n    return E.dayOf()", codes, window);
    if (kind == "medicine") return fmt::format("[MedicationRequest: {}].issued({}) E\n    return E.dayOf()", codes, window);
    if (kind == "register") return fmt::format("[Condition: {}].onList() E\n    where E.dayOf() in {}\n    return E.dayOf()", codes, window);
    if (kind != "event") return fmt::format("[Observation: {}].valid({}) E\n    return E.dayOf()", codes, window);
    return fmt::format(
        "([Encounter: {0}] E\n    where (E.status is null or E.status in {{ 'finished', 'in-progress', 'arrived' }}) and E.started() in {1}\n    return "
        "E.started())\n"
        "    union ([Condition: {0}] C\n      where not exists (C.verificationStatus.coding V where V.code = 'entered-in-error') and C.dayOf() in {1}\n      "
        "return C.dayOf())",
        codes, window);
  }

  std::string value(const Clause& clause) {
    std::string test;
    if (!clause.low.empty()) test = fmt::format("N {} {}", clause.low_included ? ">=" : ">", clause.low);
    if (!clause.high.empty()) test += fmt::format("{}N {} {}", test.empty() ? "" : " and ", clause.high_included ? "<=" : "<", clause.high);
    return fmt::format("exists (Record.\"latestNumbers\"([Observation: {}].latest({})) N\n    where {})", set(clause.codelist), interval(clause.within), test);
  }

  std::string practice(const Clause& clause) {
    std::string codes;
    for (const std::string& code : practices_of(clause, *known_.system)) codes += (codes.empty() ? "" : ", ") + between("Organization/" + code, '\'');
    return fmt::format(
        "exists ([EpisodeOfCare] R\n    where (R.status is null or R.status != 'entered-in-error')\n"
        "      and (R.period.start is null or date from R.period.start on or before Record.\"Last day\")\n"
        "      and (R.period.\"end\" is null or date from R.period.\"end\" after Record.\"Last day\")\n"
        "      and R.managingOrganization.reference in {{ {} }})",
        codes);
  }

  std::string test(const Clause& clause) {
    switch (clause.kind) {
      case ClauseKind::on_register: return fmt::format("Record.\"has\"([Condition: {}])", set(clause.codelist));
      case ClauseKind::age:
        if (clause.from_age && clause.to_age) return fmt::format("Record.\"Age\" in Interval[{}, {}]", *clause.from_age, *clause.to_age);
        return clause.from_age ? fmt::format("Record.\"Age\" >= {}", *clause.from_age) : fmt::format("Record.\"Age\" <= {}", clause.to_age.value_or(0));
      case ClauseKind::sex: return fmt::format("Patient.gender = '{}'", clause.sex);
      case ClauseKind::event:
        return clause.at_least_days == 1 ? fmt::format("exists ({})", days(clause))
                                         : fmt::format("Count({}) >= {}", "distinct (" + days(clause) + ")", clause.at_least_days);
      case ClauseKind::value: return value(clause);
      default: return practice(clause);
    }
  }

  const Known& known_;
  std::map<std::string, std::string> sets_;
  std::set<std::string> titles_;
  std::string definitions_;
  int leaves_ = 0;
};

}  // namespace

std::vector<std::string> practices_of(const Clause& clause, const system::System& system) {
  const auto among = [](const std::vector<std::string>& words, const std::string& word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  std::vector<std::string> codes;
  for (const system::Practice& practice : system.practices)
    if (among(clause.practices, practice.code) || among(clause.places, practice.place) ||
        (!practice.network.empty() && among(clause.networks, practice.network)))
      codes.push_back(practice.code);
  return codes;
}

std::string to_cql(const Cohort& cohort, const Known& known) { return Writing(known).cohort(cohort); }

namespace {

/// A value set of a codelist that is not there would hold nobody without a word.
void find_unknown_codelists(const cql::Program& program, const cql::LibraryText& text, const terminology::Codelists& codelists, Diagnostics& found) {
  constexpr std::string_view scheme = "codelist:";
  for (const auto& set : program.main_library().value_sets) {
    if (!set.url.starts_with(scheme)) continue;
    const std::string id = set.url.substr(scheme.size());
    if (terminology::find_codelist(codelists, id) != nullptr) continue;
    std::vector<std::string> ids;
    ids.reserve(codelists.lists.size());
    for (const auto& list : codelists.lists) ids.push_back(list.id);
    const std::string near = nearest(id, ids);
    const std::size_t at = text.text.find("'" + set.url + "'");
    Diagnostic fault{text.file,
                     0,
                     0,
                     Severity::error,
                     "there is no codelist '" + id + "'",
                     near.empty() ? "use an id of codelists/index.csv" : "did you mean 'codelist:" + near + "'?"};
    if (at != std::string::npos) {
      fault.line = 1 + static_cast<int>(std::count(text.text.begin(), text.text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
      fault.column = static_cast<int>(at - (at == 0 ? 0 : text.text.rfind('\n', at - 1) + 1)) + 1;
    }
    found.push_back(std::move(fault));
  }
}

}  // namespace

std::unique_ptr<cql::Program> program_of(const cql::LibraryText& text, const Known& known, Diagnostics& diagnostics) {
  std::unique_ptr<cql::Models> own;
  if (known.models == nullptr) own = std::make_unique<cql::Models>();
  Diagnostics found;
  auto program = cql::check_library(text, known.library->libraries, own ? *own : *known.models, found);
  if (program && !has_errors(found)) {
    const auto& definitions = program->main_library().definitions;
    const auto cohort = std::find_if(definitions.begin(), definitions.end(), [](const auto& each) { return each.name == "Cohort"; });
    if (cohort == definitions.end()) {
      found.push_back({text.file, 0, 0, Severity::error, "there is no definition \"Cohort\"", "add: define \"Cohort\": ..."});
    } else if (cohort->context != cql::EvaluationContext::patient) {
      found.push_back(
          {text.file, cohort->at.line, cohort->at.column, Severity::error, "\"Cohort\" is not asked of a person", "write 'context Patient' before it"});
    } else if (!(cohort->type == cql::Type::boolean())) {
      found.push_back({text.file, cohort->at.line, cohort->at.column, Severity::error, "\"Cohort\" is " + cql::to_string(cohort->type) + ", not true or false",
                       "make it a condition, such as: exists (...)"});
    }
  }
  if (program) find_unknown_codelists(*program, text, *known.codelists, found);
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  return has_errors(found) ? nullptr : std::move(program);
}

std::unique_ptr<cql::Program> program_of(const Cohort& cohort, const Known& known, Diagnostics& diagnostics) {
  return program_of(cql::LibraryText{cohort.id + ".cql", to_cql(cohort, known)}, known, diagnostics);
}

}  // namespace catchment::cohort
