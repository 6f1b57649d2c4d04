#include "base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(char *out, struct weir_str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    size_t n = bytes.n;
    for (; n >= 3; n -= 3, p += 3, out += 4) {
        uint32_t v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        out[0] = alphabet[v >> 18];
        out[1] = alphabet[v >> 12 & 63];
        out[2] = alphabet[v >> 6 & 63];
        out[3] = alphabet[v & 63];
    }
    if (n == 0)
        return;
    uint32_t v = (uint32_t)p[0] << 16 | (n == 2 ? (uint32_t)p[1] << 8 : 0);
    out[0] = alphabet[v >> 18];
    out[1] = alphabet[v >> 12 & 63];
    out[2] = n == 2 ? alphabet[v >> 6 & 63] : '=';
    out[3] = '=';
}

// 0..63, or 64 for what is no digit of base64.
static uint32_t digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a' + 26);
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

// The last group: 4 characters of which PADDING are `=`.
static bool decode_last(char *out, const char *p, size_t padding)
{
    uint32_t a = digit(p[0]), b = digit(p[1]), c = padding == 2 ? 0 : digit(p[2]);
    if (a > 63 || b > 63 || c > 63)
        return false;
    out[0] = (char)(a << 2 | b >> 4);
    if (padding == 2)
        return (b & 15) == 0;
    out[1] = (char)((b & 15) << 4 | c >> 2);
    return (c & 3) == 0;
}

bool base64_decode(char *out, size_t *n, struct weir_str text)
{
    *n = 0;
    if (text.n % 4 != 0)
        return false;
    if (text.n == 0)
        return true;
    size_t padding = text.p[text.n - 1] != '=' ? 0 : text.p[text.n - 2] != '=' ? 1 : 2;
    const char *p = text.p, *end = p + text.n - (padding ? 4 : 0);
    for (; p < end; p += 4, out += 3) {
        uint32_t a = digit(p[0]), b = digit(p[1]), c = digit(p[2]), d = digit(p[3]);
        if ((a | b | c | d) > 63)
            return false;
        uint32_t v = a << 18 | b << 12 | c << 6 | d;
        out[0] = (char)(v >> 16);
        out[1] = (char)(v >> 8);
        out[2] = (char)v;
    }
    *n = text.n / 4 * 3 - padding;
    return padding == 0 || decode_last(out, p, padding);
}

void hex_encode(char *out, struct weir_str bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        *out++ = digits[c >> 4];
        *out++ = digits[c & 15];
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(char *out, struct weir_str text)
{
    if (text.n % 2 != 0)
        return false;
    for (size_t i = 0; i < text.n; i += 2) {
        int high = hex_value(text.p[i]), low = hex_value(text.p[i + 1]);
        if (high < 0 || low < 0)
            return false;
        *out++ = (char)(high << 4 | low);
    }
    return true;
}
