// Topics as files. One worker; a record runs to its end, through repartition topics in memory, before the next is taken.
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "broker.h"
#include "file_inputs.h"
#include "file_journal.h"
#include "file_log.h"
#include "file_offsets.h"
#include "file_output.h"
#include "file_record.h"
#include "file_resume.h"
#include "file_source_log.h"
#include "inner.h"
#include "log.h"
#include "memory.h"
#include "partition.h"

struct broker_file {
    struct broker base;
    const struct weir_program *program;
    const struct settings *settings;
    struct file_topics topics;
    struct file_inputs inputs;
    struct file_outputs outputs;
    struct file_logs logs;
    struct file_times times;
    struct inner inner;      // repartition topics
    int lock;                // of the state of this app: -1: not taken
    struct weir_ctx arena;   // of what a poll delivers
    struct weir_ctx scratch; // for writing lines
    int next_source;         // that also takes the record at the head of that lane; -1: none
    struct file_input *next_input;
    int32_t next_partition;
    struct file_input *under_way; // the last record's, which may not be through the repartition topics yet
    int32_t under_way_partition;
    bool taken, dirty;       // something was taken at all; since the last commit
    bool wrote;              // into files, one of which may be an input
    _Atomic int64_t waiting; // lag, as of the last poll
    char place[4200];        // of the record delivered last
};

static struct broker_file *of(struct broker *b)
{
    return (struct broker_file *)b;
}

static int64_t file_now(struct broker *b)
{
    struct timespec t;
    (void)b;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum broker_status file_start(struct broker *base, struct broker_error *error)
{
    struct broker_file *b = of(base);
    if (!file_topics_init(&b->topics, b->program, error))
        return BROKER_REFUSED;
    inner_init(&b->inner, b->program);
    return file_resume(b->settings, &b->logs, &b->times, &b->lock, error) && file_inputs_start(&b->inputs, error)
               ? BROKER_OK
               : BROKER_FATAL;
}

// Nothing comes or goes: a task is made with its first record. Only timers, and who asks for its rows, need it before.
static void file_listen(struct broker *base, int worker, const struct broker_listener *listener, void *arg)
{
    struct broker_file *b = of(base);
    const struct weir_program *p = b->program;
    bool early = p->timer_count > 0 || b->settings->http;
    (void)worker;
    for (int i = 0; early && i < p->source_count; i++) {
        struct broker_partition one = {.source = i, .topic = p->sources[i].topics[0]};
        int32_t count = p->sources[i].global ? 0 : file_topics_partitions_of(&b->topics, i);
        for (; one.partition < count; one.partition++)
            listener->assigned(arg, &one, 1);
    }
}

// The record that was taken last, and all that it sent to repartition topics, is done.
static void finish_under_way(struct broker_file *b)
{
    if (!b->under_way || b->inner.count)
        return;
    struct file_lane *lane = file_input_lane(b->under_way, b->under_way_partition);
    lane->done = lane->taken;
    b->under_way = NULL;
}

enum delivered { TAKEN, NOT_WANTED, NONE, FAILED };

static enum delivered deliver_inner(struct broker_file *b, broker_record_fn *fn, void *arg)
{
    struct broker_delivery d = {0};
    d.source = inner_next(&b->inner, &d.record);
    if (!fn(arg, &d))
        return NOT_WANTED;
    inner_take(&b->inner, d.source);
    return TAKEN;
}

static enum delivered deliver(struct broker_file *b, broker_record_fn *fn, void *arg, struct broker_error *error)
{
    struct broker_delivery d = {0};
    if (b->inner.count)
        return deliver_inner(b, fn, arg);
    finish_under_way(b);
    struct file_lane *lane;
    struct file_input *in = b->next_input;
    bool failed = false;
    if (b->next_source >= 0)
        lane = file_input_lane(in, b->next_partition);
    else
        in = file_inputs_next(&b->inputs, file_now(&b->base), &lane, &failed, error);
    if (!in)
        return failed ? FAILED : NONE;
    struct file_entry *entry = file_lane_head(lane);
    d.source = b->next_source >= 0 ? b->next_source : entry->source;
    d.again = b->next_source >= 0;
    file_record_read(&b->arena, &b->program->sources[d.source], in, entry, &d);
    snprintf(b->place, sizeof b->place, "%s:%lld", in->path, (long long)entry->number);
    d.place = b->place;
    if (!fn(arg, &d))
        return NOT_WANTED;
    b->next_source = file_input_next_source(in, entry, d.source);
    b->next_input = in;
    b->next_partition = lane->partition;
    if (b->next_source >= 0)
        return TAKEN;
    file_lane_take(lane);
    b->under_way = in;
    b->under_way_partition = lane->partition;
    b->taken = b->dirty = true;
    return TAKEN;
}

static void tidy(struct broker_file *b)
{
    if (b->inner.count == 0)
        weir_ctx_reset(&b->arena);
    for (struct file_input *in = b->inputs.first; in; in = in->next)
        file_input_tidy(in);
}

// Nothing is left: what was written goes into the files, one of which may be an input.
static enum broker_status idle(struct broker_file *b, int timeout_ms, struct broker_error *error)
{
    if (!b->settings->exactly_once && !file_outputs_flush(&b->outputs, &b->wrote, error))
        return BROKER_FATAL;
    bool wrote = b->wrote, over = file_inputs_over(&b->inputs);
    b->wrote = false;
    if (over && b->outputs.waiting)
        return BROKER_END; // for the commit, which writes it
    if (!wrote && over) {
        if (b->inputs.resumed && !b->taken)
            log_info(b->program->app, "nothing new since the last run; --reset starts over");
        return BROKER_END;
    }
    if (!wrote)
        file_inputs_wait(&b->inputs, timeout_ms);
    return file_inputs_look_again(&b->inputs, error) ? BROKER_OK : BROKER_FATAL;
}

static enum broker_status file_poll(struct broker *base, int worker, int max, int timeout_ms, broker_record_fn *fn,
                                    void *arg, int *count, struct broker_error *error)
{
    struct broker_file *b = of(base);
    enum { WAITS_AT_MOST = 16 << 20 }; // bytes for a commit
    enum delivered result = TAKEN;
    (void)worker;
    tidy(b);
    for (*count = 0; *count < max; ++*count) {
        result = deliver(b, fn, arg, error);
        if (result != TAKEN)
            break;
    }
    atomic_store_explicit(&b->waiting, file_inputs_lag(&b->inputs), memory_order_relaxed);
    if (result == FAILED)
        return BROKER_FATAL;
    if (*count > 0 && b->settings->exactly_once && b->outputs.waiting > WAITS_AT_MOST)
        return BROKER_END;
    return result == NONE && *count == 0 ? idle(b, timeout_ms, error) : BROKER_OK;
}

static enum broker_status file_drain(struct broker *base, int worker, broker_record_fn *fn, void *arg, int *count,
                                     struct broker_error *error)
{
    struct broker_file *b = of(base);
    (void)worker;
    (void)error;
    for (*count = 0; b->inner.count && deliver_inner(b, fn, arg) == TAKEN; ++*count) {
    }
    return BROKER_OK;
}

static enum broker_status file_send(struct broker *base, int worker, struct weir_str topic, int32_t partition,
                                    const struct weir_out *out, struct broker_error *error)
{
    struct broker_file *b = of(base);
    const struct weir_sink *sink = out->sink >= 0 ? &b->program->sinks[out->sink] : NULL;
    const struct weir_source *source = sink ? NULL : &b->program->sources[~out->sink];
    struct weir_buf line;
    (void)worker;
    if (partition < 0)
        partition = !out->key.p ? 0
                                : partition_of_serde(sink ? sink->key : source->key, out->key,
                                                     file_topics_partitions(&b->topics, topic));
    if (sink && sink->internal) {
        inner_put(&b->inner, &b->arena, file_topics_internal(&b->topics, topic), partition, out);
        return BROKER_OK;
    }
    weir_ctx_reset(&b->scratch);
    weir_buf_init(&b->scratch, &line, 512);
    file_line_put(&line, sink ? sink->key : source->key, sink ? sink->value : source->value, out, partition);
    if (b->scratch.bad) {
        snprintf(error->text, sizeof error->text, "%s", b->scratch.bad);
        return BROKER_REFUSED;
    }
    b->dirty = true;
    return file_outputs_put(&b->outputs, topic, weir_buf_str(&line), error) ? BROKER_OK : BROKER_FATAL;
}

static int32_t file_partitions(struct broker *base, int worker, struct weir_str topic)
{
    (void)worker;
    return file_topics_partitions(&of(base)->topics, topic);
}

static enum broker_status file_log(struct broker *base, int worker, int store, int32_t partition, struct weir_str key,
                                   struct weir_str value, int64_t timestamp, struct broker_error *error)
{
    struct broker_file *b = of(base);
    (void)worker;
    if (b->settings->transient)
        return BROKER_OK;
    b->dirty = true;
    return file_logs_put(&b->logs, store, partition, key, value, timestamp, error);
}

static enum broker_status restore(struct broker_file *b, struct broker_log *log, struct broker_error *error)
{
    int source = b->program->stores[log->store].changelog_source;
    if (source >= 0 && b->program->sources[source].global)
        return file_source_log_restore_all(&b->inputs, source, log, error);
    return source >= 0 ? file_source_log_restore(&b->inputs, source, log, error)
                       : file_logs_restore(&b->logs, log, error);
}

// All in one slice.
static enum broker_status file_restore(struct broker *base, int worker, struct broker_restore *r,
                                       struct broker_error *error)
{
    (void)worker;
    for (size_t i = 0; i < r->count; i++) {
        struct broker_log *log = &r->logs[i];
        log->status = of(base)->settings->transient ? BROKER_OK : restore(of(base), log, error);
        if (log->status == BROKER_FATAL)
            return BROKER_FATAL;
    }
    return BROKER_OK;
}

static enum broker_status file_log_end(struct broker *base, int worker, int store, int32_t partition, int64_t *end,
                                       struct broker_error *error)
{
    struct broker_file *b = of(base);
    int source = b->program->stores[store].changelog_source;
    (void)worker;
    (void)error;
    *end = source >= 0 ? file_source_log_end(&b->inputs, source, partition) : file_logs_end(&b->logs, store);
    return BROKER_OK;
}

static int64_t file_stored_time(struct broker *base, int worker, int store, int input, int32_t partition)
{
    (void)worker;
    return file_times_get(&of(base)->times, observer_number(of(base)->program, store, input), partition);
}

static void file_store_time(struct broker *base, int worker, int store, int input, int32_t partition, int64_t time)
{
    struct broker_file *b = of(base);
    (void)worker;
    file_times_set(&b->times, observer_number(b->program, store, input), partition, time);
    b->dirty = true;
}

// Positions and state are stored in one step; under exactly_once what was written before it is taken back if it does not come to that.
static bool save(struct broker_file *b, struct broker_error *error)
{
    bool exactly = b->settings->exactly_once && b->outputs.waiting && !b->settings->transient &&
                   file_offsets_wanted(b->inputs.first);
    if (exactly && !file_journal_begin(b->settings, &b->outputs, error))
        return false;
    if (!file_outputs_flush(&b->outputs, &b->wrote, error) || !file_logs_flush(&b->logs, error))
        return false;
    if (b->dirty && !b->settings->transient &&
        !file_offsets_save(b->settings, b->inputs.first, &b->outputs, &b->logs, &b->times)) {
        snprintf(error->text, sizeof error->text, "%s/%s/offsets: %s", b->settings->state_dir, b->settings->app,
                 strerror(errno));
        return false;
    }
    if (exactly)
        file_journal_end(b->settings);
    return true;
}

static enum broker_status file_commit(struct broker *base, int worker, struct broker_error *error)
{
    struct broker_file *b = of(base);
    (void)worker;
    finish_under_way(b);
    if (!save(b, error))
        return BROKER_FATAL;
    b->dirty = false;
    return BROKER_OK;
}

static bool file_at_end(struct broker *base, int worker, int subtopology, int32_t partition)
{
    struct broker_file *b = of(base);
    (void)worker;
    (void)subtopology;
    (void)partition;
    return b->inner.count == 0 && file_inputs_lag(&b->inputs) == 0;
}

static void file_swap(struct broker *base, const struct weir_program *program)
{
    struct broker_file *b = of(base);
    b->program = b->topics.program = b->inner.program = b->logs.program = program;
}

static void file_wake(struct broker *base)
{
    file_watch_wake(&of(base)->inputs.watch);
}

static int64_t file_lag(struct broker *base, broker_lag_fn *each, void *arg)
{
    (void)each, (void)arg;
    return atomic_load_explicit(&of(base)->waiting, memory_order_relaxed);
}

static void file_close(struct broker *base)
{
    struct broker_file *b = of(base);
    file_inputs_free(&b->inputs);
    file_outputs_free(&b->outputs);
    file_logs_free(&b->logs);
    file_times_free(&b->times);
    inner_free(&b->inner);
    if (b->lock >= 0)
        close(b->lock);
    file_topics_free(&b->topics);
    weir_ctx_free(&b->arena);
    weir_ctx_free(&b->scratch);
    free(b);
}

struct broker *broker_file_new(const struct weir_program *program, const struct settings *settings)
{
    static const struct broker_ops ops = {
        .start = file_start,
        .listen = file_listen,
        .poll = file_poll,
        .send = file_send,
        .partitions = file_partitions,
        .log = file_log,
        .restore = file_restore,
        .log_end = file_log_end,
        .drain = file_drain,
        .stored_time = file_stored_time,
        .store_time = file_store_time,
        .commit = file_commit,
        .at_end = file_at_end,
        .now = file_now,
        .swap = file_swap,
        .wake = file_wake,
        .lag = file_lag,
        .close = file_close,
    };
    struct broker_file *b = memory_new(sizeof *b);
    b->base.ops = &ops;
    b->program = program;
    b->settings = settings;
    b->next_source = b->lock = -1;
    weir_ctx_init(&b->arena);
    weir_ctx_init(&b->scratch);
    file_inputs_init(&b->inputs, settings, &b->topics);
    file_outputs_init(&b->outputs, settings);
    file_logs_init(&b->logs, program, settings);
    return &b->base;
}
