// Who a command line runs as, for the audit.
#pragma once

#include "access/access.h"
#include "records/records.h"

namespace catchment::cli {

/// The account of the operating system, as administrator.
access::Subject command_subject();

/// Admits an administrator's command at the gate, or throws.
void admit_command(access::Gate& gate, access::ObjectKind kind, const std::string& detail);

/// Admits to what a snapshot holds of single residents, or throws; nobody is admitted to a snapshot of real data.
access::Admission admit_to_rows(access::Gate& gate, const access::Subject& subject, const access::Object& object, const records::Snapshot& snapshot);

}  // namespace catchment::cli
