#include "file_source_log.h"

static const struct file_input *input_of(const struct file_inputs *inputs, int source)
{
    const char *topic = inputs->topics->program->sources[source].topics[0];
    for (const struct file_input *in = inputs->first; in; in = in->next) {
        if (strcmp(in->topic, topic) == 0)
            return in;
    }
    return NULL;
}

int64_t file_source_log_end(const struct file_inputs *inputs, int source, int32_t partition)
{
    const struct file_input *in = input_of(inputs, source);
    for (int i = 0; in && !in->pipe && i < in->lane_count; i++) {
        if (in->lanes[i].partition == partition)
            return file_lane_position(in, &in->lanes[i]).end;
    }
    return 0;
}

struct reader {
    struct file_input *in;
    struct weir_ctx arena, lines;
    const struct weir_source *source;
    const struct broker_log *log;
    int64_t end;
};

// What was no record, or not what the serdes say, was a bad record the first time.
static bool give(struct reader *r, const struct file_entry *entry)
{
    struct weir_ctx *w = &r->arena;
    weir_ctx_reset(w);
    struct weir_str key = file_line_key(w, r->source->key, &entry->line);
    struct weir_str value = w->bad ? WEIR_NULL_STR : file_line_bytes(w, r->source->value, entry->line.value);
    return w->bad || r->log->fn(r->log->arg, key, value, entry->line.timestamp, entry->end - 1, r->end);
}

// All that is in lanes. False: behind the end, or the reader has had enough.
static bool take_lanes(struct reader *r)
{
    bool on = true;
    for (int i = 0; i < r->in->lane_count; i++) {
        struct file_lane *lane = &r->in->lanes[i];
        for (struct file_entry *entry; (entry = file_lane_head(lane)); file_lane_take(lane)) {
            bool wanted =
                on && lane->partition == r->log->partition && entry->end > r->log->from && entry->end <= r->end;
            if (wanted && !entry->broken)
                on = give(r, entry);
        }
    }
    return on && r->in->parsed.end < r->end;
}

static enum broker_status read_file(struct reader *r, struct broker_error *error)
{
    bool on = true;
    while (on && !r->in->at_end) {
        if (!file_input_fill(r->in, &r->lines, true, 0, error))
            return BROKER_FATAL;
        on = take_lanes(r);
        file_input_tidy(r->in);
    }
    return BROKER_OK;
}

enum broker_status file_source_log_restore(const struct file_inputs *inputs, int source, struct broker_log *log,
                                           struct broker_error *error)
{
    const struct file_input *known = input_of(inputs, source);
    struct reader r = {.source = &inputs->topics->program->sources[source],
                       .log = log,
                       .end = file_source_log_end(inputs, source, log->partition)};
    if (log->from > r.end)
        return BROKER_REFUSED;
    if (log->from == r.end)
        return BROKER_OK;
    r.in = file_input_new(inputs->topics, known->topic, known->path);
    weir_ctx_init(&r.arena);
    weir_ctx_init(&r.lines);
    enum broker_status status = file_input_open(r.in) ? read_file(&r, error) : BROKER_OK;
    file_input_free(r.in);
    weir_ctx_free(&r.arena);
    weir_ctx_free(&r.lines);
    log->from = r.end;
    return status;
}

enum broker_status file_source_log_restore_all(const struct file_inputs *inputs, int source,
                                               const struct broker_log *log, struct broker_error *error)
{
    const struct file_input *in = input_of(inputs, source);
    enum broker_status status = BROKER_OK;
    for (int i = 0; in && i < in->lane_count && status == BROKER_OK; i++) {
        struct broker_log lane = *log;
        lane.partition = in->lanes[i].partition;
        lane.from = 0;
        status = file_source_log_restore(inputs, source, &lane, error);
    }
    return status;
}
