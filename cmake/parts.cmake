# The libraries weir is made of. Each becomes a target parts::NAME; no other file looks for libraries.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

foreach(part rdkafka libpcre2-8 libxxhash libutf8proc)
  string(MAKE_C_IDENTIFIER ${part} id)
  pkg_check_modules(${id} REQUIRED IMPORTED_TARGET ${part})
endforeach()
pkg_check_modules(cjson REQUIRED IMPORTED_TARGET libcjson)

# RocksDB's own pkg-config file drags in its static dependencies: the C API needs only the library.
find_library(ROCKSDB_LIBRARY rocksdb)
find_library(TCC_LIBRARY tcc REQUIRED)
find_path(TCC_INCLUDE_DIR libtcc.h REQUIRED)
