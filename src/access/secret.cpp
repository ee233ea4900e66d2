#include "access/secret.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/error.h"

namespace catchment::access {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::array<unsigned char, 8> handle_mark = {'r', 'e', 's', 'i', 'd', 'e', 'n', 't'};
using Block = std::array<unsigned char, 16>;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

Block one_block(std::string_view key, const Block& in, bool encrypt) {
  if (key.size() != 32) throw Error(ErrorKind::bug, "a handle key does not have 32 bytes");
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
  Block out{};
  int written = 0;
  const auto* key_bytes = reinterpret_cast<const unsigned char*>(key.data());
  if (context == nullptr || EVP_CipherInit_ex(context.get(), EVP_aes_256_ecb(), nullptr, key_bytes, nullptr, encrypt ? 1 : 0) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 || EVP_CipherUpdate(context.get(), out.data(), &written, in.data(), static_cast<int>(in.size())) != 1 ||
      written != 16)
    throw Error(ErrorKind::bug, "a handle could not be made");
  return out;
}

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0) throw Error(ErrorKind::environment, "the operating system gave no random bytes");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += alphabet[(held >> bits) & 63];
    }
  }
  if (bits > 0) text += alphabet[(held << (6 - bits)) & 63];
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto place = alphabet.find(c);
    if (place == std::string_view::npos) return std::nullopt;
    held = (held << 6) | static_cast<std::uint32_t>(place);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((held >> bits) & 255);
    }
  }
  if ((held & ((1U << bits) - 1)) != 0) return std::nullopt;  // one text for one value
  return bytes;
}

bool same_secret(std::string_view a, std::string_view b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

std::string generated_password() {
  constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyz23456789y";  // easily mistaken ones left out, one twice
  static_assert(letters.size() == 32);
  std::string text;
  for (const char byte : random_bytes(20)) {
    if (text.size() % 5 == 4) text += '-';
    text += letters[static_cast<unsigned char>(byte) & 31];
  }
  return text;
}

void make_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  else if (errno != EEXIST)
    throw Error(ErrorKind::environment, file.filename().string() + " could not be created: " + std::strerror(errno),
                "check that the workspace exists and may be written");
}

std::string make_handle(std::string_view key, PersonId person) {
  Block plain{};
  std::memcpy(plain.data(), &person.value, 8);
  std::memcpy(plain.data() + 8, handle_mark.data(), 8);
  const Block sealed = one_block(key, plain, true);
  return base64url({reinterpret_cast<const char*>(sealed.data()), sealed.size()});
}

std::optional<PersonId> open_handle(std::string_view key, std::string_view handle) {
  if (handle.size() != 22) return std::nullopt;
  const auto bytes = from_base64url(handle);
  if (!bytes || bytes->size() != 16) return std::nullopt;
  Block sealed{};
  std::memcpy(sealed.data(), bytes->data(), 16);
  const Block plain = one_block(key, sealed, false);
  if (CRYPTO_memcmp(plain.data() + 8, handle_mark.data(), 8) != 0) return std::nullopt;
  PersonId person;
  std::memcpy(&person.value, plain.data(), 8);
  return person;
}

}  // namespace catchment::access
