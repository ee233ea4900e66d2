#include "thread/change.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/error.h"

namespace catchment::thread {

namespace {

constexpr std::array<std::string_view, causes> words = {"late data", "relinked people", "movers", "changed definition", "real change"};

Counts difference(Counts to, const Counts& from) { return to -= from; }
Counts where(bool here, const Counts& counts) { return here ? counts : Counts{}; }
constexpr Counts none{};

/// People of both snapshots whom relinking ties together: disjoint sets over both sides' numbers.
class Groups {
 public:
  Groups(const std::vector<Before>& before, const std::vector<After>& after, const std::vector<Relink>& relinks) {
    for (const Relink& relink : relinks) join(relink.before, relink.after);
    // A person of a group who has the same number on the other side is there the same person.
    std::vector<PersonId> kept;
    for (const After& each : after)
      if (before_.contains(each.person)) kept.push_back(each.person);
    for (const Before& each : before)
      if (after_.contains(each.person)) kept.push_back(each.person);
    for (const PersonId person : kept) join(person, person);
    for (std::size_t n = 0; n < parent_.size(); ++n) ++size_[root(n)];
  }

  /// The group of a person: empty for one that is the same person on both sides.
  std::optional<std::size_t> of_before(PersonId person) { return group(before_, person); }
  std::optional<std::size_t> of_after(PersonId person) { return group(after_, person); }
  /// The one before whom a renumbered person was, when it was one.
  bool one_to_one(std::size_t group) { return size_[group] == 2; }

 private:
  using Nodes = std::unordered_map<PersonId, std::size_t>;
  void join(PersonId before, PersonId after) {
    const std::size_t a = root(node(before_, before)), b = root(node(after_, after));
    if (a != b) parent_[a] = b;
  }
  std::size_t node(Nodes& nodes, PersonId person) {
    const auto [found, fresh] = nodes.emplace(person, parent_.size());
    if (fresh) parent_.push_back(parent_.size());
    return found->second;
  }
  std::size_t root(std::size_t n) {
    while (parent_[n] != n) n = parent_[n] = parent_[parent_[n]];
    return n;
  }
  std::optional<std::size_t> group(const Nodes& nodes, PersonId person) {
    const auto found = nodes.find(person);
    if (found == nodes.end()) return std::nullopt;
    return root(found->second);
  }

  Nodes before_, after_;
  std::vector<std::size_t> parent_;
  std::map<std::size_t, std::size_t> size_;
};

void add(Change& change, Cause cause, const Counts& by) {
  if (by == none) return;
  Part& part = change.parts[static_cast<std::size_t>(cause)];
  part.change += by;
  part.gained += {std::max<std::int64_t>(0, by.numerator), std::max<std::int64_t>(0, by.denominator)};
  part.lost += {std::max<std::int64_t>(0, -by.numerator), std::max<std::int64_t>(0, -by.denominator)};
  ++part.people;
}

void check(const Counts& counts) {
  if (counts.numerator < 0 || counts.denominator < 0) throw Error(ErrorKind::bug, "a person counts less than nothing");
}

std::optional<double> share(const Counts& counts) {
  if (counts.denominator == 0) return std::nullopt;
  return static_cast<double>(counts.numerator) / static_cast<double>(counts.denominator);
}

/// Shares along the way from the first figure to the second; a step over no denominator adds nothing.
void add_points(Change& change) {
  change.share_before = share(change.before);
  change.share_after = share(change.after);
  if (!change.share_before || !change.share_after) return;
  Counts at = change.before;
  double last = *change.share_before;
  for (Part& part : change.parts) {
    at += part.change;
    const double next = share(at).value_or(last);
    part.points = next - last;
    last = next;
  }
}

}  // namespace

std::string_view word_of(Cause cause) { return words[static_cast<std::size_t>(cause)]; }

Counts& Counts::operator+=(const Counts& other) {
  numerator += other.numerator;
  denominator += other.denominator;
  return *this;
}
Counts& Counts::operator-=(const Counts& other) {
  numerator -= other.numerator;
  denominator -= other.denominator;
  return *this;
}

Change explain(const std::vector<Before>& before, const std::vector<After>& after, const std::vector<Relink>& relinks) {
  Change change;
  Groups groups(before, after, relinks);
  std::unordered_map<PersonId, Counts> same;                  // before, of people who are the same person
  std::map<std::size_t, std::pair<Counts, Counts>> together;  // by group: before, and the first day as known now
  std::unordered_map<PersonId, bool> seen;
  for (const Before& each : before) {
    check(each.counts);
    if (!seen.emplace(each.person, true).second) throw Error(ErrorKind::bug, "a person of the first snapshot stands twice in a figure");
    change.before += each.counts;
    if (const auto group = groups.of_before(each.person)) {
      together[*group].first += each.counts;
    } else {
      same.emplace(each.person, each.counts);
    }
  }
  seen.clear();
  for (const After& each : after) {
    for (const Counts* counts : {&each.then_old, &each.then_new, &each.now}) check(*counts);
    if (!seen.emplace(each.person, true).second) throw Error(ErrorKind::bug, "a person of the second snapshot stands twice in a figure");
    const Counts then = where(each.here_then, each.then_old), now = where(each.here_now, each.now);
    change.after += now;
    if (const auto group = groups.of_after(each.person)) {
      together[*group].second += then;
    } else {
      const auto found = same.find(each.person);
      add(change, Cause::late_data, difference(then, found == same.end() ? none : found->second));
      if (found != same.end()) same.erase(found);
    }
    if (each.here_then != each.here_now) {
      add(change, Cause::movers, difference(now, then));
    } else {
      const Counts then_new = where(each.here_then, each.then_new);
      add(change, Cause::definition, difference(then_new, then));
      add(change, Cause::real, difference(now, then_new));
    }
  }
  for (const auto& [person, counts] : same) add(change, Cause::late_data, difference(none, counts));
  for (const auto& [group, counts] : together)
    add(change, groups.one_to_one(group) ? Cause::late_data : Cause::relinked, difference(counts.second, counts.first));
  add_points(change);
  return change;
}

ShownChange shown(const disclosure::Policy& policy, const Change& change, bool numerator) {
  const auto pick = [&](const Counts& counts) { return numerator ? counts.numerator : counts.denominator; };
  std::vector<disclosure::CountLine> lines = {{"all", pick(change.before)}, {"before", pick(change.before)}, {"after", pick(change.after)}};
  std::vector<disclosure::NamedSum> sums = {{"all", {"before"}}, {"all", {"after"}}};
  for (std::size_t c = 0; c < causes; ++c) {
    const std::string cause(words[c]);
    lines.push_back({"gained " + cause, pick(change.parts[c].gained)});
    lines.push_back({"lost " + cause, pick(change.parts[c].lost)});
    lines[0].count += pick(change.parts[c].gained);
    sums[0].parts.push_back("gained " + cause);
    sums[1].parts.push_back("lost " + cause);
  }
  const disclosure::ShownCounts counts = protect_counts(policy, lines, sums);
  ShownChange result{counts.counts[1], counts.counts[2], {}};
  for (std::size_t c = 0; c < causes; ++c) result.parts[c] = {counts.counts[3 + 2 * c], counts.counts[4 + 2 * c]};
  return result;
}

std::vector<std::string> sentences(const ShownChange& change) {
  std::vector<std::string> result;
  for (std::size_t c = 0; c < causes; ++c) {
    const auto& [gained, lost] = change.parts[c];
    if (gained.shown == 0 && lost.shown == 0) continue;
    std::string cause(words[c]);
    cause[0] = static_cast<char>(cause[0] - 'a' + 'A');
    const auto number = [](const disclosure::Count& count) {
      return count.hidden() ? std::string("a number hidden to protect people") : fmt::format("{}", *count.shown);
    };
    if (lost.shown == 0) {
      result.push_back(fmt::format("{} added {}.", cause, number(gained)));
    } else if (gained.shown == 0) {
      result.push_back(fmt::format("{} took away {}.", cause, number(lost)));
    } else {
      result.push_back(fmt::format("{} added {} and took away {}.", cause, number(gained), number(lost)));
    }
  }
  return result;
}

}  // namespace catchment::thread
