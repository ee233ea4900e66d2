// db: the only code that sees DuckDB's C API and SQLite.
// In: embedded statements (`<module>/sql.h`) and bound values; never SQL made from data.
// Out: typed rows. Always holds: every DuckDB open sets memory limit, threads and a temporary
// directory; every SQLite open sets WAL, foreign keys and a busy timeout; failures throw Error with
// the engine's message and never with bound values.
#pragma once

#include "db/duck.h"
#include "db/sqlite.h"
