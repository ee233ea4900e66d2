// Secrets: random bytes, their text, comparison in constant time, and handles that stand for a resident
// in one session only.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace catchment::access {

/// From the operating system; throws when it has none to give.
std::string random_bytes(std::size_t count);
/// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);
/// Time does not depend on where the texts differ.
bool same_secret(std::string_view a, std::string_view b);
/// A password a person can type: 5 groups of 4 letters and digits (about 100 bits).
std::string generated_password();

/// Creates an empty file that only its owner may read and write, unless it is there already.
void make_private_file(const std::filesystem::path& file);

/// Turns a person id into 22 characters and back under a key of 32 bytes: one AES-256 block over the id and
/// 8 fixed bytes, so that a guessed or altered handle is refused (1 chance in 2^64).
std::string make_handle(std::string_view key, PersonId person);
std::optional<PersonId> open_handle(std::string_view key, std::string_view handle);

}  // namespace catchment::access
