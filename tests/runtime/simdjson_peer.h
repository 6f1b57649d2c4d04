// simdjson behind a C function, for unit_json_simdjson.c.
#ifndef WEIR_SIMDJSON_PEER_H
#define WEIR_SIMDJSON_PEER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum peer_verdict { PEER_JSON, PEER_NOT_JSON, PEER_BAD_NUMBER };

// Reads TEXT and writes what it holds to OUT, in a form of its own: [ ] { } t f n, #BITS of a number as a double, "LENGTH:BYTES of a string.
enum peer_verdict peer_dump(const char *text, size_t n, char *out, size_t *out_n);

#ifdef __cplusplus
}
#endif

#endif
