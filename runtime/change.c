// Changes of tables on repartition topics, as Kafka Streams' ChangedSerializer writes them: `old 00`, `new 01`, or `size of new, new, old 02`; the size is a
// zigzag varint. 03, 04 and 05 are the same with a byte before them that says whether the new value is the latest.
#include "weir_ops.h"
#include "weir_program.h"

enum { OLD_ONLY, NEW_ONLY, BOTH, WITH_LATEST };

static size_t put_varint(char *to, uint64_t n)
{
    size_t i = 0;
    for (n <<= 1; n >= 0x80; n >>= 7)
        to[i++] = (char)(n | 0x80);
    to[i++] = (char)n;
    return i;
}

static char *put_bytes(char *to, struct weir_str bytes)
{
    if (bytes.n)
        memcpy(to, bytes.p, bytes.n);
    return to + bytes.n;
}

struct weir_str weir_change_join(struct weir_ctx *w, struct weir_str old, struct weir_str value)
{
    char *bytes = weir_alloc(w, old.n + value.n + 12), *to = bytes;
    bool both = old.p && value.p;
    if (both)
        to += put_varint(to, value.n);
    if (value.p)
        to = put_bytes(to, value);
    if (old.p)
        to = put_bytes(to, old);
    *to++ = (char)(both ? BOTH : value.p ? NEW_ONLY : OLD_ONLY);
    return (struct weir_str){bytes, (size_t)(to - bytes)};
}

// The size at the head of BYTES, which move on behind it.
static bool take_varint(struct weir_str *bytes, uint64_t *n)
{
    *n = 0;
    for (int shift = 0; bytes->n && shift < 35; shift += 7) {
        unsigned char c = (unsigned char)*bytes->p++;
        bytes->n--;
        *n |= (uint64_t)(c & 0x7F) << shift;
        if (c < 0x80) {
            bool negative = *n & 1;
            *n >>= 1;
            return !negative && *n <= bytes->n;
        }
    }
    return false;
}

static bool split(struct weir_str bytes, struct weir_str *old, struct weir_str *value)
{
    int flag = bytes.n ? (unsigned char)bytes.p[--bytes.n] : -1;
    if (flag >= WITH_LATEST && bytes.n) {
        flag -= WITH_LATEST;
        bytes.n--;
    }
    *old = *value = WEIR_NULL_STR;
    uint64_t n;
    switch (flag) {
    case OLD_ONLY: *old = bytes; return true;
    case NEW_ONLY: *value = bytes; return true;
    case BOTH:
        if (!take_varint(&bytes, &n))
            return false;
        *value = (struct weir_str){bytes.p, (size_t)n};
        *old = (struct weir_str){bytes.p + n, bytes.n - (size_t)n};
        return true;
    default: return false;
    }
}

bool weir_change_split(struct weir_ctx *w, struct weir_str bytes, struct weir_str *old, struct weir_str *value)
{
    if (bytes.p && split(bytes, old, value))
        return true;
    weir_fail(w, WEIR_BAD_DECODE, "%zu bytes that are no change of a table", bytes.n);
    return false;
}

static void send_part(struct weir_ctx *w, const struct weir_out *out, struct weir_str key, struct weir_str old,
                      struct weir_str value)
{
    struct weir_out part = *out;
    part.key = key;
    part.value = weir_change_join(w, old, value);
    weir_send(w, &part);
}

void weir_send_change(struct weir_ctx *w, const struct weir_out *out, struct weir_str old_key,
                      struct weir_str old_value)
{
    bool is_old = old_key.p && old_value.p, is_new = out->key.p && out->value.p;
    if (w->bad)
        return;
    if (is_old && is_new && weir_eq_str(old_key, out->key)) {
        send_part(w, out, out->key, old_value, out->value);
        return;
    }
    if (is_old)
        send_part(w, out, old_key, old_value, WEIR_NULL_STR);
    if (is_new)
        send_part(w, out, out->key, WEIR_NULL_STR, out->value);
}
