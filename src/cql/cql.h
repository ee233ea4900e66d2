// The Clinical Quality Language (CQL 1.5.3): source text to typed programs to answers.
// In: bytes of libraries, model info and value sets' members, and a person's rows through an interface.
// Out: typed values, one set per person, and diagnostics for everything wrong with what was written.
// Always: no input or output of its own, no clock, no globals; types are resolved once, before any person is
// looked at.
#pragma once

#include "cql/evaluate/conformance.h"
#include "cql/evaluate/data.h"
#include "cql/evaluate/evidence.h"
#include "cql/evaluate/plan.h"
#include "cql/evaluate/tree_walk.h"
#include "cql/operators/context.h"
#include "cql/operators/operators.h"
#include "cql/operators/reference.h"
#include "cql/syntax/syntax.h"
#include "cql/types/checker.h"
#include "cql/types/model.h"
#include "cql/types/typed.h"
#include "cql/values/value.h"
