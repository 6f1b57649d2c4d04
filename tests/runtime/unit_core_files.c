// Topics as files: order, growth, restarts.
#include "core_program.h"

static void copies_records(void **state)
{
    (void)state;
    core_append(
        "topics/orders.jsonl",
        "{\"key\":\"a\",\"value\":{\"n\":12345678901234567890.10},\"timestamp\":5}\n"
        "  \n"
        "{\"timestamp\": 6 , \"other\": [1], \"value\" : {\"x\": \"\\u00e4\\n\"}, \"key\":\"\\\"\" }\n"
        "{\"key\":null,\"timestamp\":7,\"headers\":{\"h\":\"1\",\"h\":\"2\",\"n\":null,\"b\":{\"base64\":\"/w==\"}}}");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 0);
    core_expect("topics/out.jsonl",
                "{\"key\":\"a\",\"value\":{\"n\":12345678901234567890.10},\"timestamp\":5}\n"
                "{\"key\":\"\\\"\",\"value\":{\"x\": \"\\u00e4\\n\"},\"timestamp\":6}\n"
                "{\"key\":null,\"value\":null,\"timestamp\":7,\"headers\":{\"h\":\"1\",\"h\":\"2\",\"n\":null,"
                "\"b\":{\"base64\":\"/w==\"}}}\n");
}

static void smallest_timestamp_first(void **state)
{
    (void)state;
    core_append(
        "topics/orders.jsonl",
        "{\"value\":\"o3\",\"timestamp\":3}\n{\"value\":\"o1\",\"timestamp\":1}\n{\"value\":\"o9\",\"timestamp\":9}\n");
    core_append(
        "topics/payments.jsonl",
        "{\"value\":\"p2\",\"timestamp\":2}\n{\"value\":\"p3\",\"timestamp\":3}\n{\"value\":\"p9\",\"timestamp\":9}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 0);
    core_expect("topics/out.jsonl",
                "{\"key\":null,\"value\":\"p2\",\"timestamp\":2}\n{\"key\":null,\"value\":\"o3\",\"timestamp\":3}\n"
                "{\"key\":null,\"value\":\"o1\",\"timestamp\":1}\n{\"key\":null,\"value\":\"p3\",\"timestamp\":3}\n"
                "{\"key\":null,\"value\":\"o9\",\"timestamp\":9}\n{\"key\":null,\"value\":\"p9\",\"timestamp\":9}\n");
}

static void through_repartition_before_the_next(void **state)
{
    (void)state;
    core_append("topics/orders.jsonl", "{\"value\":\"again 1\",\"timestamp\":1}\n{\"value\":\"2\",\"timestamp\":1}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 0);
    core_expect(
        "topics/out.jsonl",
        "{\"key\":\"again\",\"value\":\"again 1\",\"timestamp\":1}\n{\"key\":null,\"value\":\"2\",\"timestamp\":1}\n");
}

static void feed_keeps_its_order(void **state)
{
    (void)state;
    core_append(
        "feed",
        "{\"topic\":\"payments\",\"value\":1,\"timestamp\":9}\n{\"topic\":\"orders\",\"value\":2,\"timestamp\":1}\n"
        "{\"topic\":\"other\",\"value\":3,\"timestamp\":1}\n");
    assert_int_equal(core_run(&core_program, "--feed", "feed", "--out", "out=-", "-e"), 0);
    core_expect("stdout", "{\"key\":null,\"value\":1,\"timestamp\":9}\n{\"key\":null,\"value\":2,\"timestamp\":1}\n");
    assert_int_equal(core_run(&core_program, "--feed", "feed", "--out", "out=-", "-e"), 0);
    core_expect_part("stdout", "\"value\":1");
    core_expect_part("err", "feed:3: no source reads topic \"other\"");
}

static void named_files(void **state)
{
    (void)state;
    core_append("a", "{\"value\":1,\"timestamp\":1}\n");
    core_append("b", "");
    assert_int_equal(core_run(&core_program, "--in", "orders=a", "--in=payments=b", "--out", "out=c", "--exit-at-end"),
                     0);
    core_expect("c", "{\"key\":null,\"value\":1,\"timestamp\":1}\n");
}

static void follows_whole_lines(void **state)
{
    (void)state;
    core_append("topics/orders.jsonl", "{\"value\":1,\"timestamp\":1}\n{\"value\":2,");
    pid_t run = core_spawn(&core_program, "--local", "topics");
    core_await("topics/out.jsonl", "\"value\":1");
    core_append("topics/payments.jsonl", "{\"value\":\"p\",\"timestamp\":1}\n");
    core_await("topics/out.jsonl", "\"value\":\"p\"");
    core_append("topics/orders.jsonl", "\"timestamp\":2}\n");
    core_await("topics/out.jsonl", "\"value\":2");
    kill(run, SIGTERM);
    assert_int_equal(core_end(run), 0);
    core_expect("topics/out.jsonl",
                "{\"key\":null,\"value\":1,\"timestamp\":1}\n{\"key\":null,\"value\":\"p\",\"timestamp\":1}\n"
                "{\"key\":null,\"value\":2,\"timestamp\":2}\n");
    core_append("topics/orders.jsonl", "{\"value\":3,\"timestamp\":3}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 0);
    core_await("topics/out.jsonl", "\"timestamp\":2}\n{\"key\":null,\"value\":3,");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 0);
    core_expect_part("err", "nothing new since the last run; --reset starts over");
    assert_int_equal(unlink("topics/out.jsonl"), 0);
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e", "--reset"), 0);
    core_expect("topics/out.jsonl",
                "{\"key\":null,\"value\":1,\"timestamp\":1}\n{\"key\":null,\"value\":\"p\",\"timestamp\":1}\n"
                "{\"key\":null,\"value\":2,\"timestamp\":2}\n{\"key\":null,\"value\":3,\"timestamp\":3}\n");
}

static void a_replaced_file_starts_over(void **state)
{
    (void)state;
    core_append("topics/orders.jsonl", "{\"value\":1,\"timestamp\":1}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 0);
    assert_int_equal(unlink("topics/orders.jsonl"), 0);
    core_append("topics/orders.jsonl", "{\"value\":2,\"timestamp\":1}\n{\"value\":3,\"timestamp\":1}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 0);
    core_expect("topics/out.jsonl",
                "{\"key\":null,\"value\":1,\"timestamp\":1}\n{\"key\":null,\"value\":2,\"timestamp\":1}\n"
                "{\"key\":null,\"value\":3,\"timestamp\":1}\n");
}

// Killed again and again: every record comes out at least once, each line is whole.
static void nothing_is_lost_when_killed(void **state)
{
    enum { RECORDS = 20000 };
    (void)state;
    FILE *f = fopen("topics/orders.jsonl", "w");
    for (int i = 0; i < RECORDS; i++)
        fprintf(f, "{\"key\":\"k\",\"value\":%d,\"timestamp\":%d}\n", i, i);
    fclose(f);
    for (int i = 0; i < 20; i++) {
        pid_t run = core_spawn(&core_program, "--local", "topics", "--set", "commit=1ms");
        nanosleep(&(struct timespec){.tv_nsec = 1000000 + 1500000 * i}, NULL);
        kill(run, SIGKILL);
        core_end(run);
    }
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e"), 0);
    bool *seen = calloc(RECORDS, sizeof *seen);
    char line[256];
    f = fopen("topics/out.jsonl", "r");
    while (fgets(line, sizeof line, f)) {
        int n, end = 0;
        assert_true(sscanf(line, "{\"key\":\"k\",\"value\":%d,\"timestamp\":%*d}%n", &n, &end) == 1 &&
                    line[end] == '\n');
        seen[n] = true;
    }
    fclose(f);
    for (int i = 0; i < RECORDS; i++)
        assert_true(seen[i]);
    free(seen);
}

static void standard_input_ends_the_run(void **state)
{
    (void)state;
    static const char first[] = "{\"value\":1,\"timestamp\":1}\n{\"value\":2,", second[] = "\"timestamp\":2}";
    int saved = dup(STDIN_FILENO), fds[2];
    assert_int_equal(pipe(fds), 0);
    dup2(fds[0], STDIN_FILENO);
    close(fds[0]);
    core_writer = fds[1];
    pid_t run = core_spawn(&core_program, "--in", "orders=-", "--in", "payments=/dev/null", "--out", "out=-");
    dup2(saved, STDIN_FILENO);
    close(saved);
    core_writer = -1;
    assert_int_equal(write(fds[1], first, sizeof first - 1), sizeof first - 1);
    core_await("stdout", "\"value\":1");
    assert_int_equal(write(fds[1], second, sizeof second - 1), sizeof second - 1);
    close(fds[1]);
    assert_int_equal(core_end(run), 0);
    core_expect("stdout", "{\"key\":null,\"value\":1,\"timestamp\":1}\n{\"key\":null,\"value\":2,\"timestamp\":2}\n");
}

static void clock_of_records(void **state)
{
    (void)state;
    core_append("topics/orders.jsonl",
                "{\"value\":\"clock\",\"timestamp\":50}\n{\"value\":\"clock\",\"timestamp\":40}\n");
    assert_int_equal(core_run(&core_program, "--local", "topics", "-e", "--clock", "record"), 0);
    core_expect_part(
        "topics/out.jsonl",
        "{\"key\":null,\"value\":50,\"timestamp\":50}\n{\"key\":null,\"value\":\"clock\",\"timestamp\":40}\n"
        "{\"key\":null,\"value\":50,\"timestamp\":40}\n");
}

static void missing_folder(void **state)
{
    (void)state;
    assert_int_equal(core_run(&core_program, "--local", "nowhere", "-e"), 3);
    core_expect_part("err", "there is no folder nowhere");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, core_setup, core_teardown)
    const struct CMUnitTest tests[] = {
        CASE(copies_records),
        CASE(smallest_timestamp_first),
        CASE(through_repartition_before_the_next),
        CASE(feed_keeps_its_order),
        CASE(named_files),
        CASE(follows_whole_lines),
        CASE(a_replaced_file_starts_over),
        CASE(nothing_is_lost_when_killed),
        CASE(standard_input_ends_the_run),
        CASE(clock_of_records),
        CASE(missing_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
