// The only file that sees Boost.Beast and Asio.
#include <fmt/core.h>

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "json/json.h"
#include "web/files.h"
#include "web/metrics.h"
#include "web/pool.h"
#include "web/web.h"

namespace catchment::web {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = net::ip::tcp;
using Steady = std::chrono::steady_clock;
using RequestMessage = http::request<http::string_body>;
using ResponseMessage = http::response<http::string_body>;
constexpr auto quietly = net::as_tuple(net::use_awaitable);

constexpr std::string_view content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }
beast::string_view for_beast(std::string_view text) { return {text.data(), text.size()}; }

std::string header(const RequestMessage& request, http::field name) {
  const auto found = request.find(name);
  return found == request.end() ? std::string{} : std::string(found->value());
}
std::string header(const RequestMessage& request, std::string_view name) {
  const auto found = request.find(for_beast(name));
  return found == request.end() ? std::string{} : std::string(found->value());
}

/// Host without its port.
std::string_view host_name(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']'), host.size() - 1) + 1);
  return host.substr(0, std::min(host.find(':'), host.size()));
}

std::string_view method_word(http::verb verb) {
  switch (verb) {
    case http::verb::get: return "GET";
    case http::verb::head: return "HEAD";
    case http::verb::post: return "POST";
    case http::verb::put: return "PUT";
    case http::verb::delete_: return "DELETE";
    default: return "other";
  }
}

bool accepts_gzip(const RequestMessage& request) {
  const std::string accepted = header(request, http::field::accept_encoding);
  const auto at = accepted.find("gzip");
  return at != std::string::npos && accepted.compare(at, 8, "gzip;q=0") != 0;
}

/// What is sent, before it becomes a message.
struct Answer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string route = "unknown";
  std::string reference;
  std::uint64_t length_of_head = 0;  // of a HEAD answer
};

Answer problem(int status, std::string_view type, std::string_view title, std::string_view detail, std::string_view fix) {
  Answer answer;
  answer.status = status;
  answer.content_type = "application/problem+json";
  answer.reference = access::base64url(access::random_bytes(9));
  answer.body =
      fmt::format(R"({{"type":"{}","title":"{}","status":{},"detail":"{}","fix":"{}","reference":"{}"}})", type, title, status, detail, fix, answer.reference);
  return answer;
}

/// One open connection, so that stopping can end it.
struct Connection {
  explicit Connection(tcp::socket socket) : stream(std::move(socket)) {}
  beast::tcp_stream stream;
  bool waiting_for_request = true;  // both are touched only on the connection's own strand
  bool answered_early = false;
};

}  // namespace

struct Server::State {
  State(api::App& the_app, Settings chosen)
      : app(the_app),
        settings(std::move(chosen)),
        files(settings.ui),
        acceptor(net::make_strand(io)),
        signals(acceptor.get_executor()),
        pool(settings.workers, settings.limits.requests_waiting) {}

  api::App& app;
  Settings settings;
  Files files;
  Metrics metrics;
  net::io_context io;
  tcp::acceptor acceptor;  // with the signals on one strand
  net::signal_set signals;
  std::atomic<bool> stopping{false};
  std::mutex mutex;
  std::map<Connection*, std::weak_ptr<Connection>> connections;
  Pool pool;  // last: its work must end before what it posts to

  void listen();
  net::awaitable<void> accept();
  net::awaitable<void> converse(std::shared_ptr<Connection> connection, std::string address);
  net::awaitable<bool> exchange(Connection& connection, beast::flat_buffer& buffer, const std::string& address);
  net::awaitable<bool> read(Connection& connection, beast::flat_buffer& buffer, http::request_parser<http::string_body>& parser, Answer& refusal);
  net::awaitable<Answer> answer(const RequestMessage& request, const std::string& address);
  net::awaitable<Answer> ask_api(const RequestMessage& request, const std::string& address, std::string path, std::string query);
  Answer answer_file(const RequestMessage& request, std::string_view path);
  std::optional<Answer> reject(const RequestMessage& request) const;
  ResponseMessage message(const RequestMessage& request, Answer answer, bool keep) const;
  void log(std::string_view method, const Answer& answer, std::uint64_t bytes, double seconds);
  void begin_stop();
};

void Server::State::listen() {
  boost::system::error_code fault;
  const auto address = net::ip::make_address(settings.address, fault);
  if (fault) throw Error(ErrorKind::user, "this is not an address to listen on", "give one such as 127.0.0.1 or ::1");
  const tcp::endpoint endpoint(address, settings.port);
  acceptor.open(endpoint.protocol(), fault);
  if (!fault) acceptor.set_option(net::socket_base::reuse_address(true), fault);
  if (!fault) acceptor.bind(endpoint, fault);
  if (!fault) acceptor.listen(net::socket_base::max_listen_connections, fault);
  if (fault)
    throw Error(ErrorKind::environment, fmt::format("port {} cannot be opened: {}", settings.port, fault.message()),
                "choose another with --port, or stop what uses it");
}

net::awaitable<void> Server::State::accept() {
  while (!stopping) {
    auto [fault, socket] = co_await acceptor.async_accept(net::make_strand(io), quietly);
    if (fault == net::error::operation_aborted) co_return;
    if (fault) {  // out of file descriptors, usually: wait a little
      net::steady_timer pause(io, std::chrono::milliseconds(100));
      co_await pause.async_wait(quietly);
      continue;
    }
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto peer = socket.remote_endpoint(ignored);
    const std::string address = ignored ? std::string{} : peer.address().to_string();
    auto connection = std::make_shared<Connection>(std::move(socket));
    {
      const std::lock_guard lock(mutex);
      if (connections.size() >= settings.limits.connections) continue;  // closed unanswered: nothing is left to answer with
      connections.emplace(connection.get(), connection);
    }
    metrics.connections(1);
    net::co_spawn(connection->stream.get_executor(), converse(connection, address), net::detached);
  }
}

net::awaitable<void> Server::State::converse(std::shared_ptr<Connection> connection, std::string address) {
  try {
    beast::flat_buffer buffer(settings.limits.header_bytes + 64 * 1024);
    bool more = true;
    while (more && !stopping) more = co_await exchange(*connection, buffer, address);
    boost::system::error_code ignored;
    connection->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    // A client that is still sending would otherwise lose the refusal to a reset.
    std::array<char, 4096> unread{};
    connection->stream.expires_after(std::chrono::seconds(2));
    for (int i = 0; i < 64 && connection->answered_early && !stopping; ++i) {
      auto [fault, got] = co_await connection->stream.async_read_some(net::buffer(unread), quietly);
      if (fault) break;
    }
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // The connection is lost or memory is short: it ends here, without a word that could hold what was sent.
  }
  metrics.connections(-1);
  const std::lock_guard lock(mutex);
  connections.erase(connection.get());
}

net::awaitable<bool> Server::State::read(Connection& connection, beast::flat_buffer& buffer, http::request_parser<http::string_body>& parser, Answer& refusal) {
  parser.header_limit(settings.limits.header_bytes);
  parser.body_limit(settings.limits.body_bytes);
  connection.stream.expires_after(settings.limits.header_time);
  connection.waiting_for_request = true;
  auto [fault, got] = co_await http::async_read_header(connection.stream, buffer, parser, quietly);
  connection.waiting_for_request = false;
  if (!fault) {
    if (header(parser.get(), http::field::expect) == "100-continue") {
      http::response<http::empty_body> go_on(http::status::continue_, 11);
      connection.stream.expires_after(settings.limits.write_time);
      co_await http::async_write(connection.stream, go_on, quietly);
    }
    connection.stream.expires_after(settings.limits.body_time);
    auto [body_fault, body_got] = co_await http::async_read(connection.stream, buffer, parser, quietly);
    fault = body_fault;
  }
  if (!fault) co_return true;
  if (fault == http::error::header_limit || fault == http::error::buffer_overflow)
    refusal = problem(431, "too-large", "Too large", "The header is larger than this server reads.", "send less");
  else if (fault == http::error::body_limit) refusal = problem(413, "too-large", "Too large", "The body is larger than this server reads.", "send less");
  else if (fault == beast::error::timeout || fault == http::error::end_of_stream || fault == http::error::partial_message ||
           fault.category() == boost::system::system_category())
    refusal.status = 0;  // nobody is listening any more, or was too slow to be
  else refusal = problem(400, "bad-request", "Not understood", "This is not an HTTP request.", "send one");
  co_return false;
}

net::awaitable<bool> Server::State::exchange(Connection& connection, beast::flat_buffer& buffer, const std::string& address) {
  http::request_parser<http::string_body> parser;
  Answer given;
  const bool whole = co_await read(connection, buffer, parser, given);
  if (!whole && given.status == 0) co_return false;
  connection.answered_early = !whole;
  const auto start = Steady::now();
  const RequestMessage& request = parser.get();
  if (whole) {
    auto rejected = reject(request);
    if (rejected) given = std::move(*rejected);
    else given = co_await answer(request, address);
  }
  const double seconds = std::chrono::duration<double>(Steady::now() - start).count();
  const std::string_view method = whole ? method_word(request.method()) : "other";
  const bool keep = whole && request.keep_alive() && !stopping;
  metrics.request(method, given.route, given.status, seconds);
  log(method, given, given.body.size(), seconds);
  ResponseMessage response = message(request, std::move(given), keep);
  connection.stream.expires_after(settings.limits.write_time);
  auto [fault, sent] = co_await http::async_write(connection.stream, response, quietly);
  co_return !fault && keep;
}

std::optional<Answer> Server::State::reject(const RequestMessage& request) const {
  const auto target = view(request.target());
  if (request.count(http::field::host) > 1 || (request.version() >= 11 && request.count(http::field::host) == 0) ||
      (request.count(http::field::transfer_encoding) > 0 && request.count(http::field::content_length) > 0) || !target.starts_with('/') || target.size() > 2048)
    return problem(400, "bad-request", "Not understood", "The request is not well formed.", "send one host, one length and a path");
  if (!settings.hosts.empty()) {
    const std::string host = header(request, http::field::host);
    const auto name = host_name(host);
    bool known = false;
    for (const auto& each : settings.hosts) known = known || beast::iequals(for_beast(each), for_beast(name));
    if (!known)
      return problem(421, "bad-request", "Not this server", "This server does not answer to that name.", "use the address it printed when it started");
  }
  return std::nullopt;
}

net::awaitable<Answer> Server::State::answer(const RequestMessage& request, const std::string& address) {
  const std::string target(request.target());
  const auto mark = std::min(target.find('?'), target.size());
  std::string path = target.substr(0, mark);
  std::string query = mark < target.size() ? target.substr(mark + 1) : std::string{};
  if (path.starts_with("/api/") || path.starts_with("/fhir/")) {
    Answer given = co_await ask_api(request, address, std::move(path), std::move(query));
    co_return given;
  }
  const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
  if (!reads) {
    Answer refusal = problem(405, "bad-request", "Not understood", "This address is only read.", "use GET");
    refusal.headers.emplace_back("Allow", "GET, HEAD");
    co_return refusal;
  }
  Answer given;
  if (path == "/health") {
    const std::string state = settings.health ? settings.health() : "ok";
    given.status = state == "degraded" ? 503 : 200;
    given.content_type = "application/json";
    given.body = fmt::format(R"({{"status":"{}"}})", state);
    given.headers.emplace_back("Cache-Control", "no-store");
    given.route = "/health";
  } else if (path == "/metrics" && (address == "127.0.0.1" || address == "::1" || address == "::ffff:127.0.0.1")) {
    given.content_type = "text/plain; version=0.0.4; charset=utf-8";
    given.body = metrics.text(pool.waiting());
    given.headers.emplace_back("Cache-Control", "no-store");
    given.route = "/metrics";
  } else {
    given = answer_file(request, path);
  }
  co_return given;
}

Answer Server::State::answer_file(const RequestMessage& request, std::string_view path) {
  const auto plain = api::decoded(path);
  const auto file = plain ? files.find(*plain) : nullptr;
  if (file == nullptr) {
    Answer none;
    none.status = 404;
    none.body = settings.ui.empty() ? "There is no staff app here: start the server with --ui.\n" : "There is nothing here.\n";
    none.route = "files";
    return none;
  }
  Answer given;
  given.route = "files";
  given.content_type = file->content_type;
  given.headers.emplace_back("ETag", file->tag);
  given.headers.emplace_back("Vary", "Accept-Encoding");
  given.headers.emplace_back("Cache-Control", file->lasting ? "public, max-age=31536000, immutable" : "no-cache");
  if (header(request, http::field::if_none_match).find(file->tag) != std::string::npos) {
    given.status = 304;
    return given;
  }
  if (!file->gzipped.empty() && accepts_gzip(request)) {
    given.headers.emplace_back("Content-Encoding", "gzip");
    given.body = file->gzipped;
  } else {
    given.body = file->bytes;
  }
  return given;
}

net::awaitable<Answer> Server::State::ask_api(const RequestMessage& request, const std::string& address, std::string path, std::string query) {
  struct Work {
    explicit Work(const net::any_io_executor& executor) : done(executor) {}
    api::Request request;
    api::Response response;
    bool finished = false;  // touched only on the connection's strand
    net::steady_timer done;
  };
  auto executor = co_await net::this_coro::executor;
  auto work = std::make_shared<Work>(executor);
  work->request = {std::string(request.method_string()),
                   std::move(path),
                   std::move(query),
                   request.body(),
                   header(request, http::field::content_type),
                   header(request, http::field::cookie),
                   header(request, "X-Catchment-Token"),
                   header(request, http::field::origin),
                   header(request, http::field::host),
                   header(request, "Sec-Fetch-Site"),
                   address};
  const bool small_enough_to_read = accepts_gzip(request);
  work->done.expires_after(settings.limits.answer_time);
  const bool taken = pool.add([this, work, executor, small_enough_to_read] {
    work->response = app.handle(work->request);
    auto& response = work->response;
    // The answer that carries the session's token is not compressed, so that its length tells nothing of it.
    if (small_enough_to_read && response.body.size() > 1400 && response.route.find("/session") == std::string::npos) {
      response.body = gzip(response.body);
      response.headers.emplace_back("Content-Encoding", "gzip");
    }
    response.headers.emplace_back("Vary", "Accept-Encoding");
    net::post(executor, [work] {
      work->finished = true;
      work->done.cancel();
    });
  });
  if (!taken) {
    metrics.refused_busy();
    Answer busy = problem(503, "busy", "Busy", "The server has more to do than it can.", "try again in a moment");
    busy.headers.emplace_back("Retry-After", "1");
    co_return busy;
  }
  co_await work->done.async_wait(quietly);
  if (!work->finished) co_return problem(503, "too-slow", "Too slow", "The answer took too long and was given up.", "ask for less, or try again");
  auto& response = work->response;
  Answer given;
  given.status = response.status;
  given.content_type = std::move(response.content_type);
  given.body = std::move(response.body);
  given.headers = std::move(response.headers);
  given.route = std::move(response.route);
  given.reference = std::move(response.reference);
  co_return given;
}

ResponseMessage Server::State::message(const RequestMessage& request, Answer answer, bool keep) const {
  ResponseMessage response;
  response.version(11);
  response.result(static_cast<unsigned>(answer.status));
  response.set(http::field::content_type, answer.content_type);
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Content-Security-Policy", for_beast(content_policy));
  response.set("X-Frame-Options", "DENY");
  response.set("Referrer-Policy", "no-referrer");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  for (const auto& [name, value] : answer.headers) response.insert(name, value);
  if (response.count(http::field::cache_control) == 0) response.set(http::field::cache_control, "no-store");
  response.keep_alive(keep);
  response.content_length(answer.body.size());
  if (request.method() != http::verb::head) response.body() = std::move(answer.body);
  if (answer.status == 304) response.erase(http::field::content_length);
  return response;
}

void Server::State::log(std::string_view method, const Answer& answer, std::uint64_t bytes, double seconds) {
  if (!settings.log) return;
  json::Writer line;
  line.begin_object().key("at").string(to_string(SystemClock().now())).key("method").string(method).key("route").string(answer.route);
  line.key("status").integer(answer.status).key("bytes").integer(static_cast<std::int64_t>(bytes));
  line.key("ms").number_text(fmt::format("{:.3f}", seconds * 1000));
  if (!answer.reference.empty()) line.key("reference").string(answer.reference);
  line.end_object();
  settings.log(line.text());
}

void Server::State::begin_stop() {
  if (stopping.exchange(true)) return;
  net::post(acceptor.get_executor(), [this] {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    signals.cancel(ignored);
    const std::lock_guard lock(mutex);
    for (auto& [key, weak] : connections)
      if (auto connection = weak.lock())
        net::post(connection->stream.get_executor(), [connection] {
          if (connection->waiting_for_request) connection->stream.cancel();
        });
  });
}

Server::Server(api::App& app, Settings settings) : state_(std::make_unique<State>(app, std::move(settings))) { state_->listen(); }
Server::~Server() = default;

std::uint16_t Server::port() const {
  boost::system::error_code ignored;
  return state_->acceptor.local_endpoint(ignored).port();
}

void Server::stop_on_signals() {
  state_->signals.add(SIGINT);
  state_->signals.add(SIGTERM);
  state_->signals.async_wait([state = state_.get()](const boost::system::error_code& fault, int) {
    if (!fault) state->begin_stop();
  });
}

void Server::stop() { state_->begin_stop(); }

void Server::run() {
  State& state = *state_;
  net::co_spawn(state.acceptor.get_executor(), state.accept(), net::detached);
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(std::max(0, state.settings.network_threads)));
  std::atomic<int> running{std::max(1, state.settings.network_threads)};
  for (int i = 0; i < state.settings.network_threads; ++i)
    threads.emplace_back([&] {
      state.io.run();
      --running;
    });
  auto stopped_at = Steady::time_point::max();
  while (running > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (!state.stopping) continue;
    if (stopped_at == Steady::time_point::max()) stopped_at = Steady::now();
    if (Steady::now() - stopped_at > state.settings.limits.stop_time) state.io.stop();
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace catchment::web
