#include "program_swap.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_source(const struct weir_source *a, const struct weir_source *b)
{
    if (a->topic_count != b->topic_count || a->pattern != b->pattern || a->internal != b->internal ||
        a->latest != b->latest || a->partitions != b->partitions || a->subtopology != b->subtopology)
        return false;
    for (int i = 0; i < a->topic_count; i++) {
        if (strcmp(a->topics[i], b->topics[i]) != 0)
            return false;
    }
    return true;
}

static bool same_sink(const struct weir_sink *a, const struct weir_sink *b)
{
    return same_text(a->topic, b->topic) && a->internal == b->internal && a->partitions == b->partitions &&
           a->subtopology == b->subtopology;
}

static bool same_store(const struct weir_store *a, const struct weir_store *b)
{
    return strcmp(a->name, b->name) == 0 && a->kind == b->kind && a->memory == b->memory &&
           a->changelog_source == b->changelog_source && a->subtopology == b->subtopology &&
           a->fingerprint == b->fingerprint && a->value_size == b->value_size && a->wants_old == b->wants_old &&
           a->window == b->window && a->window_size == b->window_size && a->retention == b->retention &&
           a->history == b->history && a->no_changelog == b->no_changelog && a->left == b->left && a->right == b->right;
}

static bool same_timer(const struct weir_timer *a, const struct weir_timer *b)
{
    return strcmp(a->name, b->name) == 0 && a->subtopology == b->subtopology && a->every == b->every &&
           a->wall == b->wall;
}

static bool same_settings(const struct weir_program *a, const struct weir_program *b)
{
    if (a->setting_count != b->setting_count)
        return false;
    for (int i = 0; i < a->setting_count; i++) {
        if (strcmp(a->settings[i].name, b->settings[i].name) != 0 ||
            strcmp(a->settings[i].value, b->settings[i].value) != 0)
            return false;
    }
    return true;
}

bool program_swappable(const struct weir_program *a, const struct weir_program *b)
{
    if (strcmp(a->app, b->app) != 0 || a->source_count != b->source_count || a->sink_count != b->sink_count ||
        a->store_count != b->store_count || a->timer_count != b->timer_count || !same_settings(a, b))
        return false;
    for (int i = 0; i < a->source_count; i++) {
        if (!same_source(&a->sources[i], &b->sources[i]))
            return false;
    }
    for (int i = 0; i < a->sink_count; i++) {
        if (!same_sink(&a->sinks[i], &b->sinks[i]))
            return false;
    }
    for (int i = 0; i < a->store_count; i++) {
        if (!same_store(&a->stores[i], &b->stores[i]))
            return false;
    }
    for (int i = 0; i < a->timer_count; i++) {
        if (!same_timer(&a->timers[i], &b->timers[i]))
            return false;
    }
    return true;
}
