// Code points and their UTF-8, as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#ifndef WEIR_RT_CODEPOINT_H
#define WEIR_RT_CODEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The length of the sequence that begins with a byte, in text known to be valid.
static inline size_t codepoint_length(char lead)
{
    unsigned char c = (unsigned char)lead;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

static inline bool codepoint_is_tail(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

// The length of the sequence at P if it is one of several bytes and valid, else 0. (Table 3-7 of the Unicode standard.)
static inline size_t codepoint_check(const char *p, const char *end)
{
    const unsigned char *s = (const unsigned char *)p;
    size_t n = (size_t)(end - p);
    if (s[0] >= 0xC2 && s[0] <= 0xDF)
        return n >= 2 && codepoint_is_tail(p[1]) ? 2 : 0;
    if (s[0] >= 0xE0 && s[0] <= 0xEF) {
        if (n < 3 || !codepoint_is_tail(p[1]) || !codepoint_is_tail(p[2]))
            return 0;
        return (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ? 0 : 3;
    }
    if (s[0] >= 0xF0 && s[0] <= 0xF4) {
        if (n < 4 || !codepoint_is_tail(p[1]) || !codepoint_is_tail(p[2]) || !codepoint_is_tail(p[3]))
            return 0;
        return (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F) ? 0 : 4;
    }
    return 0;
}

// The code point at P, in text known to be valid.
static inline int32_t codepoint_read(const char *p)
{
    const unsigned char *s = (const unsigned char *)p;
    if (s[0] < 0x80)
        return s[0];
    if (s[0] < 0xE0)
        return (s[0] & 0x1F) << 6 | (s[1] & 0x3F);
    if (s[0] < 0xF0)
        return (s[0] & 0x0F) << 12 | (s[1] & 0x3F) << 6 | (s[2] & 0x3F);
    return (s[0] & 0x07) << 18 | (s[1] & 0x3F) << 12 | (s[2] & 0x3F) << 6 | (s[3] & 0x3F);
}

// Writes CODE at P, which has room for 4 bytes, and returns how many it took.
static inline size_t codepoint_write(char *p, uint32_t code)
{
    if (code < 0x80) {
        p[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        p[0] = (char)(0xC0 | code >> 6);
        p[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        p[0] = (char)(0xE0 | code >> 12);
        p[1] = (char)(0x80 | (code >> 6 & 0x3F));
        p[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    p[0] = (char)(0xF0 | code >> 18);
    p[1] = (char)(0x80 | (code >> 12 & 0x3F));
    p[2] = (char)(0x80 | (code >> 6 & 0x3F));
    p[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

#endif
