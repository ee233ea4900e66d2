#include "cohort/answers.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

#include "cohort/cohort.h"

using namespace catchment;
using namespace catchment::cohort;

namespace {

const Date march = Date::from_ymd(2026, 3, 31), february = Date::from_ymd(2026, 2, 28);

struct Folder {
  std::filesystem::path file;
  Folder() {
    static int number = 0;
    file = std::filesystem::temp_directory_path() / ("catchment-answers-" + std::to_string(::getpid()) + "-" + std::to_string(++number)) / "answers.sqlite";
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(file.parent_path()); }
};

std::vector<std::uint32_t> people(std::uint32_t from, std::uint32_t to) {
  std::vector<std::uint32_t> all(to - from);
  std::iota(all.begin(), all.end(), from);
  return all;
}

std::vector<std::uint32_t> together(std::vector<std::uint32_t> a, const std::vector<std::uint32_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  return a;
}

bool asked(AnswerStore& answers, std::vector<std::uint32_t> who, Date month = march, const std::string& group = "") {
  return answers.ask({}, {{month, group, std::move(who)}}).front();
}

}  // namespace

TEST_CASE("a cohort that lacks one person of another is not counted beside it, nor one with seven more; one with thirty more is") {
  const Folder folder;
  AnswerStore answers(folder.file);
  CHECK(asked(answers, people(0, 100)));
  CHECK_FALSE(asked(answers, people(1, 100)));
  CHECK_FALSE(asked(answers, people(0, 107)));
  CHECK(asked(answers, people(0, 130)));
  CHECK(asked(answers, people(0, 100)));  // the same again
  CHECK(asked(answers, people(500, 600)));
}

TEST_CASE("what was refused was not answered, and what was answered is known after a restart") {
  const Folder folder;
  {
    AnswerStore answers(folder.file);
    CHECK(asked(answers, people(0, 100)));
    CHECK_FALSE(asked(answers, people(0, 103)));
  }
  AnswerStore answers(folder.file);
  CHECK(asked(answers, people(0, 111)));  // eleven more than the one that was answered
  CHECK_FALSE(asked(answers, people(1, 111)));
}

TEST_CASE("two answers put together do not give away a few people") {
  const Folder folder;
  AnswerStore answers(folder.file);
  CHECK(asked(answers, people(0, 100)));
  CHECK(asked(answers, people(100, 180)));
  CHECK_FALSE(asked(answers, people(0, 182)));                      // both, and two more
  CHECK_FALSE(asked(answers, people(0, 177)));                      // both, but three
  CHECK(asked(answers, people(0, 200)));                            // both, and twenty
  CHECK_FALSE(asked(answers, together(people(102, 180), people(180, 200))));  // the last without the first, but two
  CHECK(asked(answers, people(50, 150)));                           // half of each
}

TEST_CASE("a group of a profile is a set of people like any other") {
  const Folder folder;
  AnswerStore answers(folder.file);
  CHECK(asked(answers, people(0, 60), march, "sex female"));
  CHECK_FALSE(asked(answers, people(0, 58)));  // a cohort of women but two
  CHECK_FALSE(asked(answers, people(0, 62), march, "place a"));
}

TEST_CASE("months are held against one another as they are rounded") {
  const Folder folder;
  AnswerStore answers(folder.file);
  CHECK(asked(answers, people(0, 92), february));
  CHECK(asked(answers, people(0, 93)));        // shown as 90 and 95: between one and nine more
  CHECK(asked(answers, people(300, 392), february));
  CHECK_FALSE(asked(answers, people(300, 398)));  // shown as 90 and 100: six at least, and there are six
}

TEST_CASE("of two who ask at once for nearly the same people one is answered") {
  const Folder folder;
  { const AnswerStore made(folder.file); }
  for (std::uint32_t round = 0; round < 10; ++round) {
    std::atomic<int> answered = 0;
    const auto ask = [&](std::uint32_t from) {
      AnswerStore answers(folder.file);
      answered += asked(answers, people(from, 1000 * round + 200)) ? 1 : 0;
    };
    std::thread first(ask, 1000 * round), second(ask, 1000 * round + 1);
    first.join(), second.join();
    CHECK(answered == 1);
  }
}

TEST_CASE("only so many answers are remembered, the newest") {
  const Folder folder;
  AnswerStore answers(folder.file, 3);
  for (std::uint32_t i = 0; i < 5; ++i) CHECK(asked(answers, people(1000 * i, 1000 * i + 100)));
  CHECK_FALSE(asked(answers, people(4001, 4100)));
  CHECK(asked(answers, people(1, 100)));  // the first is forgotten
}

TEST_CASE("a count that may not stand beside others is hidden with its profile, and a split with one of its groups, in words") {
  const Folder folder;
  AnswerStore answers(folder.file);
  ExactCounts counts;
  counts.months = {march};
  counts.members = {120};
  counts.who = {people(0, 120)};
  counts.profile = {{"sex", "female", 50, people(0, 50)}, {"sex", "male", 70, people(50, 120)}, {"place", "a", 120, people(0, 120)}};
  const ShownMembers first = shown({}, counts, answers);
  CHECK(first.held_back.empty());
  CHECK(first.members[0].shown == 120);
  ExactCounts fewer = counts;
  fewer.members = {118}, fewer.who = {people(2, 120)};
  fewer.profile = {{"sex", "female", 48, people(2, 50)}, {"sex", "male", 70, people(50, 120)}, {"place", "a", 118, people(2, 120)}};
  const ShownMembers second = shown({}, fewer, answers);
  REQUIRE(second.held_back.size() == 1);
  CHECK(second.held_back[0].find("Change the cohort by more than a few people") != std::string::npos);
  CHECK(second.members[0].hidden());
  for (const auto& group : second.profile) CHECK(group.members.hidden());
  ExactCounts other = counts;  // twenty others, of whom two are women
  other.members = {138}, other.who = {people(2, 140)};
  other.profile = {{"sex", "female", 48, people(2, 50)}, {"sex", "male", 90, people(50, 140)}, {"place", "a", 138, people(2, 140)}};
  const ShownMembers third = shown({}, other, answers);
  CHECK(third.profile[0].members.hidden());
  CHECK(third.profile[1].members.hidden());
  CHECK(third.held_back.size() == 1);
}
