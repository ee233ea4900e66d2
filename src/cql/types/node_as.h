// A node as what its kind says it is.
#pragma once

#include "cql/types/typed.h"

namespace catchment::cql {

/// `T` must be what the node's kind says.
template <typename T>
const T& as(const Node& node) {
  return static_cast<const T&>(node);
}

}  // namespace catchment::cql
