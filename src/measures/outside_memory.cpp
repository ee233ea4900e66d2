#include "measures/outside_memory.h"

#include <algorithm>

namespace catchment::measures {

namespace {

void set_bit(std::vector<std::uint64_t>& bits, std::size_t place) { bits[place / 64] |= std::uint64_t{1} << (place % 64); }

/// Answers that depend on who the person is cannot be remembered for others.
bool reads_number(const cql::Program& program) {
  bool reads = false;
  const auto look = [&reads](const cql::NodePtr& body) {
    if (!body) return;
    cql::visit_nodes(*body, [&reads](const cql::Node& node) {
      if (node.kind == cql::NodeKind::property && static_cast<const cql::Property&>(node).name == "id") reads = true;
      if (node.kind != cql::NodeKind::operator_call) return;
      const std::string_view name = static_cast<const cql::OperatorCall&>(node).overload->name;
      reads = reads || name == "Children" || name == "Descendants" || name == "Descendents" || name == "Message";
    });
  };
  for (const cql::TypedLibrary& library : program.libraries) {
    for (const auto& definition : library.definitions) look(definition.body);
    for (const auto& function : library.functions) look(function.body);
  }
  return reads;
}

}  // namespace

std::size_t OutsideMemory::Hash::operator()(const Own& own) const {
  std::uint64_t hash = 0x9e3779b97f4a7c15;
  for (const std::int64_t part : own) hash = (hash ^ static_cast<std::uint64_t>(part)) * 0xff51afd7ed558ccd, hash ^= hash >> 32;
  return hash;
}

OutsideMemory::OutsideMemory(const cql::Plan& plan, std::span<const std::size_t> measure_of) {
  const std::size_t words = (measure_of.size() + 63) / 64;
  all_.assign(words, 0);
  for (std::size_t job = 0; job < measure_of.size(); ++job) set_bit(all_, job);
  resting_.assign(words, 0);
  if (reads_number(plan.program())) return;
  for (std::size_t job = 0; job < measure_of.size(); ++job) {
    const auto basis = plan.basis_of(plan.program().main, static_cast<std::int32_t>(3 * measure_of[job]));
    if (basis.retrieves.empty()) continue;
    auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) {
      return std::equal(g.retrieves.begin(), g.retrieves.end(), basis.retrieves.begin(), basis.retrieves.end());
    });
    if (group == groups_.end())
      group = groups_.insert(groups_.end(), Group{{basis.retrieves.begin(), basis.retrieves.end()}, std::vector<std::uint64_t>(words)});
    set_bit(group->jobs, job);
  }
}

const std::vector<std::uint64_t>& OutsideMemory::begin(const records::PersonSummary& person, std::span<const std::uint64_t> found) {
  mine_ = nullptr;
  if (groups_.empty() || found.empty()) return all_;
  std::fill(resting_.begin(), resting_.end(), 0);
  bool any = false;
  for (const Group& group : groups_) {
    bool rests = true;
    for (std::size_t i = 0; i < found.size() && rests; ++i) rests = (group.retrieves[i] & found[i]) == 0;
    if (!rests) continue;
    any = true;
    for (std::size_t i = 0; i < resting_.size(); ++i) resting_[i] |= group.jobs[i];
  }
  if (!any) return all_;
  constexpr std::int64_t none = INT32_MIN;
  const Own own{person.birth_date ? person.birth_date->days : none, person.death_date ? person.death_date->days : none,
                static_cast<std::int64_t>(person.sex) << 8 | static_cast<std::int64_t>(static_cast<unsigned char>(person.birth_precision)),
                person.practice.value};
  auto known = known_.find(own);
  if (known == known_.end()) {
    if (known_.size() >= most_remembered) return all_;
    known = known_.emplace(own, std::vector<std::uint64_t>(all_.size())).first;
  }
  mine_ = &known->second;
  ask_ = all_;
  for (std::size_t i = 0; i < ask_.size(); ++i) ask_[i] &= ~(resting_[i] & known->second[i]);
  return ask_;
}

void OutsideMemory::outside(std::size_t job) {
  if (mine_ != nullptr && (resting_[job / 64] >> (job % 64) & 1) != 0) set_bit(*mine_, job);
}

}  // namespace catchment::measures
