# One set of warnings for every target of ours.
add_library(catchment_warnings INTERFACE)
target_compile_options(catchment_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(CATCHMENT_WERROR)
  target_compile_options(catchment_warnings INTERFACE -Werror)
endif()
