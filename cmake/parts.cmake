# The libraries weir is made of. Each becomes a target parts::NAME; no other file looks for libraries.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

foreach(part rdkafka libpcre2-8 libxxhash libutf8proc libcrypto)
  string(MAKE_C_IDENTIFIER ${part} id)
  pkg_check_modules(${id} REQUIRED IMPORTED_TARGET ${part})
endforeach()
pkg_check_modules(cjson REQUIRED IMPORTED_TARGET libcjson)
# Records are made by one thread and freed by another, librdkafka's: glibc's malloc takes locks for that, which made joins cost a fifth more CPU, and keeps
# more memory under RocksDB. mimalloc is as fast; RocksDB is tuned with this one. Sanitizers bring allocators of their own.
if(NOT WEIR_SANITIZE)
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
endif()

# RocksDB's own pkg-config file drags in its static dependencies: the C API needs only the library.
find_library(ROCKSDB_LIBRARY rocksdb REQUIRED)
# HTTP for health, metrics and queries: small, made to be embedded, and maintained for 15 years. Only its header is needed to build (http_library.h).
find_path(MICROHTTPD_INCLUDE_DIR microhttpd.h REQUIRED)
find_library(TCC_LIBRARY tcc REQUIRED)
find_path(TCC_INCLUDE_DIR libtcc.h REQUIRED)

# A static libtcc brings hundreds of short global names (section_add, next, ...) that would meet ours: all but its API is made local.
if(TCC_LIBRARY MATCHES "\\.a$")
  set(tcc_object ${PROJECT_BINARY_DIR}/tcc_private.o)
  add_custom_command(OUTPUT ${tcc_object}
    COMMAND ${CMAKE_LINKER} -r --whole-archive ${TCC_LIBRARY} -o ${tcc_object}
    COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=tcc_* ${tcc_object}
    DEPENDS ${TCC_LIBRARY} COMMENT "libtcc, its API only" VERBATIM)
  add_library(weir_tcc STATIC ${tcc_object})
  set_target_properties(weir_tcc PROPERTIES LINKER_LANGUAGE C)
  set(TCC_LIBRARY weir_tcc)
endif()
