# cmake -DFROM=nicknames.csv -DOUT=nicknames_list.h -P embed_nicknames.cmake
file(READ "${FROM}" text)
file(WRITE "${OUT}" "// Generated from system/blmk/linkage/nicknames.csv; do not edit.\n#pragma once\n#include <string_view>\n\nnamespace catchment::linkage {\ninline constexpr std::string_view nicknames_list = R\"__list(${text})__list\";\n}  // namespace catchment::linkage\n")
