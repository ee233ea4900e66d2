#include "intake/dictionaries.h"

#include "base/error.h"

namespace catchment::intake {

namespace {
constexpr std::size_t most_entries = std::size_t{1} << 26;
}

std::int32_t EntryTable::find_or_add(std::string_view system, std::string_view code, std::string_view display, bool with_display, bool& added) {
  std::uint64_t hash = hash_text(code, hash_text(system));
  if (with_display && !display.empty()) hash = hash_text(display, hash);
  if (hash == 0) hash = 1;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = static_cast<std::size_t>(hash) & mask;; at = (at + 1) & mask) {
    SlotOf& slot = slots_[at];
    if (slot.id == 0) {
      if (entries_.size() >= most_entries)
        throw Error(ErrorKind::environment, "more than 67 million different codes were sent",
                    "check the code columns of the feeds: one of them holds free text");
      entries_.push_back({std::string(system), std::string(code), std::string(display)});
      slot.hash = hash;
      slot.id = static_cast<std::int32_t>(entries_.size());
      added = true;
      const std::int32_t id = slot.id;
      if (entries_.size() * 2 > slots_.size()) grow();
      return id;
    }
    if (slot.hash == hash) {
      const Entry& e = entry(slot.id);
      if (e.code == code && e.system == system && (!with_display || e.display == display)) return slot.id;
    }
  }
}

void EntryTable::grow() {
  std::vector<SlotOf> old(slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const SlotOf& slot : old) {
    if (slot.id == 0) continue;
    std::size_t at = static_cast<std::size_t>(slot.hash) & mask;
    while (slots_[at].id != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::int32_t GlobalDictionary::resolve_new(LocalDictionary& local, Word kind, std::int32_t id) {
  const Entry& from = local.entry(kind, id);
  EntryTable& table = tables_[static_cast<std::size_t>(kind)];
  bool added = false;
  const auto alias = kind == Word::organisation ? aliases_.find(from.code) : aliases_.end();
  const std::int32_t final_id =
      table.find_or_add(from.system, alias != aliases_.end() ? std::string_view(alias->second) : from.code, from.display, false, added);
  Entry& entry = table.entry(final_id);
  if (entry.display.empty()) entry.display = from.display;
  auto& known = local.global(kind);
  if (known.size() <= static_cast<std::size_t>(id)) known.resize(static_cast<std::size_t>(id) * 2 + 16, 0);
  known[static_cast<std::size_t>(id)] = final_id;
  return final_id;
}

}  // namespace catchment::intake
