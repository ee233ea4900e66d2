// Argon2id (RFC 9106). The only file that sees the library.
#include <argon2.h>

#include "access/accounts.h"
#include "access/secret.h"
#include "base/error.h"

namespace catchment::access {

std::string password_seal(std::string_view password, PasswordCost cost) {
  const std::string salt = random_bytes(16);
  const std::size_t size = argon2_encodedlen(cost.passes, cost.memory_kib, 1, 16, 32, Argon2_id);
  std::string seal(size, '\0');
  const int code =
      argon2id_hash_encoded(cost.passes, cost.memory_kib, 1, password.data(), password.size(), salt.data(), salt.size(), 32, seal.data(), seal.size());
  if (code != ARGON2_OK) throw Error(ErrorKind::environment, std::string("a password could not be sealed: ") + argon2_error_message(code));
  seal.resize(seal.find('\0') == std::string::npos ? seal.size() : seal.find('\0'));
  return seal;
}

bool password_matches(std::string_view seal, std::string_view password) {
  const std::string text(seal);
  return argon2id_verify(text.c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace catchment::access
