#include <doctest/doctest.h>

#include <map>
#include <string>

#include "base/error.h"
#include "disclosure/disclosure.h"

using namespace catchment;
using namespace catchment::disclosure;

namespace {

std::pair<std::vector<Policy>, Diagnostics> load(const std::string& text) {
  system::Definitions definitions(std::map<std::string, std::string>{{"disclosure.toml", text}});
  auto policies = load_policies(definitions);
  return {std::move(policies), definitions.diagnostics()};
}

const std::string first = "[[policy]]\nid = \"p\"\nversion = \"1\"\ntitle = \"T\"\n";

}  // namespace

TEST_CASE("the example system's policies have no fault, and both hide and round as the product's default") {
  system::Definitions definitions(std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system/blmk");
  const auto policies = load_policies(definitions);
  CHECK(definitions.diagnostics().empty());
  REQUIRE(policies.size() == 3);
  CHECK(name_of(policies[0]) == "small-numbers 2026.1");
  CHECK(name_of(policy_on(policies, *Date::parse("2026-02-28"))) == "small-numbers 2026.2");
  CHECK(name_of(policy_on(policies, *Date::parse("2026-03-31"))) == "small-numbers 2026.3");
  for (const Policy& policy : policies) {
    CHECK(policy.rules.hidden_up_to == 7);
    CHECK(policy.rules.rounded_to == 5);
    CHECK(policy.secondary);
  }
  CHECK(policies[1].reader_knows == ReaderKnows::rounded);
  CHECK(policies[1].most_hidden_percent == 90);
  CHECK(policies[1].crossings.empty());
  CHECK(policies[2].crossings == std::vector<std::string>{"ethnicity_deprivation", "age_sex"});
}

TEST_CASE("the policy in force is the last that has begun") {
  const auto [policies, faults] = load(first + "[[policy]]\nid = \"p\"\nversion = \"2\"\ntitle = \"T\"\nfrom = 2026-04-01\nhidden_up_to = 4\n");
  CHECK(faults.empty());
  CHECK(name_of(policy_on(policies, *Date::parse("2026-03-31"))) == "p 1");
  CHECK(name_of(policy_on(policies, *Date::parse("2026-04-01"))) == "p 2");
  CHECK(policy_on(policies, *Date::parse("2027-01-01")).rules.hidden_up_to == 4);
  CHECK_THROWS_AS(policy_on({}, *Date::parse("2026-03-31")), Error);
}

TEST_CASE("what is wrong in a policy is told with its line and a fix") {
  struct Fault {
    std::string text, message;
  };
  const Fault all[] = {
      {first + "reader_knows = \"all\"\n", "'all' is not known"},
      {first + "hidden_up_to = 0\n", "outside 1"},
      {first + "most_hidden_percent = 101\n", "outside 0"},
      {first + "hidden_up_to = 2\nrounded_to = 10\n", "shown as none"},
      {first + first, "there twice"},
      {first + "[[policy]]\nid = \"q\"\nversion = \"1\"\ntitle = \"T\"\n", "begin on the same day"},
      {first + "crossings = [\"sex_area\"]\n", "is no crossing of two groups"},
      {first + "crossings = [\"age_sex\", \"age_sex\"]\n", "is there twice"},
      {first + "hiden_up_to = 7\n", "hiden_up_to"},
      {"[[policy]]\nversion = \"1\"\ntitle = \"T\"\n", "'id' is missing"},
  };
  for (const Fault& fault : all) {
    const auto faults = load(fault.text).second;
    REQUIRE_MESSAGE(!faults.empty(), fault.message);
    CHECK_MESSAGE(faults[0].message.find(fault.message) != std::string::npos, faults[0].message);
    CHECK(faults[0].line > 0);
    CHECK_FALSE(faults[0].fix.empty());
  }
}

TEST_CASE("a folder without a policy has the rule of seven and five") {
  system::Definitions definitions(std::map<std::string, std::string>{});
  const auto policies = load_policies(definitions);
  REQUIRE(policies.size() == 1);
  CHECK(policies[0].rules.hidden_up_to == 7);
}
