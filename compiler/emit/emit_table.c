// The tables that describe the program to the runtime.
#include <inttypes.h>
#include <string.h>

#include "emit/emitter.h"
#include "plan/label.h"
#include "plan/store_show.h"

// ---- sources ----

static const char *topics_of(struct emitter *e, const struct stage *stage, int *count)
{
    *count = stage->kind == STAGE_SOURCE ? stage->source->topics.count : 1;
    if (stage->kind != STAGE_SOURCE)
        return c_string(e, stage->repartition->topic);
    const char *topics = c_string(e, stage->source->topics.items[0].text);
    for (int i = 1; i < *count; i++)
        topics = arena_printf(e->arena, "%s, %s", topics, c_string(e, stage->source->topics.items[i].text));
    return topics;
}

// Subscriptions and answers have bytes of the runtime's own.
static const char *value_table(struct emitter *e, const struct stage *stage, const struct serde *value)
{
    const struct repartition *r = stage->repartition;
    bool own = r && (r->form == REPARTITION_SUBSCRIPTIONS || r->form == REPARTITION_ANSWERS);
    return own ? "weir_serde_bytes" : serde_table(e, value);
}

static void write_source(struct emitter *e, struct writer *out, const struct plan_source *source)
{
    const struct stage *stage = source->stage;
    const struct flow_source *s = stage->kind == STAGE_SOURCE ? stage->source : NULL;
    const struct partitioner *partitioner = s ? &s->partitioner : &stage->repartition->partitioner;
    int count, partitions = s ? s->partitions : stage->repartition->partitions;
    const char *topics = topics_of(e, stage, &count);
    const char *partition = partitioner_fn(e, partitioner, source->key, source->value);
    writer_printf(out, "    [%s] = {\n", e->source_names[source->index]);
    writer_printf(out, "        .name = %s,\n", c_string(e, source->name));
    writer_printf(out, "        .topics = (const char *const[]){ %s },\n        .topic_count = %d,\n", topics, count);
    if (s && s->topics.items[0].pattern)
        writer_puts(out, "        .pattern = true,\n");
    if (!s)
        writer_puts(out, "        .internal = true,\n");
    if (s && s->start == AST_START_LATEST)
        writer_puts(out, "        .latest = true,\n");
    if (s && s->global)
        writer_puts(out, "        .global = true,\n");
    if (source->needs_time)
        writer_puts(out, "        .needs_time = true,\n");
    if (s && s->idle > 0)
        writer_printf(out, "        .idle = %" PRId64 ",\n", s->idle);
    if (partitions > 0)
        writer_printf(out, "        .partitions = %d,\n", partitions);
    if (source->subtopology > 0)
        writer_printf(out, "        .subtopology = %d,\n", source->subtopology);
    writer_printf(out, "        .key = &%s,\n", serde_table(e, source->key));
    writer_printf(out, "        .value = &%s,\n", value_table(e, stage, source->value));
    writer_printf(out, "        .process = %s,\n", made_find(e, "process", source->function, NULL)->name);
    if (partition)
        writer_printf(out, "        .partitioner = %s,\n", partition);
    writer_puts(out, "    },\n");
}

// ---- sinks ----

// Of a sink: that of the function its code is in, which a merge has from its inputs.
static int subtopology_of(struct emitter *e, const struct stage *stage)
{
    const struct stage *root = stage;
    while (root->kind != STAGE_SOURCE && (root == stage || root->kind != STAGE_REPARTITION))
        root = root->inputs.items[0];
    return e->plan->topology->subtopology_of[root->id];
}

static void write_sink(struct emitter *e, struct writer *out, const struct plan_sink *sink)
{
    const struct stage *stage = sink->stage;
    const char *topic = stage->kind == STAGE_SINK ? stage->sink->topic : stage->repartition->topic;
    const struct partitioner *partitioner =
        stage->kind == STAGE_SINK ? &stage->sink->partitioner : &stage->repartition->partitioner;
    const char *partition = partitioner_fn(e, partitioner, sink->key, sink->value);
    writer_printf(out, "    [%s] = {\n", e->sink_names[sink->index]);
    writer_printf(out, "        .name = %s,\n", c_string(e, sink->name));
    if (topic)
        writer_printf(out, "        .topic = %s,\n", c_string(e, topic));
    if (sink->internal)
        writer_puts(out, "        .internal = true,\n");
    if (sink->internal && stage->repartition->partitions > 0)
        writer_printf(out, "        .partitions = %d,\n", stage->repartition->partitions);
    if (subtopology_of(e, stage) > 0)
        writer_printf(out, "        .subtopology = %d,\n", subtopology_of(e, stage));
    writer_printf(out, "        .key = &%s,\n", serde_table(e, sink->key));
    writer_printf(out, "        .value = &%s,\n", value_table(e, stage, sink->value));
    if (partition)
        writer_printf(out, "        .partitioner = %s,\n", partition);
    writer_puts(out, "    },\n");
}

// ---- one table after another ----

// Adds the table if it has entries, and its line to the program's.
static void add_table(struct emitter *e, struct writer *program, const char *type, const char *name,
                      const char *count_name, struct writer *entries, int count)
{
    if (count == 0)
        return;
    struct writer text = {0};
    const char *table = names_take(e->globals, name);
    writer_printf(&text, "static const struct %s %s[] = {\n%s};\n", type, table, entries->text);
    section_add(e, SECTION_TABLES, &text);
    writer_printf(program, "    .%s = %s,\n    .%s = %d,\n", name, table, count_name, count);
    writer_free(entries);
}

static void add_settings(struct emitter *e, struct writer *program)
{
    struct writer entries = {0};
    const struct program *p = e->plan->program;
    for (int i = 0; i < p->settings.count; i++)
        writer_printf(&entries, "    { %s, %s },\n", c_string(e, p->settings.items[i].name),
                      c_string(e, p->settings.items[i].value));
    add_table(e, program, "weir_setting", "settings", "setting_count", &entries, p->settings.count);
}

static void add_tests(struct emitter *e, struct writer *program)
{
    struct writer tests = {0}, taps = {0};
    const struct program *p = e->plan->program;
    for (int i = 0; i < p->tests.count; i++) {
        const struct test *test = p->tests.items[i];
        const struct source *source = e->sources->files.items[test->span.file];
        writer_printf(&tests, "    { %s, %s, %d, %s },\n", c_string(e, test->title), c_string(e, source->name),
                      source_position(source, test->span.begin).line, made_find(e, "test", test, NULL)->name);
    }
    for (int i = 0; i < e->plan->taps.count; i++)
        writer_printf(&taps, "    [%s] = { %s },\n", e->tap_names[i], c_string(e, e->plan->taps.items[i].stage->flow));
    add_table(e, program, "weir_test", "tests", "test_count", &tests, p->tests.count);
    add_table(e, program, "weir_tap", "taps", "tap_count", &taps, e->plan->taps.count);
}

// Of those sources that the program has.
static int write_copartition(struct emitter *e, struct writer *out, const struct copartition *together)
{
    const char *sources = "";
    int count = 0;
    for (int i = 0; i < together->members.count; i++) {
        const char *name = source_name(e, together->members.items[i]);
        if (name)
            sources = arena_printf(e->arena, "%s%s%s", sources, count++ ? ", " : "", name);
    }
    if (count == 0)
        return 0;
    writer_printf(out, "    { %s, (const int[]){ %s }, %d },\n",
                  c_string(e, stage_label(e->arena, e->plan->topology, together->join, 0)), sources, count);
    return 1;
}

static void add_copartitions(struct emitter *e, struct writer *program)
{
    struct writer entries = {0};
    const struct program *p = e->plan->program;
    int count = 0;
    for (int i = 0; i < p->copartitions.count; i++)
        count += write_copartition(e, &entries, &p->copartitions.items[i]);
    add_table(e, program, "weir_copartition", "copartitions", "copartition_count", &entries, count);
}

static void add_timers(struct emitter *e, struct writer *program)
{
    struct writer entries = {0};
    const struct plan *plan = e->plan;
    for (int i = 0; i < plan->timers.count; i++) {
        const struct plan_function *f = plan->timers.items[i];
        const char *name = arena_printf(e->arena, "%s, every %s %s", f->root->process->name,
                                        time_show(e->arena, f->timer->every), f->timer->wall ? "wall" : "stream");
        writer_printf(&entries, "    {\n        .name = %s,\n", c_string(e, name));
        writer_printf(&entries, "        .subtopology = %d,\n", plan->topology->subtopology_of[f->root->id]);
        writer_printf(&entries, "        .every = %" PRId64 ",\n", f->timer->every);
        if (f->timer->wall)
            writer_puts(&entries, "        .wall = true,\n");
        writer_printf(&entries, "        .fire = %s,\n    },\n", made_find(e, "timer", f, NULL)->name);
    }
    add_table(e, program, "weir_timer", "timers", "timer_count", &entries, plan->timers.count);
}

void emit_tables(struct emitter *e)
{
    struct writer program = {0}, sources = {0}, sinks = {0}, stores = {0};
    const struct plan *plan = e->plan;
    writer_puts(&program, "const struct weir_program weir_program = {\n    .abi = WEIR_ABI,\n");
    writer_printf(&program, "    .app = %s,\n", c_string(e, plan->program->app));
    writer_printf(&program, "    .file = %s,\n", c_string(e, e->sources->files.items[0]->name));
    for (int i = 0; i < plan->sources.count; i++)
        write_source(e, &sources, plan->sources.items[i]);
    add_table(e, &program, "weir_source", "sources", "source_count", &sources, plan->sources.count);
    for (int i = 0; i < plan->sinks.count; i++)
        write_sink(e, &sinks, plan->sinks.items[i]);
    add_table(e, &program, "weir_sink", "sinks", "sink_count", &sinks, plan->sinks.count);
    for (int i = 0; i < plan->stores.count; i++)
        write_store(e, &stores, plan->stores.items[i]);
    add_table(e, &program, "weir_store", "stores", "store_count", &stores, plan->stores.count);
    add_timers(e, &program);
    add_copartitions(e, &program);
    add_settings(e, &program);
    if (plan->tests)
        add_tests(e, &program);
    writer_puts(&program, "};\n");
    section_add(e, SECTION_TABLES, &program);
}
