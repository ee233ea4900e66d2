# cmake -DFROM=file -DNAME=variable -DOUT=header.h -P embed_text.cmake
file(READ "${FROM}" text)
get_filename_component(file "${FROM}" NAME)
file(WRITE "${OUT}" "// Generated from system/blmk/linkage/${file}; do not edit.\n#pragma once\n#include <string_view>\n\nnamespace catchment::linkage {\ninline constexpr std::string_view ${NAME} = R\"__text(${text})__text\";\n}  // namespace catchment::linkage\n")
