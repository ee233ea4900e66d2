#include "cli/command_subject.h"

#include <pwd.h>
#include <unistd.h>

#include "base/error.h"

namespace catchment::cli {

access::Subject command_subject() {
  access::Subject subject;
  const passwd* user = getpwuid(geteuid());
  subject.account = "os:" + (user != nullptr ? std::string(user->pw_name) : std::to_string(geteuid()));
  subject.display_name = subject.account;
  subject.role = access::Role::administrator;
  subject.purpose = access::Purpose::system_administration;
  subject.session = "command-line";
  return subject;
}

void admit_command(access::Gate& gate, access::ObjectKind kind, const std::string& detail) {
  const auto admission = gate.admit(command_subject(), {kind, detail, {}, {}});
  if (!admission.filter) throw Error(ErrorKind::user, std::string(access::sentence(admission.decision.reason)));
}

access::Admission admit_to_rows(access::Gate& gate, const access::Subject& subject, const access::Object& object, const records::Snapshot& snapshot) {
  if (!snapshot.manifest().synthetic)
    throw Error(ErrorKind::environment, "the snapshot is not marked synthetic or test, and this version shows no other",
                "real data wait until the full access model has passed its tests");
  access::Admission admission = gate.admit(subject, object, &snapshot.dictionaries());
  if (!admission.filter) throw Error(ErrorKind::user, std::string(access::sentence(admission.decision.reason)));
  return admission;
}

}  // namespace catchment::cli
