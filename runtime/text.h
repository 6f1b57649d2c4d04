// What text functions share.
#ifndef WEIR_RT_TEXT_H
#define WEIR_RT_TEXT_H

#include "weir_value.h"

// Unicode's White_Space.
static inline bool text_is_space(int32_t code)
{
    if (code < 0x80)
        return code == ' ' || (code >= '\t' && code <= '\r');
    return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

// Compares with a word of the language or a format: exactly.
static inline bool text_is(struct weir_str text, const char *word)
{
    size_t n = strlen(word);
    return text.n == n && memcmp(text.p, word, n) == 0;
}

#endif
