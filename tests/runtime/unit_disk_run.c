// State over several runs with topics as files: what is in the tables is what the input says, whatever happened in between.
#include "core_program.h"

#include "memory.h"
#include "weir_wire.h"

// Counts the records of `in` by key, and behind a repartition topic by value; each new count goes to `keys` or `values`.
static struct weir_str encode_count(struct weir_ctx *w, const void *value)
{
    return weir_wire_of_i64(w, *(const int64_t *)value);
}

static bool decode_count(struct weir_ctx *w, struct weir_str bytes, void *value)
{
    return weir_wire_to_i64(w, bytes, value);
}

static void send_count(struct weir_ctx *w, int sink, const struct weir_change *change)
{
    struct weir_out out = {
        .sink = sink, .key = change->key, .value = encode_count(w, change->value), .timestamp = change->timestamp};
    weir_send(w, &out);
}

static void key_changed(struct weir_ctx *w, const struct weir_change *change)
{
    send_count(w, 0, change);
}

static void value_changed(struct weir_ctx *w, const struct weir_change *change)
{
    send_count(w, 1, change);
}

static void count(struct weir_ctx *w, int store, struct weir_str key)
{
    struct weir_row *row = weir_row(w, store, key, 0);
    int64_t n = row->value ? *(const int64_t *)row->value + 1 : 1;
    weir_row_put(w, store, row, &n, weir_row_time(row, w->record->timestamp));
}

static void process_in(struct weir_ctx *w)
{
    const struct weir_record *r = w->record;
    struct weir_out again = {.sink = 2, .key = r->value, .value = r->value, .timestamp = r->timestamp};
    count(w, 0, r->key);
    weir_send(w, &again);
    if (core_holds(r->value, "bad"))
        weir_fail(w, WEIR_BAD_CONVERSION, "a bad value");
}

static void process_again(struct weir_ctx *w)
{
    count(w, 1, w->record->key);
    if (core_holds(w->record->key, "worse"))
        weir_fail(w, WEIR_BAD_CONVERSION, "a worse value");
}

#define STORE(n, sub, f)                                                                                  \
    {                                                                                                     \
        .name = n, .kind = WEIR_STORE_ROWS, .changelog_source = -1, .subtopology = sub, .fingerprint = 7, \
        .value_size = sizeof(int64_t), .encode = encode_count, .decode = decode_count, .changed = f,      \
        .value_serde = &weir_serde_int64,                                                                 \
    }
static struct weir_store stores[] = {STORE("by-key", 0, key_changed), STORE("by-value", 1, value_changed)};
static const char *const in_topics[] = {"in"};
static const struct weir_source sources[] = {
    {.name = "in",
     .topics = in_topics,
     .topic_count = 1,
     .partitions = 2,
     .key = &weir_serde_string,
     .value = &core_json,
     .process = process_in},
    {.name = "again",
     .topics = core_again,
     .topic_count = 1,
     .internal = true,
     .subtopology = 1,
     .key = &core_json,
     .value = &core_json,
     .process = process_again},
};
static const struct weir_sink sinks[] = {
    {.name = "keys", .topic = "keys", .key = &weir_serde_string, .value = &weir_serde_int64},
    {.name = "values", .topic = "values", .key = &core_json, .value = &weir_serde_int64},
    {.name = "again", .topic = "again", .internal = true, .key = &core_json, .value = &core_json},
};
static const struct weir_program program = {
    .abi = WEIR_ABI,
    .app = "counts",
    .file = "counts.weir",
    .sources = sources,
    .source_count = 2,
    .sinks = sinks,
    .sink_count = 3,
    .stores = stores,
    .store_count = 2,
};

static int set_up(void **state)
{
    stores[0].key_serde = &weir_serde_string;
    stores[1].key_serde = &core_json;
    stores[0].fingerprint = 7;
    return core_setup(state);
}

#define RUN(...) core_run(&program, "--local", "topics", "-e", __VA_ARGS__)
#define RUN_PLAIN() core_run(&program, "--local", "topics", "-e")

// ---- input, and what comes of it ----

enum { KEYS = 30000, VALUES = 50, MOST = 1 << 16 };
static int by_key[MOST], by_value[MOST];

static void expect_nothing_yet(void)
{
    memset(by_key, 0, sizeof by_key);
    memset(by_value, 0, sizeof by_value);
}

// Records FROM to END of an endless input.
static void write_input(int from, int end)
{
    FILE *f = fopen("topics/in.jsonl", "a");
    for (int i = from; i < end; i++) {
        int key = (int)((unsigned)i * 2654435761u % KEYS), value = i * 7 % VALUES;
        fprintf(f, "{\"key\":\"%d\",\"value\":%d,\"timestamp\":%d}\n", key, value, i);
        by_key[key]++;
        by_value[value]++;
    }
    assert_int_equal(fclose(f), 0);
}

// The last count of each key in a topic.
static void last_counts(const char *path, int *counts)
{
    char line[256];
    memset(counts, 0, MOST * sizeof *counts);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        const char *key = strstr(line, "\"key\":"), *value = strstr(line, "\"value\":");
        assert_true(key && value);
        key += 6 + (key[6] == '"');
        counts[atoi(key)] = atoi(value + 8);
    }
    fclose(f);
}

static void expect_counts(void)
{
    static int found[MOST];
    last_counts("topics/keys.jsonl", found);
    assert_memory_equal(found, by_key, sizeof found);
    last_counts("topics/values.jsonl", found);
    assert_memory_equal(found, by_value, sizeof found);
}

// ---- runs ----

static void a_run_goes_on_where_the_last_one_was(void **state)
{
    (void)state;
    expect_nothing_yet();
    for (int i = 0; i < 4; i++) {
        write_input(i * 1000, i * 1000 + 1000);
        assert_int_equal(RUN_PLAIN(), 0);
        core_expect("err", "");
    }
    expect_counts();
    assert_int_not_equal(access("topics/.weir/counts/0_0", F_OK), 0); // too little for a database
    assert_int_equal(RUN_PLAIN(), 0);
    core_expect_part("err", "nothing new since the last run");
}

static void long_runs_leave_state_on_disk(void **state)
{
    (void)state;
    expect_nothing_yet();
    for (int i = 0; i < 3; i++) {
        write_input(i * 40000, i * 40000 + 40000);
        assert_int_equal(RUN("--set", "cache=0"), 0);
        core_expect("err", "");
    }
    assert_int_equal(access("topics/.weir/counts/0_0", F_OK), 0);
    assert_int_equal(access("topics/.weir/counts/0_1", F_OK), 0);
    expect_counts();
}

static void little_memory_is_enough(void **state)
{
    (void)state;
    expect_nothing_yet();
    for (int i = 0; i < 3; i++) {
        write_input(i * 20000, i * 20000 + 20000);
        assert_int_equal(RUN("--set", "cache=0", "--set", "memory=100KB"), 0);
        core_expect("err", "");
    }
    expect_counts();
}

static void little_memory_is_enough_to_restore(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 60000);
    assert_int_equal(RUN("--set", "cache=0"), 0);
    assert_int_equal(system("rm -r topics/.weir/counts/?_?"), 0);
    write_input(60000, 70000);
    assert_int_equal(RUN("--set", "memory=100KB"), 0);
    core_expect("err", "");
    assert_int_equal(access("topics/.weir/counts/0_0", F_OK), 0);
    expect_counts();
}

static void killed_runs_count_nothing_twice(void **state)
{
    (void)state;
    expect_nothing_yet();
    srand(5);
    for (int i = 0; i < 8; i++) {
        write_input(i * 30000, i * 30000 + 30000);
        pid_t run = core_spawn(&program, "--local", "topics", "-e", "--set", "commit=10ms", "--set",
                               i % 2 ? "cache=0" : "cache=64MB");
        nanosleep(&(struct timespec){.tv_nsec = rand() % 150 * 1000000L}, NULL);
        kill(run, SIGKILL);
        core_end(run);
    }
    assert_int_equal(RUN_PLAIN(), 0);
    write_input(300000, 300000 + 2 * KEYS); // every key shows its count once more
    assert_int_equal(RUN_PLAIN(), 0);
    expect_counts();
}

static void a_bad_record_leaves_what_was_before_it(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 100);
    core_append("topics/in.jsonl", "{\"key\":\"0\",\"value\":\"bad\",\"timestamp\":100}\n");
    write_input(101, 200);
    assert_int_equal(RUN_PLAIN(), 1);
    assert_int_equal(RUN_PLAIN(), 1);
    assert_int_equal(RUN("--set", "bad_records=skip"), 0);
    expect_counts();
}

static void a_bad_record_behind_a_repartition_topic_is_met_again(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 100);
    core_append("topics/in.jsonl", "{\"key\":\"0\",\"value\":\"worse\",\"timestamp\":100}\n");
    by_key[0]++;
    write_input(101, 200);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(RUN_PLAIN(), 1);
        core_expect_part("err", "a worse value");
    }
    assert_int_equal(RUN("--set", "bad_records=skip"), 0);
    expect_counts();
}

static void damaged_state_is_restored(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 60000);
    assert_int_equal(RUN("--set", "cache=0"), 0);
    assert_int_equal(system("for f in topics/.weir/counts/0_0/*.sst; do truncate -s 100 $f; done"), 0);
    assert_int_equal(system("echo nonsense > topics/.weir/counts/0_1/CURRENT"), 0);
    write_input(60000, 120000);
    assert_int_equal(RUN_PLAIN(), 0);
    core_expect_part("err", "the state on disk cannot be used and is restored from the changelogs");
    expect_counts();
}

// The files look well, and their first blocks are: the run ends where a row is read that is not.
static void damage_met_late_is_restored_by_the_next_run(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 60000);
    assert_int_equal(RUN("--set", "cache=0"), 0);
    assert_int_equal(system("for f in topics/.weir/counts/0_0/*.sst; do head -c 8000 /dev/zero | "
                            "dd of=$f bs=8000 seek=1 conv=notrunc 2>/dev/null; done"),
                     0);
    write_input(60000, 120000);
    assert_int_equal(RUN_PLAIN(), 3);
    core_expect_part("err", "store `by-key`, partition 0: reading its state on disk failed");
    assert_int_equal(RUN_PLAIN(), 0);
    expect_counts();
}

static void another_version_is_restored(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 60000);
    assert_int_equal(RUN("--set", "cache=0"), 0);
    stores[0].fingerprint = 8;
    write_input(60000, 120000);
    assert_int_equal(RUN_PLAIN(), 0);
    core_expect_part("err", "store by-key is of another version of the program");
    expect_counts();
}

static void all_begins_anew(void **state)
{
    (void)state;
    static const char *const removed[] = {"topics/keys.jsonl", "topics/counts-by-key-changelog.jsonl",
                                          "topics/counts-by-value-changelog.jsonl"};
    expect_nothing_yet();
    write_input(0, 60000);
    assert_int_equal(RUN("--set", "cache=0"), 0);
    unlink("topics/values.jsonl");
    unlink("topics/keys.jsonl");
    assert_int_equal(RUN("--reset"), 0);
    expect_counts();
    for (size_t i = 0; i < sizeof removed / sizeof *removed; i++) {
        unlink(removed[i]);
        assert_int_equal(RUN_PLAIN(), 0);
        core_expect_part("err", removed[i]);
        core_expect_part("err", "lacks what the last run wrote");
        expect_counts();
    }
}

static void state_of_named_files_ends_with_the_run(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 200);
    assert_int_equal(RUN_PLAIN(), 0);
    for (int i = 0; i < 2; i++) {
        unlink("keys");
        assert_int_equal(RUN("--in", "in=topics/in.jsonl", "--out", "keys=keys", "--out", "values=values"), 0);
        static int found[MOST];
        last_counts("keys", found);
        assert_memory_equal(found, by_key, sizeof found);
    }
    write_input(200, 400);
    assert_int_equal(RUN_PLAIN(), 0);
    expect_counts();
}

static void state_has_one_owner(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 10);
    pid_t first = core_spawn(&program, "--local", "topics");
    core_await("topics/keys.jsonl", "\n");
    assert_int_equal(RUN_PLAIN(), 3);
    core_expect_part("err", "topics/.weir/counts/lock: another run of this app works on its state");
    kill(first, SIGTERM);
    assert_int_equal(core_end(first), 0);
    assert_int_equal(RUN_PLAIN(), 0);
}

static void a_changelog_that_cannot_be_read(void **state)
{
    (void)state;
    expect_nothing_yet();
    write_input(0, 10);
    assert_int_equal(RUN_PLAIN(), 0);
    assert_int_equal(system("sed -i 's/\"value\":./\"value\":x/' topics/counts-by-key-changelog.jsonl"), 0);
    write_input(10, 20);
    assert_int_equal(RUN_PLAIN(), 3);
    core_expect_part("err", "counts-by-key-changelog.jsonl, byte 0: ");
    assert_int_equal(RUN("--reset"), 0);
    expect_counts();
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, core_teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_run_goes_on_where_the_last_one_was),
        CASE(long_runs_leave_state_on_disk),
        CASE(little_memory_is_enough),
        CASE(little_memory_is_enough_to_restore),
        CASE(killed_runs_count_nothing_twice),
        CASE(a_bad_record_leaves_what_was_before_it),
        CASE(a_bad_record_behind_a_repartition_topic_is_met_again),
        CASE(damaged_state_is_restored),
        CASE(damage_met_late_is_restored_by_the_next_run),
        CASE(another_version_is_restored),
        CASE(all_begins_anew),
        CASE(state_of_named_files_ends_with_the_run),
        CASE(state_has_one_owner),
        CASE(a_changelog_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
