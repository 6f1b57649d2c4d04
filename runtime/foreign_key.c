#include "foreign_key.h"

#include "store_context.h"
#include "weir_ops.h"
#include "worker.h"

enum { HASH_IS_NULL = 0x80, SUBSCRIPTION_VERSION = 1, ANSWER_VERSION = 0 };

// ---- the hash ----

static uint64_t rotate(uint64_t n, int bits)
{
    return n << bits | n >> (64 - bits);
}

static uint64_t mix(uint64_t h)
{
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

static uint64_t little_endian(const char *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n && i < 8; i++)
        v |= (uint64_t)(unsigned char)p[i] << 8 * i;
    return v;
}

#define C1 UINT64_C(0x87c37b91114253d5)
#define C2 UINT64_C(0x4cf5ad432745937f)

static uint64_t first_part(const char *p, size_t n)
{
    return rotate(little_endian(p, n) * C1, 31) * C2;
}

static uint64_t second_part(const char *p, size_t n)
{
    return rotate(little_endian(p, n) * C2, 33) * C1;
}

void foreign_key_hash(struct weir_str value, char hash[VALUE_HASH])
{
    uint64_t a = 104729, b = a; // Kafka Streams' seed
    const char *p = value.p;
    size_t rest = value.n;
    for (; rest >= 16; p += 16, rest -= 16) {
        a = (rotate(a ^ first_part(p, 8), 27) + b) * 5 + 0x52dce729;
        b = (rotate(b ^ second_part(p + 8, 8), 31) + a) * 5 + 0x38495ab5;
    }
    b ^= rest > 8 ? second_part(p + 8, rest - 8) : 0;
    a ^= rest ? first_part(p, rest) : 0;
    a ^= value.n;
    b ^= value.n;
    a += b;
    b += a;
    a = mix(a);
    b = mix(b);
    a += b;
    weir_put_i64be(hash, (int64_t)a);
    weir_put_i64be(hash + 8, (int64_t)(a + b));
}

// ---- bytes ----

struct weir_str subscribed_write(struct weir_ctx *w, const struct subscribed *s, struct weir_str key)
{
    bool has_partition = s->partition >= 0;
    struct weir_buf b;
    weir_buf_init(w, &b, 2 + VALUE_HASH + key.n + 4);
    wire_put_number(&b, (has_partition ? SUBSCRIPTION_VERSION : 0) | (s->has_hash ? 0 : HASH_IS_NULL), 1);
    wire_put_number(&b, s->instruction, 1);
    weir_put(&b, s->hash, s->has_hash ? VALUE_HASH : 0);
    weir_put(&b, key.p, key.n);
    if (has_partition)
        wire_put_number(&b, (uint64_t)s->partition, 4);
    return weir_buf_str(&b);
}

static struct weir_str behind(struct weir_str bytes, size_t n)
{
    return (struct weir_str){bytes.p + n, bytes.n - n};
}

bool subscribed_read(struct weir_ctx *w, struct weir_str bytes, struct subscribed *s, struct weir_str *key)
{
    *s = (struct subscribed){.partition = -1};
    int version = bytes.n ? bytes.p[0] & 0x7F : 0;
    s->has_hash = bytes.n && !(bytes.p[0] & HASH_IS_NULL);
    size_t head = s->has_hash ? 2 + VALUE_HASH : 2, tail = version ? 4 : 0;
    if (version > SUBSCRIPTION_VERSION) {
        weir_fail(w, WEIR_BAD_DECODE, "a subscription of version %d; %d is the newest that is known", version,
                  SUBSCRIPTION_VERSION);
        return false;
    }
    if (bytes.n < head + tail || (unsigned char)bytes.p[1] > PROPAGATE_ONLY_IF_FK_VAL_AVAILABLE) {
        weir_fail(w, WEIR_BAD_DECODE, "%zu bytes that are no subscription", bytes.n);
        return false;
    }
    s->instruction = (uint8_t)bytes.p[1];
    if (s->has_hash)
        memcpy(s->hash, bytes.p + 2, VALUE_HASH);
    if (tail)
        s->partition = weir_get_i32be(bytes.p + bytes.n - tail);
    *key = (struct weir_str){bytes.p + head, bytes.n - head - tail};
    return true;
}

// ---- subscriptions ----

struct change {
    struct weir_ctx *w;
    int sink;
    const struct weir_subscribe *what;
    struct subscribed subscribed;
};

static void tell(struct change *c, struct weir_str foreign, enum instruction instruction)
{
    const struct weir_record *record = c->w->record;
    c->subscribed.instruction = (uint8_t)instruction;
    weir_send(c->w, &(struct weir_out){.sink = c->sink,
                                       .key = foreign,
                                       .value = subscribed_write(c->w, &c->subscribed, c->what->key),
                                       .timestamp = c->what->timestamp,
                                       .headers = record->headers,
                                       .header_count = record->header_count});
}

static void tell_left(struct change *c)
{
    const struct weir_subscribe *s = c->what;
    if (s->old_foreign.p && !weir_eq_str(s->foreign, s->old_foreign))
        tell(c, s->old_foreign, DELETE_KEY_NO_PROPAGATE);
    if (s->had || s->value.p)
        tell(c, s->foreign, PROPAGATE_NULL_IF_NO_FK_VAL_AVAILABLE);
}

static void tell_inner(struct change *c)
{
    const struct weir_subscribe *s = c->what;
    if (s->value.p && !s->foreign.p)
        weir_drop_null(c->w, -1);
    if (!s->foreign.p && s->old_foreign.p) {
        tell(c, s->old_foreign, DELETE_KEY_AND_PROPAGATE);
    } else if (s->foreign.p && s->old_foreign.p && !weir_eq_str(s->foreign, s->old_foreign)) {
        tell(c, s->old_foreign, DELETE_KEY_NO_PROPAGATE);
        tell(c, s->foreign, PROPAGATE_NULL_IF_NO_FK_VAL_AVAILABLE);
    } else if (s->foreign.p) {
        tell(c, s->foreign, PROPAGATE_ONLY_IF_FK_VAL_AVAILABLE);
    }
}

void weir_subscribe(struct weir_ctx *w, int sink, const struct weir_subscribe *s)
{
    struct change c = {.w = w, .sink = sink, .what = s};
    if (w->bad)
        return;
    c.subscribed.partition = ((struct task *)w->owner)->partition;
    c.subscribed.has_hash = s->value.p != NULL;
    if (s->value.p)
        foreign_key_hash(s->value, c.subscribed.hash);
    if (s->left_join)
        tell_left(&c);
    else
        tell_inner(&c);
}

// ---- answers ----

void weir_answer(struct weir_ctx *w, int sink, const struct weir_subscription *s, struct weir_str value,
                 int64_t timestamp)
{
    const struct weir_record *record = w->record;
    struct weir_buf b;
    weir_buf_init(w, &b, 1 + VALUE_HASH + value.n);
    wire_put_number(&b, ANSWER_VERSION | (s->has_hash ? 0 : HASH_IS_NULL), 1);
    weir_put(&b, s->hash, s->has_hash ? VALUE_HASH : 0);
    weir_put(&b, value.p, value.p ? value.n : 0);
    struct weir_out out = {.sink = sink,
                           .key = s->key,
                           .value = weir_buf_str(&b),
                           .timestamp = timestamp,
                           .headers = record->headers,
                           .header_count = record->header_count};
    if (s->partition < 0)
        weir_send(w, &out);
    else
        send_to(w, &out, s->partition);
}

static bool is_of(struct weir_str left, const char *hash)
{
    char now[VALUE_HASH];
    if (!left.p || !hash)
        return !left.p && !hash;
    foreign_key_hash(left, now);
    return memcmp(now, hash, VALUE_HASH) == 0;
}

bool weir_answer_take(struct weir_ctx *w, struct weir_str left, struct weir_str *right)
{
    struct weir_str bytes = w->record->value;
    bool has_hash = bytes.n && !(bytes.p[0] & HASH_IS_NULL);
    size_t head = has_hash ? 1 + VALUE_HASH : 1;
    *right = WEIR_NULL_STR;
    if (w->bad)
        return false;
    if (bytes.n < head || (bytes.p[0] & 0x7F) != ANSWER_VERSION) {
        weir_fail(w, WEIR_BAD_DECODE, "%zu bytes that are no answer to a subscription", bytes.n);
        return false;
    }
    if (bytes.n > head)
        *right = behind(bytes, head);
    return is_of(left, has_hash ? bytes.p + 1 : NULL);
}
