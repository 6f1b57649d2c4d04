// Base64 (RFC 4648, section 4) and hexadecimal.
#ifndef WEIR_RT_BASE64_H
#define WEIR_RT_BASE64_H

#include "weir_value.h"

static inline size_t base64_size(size_t n)
{
    return (n + 2) / 3 * 4;
}

void base64_encode(char *out, struct weir_str bytes); // base64_size bytes
// Strictly: with padding, no other characters, no stray bits. OUT has room for text.n / 4 * 3 bytes. False if TEXT is not base64.
bool base64_decode(char *out, size_t *n, struct weir_str text);

void hex_encode(char *out, struct weir_str bytes); // two digits a byte, in lower case
bool hex_decode(char *out, struct weir_str text); // TEXT of even length, in either case; false if it is not hexadecimal

#endif
