// `weir test`: each test with a worker, stores and a clock of its own.
#include "test_run.h"

#include <ctype.h>
#include <stdlib.h>

#include "broker_memory.h"
#include "globals.h"
#include "memory.h"

// The clock of a test begins at 2024-01-01T00:00:00Z and stands still but for `advance`.
#define TEST_EPOCH INT64_C(1704067200000)

static struct test_queue *topic_queue(struct test *t, struct weir_str topic)
{
    for (size_t i = 0; i < t->topic_count; i++) {
        if (strlen(t->topics[i].name) == topic.n && memcmp(t->topics[i].name, topic.p, topic.n) == 0)
            return &t->topics[i];
    }
    t->topics = memory_grow(t->topics, t->topic_count, sizeof *t->topics);
    t->topics[t->topic_count] = (struct test_queue){.name = memory_text(topic.p, topic.n)};
    return &t->topics[t->topic_count++];
}

static struct weir_str keep(struct test *t, struct weir_str s)
{
    if (!s.p)
        return s;
    return (struct weir_str){memcpy(weir_alloc(&t->w, s.n + 1), s.p, s.n), s.n};
}

static void put(struct test *t, struct test_queue *q, struct test_seen seen)
{
    if (q->count == q->room) {
        q->room = q->room ? q->room * 2 : 16;
        q->seen = memory_resize(q->seen, q->room * sizeof *q->seen);
    }
    seen.key = keep(t, seen.key);
    seen.value = keep(t, seen.value);
    q->seen[q->count++] = seen;
}

static void on_sent(void *arg, struct weir_str topic, const struct weir_out *out)
{
    struct test *t = arg;
    const struct weir_sink *sink = out->sink >= 0 ? &t->program->sinks[out->sink] : NULL;
    const struct weir_source *source = sink ? NULL : &t->program->sources[~out->sink];
    put(t, topic_queue(t, topic),
        test_seen(t, sink ? sink->key : source->key, sink ? sink->value : source->value, out));
}

static void put_tap(struct weir_ctx *w, int tap, struct test_seen seen)
{
    struct worker *k = ((struct task *)w->owner)->worker;
    struct test *t = k->test;
    if (!t)
        return;
    undo_count(&k->undo, &t->taps[tap].count);
    put(t, &t->taps[tap], seen);
}

void weir_tap(struct weir_ctx *w, int tap, struct weir_str key_json, struct weir_str value_json)
{
    put_tap(w, tap, (struct test_seen){.key = key_json, .value = value_json});
}

void weir_tap_windowed(struct weir_ctx *w, int tap, struct weir_str key_json, int64_t start, int64_t end,
                       struct weir_str value_json)
{
    put_tap(w, tap, (struct test_seen){key_json, value_json, true, true, start, end});
}

// As a run would report it: "conversion: ...".
static const char *explained(struct test *t, const struct weir_ctx *w, const struct weir_timer *timer)
{
    char *text = timer ? memory_format("timer `%s`: %s: %s", timer->name, stats_cause_name(w->cause), w->bad)
                       : memory_format("%s: %s", stats_cause_name(w->cause), w->bad);
    const char *kept = keep(t, (struct weir_str){text, strlen(text) + 1}).p;
    free(text);
    return kept;
}

static bool on_bad(struct worker *k, const struct broker_delivery *d)
{
    struct test *t = k->test;
    struct test_fed *fed = &t->fed[t->last_fed];
    if (!fed->bad)
        fed->bad = explained(t, &k->w, NULL);
    fed->claimed = t->settings.bad_policy != BAD_FAIL; // then the program itself says what is to become of it
    return t->settings.bad_policy == BAD_DEAD_LETTER ? bad_record_forward(k, d) : true;
}

static bool on_bad_timer(struct worker *k, const struct weir_timer *timer, const struct weir_record *record)
{
    struct test *t = k->test;
    struct test_fed *fed = &t->fed[t->program->source_count];
    (void)record;
    t->last_fed = t->program->source_count;
    if (!fed->bad || fed->claimed)
        *fed = (struct test_fed){.bad = explained(t, &k->w, timer), .line = t->test->line};
    fed->claimed = t->settings.bad_policy != BAD_FAIL;
    return true;
}

// What timers send to repartition topics is there only when nothing else is.
void test_process(struct test *t)
{
    enum broker_status status;
    do
        status = worker_step(&t->worker, 0);
    while (status == BROKER_OK || (status == BROKER_END && t->broker->ops->lag(t->broker, NULL, NULL) > 0));
}

static void set_up(struct test *t)
{
    weir_ctx_init(&t->w);
    t->w.owner = t;
    t->clock = TEST_EPOCH;
    t->broker = broker_memory_new(t->program, on_sent, t);
    broker_memory_set_clock(t->broker, t->clock);
    t->counters = counters_new(t->program);
    worker_init(&t->worker, t->program, &t->settings, t->broker, 0, t->counters);
    t->worker.globals = globals_new(t->program, &t->settings, t->broker, t->counters);
    t->worker.test = t;
    t->worker.bad = on_bad;
    t->worker.bad_timer = on_bad_timer;
    t->taps = memory_new((size_t)t->program->tap_count * sizeof *t->taps);
    for (int i = 0; i < t->program->tap_count; i++)
        t->taps[i].name = t->program->taps[i].flow;
    t->fed = memory_new(((size_t)t->program->source_count + 1) * sizeof *t->fed);
    t->last_fed = -1;
    t->to = open_memstream(&t->output, &t->output_size);
    worker_listen(&t->worker);
}

static void tear_down(struct test *t)
{
    globals_free(t->worker.globals);
    worker_free(&t->worker);
    counters_free(t->counters);
    t->broker->ops->close(t->broker);
    for (int i = 0; i < t->program->tap_count; i++)
        free(t->taps[i].seen);
    for (size_t i = 0; i < t->topic_count; i++) {
        free(t->topics[i].seen);
        free((char *)t->topics[i].name);
    }
    free(t->taps);
    free(t->topics);
    free(t->fed);
    free(t->output);
    weir_ctx_free(&t->w);
}

static bool contains(const char *text, const char *word)
{
    for (; *text; text++) {
        size_t i = 0;
        while (word[i] && tolower((unsigned char)text[i]) == tolower((unsigned char)word[i]))
            i++;
        if (!word[i])
            return true;
    }
    return !*word;
}

static bool is_wanted(const struct test_options *options, const char *title)
{
    for (int i = 0; i < options->filter_count; i++) {
        if (contains(title, options->filters[i]))
            return true;
    }
    return options->filter_count == 0;
}

static bool run_one(const struct weir_program *program, const struct weir_test *test,
                    const struct test_options *options, const struct settings *settings)
{
    struct test *t = aligned_alloc(64, (sizeof *t + 63) & ~(size_t)63);
    if (!t)
        memory_out();
    memset(t, 0, sizeof *t);
    t->program = program;
    t->test = test;
    t->options = options;
    t->settings = *settings;
    t->settings.options = &t->no_options;
    t->settings.cache = 0;
    set_up(t);
    test->run(&t->w);
    test_finish(t);
    fclose(t->to);
    test_show(t);
    bool passed = !t->failed;
    tear_down(t);
    free(t);
    return passed;
}

int runtime_test(const struct weir_program *program, const struct test_options *options)
{
    struct test_counts own = {0}, *counts = options->counts ? options->counts : &own;
    struct settings settings;
    bool failed = false;
    int exit = settings_of_program(&settings, program);
    for (int i = 0; exit == RUNTIME_DONE && i < program->test_count; i++) {
        if (!is_wanted(options, program->tests[i].title))
            continue;
        if (run_one(program, &program->tests[i], options, &settings)) {
            counts->passed++;
        } else {
            counts->failed++;
            failed = true;
        }
    }
    settings_free(&settings);
    if (!options->counts && exit == RUNTIME_DONE)
        runtime_test_summary(counts, options);
    return failed ? RUNTIME_WRONG : exit;
}
