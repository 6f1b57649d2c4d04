// Keys of windows. In records: inner | start, of sessions inner | end | start, as Kafka Streams' WindowedSerdes write them. In changelogs (WindowKeySchema,
// SessionKeySchema) those of time windows have a sequence number behind it, here always 0.
#include "store.h"
#include "weir_wire.h"

enum { SEQUENCE = 4 }; // bytes of the sequence number

struct weir_str weir_windowed_key(struct weir_ctx *w, enum weir_window_kind kind, struct weir_str inner, int64_t start,
                                  int64_t end)
{
    if (!inner.p)
        return WEIR_NULL_STR;
    bool session = kind == WEIR_SESSION_WINDOWS;
    size_t size = inner.n + (session ? 16 : 8);
    char *key = weir_alloc(w, size + SEQUENCE); // room for the changelog's
    if (inner.n)
        memcpy(key, inner.p, inner.n);
    weir_put_i64be(key + inner.n, session ? end : start);
    if (session)
        weir_put_i64be(key + inner.n + 8, start);
    return (struct weir_str){key, size};
}

bool weir_windowed_split(struct weir_ctx *w, enum weir_window_kind kind, int64_t size, struct weir_str key,
                         struct weir_str *inner, int64_t *start, int64_t *end)
{
    bool session = kind == WEIR_SESSION_WINDOWS;
    size_t tail = session ? 16 : 8;
    if (key.n < tail) {
        weir_fail(w, WEIR_BAD_DECODE, "a key of %zu bytes is too short for that of a window", key.n);
        return false;
    }
    *inner = (struct weir_str){key.p, key.n - tail};
    int64_t first = weir_get_i64be(key.p + inner->n);
    *start = session ? weir_get_i64be(key.p + inner->n + 8) : first;
    if (*start >= 0 && (session ? first >= *start : !__builtin_add_overflow(*start, size, &first))) {
        *end = first;
        return true;
    }
    weir_fail(w, WEIR_BAD_DECODE, "a key whose window starts at %lld and ends at %lld", (long long)*start,
              (long long)first);
    return false;
}

struct weir_str store_changelog_key(struct weir_ctx *w, enum weir_window_kind kind, struct weir_str inner,
                                    int64_t start, int64_t end)
{
    struct weir_str key = weir_windowed_key(w, kind, inner, start, end);
    if (kind != WEIR_SESSION_WINDOWS) {
        memset((char *)(uintptr_t)key.p + key.n, 0, SEQUENCE);
        key.n += SEQUENCE;
    }
    return key;
}

bool store_changelog_split(struct weir_ctx *w, enum weir_window_kind kind, int64_t size, struct weir_str key,
                           struct weir_str *inner, int64_t *start, int64_t *end)
{
    if (kind != WEIR_SESSION_WINDOWS)
        key.n -= key.n < SEQUENCE ? key.n : SEQUENCE;
    return weir_windowed_split(w, kind, size, key, inner, start, end);
}
