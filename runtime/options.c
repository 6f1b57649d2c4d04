#include "runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "memory.h"

enum flag {
    FLAG_LOCAL,
    FLAG_BROKERS,
    FLAG_IN,
    FLAG_OUT,
    FLAG_FEED,
    FLAG_EXIT_AT_END,
    FLAG_CLOCK,
    FLAG_RESET,
    FLAG_MEMORY,
    FLAG_SET,
    FLAG_PROPERTY,
    FLAG_CONFIG,
    FLAG_CREATE_TOPICS,
    FLAG_STATS,
    FLAG_HTTP,
    FLAG_LOG,
    FLAG_JSON,
    FLAG_COUNT
};

static const struct {
    const char *name, *letter, *value, *help;
} flags[FLAG_COUNT] = {
    [FLAG_LOCAL] = {"--local", NULL, "DIR", "topics are files: topic t is DIR/t.jsonl"},
    [FLAG_BROKERS] = {"--brokers", NULL, "HOST:PORT", "topics are on this Kafka; several separated by commas"},
    [FLAG_IN] = {"--in", NULL, "TOPIC=FILE", "read this topic from FILE; - is standard input"},
    [FLAG_OUT] = {"--out", NULL, "TOPIC=FILE", "write this topic to FILE; - is standard output"},
    [FLAG_FEED] = {"--feed", NULL, "FILE", "records of all topics from one file, each with a \"topic\", in its order"},
    [FLAG_EXIT_AT_END] = {"--exit-at-end", "-e", NULL, "stop after the last record"},
    [FLAG_CLOCK] = {"--clock", NULL, "record|wall", "record: the clock moves with the records' timestamps"},
    [FLAG_RESET] = {"--reset", NULL, NULL, "forget how far an earlier run came: start over"},
    [FLAG_MEMORY] = {"--memory", NULL, "SIZE", "how much state is in memory, the rest on disk; --set memory=SIZE"},
    [FLAG_SET] = {"--set", NULL, "NAME=VALUE", "a setting of the program, e.g. threads=4"},
    [FLAG_PROPERTY] = {"-X", "-X", "NAME=VALUE", "a property of librdkafka"},
    [FLAG_CONFIG] = {"--config", NULL, "FILE", "properties of librdkafka, one NAME=VALUE a line"},
    [FLAG_CREATE_TOPICS] = {"--create-topics", NULL, NULL, "create topics that are missing"},
    [FLAG_STATS] = {"--stats", NULL, NULL, "show records in and out, lag and bad records while it runs"},
    [FLAG_HTTP] = {"--http", NULL, "[HOST:]PORT", "answer /livez, /readyz, /metrics and /stores; 0: any free port"},
    [FLAG_LOG] = {"--log", NULL, "text|json", "how messages are written; json: one object a line"},
    [FLAG_JSON] = {"--json", NULL, NULL, "as --log json"},
};

void options_init(struct weir_options *o, const char *command)
{
    *o = (struct weir_options){.command = command};
}

static void free_settings(struct weir_setting *s, int count)
{
    for (int i = 0; i < count; i++)
        free((char *)s[i].name); // the value is behind the name
    free(s);
}

static void free_files(struct options_file *f, int count)
{
    for (int i = 0; i < count; i++)
        free((char *)f[i].topic);
    free(f);
}

void options_free(struct weir_options *o)
{
    free_settings(o->set, o->set_count);
    free_settings(o->properties, o->property_count);
    free_files(o->in, o->in_count);
    free_files(o->out, o->out_count);
    *o = (struct weir_options){0};
}

const char *const *options_names(void)
{
    static const char *names[FLAG_COUNT + 1];
    for (int i = 0; i < FLAG_COUNT; i++)
        names[i] = flags[i].name;
    return names;
}

void options_help(FILE *to)
{
    for (int i = 0; i < FLAG_COUNT; i++) {
        char left[40];
        const char *letter = flags[i].letter && strcmp(flags[i].letter, flags[i].name) != 0 ? flags[i].letter : NULL;
        snprintf(left, sizeof left, "%s%s%s%s%s", letter ? letter : "", letter ? ", " : "", flags[i].name,
                 flags[i].value ? " " : "", flags[i].value ? flags[i].value : "");
        fprintf(to, "  %-22s %s\n", left, flags[i].help);
    }
}

// NAME=VALUE in one piece of memory of its own; false if there is no name.
static bool split_pair(const char *text, const char **name, const char **value)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return false;
    char *copy = memory_text(text, strlen(text));
    copy[equals - text] = 0;
    *name = copy;
    *value = copy + (equals - text) + 1;
    return true;
}

static bool add_pair(struct weir_setting **list, int *count, const char *text)
{
    struct weir_setting pair;
    if (!split_pair(text, &pair.name, &pair.value))
        return false;
    *list = memory_grow(*list, (size_t)*count, sizeof **list);
    (*list)[(*count)++] = pair;
    return true;
}

static void add_setting(struct weir_options *o, const char *name, const char *value)
{
    char *pair = memory_format("%s=%s", name, value);
    add_pair(&o->set, &o->set_count, pair);
    free(pair);
}

static bool add_file(struct options_file **list, int *count, const char *text)
{
    struct options_file pair;
    if (!split_pair(text, &pair.topic, &pair.file))
        return false;
    if (!pair.file[0]) {
        free((char *)pair.topic);
        return false;
    }
    *list = memory_grow(*list, (size_t)*count, sizeof **list);
    (*list)[(*count)++] = pair;
    return true;
}

static char *trimmed(char *line)
{
    while (*line == ' ' || *line == '\t')
        line++;
    size_t n = strlen(line);
    while (n > 0 && strchr(" \t\r\n", line[n - 1]))
        line[--n] = 0;
    return line;
}

// "name = value" as "name=value".
static char *without_blanks_at_equals(char *text)
{
    char *equals = strchr(text, '=');
    if (!equals)
        return text;
    char *name_end = equals, *value = equals + 1;
    while (name_end > text && (name_end[-1] == ' ' || name_end[-1] == '\t'))
        name_end--;
    value += strspn(value, " \t");
    *name_end = '=';
    memmove(name_end + 1, value, strlen(value) + 1);
    return text;
}

static bool read_config(struct weir_options *o, const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f) {
        log_error(o->command, "--config %s: %s", path, strerror(errno));
        return false;
    }
    char *line = NULL;
    size_t room = 0;
    int number = 0;
    bool good = true;
    while (good && getline(&line, &room, f) >= 0) {
        number++;
        char *text = trimmed(line);
        good =
            !text[0] || text[0] == '#' || add_pair(&o->properties, &o->property_count, without_blanks_at_equals(text));
    }
    if (!good)
        log_error(o->command, "%s:%d: a line is NAME=VALUE, or a comment that begins with #", path, number);
    free(line);
    fclose(f);
    return good;
}

static enum options_taken wrong_value(const struct weir_options *o, enum flag flag, const char *value)
{
    log_error(o->command, "%s takes %s, not `%s`", flags[flag].name, flags[flag].value, value);
    return OPTIONS_WRONG;
}

static enum options_taken take_value(struct weir_options *o, enum flag flag, const char *value)
{
    bool good = true;
    switch (flag) {
    case FLAG_LOCAL: o->local = value; break;
    case FLAG_BROKERS: o->brokers = value; break;
    case FLAG_FEED: o->feed = value; break;
    case FLAG_IN: good = add_file(&o->in, &o->in_count, value); break;
    case FLAG_OUT: good = add_file(&o->out, &o->out_count, value); break;
    case FLAG_MEMORY: add_setting(o, "memory", value); break;
    case FLAG_SET: good = add_pair(&o->set, &o->set_count, value); break;
    case FLAG_PROPERTY: good = add_pair(&o->properties, &o->property_count, value); break;
    case FLAG_CONFIG: return read_config(o, value) ? OPTIONS_TAKEN : OPTIONS_WRONG;
    case FLAG_CLOCK:
        good = strcmp(value, "record") == 0 || strcmp(value, "wall") == 0;
        o->clock_record = value[0] == 'r';
        break;
    case FLAG_EXIT_AT_END: o->exit_at_end = true; break;
    case FLAG_RESET: o->reset = true; break;
    case FLAG_CREATE_TOPICS: o->create_topics = true; break;
    case FLAG_STATS: o->stats = true; break;
    case FLAG_HTTP: add_setting(o, "http", value); break;
    case FLAG_LOG: add_setting(o, "log", value); break;
    case FLAG_JSON: add_setting(o, "log", "json"); break;
    case FLAG_COUNT: break;
    }
    return good && (!value || value[0]) ? OPTIONS_TAKEN : wrong_value(o, flag, value);
}

// Where in TEXT ("--local=DIR", "--local", "-Xname=value") the value of FLAG begins; text + strlen if it has none; NULL if TEXT is not FLAG.
static const char *flag_in(enum flag flag, const char *text)
{
    size_t n = strlen(flags[flag].name);
    if (flags[flag].letter && strncmp(text, flags[flag].letter, 2) == 0 && text[1] != '-') {
        bool glued = flags[flag].value && text[2];
        return glued || !text[2] ? text + 2 : NULL;
    }
    if (strncmp(text, flags[flag].name, n) != 0 || (text[n] && text[n] != '='))
        return NULL;
    return text + n;
}

enum options_taken options_take(struct weir_options *o, int argc, char **argv, int *i)
{
    for (enum flag flag = 0; flag < FLAG_COUNT; flag++) {
        const char *rest = flag_in(flag, argv[*i]);
        if (!rest)
            continue;
        if (!flags[flag].value && *rest) {
            log_error(o->command, "%s takes no value", flags[flag].name);
            return OPTIONS_WRONG;
        }
        const char *value = *rest == '=' ? rest + 1 : rest;
        if (flags[flag].value && !*rest) {
            if (*i + 1 >= argc) {
                log_error(o->command, "%s needs %s", flags[flag].name, flags[flag].value);
                return OPTIONS_WRONG;
            }
            value = argv[++*i];
        }
        ++*i;
        return take_value(o, flag, flags[flag].value ? value : NULL);
    }
    return OPTIONS_NOT_MINE;
}
