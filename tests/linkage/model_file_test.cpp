#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "base/random.h"
#include "linkage/linkage.h"

using namespace catchment;
using namespace catchment::linkage;

namespace {

const std::string sound = R"(
mode = "dedupe"
seed = 7
link_probability = 0.9
blocking = ["birth_date", "given_name:first2 + family_name:first2"]
[[field]]
name = "given_name"
kind = "given_name"
columns = ["first"]
levels = ["exact", "nickname", "jaro_winkler 0.92"]
prior = [0.8, 0.1, 0.05, 0.05]
[[field]]
name = "family_name"
kind = "family_name"
columns = ["last"]
[[field]]
name = "birth_date"
kind = "birth_date"
columns = ["dob"]
)";

Tables people() {
  Random random(3);
  std::string text = "id,first,last,dob\n";
  for (int p = 0; p < 300; ++p) {
    const auto word = [&random](int letters) {
      std::string out;
      for (int i = 0; i < letters; ++i) out += static_cast<char>(i % 2 == 0 ? "bdfgklmnprst"[random.below(12)] : "aeiou"[random.below(5)]);
      return out;
    };
    const std::string cells = word(5) + "," + word(7) + "," + std::to_string(1930 + random.below(80)) + "-0" + std::to_string(1 + random.below(9)) + "-1" +
        std::to_string(random.below(10));
    for (int copy = 0; copy < 2; ++copy) text += std::to_string(p * 2 + copy) + "," + cells + "\n";
  }
  Tables out;
  out.add("people", "people.csv", text);
  return out;
}

RowLinks link(const Tables& tables, Model& model) {
  SilentProgress silent;
  return link_rows(tables.raw(), model, 2, silent);
}

}  // namespace

TEST_CASE("a model file says the fields, levels, blocking rules and thresholds") {
  Diagnostics faults;
  const Model model = read_model(sound, "m.toml", faults).model;
  CHECK(faults.empty());
  REQUIRE(model.comparisons.size() == 3);
  CHECK(model.comparisons[0].levels.size() == 4);
  CHECK(model.comparisons[0].levels[2].value == doctest::Approx(0.92));
  CHECK(model.comparisons[0].levels[0].m == doctest::Approx(0.8));
  CHECK(model.blocking.size() == 2);
  CHECK(to_string(model.blocking[1]) == "given_name:first2 + family_name:first2");
  CHECK(model.link_threshold == doctest::Approx(0.9));
  CHECK(model.mode == LinkMode::dedupe);
}

TEST_CASE("every fault of a model file is said at once, each with its line and a fix") {
  Diagnostics faults;
  read_model(
      "mode = \"dedup\"\nlink_probability = 7\nlargest_blok = 3\nblocking = [\"birth_dat\", \"x:frist2\"]\n[[field]]\nname = \"a\"\nkind = "
      "\"givenname\"\nlevels = [\"exakt\"]\n",
      "m.toml", faults);
  CHECK(faults.size() == 6);  // the levels of a field of unknown kind are not judged
  for (const Diagnostic& d : faults) {
    CHECK(d.file == "m.toml");
    CHECK(d.line > 0);
    CHECK_FALSE(d.fix.empty());
  }
  Diagnostics broken;
  read_model("[[field\n", "m.toml", broken);
  CHECK(has_errors(broken));
}

TEST_CASE("trained numbers are read back exactly and used without training again") {
  const Tables tables = people();
  Diagnostics faults;
  Model model = read_model(sound, "m.toml", faults).model, again = model, other = model;
  const RowLinks first = link(tables, model);
  CHECK(first.clusters == 300);
  const std::string trained = write_trained(model);
  CHECK(read_trained(trained, "m.trained.toml", again, faults));
  CHECK(faults.empty());
  CHECK(write_trained(again) == trained);
  const RowLinks second = link(tables, again);
  CHECK(second.training.iterations == 0);
  CHECK(second.cluster == first.cluster);
  Model repeated = read_model(sound, "m.toml", faults).model;
  link(tables, repeated);
  CHECK(write_trained(repeated) == trained);
  other.comparisons[0].levels[2].value = 0.9;
  CHECK_FALSE(read_trained(trained, "m.trained.toml", other, faults));  // another definition
}

TEST_CASE("the build's model file is sound") {
  std::ifstream in(std::string(CATCHMENT_SOURCE_DIR) + "/system/blmk/linkage/model.toml", std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  Diagnostics faults;
  const Model model = read_model(text.str(), "model.toml", faults).model;
  CHECK(faults.empty());
  CHECK(model.comparisons.size() == 8);
  CHECK(model.blocking.size() == 16);
}
