// Kinds of rows that not everyone who may open a record may see. Internal to access.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/subject.h"
#include "records/records.h"

namespace catchment::access {

/// A label, what carries it and who may see it. A row carries a label when one of its codes is of one of the label's code systems.
struct Sensitivity {
  std::string_view name;
  std::string_view words;                       // what is left out, for who asks why
  std::span<const std::string_view> systems;    // code systems as feeds name them
  std::span<const Role> readers;
};
std::span<const Sensitivity> sensitivities();

/// The codes of a snapshot whose rows a role does not see. The same for every resident: it says nothing of any.
std::vector<CodeId> codes_hidden_from(Role role, const records::Dictionaries& dictionaries);

/// "rows about ... are left out", for each label the role may not see; empty when it may see all.
std::string left_out_for(Role role);

}  // namespace catchment::access
