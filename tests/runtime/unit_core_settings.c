// Flags, the environment and the program: who wins, and what is said about mistakes.
#include "core_program.h"

#include "settings.h"

static const struct weir_setting in_program[] = {
    {"threads", "2"},
    {"commit", "5s"},
    {"bad_records", "dead_letter \"program-dlq\""},
    {"kafka.bootstrap.servers", "program:1"},
    {"kafka.linger.ms", "1"},
};

static struct weir_program with_settings(int count)
{
    struct weir_program p = core_program;
    p.settings = in_program;
    p.setting_count = count;
    return p;
}

static struct weir_options options;
static struct settings settings;

static int resolve(const struct weir_program *p, int argc, const char **argv)
{
    options_init(&options, "core");
    for (int i = 0; i < argc;)
        assert_int_equal(options_take(&options, argc, (char **)argv, &i), OPTIONS_TAKEN);
    return settings_resolve(&settings, p, &options);
}

static void done(void)
{
    settings_free(&settings);
    options_free(&options);
}

#define RESOLVE(p, ...) \
    resolve((p), (int)(sizeof(const char *[]){__VA_ARGS__} / sizeof(char *)), (const char *[]){__VA_ARGS__})

static void the_strongest_wins(void **state)
{
    (void)state;
    struct weir_program p = with_settings(5);
    assert_int_equal(resolve(&p, 0, NULL), 0);
    assert_true(settings.kafka);
    assert_int_equal(settings.threads, 2);
    assert_int_equal(settings.commit_ms, 5000);
    assert_int_equal(settings.bad_policy, BAD_DEAD_LETTER);
    assert_string_equal(settings.dead_letter, "program-dlq");
    assert_string_equal(settings_property(&settings, "bootstrap.servers"), "program:1");
    done();
    setenv("WEIR_THREADS", "3", 1);
    setenv("WEIR_BROKERS", "environment:1", 1);
    assert_int_equal(RESOLVE(&p, "-X", "linger.ms=2"), 0);
    assert_int_equal(settings.threads, 3);
    assert_string_equal(settings_property(&settings, "bootstrap.servers"), "environment:1");
    assert_string_equal(settings_property(&settings, "linger.ms"), "2");
    done();
    assert_int_equal(RESOLVE(&p, "--set", "threads=4", "--brokers", "line:1", "--set=bad_records=skip", "-Xkafka=1"),
                     0);
    assert_int_equal(settings.threads, 4);
    assert_int_equal(settings.bad_policy, BAD_SKIP);
    assert_string_equal(settings_property(&settings, "bootstrap.servers"), "line:1");
    assert_string_equal(settings_property(&settings, "kafka"), "1");
    done();
    assert_int_equal(RESOLVE(&p, "--local", "d", "--set", "threads=4"), 0);
    assert_false(settings.kafka);
    assert_string_equal(settings.local, "d");
    assert_int_equal(settings.threads, 1);
    done();
    unsetenv("WEIR_THREADS");
    unsetenv("WEIR_BROKERS");
}

static void how_often_to_commit(void **state)
{
    (void)state;
    struct weir_program p = with_settings(1);
    assert_int_equal(RESOLVE(&p, "--brokers", "line:1"), 0);
    assert_false(settings.exactly_once);
    assert_int_equal(settings.commit_ms, 200);
    done();
    assert_int_equal(RESOLVE(&p, "--brokers", "line:1", "--set", "processing=exactly_once"), 0);
    assert_true(settings.exactly_once);
    assert_false(settings.commit_said);
    assert_int_equal(settings.commit_ms, 100);
    done();
    p = with_settings(2);
    assert_int_equal(RESOLVE(&p, "--brokers", "line:1", "--set", "processing=exactly_once"), 0);
    assert_true(settings.commit_said);
    assert_int_equal(settings.commit_ms, 5000);
    done();
}

static void files_without_a_word_of_brokers(void **state)
{
    (void)state;
    struct weir_program p = with_settings(3);
    p.file = "some/where/p.weir";
    assert_int_equal(resolve(&p, 0, NULL), 0);
    assert_false(settings.kafka);
    assert_string_equal(settings.local, "some/where/topics");
    assert_string_equal(settings.state_dir, "some/where/topics/.weir");
    done();
    setenv("WEIR_LOCAL", "elsewhere", 1);
    assert_int_equal(RESOLVE(&p, "--set", "state_dir=s"), 0);
    assert_string_equal(settings.local, "elsewhere");
    assert_string_equal(settings.state_dir, "s");
    done();
    p = with_settings(5);
    assert_int_equal(RESOLVE(&p, "--feed", "f"), 0);
    assert_false(settings.kafka);
    done();
    unsetenv("WEIR_LOCAL");
}

static void config_file(void **state)
{
    (void)state;
    core_append("kafka.conf",
                "# comment\n\n bootstrap.servers = no\nbootstrap.servers\t= file:1 \nsasl.password=a=b\n");
    struct weir_program p = with_settings(3);
    assert_int_equal(RESOLVE(&p, "--config", "kafka.conf"), 0);
    assert_true(settings.kafka);
    assert_string_equal(settings_property(&settings, "bootstrap.servers"), "file:1");
    assert_string_equal(settings_property(&settings, "sasl.password"), "a=b");
    done();
}

struct mistake {
    const char *arguments[4];
    const char *message;
};

static void mistakes(void **state)
{
    (void)state;
    static const struct mistake list[] = {
        {{"--locl", "x"}, "core: unknown flag --locl; did you mean --local?"},
        {{"--nonsense"}, "core: unknown flag --nonsense (--help lists them)"},
        {{"file"}, "core: `file`: only flags are taken"},
        {{"--local"}, "core: --local needs DIR"},
        {{"--stats=1"}, "core: --stats takes no value"},
        {{"--clock", "stopped"}, "core: --clock takes record|wall, not `stopped`"},
        {{"--in", "orders"}, "core: --in takes TOPIC=FILE, not `orders`"},
        {{"--in", "order=x"}, "core: --in order: the program reads no topic \"order\"; did you mean \"orders\"?"},
        {{"--out", "again=x"}, "core: --out again: the program writes no topic \"again\""},
        {{"--set", "thread=3"}, "core: --set: no setting is called `thread`; did you mean `threads`?"},
        {{"--set", "x=3"}, "core: --set: no setting is called `x`; there are processing, threads"},
        {{"--set", "threads=many"}, "core: --set: `threads` takes a number from 1 to 256, not `many`"},
        {{"--set", "commit=5"}, "core: --set: `commit` takes a duration, like 100ms or 5s, not `5`"},
        {{"--set", "cache=-1MB"}, "core: --set: `cache` takes a size"},
        {{"--set", "bad_records=dead_letter"}, "core: --set: `bad_records` takes fail, skip or `dead_letter TOPIC`"},
        {{"--set", "processing=twice"}, "`processing` takes at_least_once or exactly_once, not `twice`"},
        {{"--local", "x", "--brokers", "y"}, "core: --local means topics as files, and brokers mean Kafka"},
        {{"--feed", "x", "--in", "orders=y"}, "core: --feed holds the records of all topics"},
        {{"--config", "nowhere"}, "core: --config nowhere: No such file or directory"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        const char *arguments[5] = {list[i].arguments[0], list[i].arguments[1], list[i].arguments[2],
                                    list[i].arguments[3], NULL};
        assert_int_equal(core_end(core_start(&core_program, arguments)), 2);
        core_expect_part("err", list[i].message);
    }
}

static void help_and_version(void **state)
{
    (void)state;
    assert_int_equal(core_run(&core_program, "--help"), 0);
    core_expect_part("stdout", "usage: core [FLAGS]");
    core_expect_part("stdout", "\n  -e, --exit-at-end      stop after the last record\n");
    assert_int_equal(core_run(&core_program, "--version"), 0);
    core_expect_part("stdout", "core, made by weir ");
}

static void another_abi(void **state)
{
    (void)state;
    struct weir_program p = core_program;
    p.abi++;
    assert_int_equal(core_run(&p, "--local", "topics", "-e"), 3);
    core_expect_part("err", "core: core.weir was compiled by another version of weir");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, core_setup, core_teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_strongest_wins), CASE(files_without_a_word_of_brokers),
        CASE(config_file),        CASE(mistakes),
        CASE(help_and_version),   CASE(how_often_to_commit),
        CASE(another_abi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
