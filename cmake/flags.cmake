# weir_flags: every file. weir_warnings: every hand-written one; what flex and bison write is compiled with -w.
add_library(weir_flags INTERFACE)
target_compile_definitions(weir_flags INTERFACE _GNU_SOURCE)
add_library(weir_warnings INTERFACE)
# -Wconversion is for emitted C and what it includes (a test compiles both with it); by hand, casts would hide more
# than the warning finds.
target_compile_options(weir_warnings INTERFACE -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
  -Wformat=2 -Wundef -Wwrite-strings -Wpointer-arith -Wold-style-definition)
if(WEIR_SANITIZE)
  target_compile_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE})
  if(WEIR_SANITIZE MATCHES thread) # of every executable
    set(WEIR_SANITIZER_SOURCES ${PROJECT_SOURCE_DIR}/tests/tsan_threads.c)
  endif()
endif()
if(WEIR_FUZZ)
  target_compile_options(weir_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(WEIR_COVERAGE)
  target_compile_options(weir_flags INTERFACE --coverage)
  target_link_options(weir_flags INTERFACE --coverage)
endif()
