// The steps of a test: feed, advance, expect.
#include "broker_memory.h"
#include "json_text.h"
#include "test_run.h"

static struct test *test_of(struct weir_ctx *w)
{
    return w->owner;
}

struct weir_str test_json(struct test *t, const struct weir_serde *serde, struct weir_str bytes)
{
    struct weir_buf b;
    if (!bytes.p)
        return bytes;
    weir_buf_init(&t->w, &b, bytes.n + 16);
    json_text_put(&b, serde, bytes);
    return weir_buf_str(&b);
}

// A bad record that no `bad` step has asked for fails the test where it was fed. False: the test is over.
static bool goes_on(struct test *t)
{
    for (int i = 0; i < t->program->source_count && !t->failed; i++) {
        struct test_fed *fed = &t->fed[i];
        if (fed->bad && !fed->claimed)
            test_fail(t, fed->line, "this record is bad: %s", fed->bad);
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
    r.key = to_bytes(t, s->key, record->key);
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

static void expect(struct test *t, struct test_queue *q, const struct weir_test_record *record)
{
    struct test_seen expected = {record->key, record->value};
    struct json_rows rows = {0};
    if (!goes_on(t))
        return;
    if (q->first == q->count) {
        test_fail_different(t, record->line, q->name, &expected, NULL, NULL);
        return;
    }
    const struct test_seen *actual = &q->seen[q->first++];
    json_diff(&t->w, &rows, "key", expected.key, actual->key);
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
