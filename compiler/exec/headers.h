// weir.h and all that it includes as one text, embedded at build time (cmake/embed_headers.cmake).
#ifndef WEIR_EXEC_HEADERS_H
#define WEIR_EXEC_HEADERS_H

#include <stddef.h>

extern const char headers_text[];
extern const size_t headers_length;

// weir_extern.h in the same way: what functions in C are compiled behind.
extern const char extern_headers_text[];
extern const size_t extern_headers_length;

#endif
