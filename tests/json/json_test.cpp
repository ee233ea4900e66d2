#include "json/json.h"

#include <doctest/doctest.h>

using namespace catchment::json;

TEST_CASE("values are read in any order and numbers keep their text") {
  Parser parser;
  Fault fault;
  const std::string text = R"({"a": [1.50, true, null, "x\ny"], "resource": {"id": "7", "n": 12345678901234567890123} , "é": "£"})";
  const auto document = parser.parse(text, fault);
  REQUIRE_MESSAGE(document, fault.message);
  const Value root = document->root();
  CHECK(root["resource"].raw() == R"({"id": "7", "n": 12345678901234567890123})");
  CHECK(root["resource"]["n"].number_text() == "12345678901234567890123");
  CHECK(root["a"].at(0).number_text() == "1.50");
  CHECK(root["a"].at(1).boolean());
  CHECK(root["a"].at(2).is_null());
  CHECK(root["a"].at(3).string() == "x\ny");
  CHECK(root["a"].raw() == R"([1.50, true, null, "x\ny"])");
  CHECK(root["é"].string() == "£");
  CHECK(root["missing"]["deeper"].is_null());
  CHECK(root.raw() == text);
  int members = 0;
  for (const Value member : root) members += member.key().empty() ? 0 : 1;
  CHECK(members == 3);
}

TEST_CASE("a scalar is a document too") {
  Parser parser;
  Fault fault;
  CHECK(parser.parse(" 42 ", fault)->root().integer() == 42);
  CHECK(parser.parse("\"a\"", fault)->root().string() == "a");
}

TEST_CASE("bad JSON is a fault with a place, not a crash") {
  Parser parser;
  for (const char* text : {"", "{", "[1,]", "{\"a\":01}", "{\"a\":1}x", "[1 2]", "{\"a\" 1}", "\"open", "nul", "[\"\\ud800\"]", "1,2", "{\"a\":-}"}) {
    Fault fault;
    CHECK_MESSAGE(!parser.parse(text, fault), text);
    CHECK(!fault.message.empty());
  }
  Fault fault;
  CHECK_FALSE(parser.parse(std::string(100000, '['), fault));
  CHECK_FALSE(parser.parse(std::string(300, '[') + std::string(300, ']'), fault));
}

TEST_CASE("what the writer writes, the parser reads back") {
  Writer writer;
  writer.begin_object().key("text").string("a\"b\\c\n\x01").key("list").begin_array().integer(1).number(0.1).null().boolean(false);
  writer.begin_object().end_object().end_array().key("spliced").raw("{\"z\":1}").end_object();
  Parser parser;
  Fault fault;
  const auto document = parser.parse(writer.text(), fault);
  REQUIRE_MESSAGE(document, writer.text());
  CHECK(document->root()["text"].string() == "a\"b\\c\n\x01");
  CHECK(document->root()["list"].size() == 5);
  CHECK(document->root()["spliced"]["z"].integer() == 1);
  CHECK(quoted("\xff") == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("documents kept together stay as they were read") {
  Parser parser;
  Collection kept;
  Fault fault;
  std::vector<Value> values;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = R"({"n": )" + std::to_string(i) + R"(, "text": "a\tb", "\u006bey": ["x", {"y": ""}]})";
    values.push_back(kept.add(parser, text, fault));
  }
  for (int i = 0; i < 20'000; ++i) {
    const Value value = values[static_cast<std::size_t>(i)];
    REQUIRE(value["n"].integer() == i);
    REQUIRE(value["text"].string() == "a\tb");
    REQUIRE(value["key"].at(1).raw() == R"({"y": ""})");
  }
  for (const char* text : {"", "7", "{", "[1,]", "{\"a\":1}x"}) {
    CHECK_MESSAGE(kept.add(parser, text, fault).is_null(), text);
    CHECK(!fault.message.empty());
  }
  CHECK(kept.add(parser, "[1]", fault).at(0).integer() == 1);
}

TEST_CASE("members are looked up without reading the rest") {
  Parser parser;
  const auto members = [&parser](std::string text, std::vector<std::string_view> names) -> std::string {
    const std::size_t length = text.size();
    text.append(padding, '\0');
    std::vector<std::string_view> texts(names.size());
    if (!parser.members(std::string_view(text).substr(0, length), names, texts)) return "none";
    std::string all;
    for (const std::string_view each : texts) all += "<" + std::string(each) + ">";
    return all;
  };
  CHECK(members(R"({"a":{"b":[1, 2]} , "b": "x\"y" ,"c":-1.50})", {"b", "a", "c"}) == R"(<"x\"y"><{"b":[1, 2]}><-1.50>)");
  CHECK(members(R"({"a":1,"a":2})", {"a", "d"}) == "<1><>");
  CHECK(members(R"({"a":[ {} ], "b": nonsense})", {"a"}) == "<[ {} ]>");
  CHECK(members("{}", {"a"}) == "<>");
  CHECK(members("[1]", {"a"}) == "none");
  CHECK(members("{\"a\"", {"a"}) == "none");
  CHECK(members("", {"a"}) == "none");
}
