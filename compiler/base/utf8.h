// UTF-8, strictly as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#ifndef WEIR_BASE_UTF8_H
#define WEIR_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

// The length of the valid sequence that TEXT begins with, and its code point; 0 when there is none.
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

// Writes CODE to OUT (4 bytes of room) and returns its length.
size_t utf8_encode(uint32_t code, char *out);

// The offset of the first byte that is not UTF-8, or LEN.
size_t utf8_valid_prefix(const char *text, size_t len);

#endif
