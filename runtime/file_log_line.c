#include "file_log_line.h"

enum { SEQUENCE = 4 }; // bytes behind the key of a time window: in changelogs only, and always 0

static bool has_sequence(const struct weir_store *store)
{
    return (store->kind == WEIR_STORE_ROWS || store->kind == WEIR_STORE_SERIES) &&
           (store->window == WEIR_TIME_WINDOWS || store->window == WEIR_SLIDING_WINDOWS);
}

// Stores of joins have keys that are in no format of the program's.
static bool has_own_key(const struct weir_store *store)
{
    return store->kind == WEIR_STORE_SIDE || store->kind == WEIR_STORE_PARKED || store->kind == WEIR_STORE_WAITING ||
           store->kind == WEIR_STORE_SUBSCRIPTIONS;
}

// The key is written as a record's with that window would be.
static struct weir_serde key_serde(const struct weir_store *store)
{
    if (has_own_key(store))
        return weir_serde_bytes;
    struct weir_serde serde = *store->key_serde;
    serde.window = store->window;
    serde.window_size = store->window_size;
    return serde;
}

// Nor has what is held back, and what a foreign-key join keeps.
static const struct weir_serde *value_serde(const struct weir_store *store)
{
    bool has_own = store->kind == WEIR_STORE_BUFFER || (has_own_key(store) && store->kind != WEIR_STORE_SIDE);
    return has_own ? &weir_serde_bytes : store->value_serde;
}

bool file_log_line_put(struct weir_buf *b, const struct weir_store *store, int32_t partition, struct weir_str key,
                       struct weir_str value, int64_t timestamp)
{
    struct weir_serde serde = key_serde(store);
    struct weir_out out = {.key = key, .value = value, .timestamp = timestamp};
    if (has_sequence(store) && key.n >= SEQUENCE)
        out.key.n -= SEQUENCE;
    file_line_put(b, &serde, value_serde(store), &out, partition);
    return !b->w->bad;
}

bool file_log_line_read(struct weir_ctx *w, const struct weir_store *store, struct weir_str text, struct weir_str *key,
                        struct weir_str *value, int64_t *timestamp)
{
    struct weir_serde serde = key_serde(store);
    struct file_line line;
    if (!file_line_read(w, text, &line))
        return false;
    *timestamp = line.timestamp;
    *key = file_line_key(w, &serde, &line);
    *value = w->bad ? WEIR_NULL_STR : file_line_bytes(w, value_serde(store), line.value);
    if (w->bad || !has_sequence(store) || !key->p)
        return !w->bad;
    char *whole = weir_alloc(w, key->n + SEQUENCE);
    memcpy(whole, key->p, key->n);
    memset(whole + key->n, 0, SEQUENCE);
    *key = (struct weir_str){whole, key->n + SEQUENCE};
    return true;
}

// Its number is the last member, if it is not 0; a timestamp always comes before it.
int32_t file_log_line_partition(struct weir_str text)
{
    static const char name[] = ",\"partition\":";
    enum { NAME = sizeof name - 1 };
    int32_t partition = 0, unit = 1;
    size_t at = text.n;
    if (at == 0 || text.p[--at] != '}')
        return 0;
    for (; at > 0 && text.p[at - 1] >= '0' && text.p[at - 1] <= '9' && unit <= 100000000; at--, unit *= 10)
        partition += (text.p[at - 1] - '0') * unit;
    return at >= NAME && memcmp(text.p + at - NAME, name, NAME) == 0 ? partition : 0;
}

bool file_log_line_next(struct weir_str text, size_t *at, struct weir_str *line)
{
    const char *begin = text.p + *at;
    const char *newline = *at < text.n ? memchr(begin, '\n', text.n - *at) : NULL;
    if (!newline)
        return false;
    *line = (struct weir_str){begin, (size_t)(newline - begin)};
    *at += line->n + 1;
    return true;
}
