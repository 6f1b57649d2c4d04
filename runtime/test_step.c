// The steps of a test: feed, advance, expect.
#include "broker_memory.h"
#include "iso_time.h"
#include "json_text.h"
#include "test_run.h"

static struct test *test_of(struct weir_ctx *w)
{
    return w->owner;
}

static struct weir_str json_of(struct test *t, const struct weir_serde *serde, struct weir_str bytes)
{
    struct weir_buf b;
    if (!bytes.p)
        return bytes;
    weir_buf_init(&t->w, &b, bytes.n + 16);
    json_text_put(&b, serde, bytes);
    return weir_buf_str(&b);
}

struct test_seen test_seen(struct test *t, const struct weir_serde *key, const struct weir_serde *value,
                           const struct weir_out *out)
{
    struct test_seen seen = {.value = json_of(t, value, out->value)};
    struct weir_str inner = out->key;
    struct weir_try before = weir_try_begin(&t->w);
    if (out->key.p && key->window != WEIR_NOT_WINDOWED)
        seen.has_window = seen.has_end =
            weir_windowed_split(&t->w, key->window, key->window_size, out->key, &inner, &seen.start, &seen.end);
    weir_try_end(&t->w, before); // a dead letter may have any key
    seen.key = json_of(t, key, inner);
    return seen;
}

// A bad record that no `bad` step has asked for fails the test where it was fed. False: the test is over.
static bool goes_on(struct test *t)
{
    for (int i = 0; i <= t->program->source_count && !t->failed; i++) {
        struct test_fed *fed = &t->fed[i];
        if (fed->bad && !fed->claimed)
            test_fail(t, fed->line, "%s bad: %s",
                      i < t->program->source_count ? "this record is" : "what a timer does is", fed->bad);
    }
    return !t->failed;
}

void test_finish(struct test *t)
{
    goes_on(t);
}

static struct weir_str to_bytes(struct test *t, const struct weir_serde *serde, struct weir_str json)
{
    return json.p && serde->from_json ? serde->from_json(&t->w, json) : json;
}

// A windowed key needs a window: of time windows the start is enough.
static struct weir_str key_bytes(struct test *t, const struct weir_serde *serde, const struct weir_test_record *record)
{
    struct weir_str inner = to_bytes(t, serde, record->key);
    int64_t end = record->has_window_end ? record->window_end : record->window_start + serde->window_size;
    if (!inner.p || t->w.bad || serde->window == WEIR_NOT_WINDOWED)
        return inner;
    if (!record->has_window || (serde->window == WEIR_SESSION_WINDOWS && !record->has_window_end))
        weir_fail(&t->w, WEIR_BAD_DECODE, "the key is windowed: `KEY @START%s => VALUE`",
                  serde->window == WEIR_SESSION_WINDOWS ? "..END" : "");
    return weir_windowed_key(&t->w, serde->window, inner, record->window_start, end);
}

void weir_test_feed(struct weir_ctx *w, int source, const struct weir_test_record *record)
{
    struct test *t = test_of(w);
    if (!goes_on(t))
        return;
    const struct weir_source *s = &t->program->sources[source];
    struct weir_record r = {
        .timestamp = record->has_time ? record->time : t->clock,
        .topic = {s->topics[0], strlen(s->topics[0])},
        .headers = record->headers,
        .header_count = record->header_count,
    };
    r.key = key_bytes(t, s->key, record);
    if (!w->bad)
        r.value = to_bytes(t, s->value, record->value);
    t->fed[source] = (struct test_fed){.line = record->line};
    t->last_fed = source;
    if (w->bad) {
        t->fed[source].bad = w->bad;
        w->bad = NULL;
        return;
    }
    broker_memory_put(t->broker, source, &r);
    test_process(t);
}

void weir_test_advance(struct weir_ctx *w, int64_t ms)
{
    struct test *t = test_of(w);
    if (!goes_on(t))
        return;
    t->clock += ms;
    broker_memory_set_clock(t->broker, t->clock);
    test_process(t);
}

static struct weir_str time_json(struct test *t, bool some, int64_t ms)
{
    char *text = weir_alloc(&t->w, ISO_ROOM + 2);
    if (!some)
        return WEIR_NULL_STR;
    size_t n = iso_put_timestamp(text + 1, ms);
    text[0] = text[n + 1] = '"';
    return (struct weir_str){text, n + 2};
}

// What is not said of the window is not compared.
static void diff_windows(struct test *t, struct json_rows *rows, const struct test_seen *expected,
                         const struct test_seen *actual)
{
    if (expected->has_window)
        json_diff(&t->w, rows, "window.start", time_json(t, true, expected->start),
                  time_json(t, actual->has_window, actual->start));
    if (expected->has_end)
        json_diff(&t->w, rows, "window.end", time_json(t, true, expected->end),
                  time_json(t, actual->has_end, actual->end));
}

static void expect(struct test *t, struct test_queue *q, const struct weir_test_record *record)
{
    struct test_seen expected = {record->key,          record->value,     record->has_window, record->has_window_end,
                                 record->window_start, record->window_end};
    struct json_rows rows = {0};
    if (!goes_on(t))
        return;
    if (q->first == q->count) {
        test_fail_different(t, record->line, q->name, &expected, NULL, NULL);
        return;
    }
    const struct test_seen *actual = &q->seen[q->first++];
    json_diff(&t->w, &rows, "key", expected.key, actual->key);
    diff_windows(t, &rows, &expected, actual);
    json_diff(&t->w, &rows, "", expected.value, actual->value);
    if (rows.differ)
        test_fail_different(t, record->line, q->name, &expected, actual, &rows);
}

static void expect_nothing(struct test *t, struct test_queue *q, int line)
{
    if (goes_on(t) && q->first < q->count)
        test_fail_left(t, line, q);
}

// The queue of TOPIC, or an empty one.
static struct test_queue *topic_of(struct test *t, const char *topic, struct test_queue *none)
{
    *none = (struct test_queue){.name = topic};
    for (size_t i = 0; i < t->topic_count; i++) {
        if (strcmp(t->topics[i].name, topic) == 0)
            return &t->topics[i];
    }
    return none;
}

void weir_test_expect_tap(struct weir_ctx *w, int tap, const struct weir_test_record *record)
{
    expect(test_of(w), &test_of(w)->taps[tap], record);
}

void weir_test_expect_topic(struct weir_ctx *w, const char *topic, const struct weir_test_record *record)
{
    struct test_queue none;
    expect(test_of(w), topic_of(test_of(w), topic, &none), record);
}

void weir_test_nothing_tap(struct weir_ctx *w, int tap, int line)
{
    expect_nothing(test_of(w), &test_of(w)->taps[tap], line);
}

void weir_test_nothing_topic(struct weir_ctx *w, const char *topic, int line)
{
    struct test_queue none;
    expect_nothing(test_of(w), topic_of(test_of(w), topic, &none), line);
}

void weir_test_bad(struct weir_ctx *w, int source, struct weir_str message, int line)
{
    struct test *t = test_of(w);
    if (t->failed)
        return;
    int from = source >= 0 ? source : t->last_fed;
    struct test_fed *fed = from >= 0 ? &t->fed[from] : NULL;
    if (!fed || !fed->bad) {
        test_fail(t, line, "a bad record was expected, but %s",
                  fed && fed->line ? "the last one is good" : "none was fed yet");
    } else if (message.n && !memmem(fed->bad, strlen(fed->bad), message.p, message.n)) {
        test_fail(t, line, "the record is bad, but for another reason\n    expected  %.*s\n    actual    %s",
                  (int)message.n, message.p, fed->bad);
    } else {
        fed->claimed = true;
    }
}
