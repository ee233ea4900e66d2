// Who a command line runs as, for the audit.
#pragma once

#include "access/access.h"

namespace catchment::cli {

/// The account of the operating system, as administrator.
access::Subject command_subject();

/// Admits an administrator's command at the gate, or throws.
void admit_command(access::Gate& gate, access::ObjectKind kind, const std::string& detail);

}  // namespace catchment::cli
