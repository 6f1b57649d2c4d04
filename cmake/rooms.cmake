# One static library per room; each sees only the rooms before it (tests/test_includes.py proves the includes).
# Files are globbed: a new file needs no change here. A room without sources yet is an empty interface.

# The runtime: linked into the compiler for the JIT, and into every executable that `weir build` makes.
file(GLOB rt_sources CONFIGURE_DEPENDS runtime/*.c)
set(WEIR_RT_LIBS -lrdkafka -lrocksdb -lpcre2-8 -lxxhash -lutf8proc -lcrypto -lpthread -lm -ldl)
set(rt_parts PkgConfig::rdkafka ${ROCKSDB_LIBRARY} PkgConfig::libpcre2_8 PkgConfig::libxxhash PkgConfig::libutf8proc PkgConfig::libcrypto)
if(TARGET PkgConfig::jemalloc)
  list(PREPEND WEIR_RT_LIBS -ljemalloc)
  list(PREPEND rt_parts PkgConfig::jemalloc)
endif()
list(JOIN WEIR_RT_LIBS " " WEIR_RT_LIBS)

if(rt_sources)
  add_library(weir_rt STATIC ${rt_sources})
  target_include_directories(weir_rt PUBLIC runtime)
  target_include_directories(weir_rt PRIVATE ${MICROHTTPD_INCLUDE_DIR})
  target_link_libraries(weir_rt PUBLIC weir_flags ${rt_parts} Threads::Threads m ${CMAKE_DL_LIBS} PRIVATE weir_warnings)
  target_compile_definitions(weir_rt PRIVATE WEIR_VERSION="${PROJECT_VERSION}")
  set(WEIR_HAS_RT ON)
else()
  add_library(weir_rt INTERFACE)
  target_include_directories(weir_rt INTERFACE runtime)
  target_link_libraries(weir_rt INTERFACE weir_flags ${rt_parts} Threads::Threads m)
endif()

# weir_room(NAME SOURCES... LINKS...): the static library weir_NAME of compiler/NAME.
function(weir_room name)
  cmake_parse_arguments(room "" "" "EXTRA;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS compiler/${name}/*.c)
  list(APPEND sources ${room_EXTRA})
  if(sources)
    add_library(weir_${name} STATIC ${sources})
    set(kind PUBLIC)
    target_link_libraries(weir_${name} PRIVATE weir_warnings)
  else()
    add_library(weir_${name} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(weir_${name} ${kind} compiler)
  target_link_libraries(weir_${name} ${kind} weir_flags ${room_LINKS})
endfunction()

# The front end's tables are made in the build tree, as gen/syntax/parser.[ch] and gen/syntax/lexer.[ch].
set(gen ${PROJECT_BINARY_DIR}/gen/syntax)
file(MAKE_DIRECTORY ${gen} ${PROJECT_BINARY_DIR}/gen/exec)
set(generated)
file(GLOB tables CONFIGURE_DEPENDS compiler/syntax/*.[yl])
if(EXISTS ${PROJECT_SOURCE_DIR}/compiler/syntax/parser.y)
  find_package(BISON 3.8 REQUIRED)
  add_custom_command(OUTPUT ${gen}/parser.c ${gen}/parser.h
    COMMAND ${BISON_EXECUTABLE} -Wall -Werror -Wno-yacc --header=${gen}/parser.h -o ${gen}/parser.c
      ${PROJECT_SOURCE_DIR}/compiler/syntax/parser.y
    DEPENDS compiler/syntax/parser.y COMMENT "bison parser.y" VERBATIM)
  list(APPEND generated ${gen}/parser.c)
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/compiler/syntax/lexer.l)
  find_package(FLEX 2.6 REQUIRED)
  add_custom_command(OUTPUT ${gen}/lexer.c ${gen}/lexer.h
    COMMAND ${FLEX_EXECUTABLE} --header-file=${gen}/lexer.h -o ${gen}/lexer.c
      ${PROJECT_SOURCE_DIR}/compiler/syntax/lexer.l
    DEPENDS compiler/syntax/lexer.l COMMENT "flex lexer.l" VERBATIM)
  list(APPEND generated ${gen}/lexer.c)
endif()
set_source_files_properties(${generated} PROPERTIES COMPILE_OPTIONS -w)

weir_room(base)
weir_room(syntax EXTRA ${generated} LINKS weir_base)
# Constants are checked and folded by the very functions that run.
weir_room(types LINKS weir_syntax weir_rt)
weir_room(plan LINKS weir_types)
weir_room(emit LINKS weir_plan)
# The contract's headers, and those of functions in C, for the JIT: it needs no file of the system.
file(GLOB contract CONFIGURE_DEPENDS runtime/weir*.h)
set(headers)
foreach(text "headers weir.h" "extern_headers weir_extern.h")
  string(REPLACE " " ";" text ${text})
  list(GET text 0 name)
  list(GET text 1 from)
  set(to ${PROJECT_BINARY_DIR}/gen/exec/${name}.c)
  add_custom_command(OUTPUT ${to}
    COMMAND ${CMAKE_COMMAND} -DFROM=${PROJECT_SOURCE_DIR}/runtime/${from} -DTO=${to} -DNAME=${name}
      -P ${PROJECT_SOURCE_DIR}/cmake/embed_headers.cmake
    DEPENDS ${contract} cmake/embed_headers.cmake COMMENT "embedding ${from}" VERBATIM)
  list(APPEND headers ${to})
endforeach()
weir_room(exec EXTRA ${headers} LINKS weir_emit weir_rt ${TCC_LIBRARY} PkgConfig::libxxhash dl)
if(generated)
  target_include_directories(weir_syntax PUBLIC ${PROJECT_BINARY_DIR}/gen)
  # The generated headers exist before anyone includes them.
  add_custom_target(weir_gen DEPENDS ${generated})
  foreach(room syntax types plan emit exec)
    get_target_property(type weir_${room} TYPE)
    if(type STREQUAL STATIC_LIBRARY)
      add_dependencies(weir_${room} weir_gen)
    endif()
  endforeach()
endif()

get_target_property(type weir_exec TYPE)
if(type STREQUAL STATIC_LIBRARY)
  target_include_directories(weir_exec PRIVATE ${TCC_INCLUDE_DIR})
  # Where weir.h and libweir_rt.a are while weir is still in its build tree; an installed one looks beside itself.
  target_compile_definitions(weir_exec PRIVATE
    WEIR_INCLUDE_DIR="${PROJECT_SOURCE_DIR}/runtime"
    WEIR_LIB_DIR="${PROJECT_BINARY_DIR}"
    WEIR_RT_LIBS="${WEIR_RT_LIBS}")
  if(WEIR_SANITIZE)
    # What links an instrumented libweir_rt.a needs the same sanitizers.
    target_compile_definitions(weir_exec PRIVATE WEIR_RT_CFLAGS="-fsanitize=${WEIR_SANITIZE}")
  elseif(WEIR_COVERAGE)
    target_compile_definitions(weir_exec PRIVATE WEIR_RT_CFLAGS="--coverage")
  else()
    target_compile_definitions(weir_exec PRIVATE WEIR_RT_CFLAGS="")
  endif()
endif()

# The command itself: main.c, driver.c, and a file for each command in compiler/command.
file(GLOB main_sources CONFIGURE_DEPENDS compiler/*.c compiler/command/*.c)
if(main_sources)
  add_executable(weir ${main_sources})
  target_compile_definitions(weir PRIVATE WEIR_VERSION="${PROJECT_VERSION}")
  target_link_libraries(weir PRIVATE weir_warnings weir_exec PkgConfig::cjson)
  target_sources(weir PRIVATE ${WEIR_SANITIZER_SOURCES})
  # Programs that were compiled aside are loaded into this process and use its runtime: all of it is here, and seen.
  set_target_properties(weir PROPERTIES ENABLE_EXPORTS ON)
  if(WEIR_HAS_RT)
    target_link_options(weir PRIVATE -Wl,--whole-archive $<TARGET_FILE:weir_rt> -Wl,--no-whole-archive)
    add_dependencies(weir weir_rt)
  endif()
  set(WEIR_HAS_MAIN ON)
endif()
