# One set of warnings for every target of ours.
add_library(catchment_warnings INTERFACE)
target_compile_options(catchment_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
# g++ 12 warns of overlapping copies in its own string code when it inlines (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(catchment_warnings INTERFACE -Wno-restrict)
endif()
if(CATCHMENT_WERROR)
  target_compile_options(catchment_warnings INTERFACE -Werror)
endif()
