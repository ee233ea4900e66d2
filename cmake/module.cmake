# Modules: folder = namespace = CMake target = test suite.
#
# modules.txt names them in order. A module that has a folder becomes the static
# library catchment_<name>, linked against every module before it in the list that its
# own CMakeLists.txt (or the default) names; its tests in tests/<name>/*.cpp become the
# executable test_<name>.

# Test labels: fast (every unit suite), sanitized (run under the address and undefined-behaviour
# sanitizers), threaded (run under the thread sanitizer too: the module starts threads).
add_custom_target(sanitized)
add_custom_target(threaded)

# BUSY: its tests compute much, so that it is optimised a little in sanitizer builds, which else are not.
# ALONE: never several files in one translation unit. The other modules are compiled so in sanitizer and clang-tidy builds,
# at half the price: what their files keep to themselves must have names of its own within the module.
# catchment_module(<name> [USES module...] [LINKS library...] [THREADED] [BUSY] [ALONE])
function(catchment_module name)
  cmake_parse_arguments(M "THREADED;BUSY;ALONE" "" "USES;LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
  file(GLOB_RECURSE statements CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/sql/*.sql")
  list(FILTER sources EXCLUDE REGEX "/src/cli/main\\.cpp$")
  set(target catchment_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE catchment_warnings)
    if(M_ALONE)
      set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
    endif()
    if(M_BUSY AND CATCHMENT_SANITIZE)
      target_compile_options(${target} PRIVATE -O1)
    endif()
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} "${CMAKE_SOURCE_DIR}/src" "${CMAKE_BINARY_DIR}/generated")
  foreach(used IN LISTS M_USES)
    target_link_libraries(${target} ${scope} catchment_${used})
  endforeach()
  if(M_LINKS)
    target_link_libraries(${target} ${scope} ${M_LINKS})
  endif()
  if(statements)
    list(SORT statements)
    set(out "${CMAKE_BINARY_DIR}/generated/${name}/sql.h")
    add_custom_command(OUTPUT "${out}"
      COMMAND ${CMAKE_COMMAND} "-DOUT=${out}" -DNAMESPACE=${name} "-DFILES=${statements}" -P "${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake"
      COMMAND ${CMAKE_COMMAND} -E touch "${out}"
      DEPENDS ${statements} "${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake" VERBATIM)
    add_custom_target(sql_${name} DEPENDS "${out}")
    add_dependencies(${target} sql_${name})
  endif()

  file(GLOB tests CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${name}/*.cpp")
  if(tests)
    add_executable(test_${name} "${CMAKE_SOURCE_DIR}/tests/doctest_main.cpp" ${tests})
    target_link_libraries(test_${name} PRIVATE ${target} catchment_warnings)
    set_target_properties(test_${name} PROPERTIES UNITY_BUILD OFF)
    target_compile_definitions(test_${name} PRIVATE CATCHMENT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND test_${name})
    set(labels fast)
    # The command line only joins what the other suites cover, and costs minutes to compile with sanitizers.
    if(NOT name STREQUAL "cli")
      list(APPEND labels sanitized)
      add_dependencies(sanitized test_${name})
    endif()
    if(M_THREADED)
      list(APPEND labels threaded)
      add_dependencies(threaded test_${name})
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" SKIP_RETURN_CODE 77)
  endif()
endfunction()

# Adds every module of modules.txt whose folder exists, in order, then the binary.
function(catchment_add_modules)
  file(STRINGS "${CMAKE_SOURCE_DIR}/modules.txt" names REGEX "^[a-z]")
  foreach(name IN LISTS names)
    if(EXISTS "${CMAKE_SOURCE_DIR}/src/${name}/CMakeLists.txt")
      add_subdirectory("${CMAKE_SOURCE_DIR}/src/${name}")
    endif()
  endforeach()
  foreach(extra IN ITEMS tests bench fuzz)
    if(EXISTS "${CMAKE_SOURCE_DIR}/${extra}/CMakeLists.txt")
      add_subdirectory("${CMAKE_SOURCE_DIR}/${extra}")
    endif()
  endforeach()
endfunction()
