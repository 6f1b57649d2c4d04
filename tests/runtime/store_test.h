// A worker with stores and descriptors made by hand, as generated code would have them, over a broker that keeps changelogs in memory.
#ifndef STORE_TEST_H
#define STORE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store.h"

enum {
    COUNTS,
    MINUTES,
    TEXTS,
    SESSIONS,
    SLIDING,
    FINAL,
    EVERY,
    VERSIONS,
    LEFT,
    RIGHT,
    OUTER,
    WAITING,
    LOOKING,
    OWN,
    OWN_WINDOWS,
    OWN_SESSIONS,
    UNLOGGED,
    STORES
};
enum { MINUTE = 60000, GAP = 100, DIFFERENCE = 10, WAIT = 50, HISTORY = 200000 };
enum { BEFORE = 2 * MINUTE, AFTER = MINUTE, GRACE = 30000, RETENTION = BEFORE + AFTER + GRACE };
enum { SUBSCRIPTIONS, ANSWERS, SINKS };

struct logged {
    int store;
    char *key, *value; // VALUE NULL: a tombstone
    size_t key_size, value_size;
    int64_t timestamp;
};

struct bench {
    struct worker k;
    struct settings settings;
    struct weir_options options;
    struct counters *counters;
    struct broker broker;
    struct weir_record record;
    struct task *task;
    char *seen; // the changes that were forwarded, a line each
    size_t seen_size, seen_room;
    struct logged *log;
    size_t log_count;
    int fails; // the change of this number from now on is bad
};

static struct bench bench;

// ---- values ----

static struct weir_str encode_int(struct weir_ctx *w, const void *value)
{
    char *text = weir_alloc(w, 24);
    return (struct weir_str){text, (size_t)snprintf(text, 24, "%lld", (long long)*(const int64_t *)value)};
}

static bool decode_int(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    char text[32], *end;
    snprintf(text, sizeof text, "%.*s", (int)bytes.n, bytes.p);
    *(int64_t *)value = strtoll(text, &end, 10);
    if (*end || !bytes.n)
        weir_fail(w, WEIR_BAD_DECODE, "no number: %s", text);
    return !w->bad;
}

static size_t extra_text(const void *value)
{
    return weir_keep_size(((const struct weir_str *)value)->n);
}

static void keep_text(void *to, const void *from)
{
    const struct weir_str *text = from;
    char *next = (char *)to + sizeof *text;
    *(struct weir_str *)to = (struct weir_str){weir_keep(&next, text->p, text->n), text->n};
}

static struct weir_str encode_text(struct weir_ctx *w, const void *value)
{
    (void)w;
    return *(const struct weir_str *)value;
}

static bool decode_text(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    (void)w;
    *(struct weir_str *)value = bytes;
    return true;
}

// ---- what comes of changes ----

static void see(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void see(const char *format, ...)
{
    char line[300];
    va_list args;
    va_start(args, format);
    size_t n = (size_t)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (bench.seen_size + n + 1 > bench.seen_room) {
        bench.seen_room = (bench.seen_room + n) * 2;
        bench.seen = realloc(bench.seen, bench.seen_room);
    }
    memcpy(bench.seen + bench.seen_size, line, n + 1);
    bench.seen_size += n;
}

static const char *shown(char *to, const void *value, bool text)
{
    const struct weir_str *s = value;
    if (!value)
        return "-";
    if (text)
        snprintf(to, 100, "%.*s", (int)s->n, s->p);
    else
        snprintf(to, 100, "%lld", (long long)*(const int64_t *)value);
    return to;
}

static void show(struct weir_ctx *w, const struct weir_change *c, char kind)
{
    char old[100], value[100];
    if (bench.fails && --bench.fails == 0) {
        weir_fail(w, WEIR_BAD_USER, "as wanted");
        return;
    }
    see("%c %.*s", kind, (int)c->key.n, c->key.p);
    if (kind != 'c' && kind != 't' && kind != 'e' && kind != 'v')
        see(" [%lld,%lld]", (long long)c->start, (long long)c->end);
    see(" %s>%s", shown(old, c->old, kind == 't' || kind == 'v'), shown(value, c->value, kind == 't' || kind == 'v'));
    see(" @%lld%s\n", (long long)c->timestamp, c->late ? " late" : "");
}

#define CHANGED(name, kind)                                                     \
    static void name##_changed(struct weir_ctx *w, const struct weir_change *c) \
    {                                                                           \
        show(w, c, kind);                                                       \
    }
CHANGED(counts, 'c')
CHANGED(minutes, 'm')
CHANGED(texts, 't')
CHANGED(sessions, 's')
CHANGED(sliding, 'l')
CHANGED(final, 'f')
CHANGED(every, 'e')
CHANGED(versions, 'v')

static void parked(struct weir_ctx *w, const struct weir_parked *p)
{
    char value[100];
    if (bench.fails && --bench.fails == 0) {
        weir_fail(w, WEIR_BAD_USER, "as wanted");
        return;
    }
    see("%c %.*s %s @%lld\n", p->left ? 'L' : 'R', (int)p->key.n, p->key.p, shown(value, p->value, p->left),
        (long long)p->timestamp);
}

static void waited(struct weir_ctx *w, const struct weir_parked *p)
{
    char value[100];
    see("w %.*s %s @%lld of %lld\n", (int)p->key.n, p->key.p, shown(value, p->value, true), (long long)p->timestamp,
        (long long)w->record->offset);
}

static void no_process(struct weir_ctx *w)
{
    (void)w;
}

#define INT .value_size = sizeof(int64_t), .encode = encode_int, .decode = decode_int, .changelog_source = -1
#define TEXT                                                                                               \
    .changelog_source = -1, .value_size = sizeof(struct weir_str), .extra = extra_text, .keep = keep_text, \
    .encode = encode_text, .decode = decode_text
static const struct weir_store stores[STORES] = {
    [COUNTS] = {.name = "counts", INT, .changed = counts_changed, .wants_old = true},
    [MINUTES] = {.name = "minutes",
                 INT,
                 .changed = minutes_changed,
                 .wants_old = true,
                 .window = WEIR_TIME_WINDOWS,
                 .inputs = 2,
                 .window_size = MINUTE,
                 .grace = MINUTE,
                 .retention = 2 * MINUTE},
    [TEXTS] = {.name = "texts", TEXT, .changed = texts_changed, .wants_old = true},
    [SESSIONS] = {.name = "sessions",
                  .kind = WEIR_STORE_SERIES,
                  INT,
                  .changed = sessions_changed,
                  .wants_old = true,
                  .window = WEIR_SESSION_WINDOWS,
                  .window_size = GAP,
                  .grace = 1000000,
                  .retention = 1000000 + GAP},
    [SLIDING] = {.name = "sliding",
                 .kind = WEIR_STORE_SERIES,
                 INT,
                 .changed = sliding_changed,
                 .window = WEIR_SLIDING_WINDOWS,
                 .window_size = DIFFERENCE,
                 .grace = 1000000,
                 .retention = 1000000 + 2 * DIFFERENCE},
    [FINAL] = {.name = "final",
               .kind = WEIR_STORE_BUFFER,
               INT,
               .changed = final_changed,
               .window = WEIR_TIME_WINDOWS,
               .window_size = MINUTE,
               .wait = MINUTE,
               .final = true},
    [EVERY] =
        {.name = "every", .kind = WEIR_STORE_BUFFER, INT, .changed = every_changed, .wants_old = true, .wait = WAIT},
    [VERSIONS] = {.name = "versions", TEXT, .changed = versions_changed, .wants_old = true, .history = HISTORY},
    [LEFT] = {.name = "left", .kind = WEIR_STORE_SIDE, TEXT, .retention = RETENTION},
    [RIGHT] = {.name = "right", .kind = WEIR_STORE_SIDE, INT, .retention = RETENTION},
    [OUTER] = {.name = "outer",
               .kind = WEIR_STORE_PARKED,
               .changelog_source = -1,
               .left = LEFT,
               .right = RIGHT,
               .before = BEFORE,
               .after = AFTER,
               .grace = GRACE,
               .parked = parked},
    [WAITING] = {.name = "waiting", .kind = WEIR_STORE_WAITING, TEXT, .left = -1, .wait = WAIT, .parked = waited},
    [LOOKING] = {.name = "looking", .kind = WEIR_STORE_SUBSCRIPTIONS, .changelog_source = -1},
    // Of blocks: nothing comes of their changes.
    [OWN] = {.name = "own", TEXT},
    [OWN_WINDOWS] =
        {.name = "own-windows", TEXT, .window = WEIR_TIME_WINDOWS, .window_size = MINUTE, .retention = 10 * MINUTE},
    [OWN_SESSIONS] = {.name = "own-sessions",
                      .kind = WEIR_STORE_SERIES,
                      TEXT,
                      .window = WEIR_SESSION_WINDOWS,
                      .retention = 10 * MINUTE},
    [UNLOGGED] = {.name = "unlogged", INT, .no_changelog = true},
};

static const char *const topics[] = {"in"};
static const struct weir_source sources[] = {{.name = "in",
                                              .topics = topics,
                                              .topic_count = 1,
                                              .key = &weir_serde_string,
                                              .value = &weir_serde_string,
                                              .process = no_process}};
static const struct weir_sink sinks[SINKS] = {
    [SUBSCRIPTIONS] = {.name = "subscriptions", .topic = "subscriptions", .internal = true},
    [ANSWERS] = {.name = "answers", .topic = "answers", .internal = true}};
static const struct weir_program program = {.abi = WEIR_ABI,
                                            .app = "stores",
                                            .file = "stores.weir",
                                            .sources = sources,
                                            .source_count = 1,
                                            .sinks = sinks,
                                            .sink_count = SINKS,
                                            .stores = stores,
                                            .store_count = STORES};

// ---- the broker ----

static char *copied(struct weir_str s)
{
    char *copy = s.p ? malloc(s.n + 1) : NULL;
    if (copy && s.n)
        memcpy(copy, s.p, s.n);
    return copy;
}

static enum broker_status bench_log(struct broker *b, int worker, int store, int32_t partition, struct weir_str key,
                                    struct weir_str value, int64_t timestamp, struct broker_error *error)
{
    (void)b, (void)worker, (void)partition, (void)error;
    if ((bench.log_count & (bench.log_count - 1)) == 0)
        bench.log = realloc(bench.log, (bench.log_count ? bench.log_count * 2 : 1) * sizeof *bench.log);
    bench.log[bench.log_count++] = (struct logged){store, copied(key), copied(value), key.n, value.n, timestamp};
    return BROKER_OK;
}

static enum broker_status bench_log_end(struct broker *b, int worker, int store, int32_t partition, int64_t *end,
                                        struct broker_error *error)
{
    (void)b, (void)worker, (void)store, (void)partition, (void)error;
    *end = (int64_t)bench.log_count + 1;
    return BROKER_OK;
}

static enum broker_status bench_commit(struct broker *b, int worker, struct broker_error *error)
{
    (void)b, (void)worker, (void)error;
    return BROKER_OK;
}

static void bench_restore_log(const struct broker_log *log)
{
    for (size_t i = log->from ? (size_t)log->from - 1 : 0; i < bench.log_count; i++) {
        const struct logged *l = &bench.log[i];
        if (l->store == log->store &&
            !log->fn(log->arg, (struct weir_str){l->key, l->key_size}, (struct weir_str){l->value, l->value_size},
                     l->timestamp, (int64_t)i + 1, (int64_t)bench.log_count + 1))
            break;
    }
}

static enum broker_status bench_restore(struct broker *b, int worker, struct broker_restore *r,
                                        struct broker_error *error)
{
    (void)b, (void)worker, (void)error;
    for (size_t i = 0; i < r->count; i++) {
        r->logs[i].status = BROKER_OK;
        bench_restore_log(&r->logs[i]);
    }
    return BROKER_OK;
}

// What was sent: "TOPIC partition KEY: VALUE", bytes that are no letters as \xx.
static void see_bytes(struct weir_str s)
{
    if (!s.p)
        see("-");
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        see(c > ' ' && c < 127 && c != '\\' ? "%c" : "\\%02x", c);
    }
}

static enum broker_status bench_send(struct broker *b, int worker, struct weir_str topic, int32_t partition,
                                     const struct weir_out *out, struct broker_error *error)
{
    (void)b, (void)worker, (void)error;
    see("%.*s %d ", (int)topic.n, topic.p, (int)partition);
    see_bytes(out->key);
    see(": ");
    see_bytes(out->value);
    see(" @%lld\n", (long long)out->timestamp);
    return BROKER_OK;
}

static const struct broker_ops bench_ops = {
    .log = bench_log, .log_end = bench_log_end, .restore = bench_restore, .commit = bench_commit, .send = bench_send};

// ---- the way of a record ----

static inline void bench_begin(int64_t cache)
{
    memset(&bench, 0, sizeof bench);
    assert_int_equal(settings_of_program(&bench.settings, &program), RUNTIME_DONE);
    bench.settings.options = &bench.options;
    bench.settings.cache = cache;
    bench.settings.bad_policy = BAD_SKIP;
    bench.broker.ops = &bench_ops;
    bench.counters = counters_new(&program);
    worker_init(&bench.k, &program, &bench.settings, &bench.broker, 0, bench.counters);
}

static inline void bench_make_task(void)
{
    bench.task = task_find(&bench.k, 0, 0);
    assert_non_null(bench.task);
    bench.k.w.owner = bench.task;
    bench.k.w.record = &bench.record;
}

static inline void bench_open(int64_t cache)
{
    bench_begin(cache);
    bench_make_task();
}

static inline void bench_close(void)
{
    worker_free(&bench.k);
    assert_int_equal(bench.k.memory, 0);
    settings_free(&bench.settings);
    for (size_t i = 0; i < bench.log_count; i++) {
        free(bench.log[i].key);
        free(bench.log[i].value);
    }
    free(bench.log);
    free(bench.seen);
    counters_free(bench.counters);
}

// A new run, with the changelogs of the one before, which was killed.
static inline void bench_again(void (*begin_bench)(int64_t cache), int64_t cache)
{
    struct logged *log = bench.log;
    size_t count = bench.log_count;
    bench.log = NULL;
    bench.log_count = 0;
    bench_close();
    begin_bench(cache);
    bench.log = log;
    bench.log_count = count;
    bench_make_task();
}

static struct weir_ctx *begin(int64_t timestamp)
{
    weir_ctx_reset(&bench.k.w);
    bench.record = (struct weir_record){.timestamp = timestamp, .topic = WEIR_STR("in"), .offset = 7};
    bench.k.w.owner = bench.task;
    bench.k.w.record = &bench.record;
    return &bench.k.w;
}

// BAD: it is taken back.
static inline void finish(bool bad)
{
    if (bad || bench.k.w.bad) {
        bench.k.w.bad = NULL;
        bench.k.pending.count = 0;
        store_undo(&bench.k);
    } else {
        assert_true(send_flush(&bench.k));
        store_settle(&bench.k);
    }
}

static inline void commit(void)
{
    bench.k.dirty = true;
    assert_true(commit_now(&bench.k));
}

static inline void forget_seen(void)
{
    bench.seen_size = 0;
    if (bench.seen)
        bench.seen[0] = 0;
}

static inline void expect_seen(const char *text)
{
    assert_string_equal(bench.seen ? bench.seen : "", text);
    forget_seen();
}

static inline struct weir_str key_of(char *room, int n)
{
    return (struct weir_str){room, (size_t)snprintf(room, 40, "key %d%s", n, n % 3 ? "" : " of a longer kind")};
}

static inline struct weir_str str(const char *text)
{
    return (struct weir_str){text, strlen(text)};
}

static inline uint32_t random_below(uint32_t n)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 20) % n;
}

#endif
