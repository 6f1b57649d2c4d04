// --in and --out must name topics of the program.
#include <string.h>

#include "log.h"
#include "settings.h"

enum { MOST_NAMES = 64 };

static bool reads_topic(const struct weir_program *p, const char *topic)
{
    for (int i = 0; i < p->source_count; i++) {
        const struct weir_source *s = &p->sources[i];
        for (int k = 0; !s->internal && k < s->topic_count; k++) {
            if (s->pattern || strcmp(s->topics[k], topic) == 0)
                return true; // a name that the pattern does not match is just not read
        }
    }
    return false;
}

static bool writes_topic(const struct settings *s, const struct weir_program *p, const char *topic)
{
    for (int i = 0; i < p->sink_count; i++) {
        if (!p->sinks[i].internal && (!p->sinks[i].topic || strcmp(p->sinks[i].topic, topic) == 0))
            return true;
    }
    return s->dead_letter && strcmp(s->dead_letter, topic) == 0;
}

static const char *nearest(const struct weir_program *p, bool reads, const char *topic)
{
    const char *names[MOST_NAMES + 1];
    int n = 0;
    for (int i = 0; reads && i < p->source_count; i++) {
        for (int k = 0; !p->sources[i].internal && k < p->sources[i].topic_count && n < MOST_NAMES; k++)
            names[n++] = p->sources[i].topics[k];
    }
    for (int i = 0; !reads && i < p->sink_count && n < MOST_NAMES; i++) {
        if (!p->sinks[i].internal)
            names[n++] = p->sinks[i].topic;
    }
    names[n] = NULL;
    return options_nearest(topic, names);
}

static int unknown_topic(const struct weir_program *p, const struct weir_options *o, const char *flag, bool reads,
                         const char *topic)
{
    const char *near = nearest(p, reads, topic);
    log_error(o->command, "%s %s: the program %s no topic \"%s\"%s%s%s", flag, topic, reads ? "reads" : "writes", topic,
              near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return RUNTIME_USAGE;
}

int settings_check_files(const struct settings *s, const struct weir_program *p, const struct weir_options *o)
{
    if (o->feed && o->in_count) {
        log_error(o->command, "--feed holds the records of all topics: it cannot be given with --in");
        return RUNTIME_USAGE;
    }
    for (int i = 0; i < o->in_count; i++) {
        if (!reads_topic(p, o->in[i].topic))
            return unknown_topic(p, o, "--in", true, o->in[i].topic);
    }
    for (int i = 0; i < o->out_count; i++) {
        if (!writes_topic(s, p, o->out[i].topic))
            return unknown_topic(p, o, "--out", false, o->out[i].topic);
    }
    return RUNTIME_DONE;
}
