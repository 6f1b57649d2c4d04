#include "settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http_address.h"
#include "log.h"
#include "memory.h"

typedef bool setting_fn(struct settings *s, const char *value);

static char *keep(struct settings *s, char *text)
{
    s->memory = memory_grow(s->memory, s->memory_count, sizeof *s->memory);
    s->memory[s->memory_count++] = text;
    return text;
}

static bool whole(const char *text, int64_t least, int64_t most, int64_t *n)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || *end || errno || v < least || v > most)
        return false;
    *n = v;
    return true;
}

// A number and a unit out of UNITS, "" among them or not; FACTORS alike.
static bool measure(const char *text, const char *const *units, const int64_t *factors, int64_t *n)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || errno || v < 0)
        return false;
    for (int i = 0; units[i]; i++) {
        if (strcmp(end, units[i]) == 0 && v <= INT64_MAX / factors[i]) {
            *n = v * factors[i];
            return true;
        }
    }
    return false;
}

static bool set_processing(struct settings *s, const char *value)
{
    s->exactly_once = strcmp(value, "exactly_once") == 0;
    return s->exactly_once || strcmp(value, "at_least_once") == 0;
}

static bool set_threads(struct settings *s, const char *value)
{
    int64_t n;
    if (!whole(value, 1, 256, &n))
        return false;
    s->threads = (int)n;
    return true;
}

static bool duration(const char *value, int64_t *ms)
{
    static const char *const units[] = {"ms", "s", "m", "h", NULL};
    static const int64_t factors[] = {1, 1000, 60000, 3600000};
    return measure(value, units, factors, ms);
}

static bool set_commit(struct settings *s, const char *value)
{
    int64_t n;
    if (!duration(value, &n) || n < 1 || n > INT32_MAX)
        return false;
    s->commit_ms = n;
    s->commit_said = true;
    return true;
}

static bool set_max_task_idle(struct settings *s, const char *value)
{
    s->max_task_idle = 0;
    if (strcmp(value, "0") == 0)
        return true;
    s->max_task_idle = -1;
    return strcmp(value, "-1") == 0 || (duration(value, &s->max_task_idle) && s->max_task_idle <= INT32_MAX);
}

static bool set_state_cleanup(struct settings *s, const char *value)
{
    return duration(value, &s->state_cleanup);
}

static bool size(const char *value, int64_t *bytes)
{
    static const char *const units[] = {"", "B", "KB", "MB", "GB", NULL};
    static const int64_t factors[] = {1, 1, 1 << 10, 1 << 20, 1 << 30};
    return measure(value, units, factors, bytes);
}

static bool set_cache(struct settings *s, const char *value)
{
    return size(value, &s->cache);
}

static bool set_memory(struct settings *s, const char *value)
{
    return size(value, &s->memory_bytes);
}

static bool set_state_dir(struct settings *s, const char *value)
{
    s->state_dir = value;
    return value[0] != 0;
}

static bool set_standby(struct settings *s, const char *value)
{
    int64_t n;
    if (!whole(value, 0, 64, &n))
        return false;
    s->standby = (int)n;
    return true;
}

static bool set_http(struct settings *s, const char *value)
{
    s->http = value;
    return http_address_is(value);
}

static bool set_log(struct settings *s, const char *value)
{
    s->log_json = strcmp(value, "json") == 0;
    return s->log_json || strcmp(value, "text") == 0;
}

// As Kafka has names of topics.
static bool set_instance(struct settings *s, const char *value)
{
    enum { LONGEST = 249 };
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t n = strlen(value);
    s->instance = value;
    return n > 0 && n <= LONGEST && strspn(value, allowed) == n && strcmp(value, ".") != 0 && strcmp(value, "..") != 0;
}

static void add_property(struct settings *s, const char *name, const char *value)
{
    s->properties = memory_grow(s->properties, (size_t)s->property_count, sizeof *s->properties);
    s->properties[s->property_count++] = (struct weir_setting){name, value};
}

static bool set_brokers(struct settings *s, const char *value)
{
    add_property(s, "bootstrap.servers", value);
    return value[0] != 0;
}

// `dead_letter orders-dlq`, with the topic in quotes or not.
static bool set_bad_records(struct settings *s, const char *value)
{
    static const char word[] = "dead_letter";
    if (strcmp(value, "fail") == 0 || strcmp(value, "skip") == 0) {
        s->bad_policy = value[0] == 'f' ? BAD_FAIL : BAD_SKIP;
        return true;
    }
    size_t n = sizeof word - 1;
    if (strncmp(value, word, n) != 0 || !value[n] || !strchr(" :=", value[n]))
        return false;
    const char *topic = value + n + strspn(value + n, " :=\"");
    size_t length = strcspn(topic, "\"");
    if (length == 0)
        return false;
    s->bad_policy = BAD_DEAD_LETTER;
    s->dead_letter = keep(s, memory_text(topic, length));
    return true;
}

static bool set_on_failure(struct settings *s, const char *value)
{
    s->retry = strcmp(value, "retry") == 0;
    return s->retry || strcmp(value, "stop") == 0;
}

static const struct {
    const char *name, *variable, *takes;
    setting_fn *set;
} table[] = {
    {"processing", "WEIR_PROCESSING", "at_least_once or exactly_once", set_processing},
    {"threads", "WEIR_THREADS", "a number from 1 to 256", set_threads},
    {"commit", "WEIR_COMMIT", "a duration, like 100ms or 5s", set_commit},
    {"max_task_idle", "WEIR_MAX_TASK_IDLE", "a duration, like 0 or 500ms, or -1 (never wait)", set_max_task_idle},
    {"cache", "WEIR_CACHE", "a size, like 0 or 64MB", set_cache},
    {"memory", "WEIR_MEMORY", "a size, like 256MB", set_memory},
    {"state_dir", "WEIR_STATE_DIR", "a folder", set_state_dir},
    {"state_cleanup", "WEIR_STATE_CLEANUP", "a duration, like 10m", set_state_cleanup},
    {"bad_records", "WEIR_BAD_RECORDS", "fail, skip or `dead_letter TOPIC`", set_bad_records},
    {"on_failure", "WEIR_ON_FAILURE", "stop or retry", set_on_failure},
    {"standby", "WEIR_STANDBY", "a number from 0 to 64", set_standby},
    {"http", "WEIR_HTTP", "[HOST:]PORT, like 8080, 0.0.0.0:8080 or [::1]:8080", set_http},
    {"log", "WEIR_LOG", "text or json", set_log},
    {"instance", "WEIR_INSTANCE", "a name of letters, digits, `.`, `_` and `-`", set_instance},
    {"brokers", "WEIR_BROKERS", "HOST:PORT, several separated by commas", set_brokers},
};
enum { SETTINGS = sizeof table / sizeof *table };

static bool unknown_setting(const char *prefix, const char *name, const char *origin)
{
    const char *names[SETTINGS + 1];
    for (int i = 0; i < SETTINGS; i++)
        names[i] = table[i].name;
    names[SETTINGS] = NULL;
    const char *near = options_nearest(name, names);
    if (near)
        log_error(prefix, "%s: no setting is called `%s`; did you mean `%s`?", origin, name, near);
    else
        log_error(prefix,
                  "%s: no setting is called `%s`; there are processing, threads, commit, max_task_idle, cache, "
                  "memory, state_dir, state_cleanup, bad_records, on_failure, standby, instance, http, log, brokers "
                  "and kafka.PROPERTY",
                  origin, name);
    return false;
}

// ORIGIN: "--set", "WEIR_THREADS", "in the program".
static bool apply(struct settings *s, const char *prefix, const char *name, const char *value, const char *origin)
{
    if (strncmp(name, "kafka.", 6) == 0 && name[6]) {
        add_property(s, name + 6, value);
        return true;
    }
    for (int i = 0; i < SETTINGS; i++) {
        if (strcmp(name, table[i].name) != 0)
            continue;
        if (table[i].set(s, value))
            return true;
        log_error(prefix, "%s: `%s` takes %s, not `%s`", origin, name, table[i].takes, value);
        return false;
    }
    return unknown_setting(prefix, name, origin);
}

int settings_of_program(struct settings *s, const struct weir_program *program)
{
    *s = (struct settings){.app = program->app,
                           .threads = 1,
                           .commit_ms = 200,
                           .cache = 64 << 20,
                           .memory_bytes = 256 << 20,
                           .state_cleanup = 600000};
    for (int i = 0; i < program->setting_count; i++) {
        if (!apply(s, program->app, program->settings[i].name, program->settings[i].value, "in the program"))
            return RUNTIME_WRONG;
    }
    return RUNTIME_DONE;
}

static int apply_environment(struct settings *s, const char *prefix)
{
    for (int i = 0; i < SETTINGS; i++) {
        const char *value = getenv(table[i].variable);
        if (value && !apply(s, prefix, table[i].name, value, table[i].variable))
            return RUNTIME_USAGE;
    }
    return RUNTIME_DONE;
}

static int apply_command_line(struct settings *s, const struct weir_options *o)
{
    for (int i = 0; i < o->property_count; i++)
        add_property(s, o->properties[i].name, o->properties[i].value);
    for (int i = 0; i < o->set_count; i++) {
        if (!apply(s, o->command, o->set[i].name, o->set[i].value, "--set"))
            return RUNTIME_USAGE;
    }
    if (o->brokers)
        set_brokers(s, o->brokers);
    return RUNTIME_DONE;
}

static bool names_brokers(const struct weir_setting *list, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool command_line_names_brokers(const struct weir_options *o)
{
    return o->brokers || names_brokers(o->properties, o->property_count, "bootstrap.servers") ||
           names_brokers(o->properties, o->property_count, "metadata.broker.list") ||
           names_brokers(o->set, o->set_count, "brokers") ||
           names_brokers(o->set, o->set_count, "kafka.bootstrap.servers");
}

static bool wants_files(const struct weir_options *o)
{
    return o->local || o->in_count || o->out_count || o->feed;
}

// FOLDER beside the program.
static char *beside(const struct weir_program *program, const struct weir_options *o, const char *folder)
{
    if (o->beside)
        return memory_format("%s/%s", o->beside, folder);
    const char *slash = strrchr(program->file, '/');
    return slash ? memory_format("%.*s/%s", (int)(slash - program->file), program->file, folder)
                 : memory_format("%s", folder);
}

// Files or Kafka: whoever is strongest and says anything decides.
static int choose_broker(struct settings *s, const struct weir_program *program, const struct weir_options *o)
{
    const char *local = getenv("WEIR_LOCAL");
    if (wants_files(o) && command_line_names_brokers(o)) {
        log_error(o->command, "%s means topics as files, and brokers mean Kafka: give one of the two",
                  o->local      ? "--local"
                  : o->feed     ? "--feed"
                  : o->in_count ? "--in"
                                : "--out");
        return RUNTIME_USAGE;
    }
    if (wants_files(o))
        local = o->local ? o->local : local;
    else if (command_line_names_brokers(o))
        s->kafka = true;
    else if (!local)
        s->kafka = settings_property(s, "bootstrap.servers") != NULL;
    if (!s->kafka)
        s->local = local ? local : keep(s, beside(program, o, "topics"));
    if (!s->state_dir)
        s->state_dir = keep(s, s->kafka ? beside(program, o, ".weir") : memory_format("%s/.weir", s->local));
    s->transient = !s->kafka && program->store_count && (o->in_count || o->feed);
    return RUNTIME_DONE;
}

const char *settings_property(const struct settings *s, const char *name)
{
    for (int i = s->property_count - 1; i >= 0; i--) {
        if (strcmp(s->properties[i].name, name) == 0)
            return s->properties[i].value;
    }
    return NULL;
}

int settings_resolve(struct settings *s, const struct weir_program *program, const struct weir_options *options)
{
    enum { LEAST_COMMIT_MS = 100 };
    int exit = settings_of_program(s, program);
    s->options = options;
    if (exit == RUNTIME_DONE)
        exit = apply_environment(s, options->command);
    if (exit == RUNTIME_DONE)
        exit = apply_command_line(s, options);
    if (exit == RUNTIME_DONE)
        exit = choose_broker(s, program, options);
    if (exit == RUNTIME_DONE)
        exit = settings_check_files(s, program, options);
    if (exit == RUNTIME_DONE && !s->kafka)
        s->threads = 1; // one order of records across all inputs
    if (exit == RUNTIME_DONE && s->exactly_once && !s->commit_said)
        s->commit_ms = LEAST_COMMIT_MS;
    return exit;
}

void settings_free(struct settings *s)
{
    for (size_t i = 0; i < s->memory_count; i++)
        free(s->memory[i]);
    free(s->memory);
    free(s->properties);
    *s = (struct settings){0};
}
