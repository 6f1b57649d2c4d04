#include "broker_memory.h"

#include <stdlib.h>

#include "ctx.h"
#include "inner.h"
#include "memory.h"

struct broker_memory {
    struct broker base;
    const struct weir_program *program;
    broker_memory_sent_fn *sent;
    void *sent_arg;
    struct broker_delivery fed;
    bool has_fed;
    int64_t *offsets; // of the next record, by source
    struct inner inner;
    struct weir_ctx arena; // of what inner holds
    int64_t clock;
};

static struct broker_memory *of(struct broker *b)
{
    return (struct broker_memory *)b;
}

static enum broker_status memory_start(struct broker *b, struct broker_error *error)
{
    (void)b;
    (void)error;
    return BROKER_OK;
}

// Only timers need a task before its first record.
static void memory_listen(struct broker *b, int worker, const struct broker_listener *listener, void *arg)
{
    const struct weir_program *p = of(b)->program;
    (void)worker;
    for (int i = 0; p->timer_count > 0 && i < p->source_count; i++) {
        struct broker_partition one = {.source = i, .topic = p->sources[i].topics[0]};
        if (!p->sources[i].global)
            listener->assigned(arg, &one, 1);
    }
}

static bool deliver(struct broker_memory *b, broker_record_fn *fn, void *arg)
{
    struct broker_delivery d = {0};
    if (b->inner.count) {
        d.source = inner_next(&b->inner, &d.record);
        inner_take(&b->inner, d.source);
    } else {
        d = b->fed;
        b->has_fed = false;
    }
    return fn(arg, &d);
}

static enum broker_status memory_poll(struct broker *base, int worker, int max, int timeout_ms, broker_record_fn *fn,
                                      void *arg, int *count, struct broker_error *error)
{
    struct broker_memory *b = of(base);
    (void)worker;
    (void)timeout_ms;
    (void)error;
    if (b->inner.count == 0)
        weir_ctx_reset(&b->arena);
    *count = 0;
    while (*count < max && (b->inner.count || b->has_fed)) {
        if (!deliver(b, fn, arg))
            break;
        ++*count;
    }
    return *count ? BROKER_OK : BROKER_END;
}

static enum broker_status memory_send(struct broker *base, int worker, struct weir_str topic, int32_t partition,
                                      const struct weir_out *out, struct broker_error *error)
{
    struct broker_memory *b = of(base);
    (void)worker;
    (void)partition;
    (void)error;
    int far = -1;
    for (int i = 0; i < b->program->source_count && out->sink >= 0 && b->program->sinks[out->sink].internal; i++) {
        const struct weir_source *source = &b->program->sources[i];
        if (source->internal && strlen(source->topics[0]) == topic.n &&
            memcmp(source->topics[0], topic.p, topic.n) == 0)
            far = i;
    }
    if (far >= 0)
        inner_put(&b->inner, &b->arena, far, 0, out);
    else
        b->sent(b->sent_arg, topic, out);
    return BROKER_OK;
}

static int32_t memory_partitions(struct broker *b, int worker, struct weir_str topic)
{
    (void)b;
    (void)worker;
    (void)topic;
    return 1;
}

static enum broker_status memory_commit(struct broker *b, int worker, struct broker_error *error)
{
    (void)b;
    (void)worker;
    (void)error;
    return BROKER_OK;
}

static int64_t memory_now(struct broker *b)
{
    return of(b)->clock;
}

static void memory_swap(struct broker *b, const struct weir_program *program)
{
    of(b)->program = of(b)->inner.program = program;
}

static void memory_wake(struct broker *b)
{
    (void)b;
}

static int64_t memory_lag(struct broker *b, broker_lag_fn *each, void *arg)
{
    (void)each, (void)arg;
    return (int64_t)of(b)->inner.count + of(b)->has_fed;
}

static void memory_close(struct broker *base)
{
    struct broker_memory *b = of(base);
    inner_free(&b->inner);
    weir_ctx_free(&b->arena);
    free(b->offsets);
    free(b);
}

struct broker *broker_memory_new(const struct weir_program *program, broker_memory_sent_fn *sent, void *arg)
{
    static const struct broker_ops ops = {
        .start = memory_start,
        .listen = memory_listen,
        .poll = memory_poll,
        .send = memory_send,
        .partitions = memory_partitions,
        .commit = memory_commit,
        .now = memory_now,
        .swap = memory_swap,
        .wake = memory_wake,
        .lag = memory_lag,
        .close = memory_close,
    };
    struct broker_memory *b = memory_new(sizeof *b);
    b->base.ops = &ops;
    b->program = program;
    b->sent = sent;
    b->sent_arg = arg;
    b->offsets = memory_new((size_t)program->source_count * sizeof *b->offsets);
    inner_init(&b->inner, program);
    weir_ctx_init(&b->arena);
    return &b->base;
}

void broker_memory_put(struct broker *base, int source, const struct weir_record *record)
{
    struct broker_memory *b = of(base);
    b->fed = (struct broker_delivery){.source = source, .record = *record};
    b->fed.record.offset = b->offsets[source]++;
    b->has_fed = true;
}

void broker_memory_set_clock(struct broker *b, int64_t ms)
{
    of(b)->clock = ms;
}
