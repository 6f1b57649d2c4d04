// Tables whose source is their changelog, global ones, and keys with windows, with topics as files.
#include "core_program.h"

#include "weir_wire.h"

// `table` is kept as text; a record of `probe` asks for the row of its key, which goes to `out`, or "none".
struct text {
    struct weir_str text;
};

static size_t extra(const void *value)
{
    return weir_keep_size(((const struct text *)value)->text.n);
}

static void keep(void *to, const void *from)
{
    const struct text *t = from;
    char *next = (char *)to + sizeof *t;
    ((struct text *)to)->text = (struct weir_str){weir_keep(&next, t->text.p, t->text.n), t->text.n};
}

static struct weir_str encode(struct weir_ctx *w, const void *value)
{
    (void)w;
    return ((const struct text *)value)->text;
}

static bool decode(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    if (core_holds(bytes, "bad"))
        weir_fail(w, WEIR_BAD_DECODE, "bad bytes");
    ((struct text *)value)->text = bytes;
    return !w->bad;
}

static void process_table(struct weir_ctx *w)
{
    const struct weir_record *r = w->record;
    struct text value;
    if (!r->key.p) {
        weir_drop_null(w, 0);
        return;
    }
    struct weir_row *row = weir_row(w, 0, r->key, 0);
    if (!r->value.p)
        weir_row_put(w, 0, row, NULL, r->timestamp);
    else if (decode(w, r->value, &value))
        weir_row_put(w, 0, row, &value, r->timestamp);
}

static void process_probe(struct weir_ctx *w)
{
    const struct weir_record *r = w->record;
    const struct weir_row *row = weir_row(w, 0, r->key, 0);
    const struct text *value = row->value;
    struct weir_out out = {
        .sink = 0, .key = r->key, .value = value ? value->text : WEIR_STR("\"none\""), .timestamp = r->timestamp};
    weir_send(w, &out);
}

static struct weir_store stores[] = {{.name = "table",
                                      .kind = WEIR_STORE_ROWS,
                                      .changelog_source = 0,
                                      .fingerprint = 1,
                                      .value_size = sizeof(struct text),
                                      .extra = extra,
                                      .keep = keep,
                                      .encode = encode,
                                      .decode = decode,
                                      .value_serde = &core_json}};
static const char *const table_topics[] = {"table"}, *const probe_topics[] = {"probe"};
static struct weir_source sources[] = {
    {.name = "table", .topics = table_topics, .topic_count = 1, .partitions = 3, .process = process_table},
    {.name = "probe", .topics = probe_topics, .topic_count = 1, .partitions = 3, .process = process_probe},
};
static struct weir_sink sinks[] = {{.name = "out", .topic = "out", .value = &core_json}};
static const struct weir_program program = {.abi = WEIR_ABI,
                                            .app = "tables",
                                            .file = "tables.weir",
                                            .sources = sources,
                                            .source_count = 2,
                                            .sinks = sinks,
                                            .sink_count = 1,
                                            .stores = stores,
                                            .store_count = 1};

static struct weir_serde window_key;

static void set_keys(const struct weir_serde *serde)
{
    sources[0].key = sources[1].key = sinks[0].key = stores[0].key_serde = serde;
}

static int set_up(void **state)
{
    sources[0].value = sources[1].value = &core_json;
    sources[0].global = false;
    set_keys(&weir_serde_string);
    return core_setup(state);
}

#define RUN(...) core_run(&program, "--local", "topics", "-e", "--set", __VA_ARGS__)

static void a_table_is_restored_from_its_source(void **state)
{
    (void)state;
    core_append("topics/table.jsonl", "{\"key\":\"a\",\"value\":\"old\",\"timestamp\":1}\n"
                                      "{\"key\":\"b\",\"value\":\"b\",\"timestamp\":2}\n"
                                      "{\"key\":\"a\",\"value\":\"new\",\"timestamp\":3}\n\n"
                                      "{\"value\":\"no key\",\"timestamp\":4}\n"
                                      "{\"key\":\"c\",\"value\":\"bad\",\"timestamp\":5}\n"
                                      "no record\n"
                                      "{\"key\":\"d\",\"value\":\"d\",\"timestamp\":6}\n"
                                      "{\"key\":\"d\",\"value\":null,\"timestamp\":7}\n");
    assert_int_equal(RUN("bad_records=skip"), 0);
    core_append("topics/table.jsonl", "{\"key\":\"b\",\"value\":\"too late\",\"timestamp\":100}\n");
    core_append(
        "topics/probe.jsonl",
        "{\"key\":\"a\",\"timestamp\":50}\n{\"key\":\"b\",\"timestamp\":50}\n"
        "{\"key\":\"c\",\"timestamp\":50}\n{\"key\":\"d\",\"timestamp\":50}\n{\"key\":\"b\",\"timestamp\":101}\n");
    assert_int_equal(RUN("bad_records=skip"), 0);
    static const char *const lines[] = {
        "{\"key\":\"a\",\"value\":\"new\",\"timestamp\":50",       "{\"key\":\"b\",\"value\":\"b\",\"timestamp\":50",
        "{\"key\":\"c\",\"value\":\"none\",\"timestamp\":50",      "{\"key\":\"d\",\"value\":\"none\",\"timestamp\":50",
        "{\"key\":\"b\",\"value\":\"too late\",\"timestamp\":101",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        core_expect_part("topics/out.jsonl", lines[i]);
}

static void a_source_that_is_another_file_makes_another_table(void **state)
{
    (void)state;
    core_append("topics/table.jsonl", "{\"key\":\"a\",\"value\":\"first file\",\"timestamp\":1}\n");
    assert_int_equal(RUN("cache=0"), 0);
    unlink("topics/table.jsonl");
    core_append("topics/table.jsonl", "{\"key\":\"b\",\"value\":\"the second file\",\"timestamp\":1}\n");
    core_append("topics/probe.jsonl", "{\"key\":\"a\",\"timestamp\":50}\n{\"key\":\"b\",\"timestamp\":50}\n");
    assert_int_equal(RUN("cache=0"), 0);
    core_expect_part("err", "is not the file that it was");
    core_expect_part("topics/out.jsonl", "{\"key\":\"a\",\"value\":\"none\"");
    core_expect_part("topics/out.jsonl", "{\"key\":\"b\",\"value\":\"the second file\"");
}

static void a_global_table_is_read_first(void **state)
{
    (void)state;
    sources[0].global = true;
    core_append("topics/probe.jsonl", "{\"key\":\"a\",\"timestamp\":1}\n");
    core_append("topics/table.jsonl",
                "{\"key\":\"a\",\"value\":1,\"timestamp\":100}\n{\"key\":\"a\",\"value\":2,\"timestamp\":200}\n");
    assert_int_equal(RUN("cache=0"), 0);
    core_expect_part("topics/out.jsonl", "{\"key\":\"a\",\"value\":2,\"timestamp\":1");
}

static void keys_with_windows_are_read_and_written(void **state)
{
    (void)state;
    window_key = weir_serde_string;
    window_key.window = WEIR_TIME_WINDOWS;
    window_key.window_size = 10;
    set_keys(&window_key);
    core_append("topics/probe.jsonl",
                "{\"key\":\"a\",\"window\":{\"start\":20},\"timestamp\":1}\n"
                "{\"key\":\"a\",\"window\":{\"start\":\"1970-01-01T00:00:00.030Z\",\"end\":40},\"timestamp\":2}\n");
    assert_int_equal(RUN("cache=0"), 0);
    // Both go to the partition of their inner key.
    core_expect_part("topics/out.jsonl",
                     "{\"key\":\"a\",\"window\":{\"start\":20,\"end\":30},\"value\":\"none\",\"timestamp\":1");
    core_expect_part("topics/out.jsonl",
                     "{\"key\":\"a\",\"window\":{\"start\":30,\"end\":40},\"value\":\"none\",\"timestamp\":2");
    window_key.window = WEIR_SESSION_WINDOWS;
    core_append("topics/probe.jsonl", "{\"key\":\"s\",\"window\":{\"start\":5,\"end\":5},\"timestamp\":3}\n");
    assert_int_equal(RUN("cache=0"), 0);
    core_expect_part("topics/out.jsonl",
                     "{\"key\":\"s\",\"window\":{\"start\":5,\"end\":5},\"value\":\"none\",\"timestamp\":3");
}

static void a_windowed_key_needs_its_window(void **state)
{
    (void)state;
    static const struct {
        const char *window, *message;
    } cases[] = {
        {"", "key: window: a windowed key needs \"window\":{\"start\":...}"},
        {",\"window\":{}", "key: window: a windowed key needs \"window\":{\"start\":...}"},
        {",\"window\":{\"start\":-1}", "key: window: a windowed key needs \"window\":{\"start\":...}"},
        {",\"window\":{\"start\":[]}", "key.window: "},
        {",\"window\":7", "key.window: "},
    };
    window_key = weir_serde_string;
    window_key.window = WEIR_TIME_WINDOWS;
    window_key.window_size = 10;
    set_keys(&window_key);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[256];
        unlink("topics/probe.jsonl");
        snprintf(line, sizeof line, "{\"key\":\"a\"%s,\"timestamp\":1}\n", cases[i].window);
        core_append("topics/probe.jsonl", line);
        assert_int_equal(RUN("cache=0"), 1);
        core_expect_part("err", cases[i].message);
    }
    window_key.window = WEIR_SESSION_WINDOWS;
    unlink("topics/probe.jsonl");
    core_append("topics/probe.jsonl", "{\"key\":\"a\",\"window\":{\"start\":5,\"end\":4},\"timestamp\":1}\n");
    assert_int_equal(RUN("cache=0"), 1);
    core_expect_part("err", "\"window\":{\"start\":...,\"end\":...}");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, core_teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_table_is_restored_from_its_source), CASE(a_source_that_is_another_file_makes_another_table),
        CASE(a_global_table_is_read_first),        CASE(keys_with_windows_are_read_and_written),
        CASE(a_windowed_key_needs_its_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
