// The review queue: what waits, one pair, and what a data steward decides about it. Addresses hold numbers of
// items only.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "api/figures.h"
#include "api/review_board.h"
#include "api/review_words.h"
#include "api/visitor.h"

namespace catchment::api {

namespace {

using linkage::Verdict;

constexpr std::int64_t recent_decisions = 20;
constexpr std::size_t longest_reason = 500;

const std::string& snapshot_id(Visitor& v) { return v.object.snapshot; }

build::ReviewStore& store(Visitor& v) {
  if (v.settings().reviews == nullptr)
    refuse(503, "fault", "Decisions cannot be kept here", "This server was started without a place for them.", "tell an administrator");
  return *v.settings().reviews;
}

ReviewBoard board_of(Visitor& v) {
  if (!build::sees_queue(v.filter()))
    refuse(403, "not-allowed", "Not allowed", "A pair of rows belongs to no place, and your account is limited to places.", "ask an administrator");
  return ReviewBoard(*v.source, store(v), snapshot_id(v), v.filter());
}

[[noreturn]] void no_such_pair() { refuse(404, "not-found", "Not found", "There is no such pair in the queue of this snapshot.", "go back to the queue"); }

ReviewDecisionInfo info_of(const build::ReviewNote& note, const std::string& snapshot) {
  ReviewDecisionInfo info;
  info.id = note.id;
  if (note.snapshot == snapshot) info.item = note.item;
  info.verdict = build::to_string(note.verdict);
  info.at = note.at;
  info.by = note.name;
  info.undone_at = note.undone_at;
  if (note.undone_at) info.undone_by = note.undone_by;
  return info;
}

std::int64_t item_part(Visitor& v) {
  const std::string& text = v.parts["item"];
  std::int64_t item = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), item);
  if (code != std::errc{} || end != text.data() + text.size()) no_such_pair();
  return item;
}

std::string pairs_words(std::int64_t count) { return count == 1 ? "1 pair" : with_commas(count) + " pairs"; }

std::string queue_sentence(const ReviewCounts& counts) {
  if (counts.total == 0) return "The last build left no pair of rows in doubt.";
  if (counts.waiting == 0)
    return "Nothing waits: every pair of this snapshot was looked at" +
        (counts.unsure == 0 ? std::string(".") : ", and " + pairs_words(counts.unsure) + " could not be decided.");
  return pairs_words(counts.waiting) + (counts.waiting == 1 ? " of rows waits" : " of rows wait") +
      " for somebody to say whether they are one person; the likeliest come first.";
}

std::string told(const build::ReviewNote& note) {
  const std::string what = note.verdict == Verdict::same ? "the same person" : note.verdict == Verdict::different ? "different people" : "not to be told";
  return note.name + " decided at " + to_string(note.at).substr(11, 5) + " that they are " + what + ".";
}

std::string kept_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::same: return "Kept: the same person. The next build joins them.";
    case Verdict::different: return "Kept: different people. The next build keeps them apart.";
    case Verdict::unsure: return "Kept: unsure. The pair stays in the queue, set aside, and nothing joins it.";
  }
  return {};
}

ReviewOutcome outcome_of(Visitor& v, const build::ReviewNote& note, std::string text, std::int64_t after) {
  const ReviewBoard board = board_of(v);
  return {std::move(text), info_of(note, snapshot_id(v)), board.counts(), board.next(after)};
}

}  // namespace

void list_review(Visitor& v) {
  v.allow_parameters({"state", "offset", "limit"});
  ReviewList list;
  list.state = v.parameter("state").value_or("waiting");
  if (list.state != "waiting" && list.state != "unsure" && list.state != "decided")
    refuse(400, "bad-request", "Not understood", "state is waiting, unsure or decided.");
  list.offset = v.whole_parameter("offset", 0, 10'000'000, 0);
  list.limit = v.whole_parameter("limit", 1, 200, 20);
  const ReviewBoard board = board_of(v);
  list.snapshot = snapshot_id(v);
  list.counts = board.counts();
  list.sentence = queue_sentence(list.counts);
  list.next = board.next(0);
  list.matching = board.matching(list.state);
  for (const auto& pair : v.source->review_pairs(board.page(list.state, list.offset, list.limit), v.filter()))
    list.items.push_back(
        {pair.item, std::string(board.state_of(pair.item)), percent_of(pair.weight), pair.weight, pair.rows_a, pair.rows_b, held_back_words(pair.held_back)});
  for (const auto& note : store(v).recent(recent_decisions)) list.decisions.push_back(info_of(note, list.snapshot));
  v.answer(list);
}

void get_review_item(Visitor& v) {
  const std::int64_t number = item_part(v);
  const ReviewBoard board = board_of(v);
  auto item = v.source->review_item(number, v.filter());
  if (!item) no_such_pair();
  const PersonId shown[] = {item->person_a, item->person_b};
  v.gate().record_disclosed(v.subject(), v.object, v.admission->audit_row, shown);
  item->snapshot = snapshot_id(v);
  item->state = board.state_of(number);
  item->counts = board.counts();
  item->next = board.next(number);
  const auto rows = v.source->review_names(number, v.filter());
  if (const auto last = store(v).standing_on(build::ReviewStore::pair_of(rows.a.front(), rows.b.front()))) {
    item->last = info_of(*last, item->snapshot);
    if (!last->reason.empty()) item->last_reason = last->reason;
  }
  v.answer(item);
}

void get_review_why(Visitor& v) {
  const std::string& side = v.parts["side"];
  if (side != "first" && side != "second") refuse(404, "not-found", "Not found", "A pair has a first and a second side.");
  auto why = v.source->review_why(item_part(v), side == "second", v.filter());
  if (why) {
    const PersonId shown[] = {why->person};
    v.gate().record_disclosed(v.subject(), v.object, v.admission->audit_row, shown);
  }
  v.answer(why);
}

void decide_review(Visitor& v) {
  const auto body = v.body({"snapshot", "verdict", "seen"}, {"reason"});
  const auto verdict = build::verdict_named(body.root()["verdict"].string());
  if (!verdict) refuse(400, "bad-request", "Not understood", "verdict is same, different or unsure.");
  const auto seen = body.root()["seen"].integer();
  if (!seen || *seen < 0) refuse(400, "bad-request", "Not understood", "seen is the number of the decision that was shown, or 0.");
  build::ReviewNote note;
  if (body.root().has("reason")) note.reason = body.root()["reason"].string();
  if (note.reason.size() > longest_reason) refuse(400, "bad-request", "Not understood", "reason has at most 500 characters.");
  note.snapshot = snapshot_id(v);
  if (body.root()["snapshot"].string() != note.snapshot)
    refuse(409, "conflict", "A new snapshot was published", "The queue was made again while you looked. Nothing was kept.", "open the queue again");
  note.item = item_part(v);
  (void)board_of(v);  // before anything is written: whoever may not see the queue is refused here
  const auto rows = v.source->review_names(note.item, v.filter());
  if (rows.a.empty() || rows.b.empty()) no_such_pair();
  note.verdict = *verdict;
  note.at = v.now();
  note.account = v.subject().account;
  note.name = v.subject().display_name;
  access::Object act = v.object;
  act.detail = std::to_string(note.item) + " " + std::string(build::to_string(*verdict));
  // The audit row is on disk before the decision is kept, and written only once it is sure that it will be.
  const auto outcome = store(v).decide(rows, note, *seen, [&] { v.gate().record_act(v.subject(), act, "decide", true, "allowed"); });
  if (!outcome.kept) {
    v.gate().record_act(v.subject(), act, "decide", false, "decided-before");
    refuse(409, "conflict", "Somebody decided this pair before you", told(outcome.note) + " Your decision was not kept.",
           "look at the pair again; you can undo that decision and take your own");
  }
  v.answer(outcome_of(v, outcome.note, kept_words(*verdict), note.item));
}

void undo_review(Visitor& v) {
  const auto body = v.body({"decision"});
  const auto id = body.root()["decision"].integer();
  if (!id) refuse(400, "bad-request", "Not understood", "decision is the number of a decision.");
  access::Object act = v.object;
  act.detail = "decision " + std::to_string(*id);
  (void)board_of(v);  // before anything is written
  const auto outcome =
      store(v).undo(*id, v.now(), v.subject().account, v.subject().display_name, [&] { v.gate().record_act(v.subject(), act, "undo", true, "allowed"); });
  if (!outcome || !outcome->kept) v.gate().record_act(v.subject(), act, "undo", false, outcome ? "undone-before" : "no-such-decision");
  if (!outcome) refuse(404, "not-found", "Not found", "There is no such decision.", "go back to the queue");
  if (!outcome->kept) refuse(409, "conflict", "Undone before", outcome->note.undone_by + " undid this decision already.", "open the queue again");
  const bool here = outcome->note.snapshot == snapshot_id(v);
  v.answer(
      outcome_of(v, outcome->note, here ? "Undone. The pair waits in the queue again." : "Undone. The pair comes back to the queue with the next build.", 0));
}

void add_review_attention(Visitor& v, Start& start) {
  const access::Object asked{access::ObjectKind::linkage_review, "", {}, v.object.snapshot};
  if (v.settings().reviews == nullptr || !access::decide(v.subject(), v.subject().purpose, asked).permitted) return;
  const auto admission = v.gate().admit(v.subject(), asked, v.source->dictionaries());
  if (!admission.filter) return;
  if (!build::sees_queue(*admission.filter)) return;
  const std::int64_t waiting = ReviewBoard(*v.source, *v.settings().reviews, asked.snapshot, *admission.filter).counts().waiting;
  if (waiting > 0)
    start.attention.push_back({"review_queue", "warning", pairs_words(waiting) + (waiting == 1 ? " of rows waits" : " of rows wait") + " for review",
                               "Linkage could not tell whether they are one person", Link{"review", std::nullopt}});
}

}  // namespace catchment::api
