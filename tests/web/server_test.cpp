#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "../api/app_fixture.h"
#include "client.h"
#include "web/files.h"
#include "web/metrics.h"
#include "web/web.h"

using namespace catchment;
using namespace catchment::web;

namespace {

namespace fs = std::filesystem;

/// A real server on loopback over the fake source.
struct Running {
  api::Fixture fixture;
  fs::path ui;
  std::mutex log_mutex;
  std::string log;
  std::unique_ptr<Server> server;
  std::thread thread;

  explicit Running(const std::function<void(Settings&)>& change = [](Settings&) {}, bool signals = false) {
    ui = fixture.folder / "ui";
    fs::create_directories(ui / "assets");
    std::ofstream(ui / "index.html") << "<!doctype html><title>Catchment</title>";
    std::ofstream(ui / "assets" / "app-1A2B3C4D5E.js") << std::string(5000, 'x');
    std::ofstream(ui / "assets" / "style.css") << "body{}";
    std::ofstream(fixture.folder / "secret.txt") << "secret";
    fs::create_symlink(fixture.folder / "secret.txt", ui / "link.txt");
    Settings settings;
    settings.ui = ui;
    settings.hosts = {"localhost", "127.0.0.1"};
    settings.network_threads = 2;
    settings.log = [this](std::string_view line) {
      const std::lock_guard hold(log_mutex);
      log += std::string(line) + "\n";
    };
    change(settings);
    server = std::make_unique<Server>(*fixture.app, settings);
    if (signals) server->stop_on_signals();
    thread = std::thread([this] { server->run(); });
  }
  ~Running() {
    server->stop();
    thread.join();
  }
  std::uint16_t port() const { return server->port(); }
  std::string ask(const std::string& request, bool head = false) {
    Client client(port());
    client.send(request);
    return client.answer(head);
  }
  std::string get(const std::string& path, const std::string& more = "") {
    return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more + "\r\n");
  }
  std::string logged() {
    const std::lock_guard hold(log_mutex);
    return log;
  }
};

int status_of(const std::string& answer) { return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3)); }
std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }
std::string header_of(const std::string& answer, const std::string& name) {
  const auto at = answer.find("\r\n" + name + ": ");
  return at == std::string::npos ? "" : answer.substr(at + name.size() + 4, answer.find("\r\n", at + 2) - at - name.size() - 4);
}

std::string post(const std::string& path, const std::string& body, const std::string& more = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more +
      "\r\n" + body;
}

struct SignedIn {
  std::string cookie, csrf;
};

SignedIn sign_in(Running& running, const std::string& name) {
  const auto answer = running.ask(post("/api/v1/session", R"({"name":")" + name + R"(","password":"correct horse battery"})"));
  REQUIRE(status_of(answer) == 200);
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(body_of(answer), fault);
  const std::string cookie = header_of(answer, "Set-Cookie");
  return {cookie.substr(0, cookie.find(';')), std::string(document->root()["csrf_token"].string())};
}

}  // namespace

TEST_CASE("the app is served with its types, tags and protections") {
  Running running;
  const auto page = running.get("/");
  CHECK(status_of(page) == 200);
  CHECK(header_of(page, "Content-Type") == "text/html; charset=utf-8");
  CHECK(header_of(page, "X-Content-Type-Options") == "nosniff");
  const auto policy = header_of(page, "Content-Security-Policy");
  CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  CHECK(policy.find("default-src 'none'") != std::string::npos);
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(header_of(page, "Referrer-Policy") == "no-referrer");
  const std::string tag = header_of(page, "ETag");
  CHECK(tag.size() > 10);
  CHECK(status_of(running.get("/", "If-None-Match: " + tag + "\r\n")) == 304);
  CHECK(body_of(running.get("/population/luton")) == body_of(page));  // a page of the app
  const auto script = running.get("/assets/app-1A2B3C4D5E.js");
  CHECK(header_of(script, "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(header_of(script, "Cache-Control").find("immutable") != std::string::npos);
  CHECK(header_of(running.get("/assets/style.css"), "Cache-Control") == "no-cache");
  const auto small = running.get("/assets/app-1A2B3C4D5E.js", "Accept-Encoding: gzip\r\n");
  CHECK(header_of(small, "Content-Encoding") == "gzip");
  CHECK(body_of(small).size() < 200);
  const auto head = running.ask("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", true);
  CHECK(status_of(head) == 200);
  CHECK(body_of(head).empty());
}

TEST_CASE("no path leads out of the app's folder") {
  Running running;
  for (const char* path : {"/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/assets/..%5c..%5csecret.txt",
                           "//etc/passwd", "/link.txt", "/.git/config", "/assets/%00secret.txt", "/....//secret.txt", "/%c0%ae%c0%ae/secret.txt"}) {
    CAPTURE(path);
    const auto answer = running.get(path);
    CHECK(answer.find("secret") == std::string::npos);
    CHECK(answer.find("root:") == std::string::npos);
    CHECK((status_of(answer) == 404 || body_of(answer).find("<!doctype html>") == 0));
  }
}

TEST_CASE("a header that is too large, a body that is too large and bytes that are no request are refused") {
  Running running;
  CHECK(status_of(running.get("/", "X-Long: " + std::string(20'000, 'a') + "\r\n")) == 431);
  CHECK(status_of(running.ask(post("/api/v1/search", std::string(70'000, 'a')))) == 413);
  CHECK(status_of(running.ask("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n")) >= 400);
  std::string chunked = "POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) chunked += "1000\r\n" + std::string(4096, 'a') + "\r\n";
  CHECK(status_of(running.ask(chunked + "0\r\n\r\n")) == 413);
  CHECK(status_of(running.ask("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n")) == 400);
  CHECK(status_of(running.ask("GET / HTTP/9.9\r\n\r\n")) == 400);
  CHECK(status_of(running.ask("GET /" + std::string(3'000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) == 400);
  CHECK(status_of(running.get("/")) == 200);
}

TEST_CASE("a request with two lengths, two hosts, no host or a wrong host is refused") {
  Running running;
  CHECK(status_of(running.ask("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) == 400);
  CHECK(status_of(running.ask("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde")) == 400);
  CHECK(status_of(running.ask("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")) == 400);
  CHECK(status_of(running.ask("GET / HTTP/1.1\r\n\r\n")) == 400);
  CHECK(status_of(running.ask("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")) == 421);
  CHECK(status_of(running.ask("GET / HTTP/1.1\r\nHost: localhost:12345\r\n\r\n")) == 200);
  CHECK(status_of(running.ask("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n")) == 405);
}

TEST_CASE("nothing sent can put a header into an answer") {
  Running running;
  for (const char* path : {"/api/v1/feeds/x%0d%0aSet-Cookie:%20evil=1", "/api/v1/places?place=%0d%0aX-Evil:%201", "/%0d%0aX-Evil:%201"}) {
    const auto answer = running.get(path);
    CHECK(answer.substr(0, answer.find("\r\n\r\n")).find("evil") == std::string::npos);
    CHECK(answer.substr(0, answer.find("\r\n\r\n")).find("X-Evil") == std::string::npos);
  }
}

TEST_CASE("a client that dribbles or says nothing is let go") {
  Running running([](Settings& settings) {
    settings.limits.header_time = std::chrono::milliseconds(300);
    settings.limits.body_time = std::chrono::milliseconds(300);
  });
  Client silent(running.port()), dribbling(running.port()), half(running.port());
  dribbling.send("GET / HT");
  half.send("POST /api/v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
  CHECK(silent.closed_within(5'000));
  CHECK(dribbling.closed_within(5'000));
  CHECK(half.closed_within(5'000));
  CHECK(status_of(running.get("/")) == 200);
}

TEST_CASE("one connection carries several requests, and several at once") {
  Running running;
  Client client(running.port());
  const std::string request = "GET /api/v1/system HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (int i = 0; i < 5; ++i) {
    REQUIRE(client.send(request));
    CHECK(status_of(client.answer()) == 200);
  }
  client.send(request + request + request);
  for (int i = 0; i < 3; ++i) CHECK(status_of(client.answer()) == 200);
}

TEST_CASE("two people at once keep their own sessions") {
  Running running;
  const auto steward = sign_in(running, "the-data-steward");
  const auto clinician = sign_in(running, "the-care-professional");
  CHECK(steward.cookie != clinician.cookie);
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (const bool is_steward : {true, false})
    threads.emplace_back([&, is_steward] {
      for (int i = 0; i < 40; ++i) {
        const auto& who = is_steward ? steward : clinician;
        if (status_of(running.get("/api/v1/feeds", "Cookie: " + who.cookie + "\r\n")) != (is_steward ? 200 : 403)) ++wrong;
        const auto search =
            running.ask(post("/api/v1/residents/search", R"({"query":"Tester"})", "Cookie: " + who.cookie + "\r\nX-Catchment-Token: " + who.csrf + "\r\n"));
        if (status_of(search) != (is_steward ? 403 : 200)) ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(access::verify_audit(running.fixture.folder / "audit.sqlite").whole());
}

TEST_CASE("logs and metrics name templates, never a path, a query, a handle or a person") {
  Running running;
  const auto who = sign_in(running, "the-care-professional");
  const auto found =
      running.ask(post("/api/v1/residents/search", R"({"query":"Tester"})", "Cookie: " + who.cookie + "\r\nX-Catchment-Token: " + who.csrf + "\r\n"));
  const auto at = found.find("\"handle\":\"") + 10;
  const std::string handle = found.substr(at, 22);
  CHECK(status_of(running.get("/api/v1/residents/" + handle, "Cookie: " + who.cookie + "\r\n")) == 200);
  running.get("/api/v1/places?place=9990000018");
  running.get("/api/v1/9990000018/x");
  running.get("/9990000018.html");
  running.ask("9990000018 /9990000018 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const auto metrics = running.get("/metrics");
  CHECK(status_of(metrics) == 200);
  CHECK(metrics.find("catchment_requests_total{method=\"GET\",route=\"/residents/{handle}\",status=\"200\"} 1") != std::string::npos);
  const std::string log = running.logged();
  CHECK(log.find("/residents/{handle}") != std::string::npos);
  for (const std::string& text : {metrics, log})
    for (const std::string& never :
         {std::string("9990000018"), handle, std::string("Tester"), std::string("TESTER"), who.csrf, who.cookie, std::string("correct horse")})
      CHECK(text.find(never) == std::string::npos);
}

TEST_CASE("health needs no sign-in and tells when something is wrong") {
  std::string state = "ok";
  Running running([&](Settings& settings) { settings.health = [&] { return state; }; });
  CHECK(status_of(running.get("/health")) == 200);
  state = "degraded";
  const auto answer = running.get("/health");
  CHECK(status_of(answer) == 503);
  CHECK(body_of(answer) == R"({"status":"degraded"})");
}

namespace {

/// Holds answers back until told.
struct Gatekeeper {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
  int inside = 0;
  void wait() {
    std::unique_lock lock(mutex);
    ++inside;
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
  }
  void wait_for_inside(int count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return inside >= count; });
  }
  void let_go() {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
};

}  // namespace

TEST_CASE("more work than the pool can hold is refused at once, and the server goes on") {
  Gatekeeper keeper;
  Running running([](Settings& settings) {
    settings.workers = 1;
    settings.limits.requests_waiting = 1;
  });
  const auto who = sign_in(running, "the-analyst");
  running.fixture.sources.source->on_read = [&] { keeper.wait(); };
  const std::string request = "GET /api/v1/start HTTP/1.1\r\nHost: localhost\r\nCookie: " + who.cookie + "\r\n\r\n";
  Client working(running.port()), queued(running.port());
  working.send(request);
  keeper.wait_for_inside(1);
  queued.send(request);
  // The server's own gauge says when the second stands in the queue; it needs no worker.
  bool stands = false;
  for (int i = 0; i < 2000 && !stands; ++i) stands = running.get("/metrics").find("\ncatchment_requests_waiting 1\n") != std::string::npos;
  REQUIRE(stands);
  const auto refused = running.get("/api/v1/system");
  CHECK(status_of(refused) == 503);
  CHECK(header_of(refused, "Retry-After") == "1");
  CHECK(status_of(running.get("/health")) == 200);  // needs no worker
  keeper.let_go();
  CHECK(status_of(working.answer()) == 200);
  CHECK(status_of(queued.answer()) == 200);
}

TEST_CASE("an answer that takes too long is given up") {
  Gatekeeper keeper;
  Running running([](Settings& settings) { settings.limits.answer_time = std::chrono::milliseconds(200); });
  const auto who = sign_in(running, "the-analyst");
  running.fixture.sources.source->on_read = [&] { keeper.wait(); };
  const auto answer = running.get("/api/v1/start", "Cookie: " + who.cookie + "\r\n");
  CHECK(status_of(answer) == 503);
  CHECK(body_of(answer).find("too-slow") != std::string::npos);
  keeper.let_go();
}

TEST_CASE("stopping lets a request under way finish, closes idle connections and takes no new ones") {
  Gatekeeper keeper;
  auto running = std::make_unique<Running>();
  const auto who = sign_in(*running, "the-analyst");
  running->fixture.sources.source->on_read = [&] { keeper.wait(); };
  Client working(running->port()), idle(running->port());
  idle.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(status_of(idle.answer()) == 200);
  working.send("GET /api/v1/start HTTP/1.1\r\nHost: localhost\r\nCookie: " + who.cookie + "\r\n\r\n");
  keeper.wait_for_inside(1);
  const auto port = running->port();
  running->server->stop();
  CHECK(idle.closed_within(5'000));
  keeper.let_go();
  const auto answer = working.answer();
  CHECK(status_of(answer) == 200);
  CHECK(header_of(answer, "Connection") == "close");
  CHECK(working.closed_within(5'000));
  running.reset();
  CHECK_FALSE(Client(port).connected());
}

TEST_CASE("SIGTERM stops the server") {
  Running running([](Settings&) {}, true);
  CHECK(status_of(running.get("/health")) == 200);
  const auto port = running.port();
  raise(SIGTERM);
  bool gone = false;
  for (int i = 0; i < 500 && !gone; ++i) {
    gone = !Client(port).connected();
    if (!gone) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(gone);
}

TEST_CASE("a port that is taken is one clear error") {
  Running running;
  Settings settings;
  settings.port = running.port();
  bool clear = false;
  try {
    Server second(*running.fixture.app, settings);
  } catch (const Error& error) { clear = std::string(error.what()).find(std::to_string(running.port())) != std::string::npos && !error.fix().empty(); }
  CHECK(clear);
}

TEST_CASE("connections beyond the limit are closed and the others go on") {
  Running running([](Settings& settings) { settings.limits.connections = 3; });
  Client one(running.port()), two(running.port()), three(running.port());
  const std::string request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (Client* client : {&one, &two, &three}) {
    client->send(request);
    CHECK(status_of(client->answer()) == 200);
  }
  Client four(running.port());
  CHECK(four.closed_within(5'000));
  one.send(request);
  CHECK(status_of(one.answer()) == 200);
}

TEST_CASE("a new build of the app is noticed") {
  api::Fixture fixture;
  const auto folder = fixture.folder / "dist";
  fs::create_directories(folder);
  std::ofstream(folder / "index.html") << "one";
  Files files(folder);
  CHECK(files.find("/")->bytes == "one");
  CHECK(files.find("/absent.js") == nullptr);
  CHECK(Files(fixture.folder / "none").find("/") == nullptr);
}

TEST_CASE("an expression of CQL is answered through the server to those who are signed in") {
  Running running;
  const std::string body = R"({"resourceType":"Parameters","parameter":[{"name":"expression","valueString":"6 * 7"}]})";
  const auto refused = running.ask(post("/fhir/R4/$cql", body));
  CHECK(status_of(refused) == 401);
  CHECK(header_of(refused, "Content-Type") == "application/fhir+json");
  CHECK(body_of(refused).find("OperationOutcome") != std::string::npos);
  const auto session = sign_in(running, "the-analyst");
  const auto answer = running.ask(post("/fhir/R4/$cql", body, "Cookie: " + session.cookie + "\r\nX-Catchment-Token: " + session.csrf + "\r\n"));
  CHECK(status_of(answer) == 200);
  CHECK(body_of(answer) == R"({"resourceType":"Parameters","parameter":[{"name":"return","valueInteger":42}]})");
  CHECK(status_of(running.get("/fhir/R4/$cql")) == 405);
  CHECK(running.logged().find("/fhir/R4/$cql") != std::string::npos);
  CHECK(running.logged().find("6 * 7") == std::string::npos);
}
