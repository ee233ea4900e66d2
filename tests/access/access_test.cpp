#include "access/access.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "access/sql.h"
#include "base/error.h"
#include "db/db.h"

using namespace catchment;
using namespace catchment::access;

namespace {

constexpr PasswordCost cheap{64, 1};

struct Folder {
  std::filesystem::path path;
  Folder() {
    char name[] = "/tmp/catchment-access-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path operator/(const char* file) const { return path / file; }
};

Subject subject_of(Role role, Purpose purpose) { return {"someone", "Some One", role, purpose, {}, "test"}; }

template <typename F>
std::string fault_of(F&& f) {
  try {
    f();
  } catch (const Error& error) { return error.what(); }
  return {};
}

}  // namespace

TEST_CASE("a password is stored under argon2id and only the same password opens it") {
  const std::string seal = password_seal("four plain short words", cheap);
  CHECK(seal.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  CHECK(password_matches(seal, "four plain short words"));
  CHECK_FALSE(password_matches(seal, "four plain short word"));
  CHECK_FALSE(password_matches(seal, ""));
  CHECK_FALSE(password_matches("", ""));
  CHECK(password_seal("four plain short words", cheap) != seal);
}

TEST_CASE("an account signs in with its own password only, and not once closed") {
  Folder folder;
  Accounts accounts(folder / "authored.sqlite", cheap);
  accounts.add({"amira", "Amira Khan", {Role::analyst, Role::board}, {"luton"}}, "a long enough one");
  const auto in = accounts.sign_in("amira", "a long enough one");
  REQUIRE(in);
  CHECK(in->display_name == "Amira Khan");
  CHECK(in->roles == std::vector{Role::analyst, Role::board});
  CHECK(in->places == std::vector<std::string>{"luton"});
  CHECK_FALSE(accounts.sign_in("amira", "another long one"));
  CHECK_FALSE(accounts.sign_in("nobody", "a long enough one"));
  CHECK_FALSE(accounts.sign_in("amira' OR 1=1 --", "a long enough one"));
  CHECK_FALSE(accounts.sign_in("amira", std::string(100'000, 'x')));
  accounts.close("amira");
  CHECK_FALSE(accounts.sign_in("amira", "a long enough one"));
}

TEST_CASE("accounts outlive the program and their file is private") {
  Folder folder;
  { Accounts(folder / "authored.sqlite", cheap).add({"ben", "Ben", {Role::finance}, {}}, "a long enough one"); }
  Accounts again(folder / "authored.sqlite", cheap);
  CHECK(again.sign_in("ben", "a long enough one"));
  CHECK(again.all().size() == 1);
  struct stat status{};
  REQUIRE(stat((folder / "authored.sqlite").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a name taken, a weak password and an account without a role are refused without repeating the password") {
  Folder folder;
  Accounts accounts(folder / "authored.sqlite", cheap);
  accounts.add({"cora", "Cora", {Role::board}, {}}, "a long enough one");
  CHECK(fault_of([&] { accounts.add({"cora", "Cora", {Role::board}, {}}, "a long enough one"); }) == "there is an account of that name");
  CHECK(fault_of([&] { accounts.add({"dan", "Dan", {Role::board}, {}}, "short"); }).find("12 to 200") != std::string::npos);
  CHECK(fault_of([&] { accounts.add({"daniel", "Dan", {Role::board}, {}}, "i am daniel himself"); }).find("daniel himself") == std::string::npos);
  CHECK_FALSE(fault_of([&] { accounts.add({"dan", "Dan", {Role::board}, {}}, "aaaaaaaaaaaaaaaa"); }).empty());
  CHECK_FALSE(fault_of([&] { accounts.add({"dan", "Dan", {}, {}}, "a long enough one"); }).empty());
  CHECK_FALSE(fault_of([&] { accounts.add({"Dan Smith", "Dan", {Role::board}, {}}, "a long enough one"); }).empty());
}

TEST_CASE("accounts share a file with tables of others and a newer schema is refused") {
  Folder folder;
  {
    db::Sqlite other(folder / "authored.sqlite", db::SqliteMode::create);
    other.execute("CREATE TABLE theirs (x INTEGER); PRAGMA user_version = 7");
  }
  { Accounts accounts(folder / "authored.sqlite", cheap); }
  db::Sqlite other(folder / "authored.sqlite", db::SqliteMode::read_write);
  auto version = other.prepare("PRAGMA user_version");
  REQUIRE(version.step());
  CHECK(version.integer(0) == 7);
  other.execute("UPDATE schema_part SET version = 99 WHERE part = 'access'");
  CHECK(fault_of([&] { Accounts accounts(folder / "authored.sqlite", cheap); }).find("newer") != std::string::npos);
}

TEST_CASE("guessing is slowed for a name and for an address, and success forgives the name") {
  AttemptLimiter limiter;
  std::int64_t now = 1'000'000;
  for (int i = 0; i < 5; ++i) {
    CHECK(limiter.wait_ms("amira", "::1", now) == 0);
    limiter.failed("amira", "::1", now);
  }
  CHECK(limiter.wait_ms("amira", "::1", now) == 2'000);
  CHECK(limiter.wait_ms("ben", "::1", now) == 0);
  now += 2'000;
  CHECK(limiter.wait_ms("amira", "::1", now) == 0);
  limiter.failed("amira", "::1", now);
  CHECK(limiter.wait_ms("amira", "::1", now) == 4'000);
  limiter.succeeded("amira", "::1");
  CHECK(limiter.wait_ms("amira", "::1", now) == 0);
  for (int i = 0; i < 20; ++i) limiter.failed("name" + std::to_string(i), "9.9.9.9", now);
  CHECK(limiter.wait_ms("yet another", "9.9.9.9", now) > 0);
  for (int i = 0; i < 100; ++i) limiter.failed("amira", "::2", now);
  CHECK(limiter.wait_ms("amira", "::2", now) == 15 * 60'000);
}

TEST_CASE("what the limiter remembers is bounded") {
  AttemptLimiter::Limits limits;
  limits.remembered = 10;
  AttemptLimiter limiter(limits);
  for (int i = 0; i < 1000; ++i) limiter.failed("n" + std::to_string(i), "a" + std::to_string(i), i);
  CHECK(limiter.wait_ms("n0", "a0", 1000) == 0);
}

TEST_CASE("a session ends when idle, when old, and when signed out") {
  Sessions sessions;
  const Account account{"amira", "Amira", {Role::analyst}, {}};
  std::int64_t now = 1'000'000'000;
  const auto opened = sessions.open(account, now);
  REQUIRE(opened.new_token);
  CHECK(opened.subject.purpose == Purpose::population_health);
  CHECK(sessions.find(*opened.new_token, now + 1000));
  CHECK_FALSE(sessions.find("not a token", now));
  CHECK_FALSE(sessions.find(*opened.new_token, now + 1000 + sessions.limits().idle_ms));
  CHECK(sessions.count() == 0);

  auto token = *sessions.open(account, now).new_token;
  const std::int64_t opened_at = now;
  while (now - opened_at < sessions.limits().whole_ms - 60'000) {
    now += 60'000;
    const auto visit = sessions.find(token, now);
    REQUIRE(visit);
    if (visit->new_token) token = *visit->new_token;
  }
  CHECK_FALSE(sessions.find(token, opened_at + sessions.limits().whole_ms));

  token = *sessions.open(account, now).new_token;
  CHECK(sessions.close(token));
  CHECK_FALSE(sessions.find(token, now));
  CHECK_FALSE(sessions.close(token));
}

TEST_CASE("a token is replaced while in use, and the old one soon stops working") {
  Sessions sessions;
  std::int64_t now = 1'000'000'000;
  const std::string first = *sessions.open({"amira", "Amira", {Role::analyst}, {}}, now).new_token;
  now += sessions.limits().rotate_ms;
  const auto visit = sessions.find(first, now);
  REQUIRE(visit);
  REQUIRE(visit->new_token);
  CHECK(*visit->new_token != first);
  const auto late = sessions.find(first, now + 1000);  // a request already under way
  REQUIRE(late);
  CHECK_FALSE(late->new_token);
  CHECK(sessions.find(*visit->new_token, now + 1000));
  CHECK_FALSE(sessions.find(first, now + sessions.limits().grace_ms));
  CHECK(sessions.find(*visit->new_token, now + sessions.limits().grace_ms));
}

TEST_CASE("choosing another role carries no token, no CSRF token and no handle over") {
  Sessions sessions;
  const auto opened = sessions.open({"amira", "Amira", {Role::neighbourhood_team}, {}}, 1000);
  const auto chosen = sessions.choose(*opened.new_token, Role::neighbourhood_team, Purpose::population_health, 2000);
  REQUIRE(chosen);
  CHECK_FALSE(sessions.find(*opened.new_token, 2000));
  CHECK(chosen->csrf_token != opened.csrf_token);
  CHECK(chosen->handle_key != opened.handle_key);
  CHECK_FALSE(open_handle(chosen->handle_key, make_handle(opened.handle_key, PersonId{42})));
}

TEST_CASE("sessions of one account and of all are bounded") {
  SessionLimits limits;
  limits.for_one_account = 3;
  limits.sessions = 5;
  Sessions sessions(limits);
  const std::string first = *sessions.open({"a", "A", {Role::board}, {}}, 1).new_token;
  for (int i = 0; i < 3; ++i) sessions.open({"a", "A", {Role::board}, {}}, 2 + i);
  CHECK(sessions.count() == 3);
  CHECK_FALSE(sessions.find(first, 9));
  for (int i = 0; i < 20; ++i) sessions.open({"b" + std::to_string(i), "B", {Role::board}, {}}, 10 + i);
  CHECK(sessions.count() == 5);
}

TEST_CASE("a handle opens only under its key and only unaltered") {
  const std::string key = random_bytes(32);
  const std::string handle = make_handle(key, PersonId{123456789});
  CHECK(handle.size() == 22);
  CHECK(handle.find("123456789") == std::string::npos);
  const auto person = open_handle(key, handle);
  REQUIRE(person);
  CHECK(person->value == 123456789);
  CHECK(make_handle(key, PersonId{123456789}) == handle);
  CHECK_FALSE(open_handle(random_bytes(32), handle));
  for (std::size_t i = 0; i < handle.size(); ++i) {
    std::string altered = handle;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(open_handle(key, altered));
  }
  for (const char* bad : {"", "x", "1234567890123456789012!", "../../../etc/passwd...."}) CHECK_FALSE(open_handle(key, bad));
}

TEST_CASE("base64url is its own inverse for every length") {
  for (std::size_t n = 0; n < 40; ++n) {
    const std::string bytes = random_bytes(n);
    CHECK(from_base64url(base64url(bytes)) == bytes);
  }
  CHECK_FALSE(from_base64url("a+b/"));
}

TEST_CASE("the policy says something about everything that can be asked for, and refuses the rest") {
  std::set<ObjectKind> seen;
  for (const auto& line : policy()) seen.insert(line.object);
  CHECK(seen.size() == object_kinds);
  for (const auto& line : policy())
    for (const Role role : all_roles)
      for (const Purpose purpose : all_purposes) {
        const auto decision = decide(subject_of(role, purpose), purpose, {line.object});
        const auto own = purposes_of(role);
        const bool listed = std::count(line.roles.begin(), line.roles.end(), role) > 0 && std::count(line.purposes.begin(), line.purposes.end(), purpose) > 0 &&
            std::count(own.begin(), own.end(), purpose) > 0;
        CHECK(decision.permitted == listed);
      }
}

TEST_CASE("only direct care reaches a named resident, and only data stewards see rejected values") {
  for (const Role role : all_roles)
    for (const Purpose purpose : purposes_of(role)) {
      const bool care = (role == Role::care_professional || role == Role::neighbourhood_team) && purpose == Purpose::direct_care;
      CHECK(decide(subject_of(role, purpose), purpose, {ObjectKind::resident_record}).permitted == care);
      CHECK(decide(subject_of(role, purpose), purpose, {ObjectKind::resident_search}).permitted == care);
      const auto quarantine = decide(subject_of(role, purpose), purpose, {ObjectKind::quarantine});
      CHECK(quarantine.values_visible == (role == Role::data_steward && purpose == Purpose::data_quality));
      CHECK_FALSE(decide(subject_of(role, purpose), purpose, {ObjectKind::population}).identity_visible);
    }
  CHECK(decide(subject_of(Role::analyst, Purpose::population_health), Purpose::direct_care, {ObjectKind::resident_record}).reason ==
        Reason::role_lacks_purpose);
}

TEST_CASE("linkage review shows identities to a data steward working for data quality, and nothing clinical to anybody") {
  Folder folder;
  const FixedClock clock(Instant{});
  AuditWriter audit(folder / "audit.sqlite");
  Gate gate(audit, clock);
  for (const Role role : all_roles)
    for (const Purpose purpose : purposes_of(role)) {
      const auto filter = gate.admit(subject_of(role, purpose), {ObjectKind::linkage_review}).filter;
      CHECK(filter.has_value() == (role == Role::data_steward && purpose == Purpose::data_quality));
      if (!filter) continue;
      CHECK(filter->sees_identity());
      CHECK_FALSE(filter->sees_counts());
      CHECK_FALSE(filter->sees_quarantine());
      CHECK_FALSE(filter->sees_restricted_addresses());
      for (const auto& table : records::tables) CHECK(filter->hides_table(table.name));
    }
}

TEST_CASE("resources as they were sent are for an analyst working for population health, without identities") {
  Folder folder;
  const FixedClock clock(Instant{});
  AuditWriter audit(folder / "audit.sqlite");
  Gate gate(audit, clock);
  records::Dictionaries dictionaries;
  dictionaries.sources = {{}, {"gp", "gp.csv", "direct-care"}, {"planning", "planning.csv", "population-health"}};
  dictionaries.index();
  for (const Role role : all_roles)
    for (const Purpose purpose : purposes_of(role))
      for (const auto& line : policy()) {
        const auto filter = gate.admit(subject_of(role, purpose), {line.object}, &dictionaries).filter;
        if (line.object == ObjectKind::sent_resource) CHECK(filter.has_value() == (role == Role::analyst && purpose == Purpose::population_health));
        if (!filter) continue;
        CHECK(filter->sees_resources() == (line.object == ObjectKind::sent_resource));
        if (!filter->sees_resources()) continue;
        CHECK(filter->sees(records::PersonSummary{}));
        CHECK_FALSE(filter->sees_identity());
        CHECK_FALSE(filter->sees_counts());
        CHECK_FALSE(filter->sees_quarantine());
        CHECK(filter->hides_source(SourceId{1}));
        CHECK_FALSE(filter->hides_source(SourceId{2}));
      }
}

TEST_CASE("a team limited to places sees no resident of another place, and nobody when the places are not known") {
  Folder folder;
  const FixedClock clock(Instant{});
  AuditWriter audit(folder / "audit.sqlite");
  Gate gate(audit, clock);
  records::Dictionaries dictionaries;
  dictionaries.places = {{}, {"bedford", "Bedford"}, {"luton", "Luton"}};
  dictionaries.index();
  Subject subject = subject_of(Role::neighbourhood_team, Purpose::direct_care);
  subject.places = {"luton"};
  records::PersonSummary here, there;
  here.place = 2;
  there.place = 1;
  const auto limited = gate.admit(subject, {ObjectKind::resident_record}, &dictionaries).filter;
  REQUIRE(limited);
  CHECK(limited->sees(here));
  CHECK_FALSE(limited->sees(there));
  CHECK_FALSE(limited->sees_restricted_addresses());
  CHECK_FALSE(gate.admit(subject, {ObjectKind::resident_record}).filter->sees(here));
  subject.places = {"nowhere"};
  CHECK_FALSE(gate.admit(subject, {ObjectKind::resident_record}, &dictionaries).filter->sees(here));
  subject.places = {};
  CHECK(gate.admit(subject, {ObjectKind::resident_record}, &dictionaries).filter->sees(there));
  CHECK_FALSE(gate.admit(subject, {ObjectKind::population}, &dictionaries).filter->sees(there));
}

TEST_CASE("a record holds only rows of files whose partner shares them for that purpose") {
  Folder folder;
  const FixedClock clock(Instant{});
  AuditWriter audit(folder / "audit.sqlite");
  Gate gate(audit, clock);
  records::Dictionaries dictionaries;
  dictionaries.sources = {{},
                          {"gp", "gp.csv", "direct-care,population-health"},
                          {"planning", "planning.csv", "population-health,commissioning"},
                          {"odd", "odd.csv", "direct-care-not"},
                          {"none", "none.csv", ""}};
  dictionaries.index();
  const auto subject = subject_of(Role::care_professional, Purpose::direct_care);
  CHECK(decide(subject, Purpose::direct_care, {ObjectKind::resident_record}).rows_shared_for == "direct-care");
  CHECK(decide(subject, Purpose::direct_care, {ObjectKind::population}).rows_shared_for.empty());
  const auto filter = gate.admit(subject, {ObjectKind::resident_record}, &dictionaries).filter;
  REQUIRE(filter);
  CHECK_FALSE(filter->hides_source(SourceId{1}));
  CHECK(filter->hides_source(SourceId{2}));
  CHECK(filter->hides_source(SourceId{3}));
  CHECK_FALSE(filter->hides_source(SourceId{4}));
}

TEST_CASE("detentions and restrictive interventions are for the care professional alone") {
  Folder folder;
  const FixedClock clock(Instant{});
  AuditWriter audit(folder / "audit.sqlite");
  Gate gate(audit, clock);
  records::Dictionaries dictionaries;
  dictionaries.codes = {{}, {"snomed", "44054006", "Type 2 diabetes"}, {"mhsds-legal-status", "03", ""}, {"mhsds-restrictive-intervention", "14", ""}};
  dictionaries.index();
  std::size_t records_opened = 0;
  for (const Role role : all_roles)
    for (const Purpose purpose : purposes_of(role))
      for (const ObjectKind kind : {ObjectKind::resident_search, ObjectKind::resident_record, ObjectKind::sent_resource}) {
        const auto admission = gate.admit(subject_of(role, purpose), {kind}, &dictionaries);
        if (!admission.filter) continue;
        ++records_opened;
        const bool sees = role == Role::care_professional;
        CHECK_FALSE(admission.filter->hides(CodeId{1}));
        CHECK(admission.filter->hides(CodeId{2}) == !sees);
        CHECK(admission.filter->hides(CodeId{3}) == !sees);
        CHECK((admission.decision.rule.find("Mental Health Act") == std::string::npos) == sees);
      }
  CHECK(records_opened >= 5);
}

TEST_CASE("permission and refusal both leave a row, and only permission leaves a filter") {
  Folder folder;
  const FixedClock clock(Instant{1'700'000'000'000, 0});
  {
    AuditWriter audit(folder / "audit.sqlite");
    Gate gate(audit, clock);
    const auto yes = gate.admit(subject_of(Role::care_professional, Purpose::direct_care), {ObjectKind::resident_record, {}, PersonId{7}, "s1"});
    REQUIRE(yes.filter);
    CHECK(yes.filter->sees_identity());
    CHECK_FALSE(yes.filter->sees_counts());
    CHECK(yes.audit_row == 1);
    const auto no = gate.admit(subject_of(Role::finance, Purpose::commissioning), {ObjectKind::resident_record, {}, PersonId{7}, "s1"});
    CHECK_FALSE(no.filter);
    const std::vector<PersonId> shown = {{1}, {2}, {3}};
    gate.record_disclosed(subject_of(Role::care_professional, Purpose::direct_care), {ObjectKind::resident_search}, yes.audit_row, shown);
  }
  const auto check = verify_audit(folder / "audit.sqlite");
  CHECK(check.whole());
  CHECK(check.rows == 5);
  db::Sqlite database(folder / "audit.sqlite", db::SqliteMode::read_only);
  auto row = database.prepare("SELECT outcome, reason, person, account, role, purpose FROM audit WHERE number = 2");
  REQUIRE(row.step());
  CHECK(row.text(0) == "refused");
  CHECK(row.text(1) == "not-for-role");
  CHECK(row.integer(2) == 7);
  CHECK(row.text(4) == "finance");
}

namespace {

void write_rows(AuditWriter& audit, int count) {
  for (int i = 0; i < count; ++i) {
    AuditRow row;
    row.at_ms = i;
    row.account = "amira";
    row.detail = "row " + std::to_string(i);
    audit.append(std::span(&row, 1));
  }
}

void tamper(const std::filesystem::path& file, const char* sql) {
  db::Sqlite database(file, db::SqliteMode::read_write);
  database.execute("DROP TRIGGER audit_no_change; DROP TRIGGER audit_no_delete");
  database.execute(sql);
}

}  // namespace

TEST_CASE("the chain names the first row that was changed, taken out or put in") {
  for (const auto& [sql, row] : {std::pair{"UPDATE audit SET account = 'ben' WHERE number = 5", 5},
                                 {"DELETE FROM audit WHERE number = 4", 4},
                                 {"UPDATE audit SET person = 3 WHERE number = 9", 9},
                                 {"UPDATE audit SET at_ms = at_ms + 1 WHERE number = 1", 1},
                                 {"UPDATE audit SET account = 'amirar', display_name = '' WHERE number = 2", 2},
                                 {"UPDATE audit SET seal = zeroblob(32) WHERE number = 10", 10}}) {
    Folder folder;
    {
      AuditWriter audit(folder / "audit.sqlite");
      write_rows(audit, 10);
    }
    CHECK(verify_audit(folder / "audit.sqlite").whole());
    tamper(folder / "audit.sqlite", sql);
    const auto check = verify_audit(folder / "audit.sqlite");
    REQUIRE(check.broken_at);
    CHECK(*check.broken_at == row);
  }
}

TEST_CASE("a trail cut short is found by a seal noted earlier") {
  Folder folder;
  {
    AuditWriter audit(folder / "audit.sqlite");
    write_rows(audit, 10);
  }
  const std::string head = audit_head(folder / "audit.sqlite");
  CHECK(verify_audit(folder / "audit.sqlite", head).whole());
  tamper(folder / "audit.sqlite", "DELETE FROM audit WHERE number > 8");
  CHECK(verify_audit(folder / "audit.sqlite").whole());
  CHECK_FALSE(verify_audit(folder / "audit.sqlite", head).whole());
}

TEST_CASE("the database itself refuses to change or delete a row of the audit") {
  Folder folder;
  AuditWriter audit(folder / "audit.sqlite");
  write_rows(audit, 2);
  db::Sqlite database(folder / "audit.sqlite", db::SqliteMode::read_write);
  CHECK_FALSE(fault_of([&] { database.execute("UPDATE audit SET account = 'x'"); }).empty());
  CHECK_FALSE(fault_of([&] { database.execute("DELETE FROM audit"); }).empty());
  CHECK(verify_audit(folder / "audit.sqlite").rows == 2);
}

TEST_CASE("rows from many threads and two writers make one chain") {
  Folder folder;
  {
    AuditWriter one(folder / "audit.sqlite");
    AuditWriter two(folder / "audit.sqlite");
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) threads.emplace_back([&, t] { write_rows(t % 2 == 0 ? one : two, 25); });
    for (auto& thread : threads) thread.join();
  }
  const auto check = verify_audit(folder / "audit.sqlite");
  CHECK(check.whole());
  CHECK(check.rows == 200);
}

TEST_CASE("when the audit cannot be written nothing is admitted") {
  Folder folder;
  const FixedClock clock(Instant{});
  AuditWriter audit(folder / "audit.sqlite");
  Gate gate(audit, clock);
  std::filesystem::remove(folder / "audit.sqlite");
  CHECK_FALSE(fault_of([&] { gate.admit(subject_of(Role::board, Purpose::governance), {ObjectKind::start}); }).empty());
}

TEST_CASE("every statement of accounts and audit prepares") {
  Folder folder;
  AuditWriter audit(folder / "audit.sqlite");
  Accounts accounts(folder / "authored.sqlite", cheap);
  for (const auto& statement : sql::all) {
    const bool creates = statement.name.starts_with("create_");
    const bool of_audit = statement.name.find("audit") != std::string_view::npos;
    if (creates) continue;  // run above
    db::Sqlite database(folder / (of_audit ? "audit.sqlite" : "authored.sqlite"), db::SqliteMode::read_only);
    CHECK_NOTHROW(database.prepare(statement.text));
  }
}
