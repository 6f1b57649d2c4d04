#include "base/utf8.h"

size_t utf8_decode(const char *text, size_t len, uint32_t *code)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (len == 0)
        return 0;
    unsigned char c = (unsigned char)text[0];
    if (c < 0x80) {
        *code = c;
        return 1;
    }
    size_t n = c >= 0xF0 && c < 0xF8 ? 4 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xC0 && c < 0xE0 ? 2 : 0;
    if (n == 0 || n > len)
        return 0;
    uint32_t value = c & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (next & 0x3Fu);
    }
    if (value < smallest[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code = value;
    return n;
}

size_t utf8_encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((0xF00u >> n & 0xFF) | code);
    return n;
}

size_t utf8_valid_prefix(const char *text, size_t len)
{
    size_t at = 0;
    uint32_t code;
    while (at < len) {
        size_t n = utf8_decode(text + at, len - at, &code);
        if (n == 0)
            break;
        at += n;
    }
    return at;
}
