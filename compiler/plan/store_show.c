#include "plan/store_show.h"

#include <inttypes.h>

#include "types/dump.h"

enum {
    ROW_BYTES = 56,    // of the runtime's own: the row's head, and its place in a table that is half full
    SERIES_BYTES = 80, // the same, and links to the other windows of the key
};

static const int64_t day = 24 * 60 * 60 * 1000; // ms

const char *time_show(struct arena *arena, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *name;
    } units[] = {{24 * 60 * 60 * 1000, "d"}, {60 * 60 * 1000, "h"}, {60 * 1000, "m"}, {1000, "s"}, {1, "ms"}};
    const char *text = "";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (ms >= units[i].ms)
            text = arena_printf(arena, "%s%" PRId64 "%s", text, ms / units[i].ms, units[i].name);
        ms %= units[i].ms;
    }
    return *text ? text : "0s";
}

static size_t align(size_t size, size_t to)
{
    return (size + to - 1) / to * to;
}

struct layout {
    size_t size, align;
    bool more; // it has parts elsewhere
};

static struct layout layout_of(const struct type *t);

static struct layout record_layout(const struct type *t)
{
    struct layout all = {0, 1, false};
    for (int i = 0; i < t->fields.count; i++) {
        struct layout field = layout_of(t->fields.items[i].type);
        bool one_of = t->kind == TYPE_UNION;
        size_t end = (one_of ? 0 : align(all.size, field.align)) + field.size;
        all.size = one_of && all.size > end ? all.size : end;
        all.align = all.align > field.align ? all.align : field.align;
        all.more |= field.more;
    }
    if (t->kind == TYPE_UNION)
        all.size += all.align;
    all.size = align(all.size, all.align);
    return all;
}

static struct layout optional_layout(const struct type *t)
{
    struct layout of = layout_of(t->element);
    if (t->element->kind == TYPE_RECORD || t->element->kind == TYPE_UNION)
        return (struct layout){8, 8, true};
    if (!of.more)
        of.size += of.align;
    return of;
}

// As the emitter declares them.
static struct layout layout_of(const struct type *t)
{
    switch (t->kind) {
    case TYPE_BOOL: return (struct layout){1, 1, false};
    case TYPE_INT32:
    case TYPE_FLOAT32:
    case TYPE_DATE:
    case TYPE_ENUM: return (struct layout){4, 4, false};
    case TYPE_DECIMAL: return (struct layout){16, 8, false};
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_JSON:
    case TYPE_LIST: return (struct layout){16, 8, true};
    case TYPE_MAP: return (struct layout){24, 8, true};
    case TYPE_RECORD:
    case TYPE_UNION: return record_layout(t);
    case TYPE_OPTIONAL: return optional_layout(t);
    default: return (struct layout){8, 8, false};
    }
}

const char *store_memory(struct arena *arena, const struct plan_store *store)
{
    struct layout value = layout_of(store->value->type), key = layout_of(store->key->type);
    bool entries = store->kind == PLAN_SERIES || store->kind == PLAN_SIDE || store->history;
    size_t size = (entries ? SERIES_BYTES : ROW_BYTES) + align(value.size, 8);
    bool text_key = key.more || store->key->format == SERDE_JSON;
    if (!text_key)
        size += align(key.size, 8);
    return arena_printf(arena, "about %zu bytes a row%s%s", size, text_key ? ", beside its key" : "",
                        !value.more ? ""
                        : text_key  ? ", strings and lists"
                                    : ", beside its strings and lists");
}

static const char *window_name(struct arena *arena, const struct window *window)
{
    const char *size = time_show(arena, window->size);
    switch (window->kind) {
    case WINDOW_SESSION: // a block's have gaps as the block likes
        return window->size ? arena_printf(arena, "session with gaps up to %s", size) : "session";
    case WINDOW_SLIDING: return arena_printf(arena, "sliding window of %s", size);
    default: return arena_printf(arena, "%s window", size);
    }
}

// Milliseconds that a record or row is kept; 0: until it is deleted, or goes on.
static int64_t kept_for(const struct plan_store *store)
{
    if (store->kind == PLAN_SIDE)
        return store->stage->join->retention;
    return store->window && store->kind != PLAN_BUFFER ? store->window->retention : 0;
}

const char *store_short(struct arena *arena, const struct plan_store *store)
{
    if (store->history)
        return arena_printf(arena, "%s, history of %s", store->name, time_show(arena, store->history));
    if (kept_for(store) == 0)
        return store->name;
    return arena_printf(arena, "%s, kept %s", store->name, time_show(arena, kept_for(store)));
}

const char *stores_of(struct arena *arena, const struct plan *plan, const struct stage *stage)
{
    const char *text = NULL;
    for (int i = 0; i < plan->stores.count; i++)
        if (plan->stores.items[i]->stage == stage)
            text = arena_printf(arena, "%s%s[%s]", text ? text : "", text ? " " : "",
                                store_short(arena, plan->stores.items[i]));
    return text;
}

const char *store_rows(struct arena *arena, const struct plan_store *store)
{
    const char *key = serde_show(arena, store->key);
    const char *each = store->window ? arena_printf(arena, "%s and %s", key, window_name(arena, store->window)) : key;
    switch (store->kind) {
    case PLAN_BUFFER: return arena_printf(arena, "the last change of each %s until it goes on", each);
    case PLAN_PARKED: return arena_printf(arena, "records of each %s without a match, until none can come", each);
    case PLAN_WAITING:
        return arena_printf(arena, "records of each %s for %s", each, time_show(arena, store->stage->join->wait));
    case PLAN_SUBSCRIPTIONS: return "which rows of the left side look at each row of the right one";
    case PLAN_SIDE:
        return arena_printf(arena, "%s records of each %s, kept %s", store->left ? "left" : "right", each,
                            time_show(arena, kept_for(store)));
    default: break;
    }
    if (store->history)
        return arena_printf(arena, "a row for each %s, kept until it is deleted, and its values of the last %s", each,
                            time_show(arena, store->history));
    if (!store->window)
        return arena_printf(arena, "a row for each %s, kept until it is deleted", each);
    return arena_printf(arena, "a row for each %s, kept %s", each, time_show(arena, store->window->retention));
}

// ---- topics ----

// What windows have left behind goes a day after the store has dropped it. KEPT, ms; 0: for ever.
static const char *changelog_named(struct arena *arena, const struct program *program, const char *store, int64_t kept)
{
    if (kept == 0)
        return arena_printf(arena, "%s-%s-changelog: compact", program->app, store);
    return arena_printf(arena, "%s-%s-changelog: compact, delete after %s", program->app, store,
                        time_show(arena, kept + day));
}

static const char *history_named(struct arena *arena, const struct program *program, const char *store, int64_t history)
{
    return arena_printf(arena, "%s-%s-changelog: compact after %s", program->app, store,
                        time_show(arena, history + day));
}

static void join_changelogs(struct arena *arena, const struct program *program, const struct join *join,
                            struct topic_list *topics)
{
    struct join_stores names = topology_join_stores(arena, join);
    const char *stores[] = {names.left, names.right, names.parked, names.waiting};
    for (int i = 0; i < 4; i++)
        if (stores[i])
            vec_push(arena, topics, changelog_named(arena, program, stores[i], i < 2 ? join->retention : 0));
}

// A shared store is of the first block that has it.
static bool is_first(const struct program *program, const struct stage *stage, const struct block_store *store)
{
    for (int i = 0; i < stage->id; i++) {
        const struct process *process = program->stages.items[i]->process;
        for (int k = 0; process && k < process->stores.count; k++)
            if (process->stores.items[k] == store)
                return false;
    }
    return true;
}

static void block_changelogs(struct arena *arena, const struct program *program, const struct stage *stage,
                             struct topic_list *topics)
{
    for (int i = 0; i < stage->process->stores.count; i++) {
        const struct block_store *store = stage->process->stores.items[i];
        if (!store->no_changelog && is_first(program, stage, store))
            vec_push(arena, topics,
                     store->history ? history_named(arena, program, store->topic_name, store->history)
                                    : changelog_named(arena, program, store->topic_name, store->retention));
    }
}

void changelog_topics(struct arena *arena, const struct program *program, const struct stage *stage,
                      struct topic_list *topics)
{
    const char *store = topology_store_name(stage);
    if (plan_is_join(stage, JOIN_STREAMS) || plan_is_join(stage, JOIN_LOOKUP))
        join_changelogs(arena, program, stage->join, topics);
    else if (stage->process)
        block_changelogs(arena, program, stage, topics);
    else if (stage->source && stage->source->versioned) // no value goes before the store may let go of it
        vec_push(arena, topics, history_named(arena, program, store, stage->source->versioned));
    else if (stage->kind != STAGE_SOURCE && store) {
        // What is held back goes with its tombstone, not with its window.
        const struct window *window = stage->aggregate  ? stage->aggregate->window
                                      : stage->suppress ? NULL
                                                        : stage->out.windowed;
        vec_push(arena, topics, changelog_named(arena, program, store, window ? window->retention : 0));
    }
}

const char *store_changelog(struct arena *arena, const struct program *program, const struct plan_store *store)
{
    if (store->source_changelog)
        return arena_printf(arena, "%s, the source", store->stage->source->topics.items[0].text);
    if (store->block && store->block->no_changelog)
        return "none";
    if (store->history)
        return history_named(arena, program, store->name, store->history);
    return changelog_named(arena, program, store->name, kept_for(store));
}

const char *repartition_topic(struct arena *arena, const struct program *program, const struct stage *stage)
{
    const char *name = arena_printf(arena, "%s-%s", program->app, stage->repartition->topic);
    if (stage->repartition->partitions)
        name = arena_printf(arena, "%s, %d partition%s", name, stage->repartition->partitions,
                            stage->repartition->partitions == 1 ? "" : "s");
    return arena_printf(arena, "%s: delete, purged once read", name);
}
