#include "db/duck.h"

#include <duckdb.h>
#include <fmt/core.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.h"

namespace catchment::db {

namespace {
[[noreturn]] void fail(const std::string& what) {
  if (what.find("No space left on device") != std::string::npos || what.find("Disk quota exceeded") != std::string::npos ||
      what.find("File too large") != std::string::npos)
    throw Error(ErrorKind::environment, "the disk is full", "free space, then try again; nothing that was published is lost");
  if (what.find("Out of Memory") != std::string::npos)
    throw Error(ErrorKind::environment, "the columnar store needs more memory than its limit", "raise --memory, or free space in the temporary folder");
  throw Error(ErrorKind::environment, "the columnar store could not do this: " + what);
}
}  // namespace

struct Duck::State {
  duckdb_database database = nullptr;
  ~State() { duckdb_close(&database); }
};

struct Connection::State {
  std::shared_ptr<void> owner;  // keeps the database open
  duckdb_connection connection = nullptr;
  ~State() { duckdb_disconnect(&connection); }
};

struct Rows::State {
  duckdb_result result{};
  bool held = false;
  ~State() {
    if (held) duckdb_destroy_result(&result);
  }
};

struct AppendThread::State {
  static constexpr std::size_t most_waiting = 64;
  struct Job {
    Appender::State* appender;
    duckdb_data_chunk chunk;
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> jobs;
  bool busy = false;
  bool stopped = false;
  std::string failure;  // the first; what follows it is dropped
  std::thread thread;

  void work();
  void add(const Job& job);
  void drain();
};

struct Appender::State {
  duckdb_appender appender = nullptr;
  duckdb_data_chunk chunk = nullptr;
  std::vector<duckdb_logical_type> logical;
  std::vector<ColumnType> types;
  std::vector<duckdb_vector> vectors;
  std::vector<void*> data;
  std::size_t column = 0;
  idx_t row = 0;
  idx_t capacity = 0;
  std::shared_ptr<AppendThread::State> thread;
  std::vector<duckdb_data_chunk> spare;  // carried and empty again; under the thread's mutex
  ~State() {
    if (thread) thread->drain();
    for (auto& one : spare) duckdb_destroy_data_chunk(&one);
    if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    for (auto& type : logical) duckdb_destroy_logical_type(&type);
    duckdb_appender_destroy(&appender);
  }
  void use(duckdb_data_chunk next) {
    chunk = next;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      vectors[i] = duckdb_data_chunk_get_vector(chunk, i);
      duckdb_vector_ensure_validity_writable(vectors[i]);
      data[i] = duckdb_vector_get_data(vectors[i]);
    }
    row = 0;
  }
};

void AppendThread::State::work() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [&] { return stopped || !jobs.empty(); });
    if (jobs.empty()) return;
    const Job job = jobs.front();
    jobs.pop_front();
    busy = true;
    const bool failed = !failure.empty();
    lock.unlock();
    std::string error;
    if (!failed && duckdb_append_data_chunk(job.appender->appender, job.chunk) != DuckDBSuccess) error = duckdb_appender_error(job.appender->appender);
    duckdb_data_chunk_reset(job.chunk);
    lock.lock();
    if (failure.empty()) failure = error;
    job.appender->spare.push_back(job.chunk);
    busy = false;
    changed.notify_all();
  }
}

void AppendThread::State::add(const Job& job) {
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return jobs.size() < most_waiting; });
  jobs.push_back(job);
  changed.notify_all();
}

void AppendThread::State::drain() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return jobs.empty() && !busy; });
}

AppendThread::AppendThread() : state_(std::make_shared<State>()) {
  state_->thread = std::thread([state = state_.get()] { state->work(); });
}

AppendThread::~AppendThread() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
  }
  state_->changed.notify_all();
  state_->thread.join();
}

struct Chunk::State {
  struct Column {
    duckdb_type type = DUCKDB_TYPE_INVALID;
    duckdb_type internal = DUCKDB_TYPE_INVALID;
    double divisor = 1;
    void* data = nullptr;
    std::uint64_t* validity = nullptr;
  };
  duckdb_data_chunk chunk = nullptr;
  std::vector<Column> columns;
  void release() {
    if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    chunk = nullptr;
  }
  ~State() { release(); }
};

Chunk::Chunk() : state_(std::make_unique<State>()) {}
Chunk::~Chunk() = default;
Chunk::Chunk(Chunk&&) noexcept = default;
Chunk& Chunk::operator=(Chunk&&) noexcept = default;

bool Chunk::is_null(std::size_t column, std::size_t row) const {
  std::uint64_t* validity = state_->columns[column].validity;
  return validity != nullptr && (validity[row / 64] >> (row % 64) & 1) == 0;
}

std::int64_t Chunk::integer(std::size_t column, std::size_t row) const {
  const auto& c = state_->columns[column];
  switch (c.internal) {
    case DUCKDB_TYPE_BOOLEAN:
    case DUCKDB_TYPE_UTINYINT: return static_cast<const std::uint8_t*>(c.data)[row];
    case DUCKDB_TYPE_TINYINT: return static_cast<const std::int8_t*>(c.data)[row];
    case DUCKDB_TYPE_SMALLINT: return static_cast<const std::int16_t*>(c.data)[row];
    case DUCKDB_TYPE_USMALLINT: return static_cast<const std::uint16_t*>(c.data)[row];
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_INTEGER: return static_cast<const std::int32_t*>(c.data)[row];
    case DUCKDB_TYPE_UINTEGER: return static_cast<const std::uint32_t*>(c.data)[row];
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
    case DUCKDB_TYPE_TIME:
    case DUCKDB_TYPE_BIGINT: return static_cast<const std::int64_t*>(c.data)[row];
    case DUCKDB_TYPE_UBIGINT: return static_cast<std::int64_t>(static_cast<const std::uint64_t*>(c.data)[row]);
    case DUCKDB_TYPE_HUGEINT: return static_cast<std::int64_t>(static_cast<const duckdb_hugeint*>(c.data)[row].lower);
    case DUCKDB_TYPE_DOUBLE: return static_cast<std::int64_t>(static_cast<const double*>(c.data)[row]);
    default: throw Error(ErrorKind::bug, fmt::format("column {} does not hold an integer", column));
  }
}

double Chunk::number(std::size_t column, std::size_t row) const {
  const auto& c = state_->columns[column];
  if (c.internal == DUCKDB_TYPE_DOUBLE) return static_cast<const double*>(c.data)[row];
  if (c.internal == DUCKDB_TYPE_FLOAT) return static_cast<const float*>(c.data)[row];
  if (c.internal == DUCKDB_TYPE_HUGEINT) return duckdb_hugeint_to_double(static_cast<const duckdb_hugeint*>(c.data)[row]) / c.divisor;
  return static_cast<double>(integer(column, row)) / c.divisor;
}

std::string_view Chunk::text(std::size_t column, std::size_t row) const {
  const auto& c = state_->columns[column];
  if (c.internal != DUCKDB_TYPE_VARCHAR && c.internal != DUCKDB_TYPE_BLOB) throw Error(ErrorKind::bug, fmt::format("column {} does not hold text", column));
  auto* strings = static_cast<duckdb_string_t*>(c.data);
  return {duckdb_string_t_data(&strings[row]), duckdb_string_t_length(strings[row])};
}

Rows::Rows(std::unique_ptr<State> state) : state_(std::move(state)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;
Rows::~Rows() = default;

std::size_t Rows::columns() const { return duckdb_column_count(&state_->result); }

std::vector<std::string> Rows::names() const {
  std::vector<std::string> names;
  names.reserve(duckdb_column_count(&state_->result));
  for (idx_t i = 0; i < duckdb_column_count(&state_->result); ++i) names.emplace_back(duckdb_column_name(&state_->result, i));
  return names;
}

namespace {

ColumnType column_type(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_BOOLEAN: return ColumnType::boolean;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_UTINYINT: return ColumnType::tinyint;
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_USMALLINT: return ColumnType::smallint;
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_UINTEGER: return ColumnType::integer;
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT: return ColumnType::bigint;
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DECIMAL:
    case DUCKDB_TYPE_DOUBLE: return ColumnType::number;
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_BLOB: return ColumnType::text;
    case DUCKDB_TYPE_DATE: return ColumnType::date;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return ColumnType::timestamp;
    default: return ColumnType::other;
  }
}

double power_of_ten(unsigned n) {
  double p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

}  // namespace

ColumnType Rows::type(std::size_t column) const { return column_type(duckdb_column_type(&state_->result, column)); }

std::uint64_t Rows::changed() const { return duckdb_rows_changed(&state_->result); }

bool Rows::next(Chunk& chunk) {
  Chunk::State& s = *chunk.state_;
  s.release();
  chunk.rows_ = 0;
  s.chunk = duckdb_fetch_chunk(state_->result);
  if (s.chunk == nullptr) {
    const char* error = duckdb_result_error(&state_->result);
    if (error != nullptr && *error != '\0') fail(error);
    return false;
  }
  chunk.rows_ = duckdb_data_chunk_get_size(s.chunk);
  s.columns.resize(duckdb_data_chunk_get_column_count(s.chunk));
  for (idx_t i = 0; i < s.columns.size(); ++i) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(s.chunk, i);
    auto& column = s.columns[i];
    duckdb_logical_type type = duckdb_vector_get_column_type(vector);
    column.type = duckdb_get_type_id(type);
    column.internal = column.type;
    column.divisor = 1;
    if (column.type == DUCKDB_TYPE_DECIMAL) {
      column.internal = duckdb_decimal_internal_type(type);
      column.divisor = power_of_ten(duckdb_decimal_scale(type));
    } else if (column.type == DUCKDB_TYPE_ENUM) {
      column.internal = duckdb_enum_internal_type(type);
    }
    duckdb_destroy_logical_type(&type);
    column.data = duckdb_vector_get_data(vector);
    column.validity = duckdb_vector_get_validity(vector);
  }
  return chunk.rows_ > 0;
}

std::vector<std::vector<Cell>> Rows::all() {
  std::vector<std::vector<Cell>> rows;
  Chunk chunk;
  while (next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r) {
      auto& row = rows.emplace_back();
      for (std::size_t c = 0; c < columns(); ++c) {
        if (chunk.is_null(c, r)) {
          row.emplace_back();
          continue;
        }
        switch (type(c)) {
          case ColumnType::boolean: row.emplace_back(chunk.integer(c, r) != 0); break;
          case ColumnType::number: row.emplace_back(chunk.number(c, r)); break;
          case ColumnType::text: row.emplace_back(std::string(chunk.text(c, r))); break;
          case ColumnType::date: row.emplace_back(chunk.date(c, r)); break;
          default: row.emplace_back(chunk.integer(c, r)); break;
        }
      }
    }
  }
  return rows;
}

Cell Rows::single() {
  auto rows = all();
  return rows.empty() || rows[0].empty() ? Cell{} : rows[0][0];
}

Duck::Duck(const std::filesystem::path& file, const DuckOptions& options) : state_(std::make_shared<State>()) {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) != DuckDBSuccess) fail("no configuration");
  const auto set = [&](const char* name, const std::string& value) {
    if (duckdb_set_config(config, name, value.c_str()) != DuckDBSuccess) {
      duckdb_destroy_config(&config);
      fail(fmt::format("setting {} was refused", name));
    }
  };
  set("memory_limit", options.memory_limit);
  set("threads", std::to_string(options.threads));
  if (!options.temporary_directory.empty()) set("temp_directory", options.temporary_directory.string());
  set("access_mode", options.read_only ? "READ_ONLY" : "AUTOMATIC");
  set("storage_compatibility_version", "v1.2.0");  // compression by zstd needs it
  set("preserve_insertion_order", "false");
  set("autoinstall_known_extensions", "false");
  set("autoload_known_extensions", "false");
  char* message = nullptr;
  const bool memory = file == ":memory:";
  const auto opened = duckdb_open_ext(memory ? nullptr : file.c_str(), &state_->database, config, &message);
  duckdb_destroy_config(&config);
  if (opened != DuckDBSuccess) {
    const std::string reason = message != nullptr ? message : "unknown reason";
    duckdb_free(message);
    throw Error(ErrorKind::environment, fmt::format("{} could not be opened: {}", file.filename().string(), reason),
                "check that the file is readable and that no other process is writing it");
  }
}
Duck::Duck(Duck&&) noexcept = default;
Duck& Duck::operator=(Duck&&) noexcept = default;
Duck::~Duck() = default;

Connection Duck::connect() const {
  auto state = std::make_unique<Connection::State>();
  state->owner = state_;
  if (duckdb_connect(state_->database, &state->connection) != DuckDBSuccess) fail("no connection");
  return Connection(std::move(state));
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

namespace {

struct Prepared {
  duckdb_prepared_statement statement = nullptr;
  ~Prepared() { duckdb_destroy_prepare(&statement); }
};

void prepare(duckdb_connection connection, std::string_view sql, Prepared& prepared) {
  const std::string text(sql);
  if (duckdb_prepare(connection, text.c_str(), &prepared.statement) != DuckDBSuccess) {
    const char* error = duckdb_prepare_error(prepared.statement);
    fail(error != nullptr ? error : "a statement did not prepare");
  }
}

void bind(duckdb_prepared_statement statement, idx_t at, const Cell& cell) {
  struct Binder {
    duckdb_prepared_statement s;
    idx_t i;
    duckdb_state operator()(std::monostate) const { return duckdb_bind_null(s, i); }
    duckdb_state operator()(bool v) const { return duckdb_bind_boolean(s, i, v); }
    duckdb_state operator()(std::int64_t v) const { return duckdb_bind_int64(s, i, v); }
    duckdb_state operator()(double v) const { return duckdb_bind_double(s, i, v); }
    duckdb_state operator()(const std::string& v) const { return duckdb_bind_varchar_length(s, i, v.data(), v.size()); }
    duckdb_state operator()(Date v) const { return duckdb_bind_date(s, i, duckdb_date{v.days}); }
  };
  if (std::visit(Binder{statement, at}, cell) != DuckDBSuccess) fail(fmt::format("value {} could not be bound", at));
}

}  // namespace

Rows Connection::query(std::string_view sql, const std::vector<Cell>& values) {
  Prepared prepared;
  prepare(state_->connection, sql, prepared);
  for (std::size_t i = 0; i < values.size(); ++i) bind(prepared.statement, i + 1, values[i]);
  auto state = std::make_unique<Rows::State>();
  const auto done = duckdb_execute_prepared(prepared.statement, &state->result);
  state->held = true;
  if (done != DuckDBSuccess) fail(duckdb_result_error(&state->result));
  return Rows(std::move(state));
}

Rows Connection::stream(std::string_view sql, const std::vector<Cell>& values) {
  Prepared prepared;
  prepare(state_->connection, sql, prepared);
  for (std::size_t i = 0; i < values.size(); ++i) bind(prepared.statement, i + 1, values[i]);
  duckdb_pending_result pending = nullptr;
  if (duckdb_pending_prepared_streaming(prepared.statement, &pending) != DuckDBSuccess) {
    const std::string error = duckdb_pending_error(pending);
    duckdb_destroy_pending(&pending);
    fail(error);
  }
  auto state = std::make_unique<Rows::State>();
  const auto done = duckdb_execute_pending(pending, &state->result);
  duckdb_destroy_pending(&pending);
  state->held = true;
  if (done != DuckDBSuccess) fail(duckdb_result_error(&state->result));
  return Rows(std::move(state));
}

void Connection::execute(std::string_view sql) {
  duckdb_result result{};
  const std::string text(sql);
  const auto done = duckdb_query(state_->connection, text.c_str(), &result);
  const std::string error = done == DuckDBSuccess ? "" : duckdb_result_error(&result);
  duckdb_destroy_result(&result);
  if (done != DuckDBSuccess) fail(error);
}

void Connection::prepare_only(std::string_view sql) {
  Prepared prepared;
  prepare(state_->connection, sql, prepared);
}

void Connection::interrupt() { duckdb_interrupt(state_->connection); }

Appender Connection::appender(const std::string& table, AppendThread* thread) {
  auto state = std::make_unique<Appender::State>();
  if (duckdb_appender_create(state_->connection, nullptr, table.c_str(), &state->appender) != DuckDBSuccess)
    fail(fmt::format("rows cannot be appended to {}", table));
  const idx_t columns = duckdb_appender_column_count(state->appender);
  for (idx_t i = 0; i < columns; ++i) {
    const duckdb_logical_type logical = duckdb_appender_column_type(state->appender, i);
    const duckdb_type type = duckdb_get_type_id(logical);
    state->logical.push_back(logical);
    state->types.push_back(column_type(type == DUCKDB_TYPE_ENUM ? duckdb_enum_internal_type(logical) : type));
  }
  if (thread != nullptr) state->thread = thread->state_;
  state->vectors.resize(columns);
  state->data.resize(columns);
  state->use(duckdb_create_data_chunk(state->logical.data(), columns));
  state->capacity = duckdb_vector_size();
  return Appender(std::move(state));
}

Appender::Appender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Appender::Appender(Appender&&) noexcept = default;
Appender& Appender::operator=(Appender&&) noexcept = default;
Appender::~Appender() = default;

Appender& Appender::null() {
  State& s = *state_;
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(s.vectors[s.column]), s.row);
  ++s.column;
  return *this;
}

Appender& Appender::boolean(bool value) { return integer(value ? 1 : 0); }

Appender& Appender::integer(std::int64_t value) {
  State& s = *state_;
  void* data = s.data[s.column];
  switch (s.types[s.column]) {
    case ColumnType::boolean: static_cast<bool*>(data)[s.row] = value != 0; break;
    case ColumnType::tinyint: static_cast<std::int8_t*>(data)[s.row] = static_cast<std::int8_t>(value); break;
    case ColumnType::smallint: static_cast<std::int16_t*>(data)[s.row] = static_cast<std::int16_t>(value); break;
    case ColumnType::integer:
    case ColumnType::date: static_cast<std::int32_t*>(data)[s.row] = static_cast<std::int32_t>(value); break;
    case ColumnType::bigint:
    case ColumnType::timestamp: static_cast<std::int64_t*>(data)[s.row] = value; break;
    case ColumnType::number: static_cast<double*>(data)[s.row] = static_cast<double>(value); break;
    default: throw Error(ErrorKind::bug, fmt::format("column {} does not take an integer", s.column));
  }
  ++s.column;
  return *this;
}

Appender& Appender::number(double value) {
  State& s = *state_;
  if (s.types[s.column] != ColumnType::number) throw Error(ErrorKind::bug, fmt::format("column {} does not take a number", s.column));
  static_cast<double*>(s.data[s.column])[s.row] = value;
  ++s.column;
  return *this;
}

Appender& Appender::text(std::string_view value) {
  State& s = *state_;
  if (s.types[s.column] != ColumnType::text) throw Error(ErrorKind::bug, fmt::format("column {} does not take text", s.column));
  duckdb_vector_assign_string_element_len(s.vectors[s.column], s.row, value.data(), value.size());
  ++s.column;
  return *this;
}

Appender& Appender::date(Date value) { return integer(value.days); }
Appender& Appender::timestamp_ms(std::int64_t utc_ms) { return integer(utc_ms * 1000); }

void Appender::end_row() {
  State& s = *state_;
  if (s.column != s.vectors.size()) throw Error(ErrorKind::bug, fmt::format("a row has {} of {} columns", s.column, s.vectors.size()));
  s.column = 0;
  if (++s.row < s.capacity) return;
  flush();
}

void Appender::flush() {
  State& s = *state_;
  if (s.row == 0) return;
  duckdb_data_chunk_set_size(s.chunk, s.row);
  if (!s.thread) {
    if (duckdb_append_data_chunk(s.appender, s.chunk) != DuckDBSuccess) fail(duckdb_appender_error(s.appender));
    duckdb_data_chunk_reset(s.chunk);
    s.use(s.chunk);
    return;
  }
  s.thread->add({&s, std::exchange(s.chunk, nullptr)});
  duckdb_data_chunk next = nullptr;
  {
    const std::lock_guard lock(s.thread->mutex);
    if (!s.thread->failure.empty()) fail(s.thread->failure);
    if (!s.spare.empty()) {
      next = s.spare.back();
      s.spare.pop_back();
    }
  }
  s.use(next != nullptr ? next : duckdb_create_data_chunk(s.logical.data(), s.logical.size()));
}

void Appender::close() {
  flush();
  if (state_->thread) {
    state_->thread->drain();
    if (!state_->thread->failure.empty()) fail(state_->thread->failure);
  }
  if (duckdb_appender_flush(state_->appender) != DuckDBSuccess) fail(duckdb_appender_error(state_->appender));
}

std::string to_string(const Cell& cell) {
  struct Printer {
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return fmt::format("{}", v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(Date v) const { return catchment::to_string(v); }
  };
  return std::visit(Printer{}, cell);
}

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace catchment::db
