// From the text of a file to records that wait: each line goes into the lane of its partition.
#include <stdlib.h>

#include "file_input.h"
#include "log.h"
#include "memory.h"
#include "partition.h"

static int32_t partition_of(struct file_input *in, struct weir_ctx *w, const struct file_entry *entry)
{
    const struct weir_source *source = &in->topics->program->sources[entry->source];
    if (entry->line.partition >= 0 || source->partitions <= 1)
        return entry->line.partition < 0 ? 0 : entry->line.partition;
    struct weir_str key = file_line_key(w, source->key, &entry->line);
    if (source->partitioner && !w->bad)
        return source->partitioner(w, key, file_line_bytes(w, source->value, entry->line.value), source->partitions);
    return w->bad || !key.p ? 0 : partition_of_serde(source->key, key, source->partitions);
}

static void put_entry(struct file_input *in, struct weir_ctx *w, struct file_entry *entry)
{
    const struct weir_source *source = &in->topics->program->sources[entry->source];
    int32_t partition = entry->broken ? 0 : partition_of(in, w, entry);
    if (!entry->broken && source->partitions && partition >= source->partitions)
        entry->broken = memory_format("partition %d does not exist: source `%s` says that there are %d", (int)partition,
                                      source->name, source->partitions);
    if (entry->broken || w->bad || partition < 0)
        partition = 0; // what is wrong with the key shows when it is delivered
    w->bad = NULL;
    entry->line.partition = partition;
    struct file_lane *lane = file_input_lane(in, file_input_is_feed(in) ? 0 : partition);
    if (entry->end > lane->taken.end)
        file_lane_put(lane, entry);
    else
        free(entry->broken);
}

static void put_feed_entry(struct file_input *in, struct weir_ctx *w, struct file_entry *entry)
{
    int source = entry->broken ? 0 : file_topics_source(in->topics, entry->line.topic, 0);
    if (source < 0) {
        log_warning(in->topics->program->app, "%s:%lld: no source reads topic \"%.*s\": this record is left out",
                    in->path, (long long)entry->number, (int)entry->line.topic.n, entry->line.topic.p);
        return;
    }
    entry->source = source;
    put_entry(in, w, entry);
}

static bool is_blank(struct weir_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!strchr(" \t\r", text.p[i]))
            return false;
    }
    return true;
}

static void put_line(struct file_input *in, struct weir_ctx *w, struct file_chunk *chunk, struct weir_str text,
                     int64_t now)
{
    bool feed = file_input_is_feed(in);
    struct file_entry entry = {.chunk = chunk,
                               .text = text,
                               .source = feed ? 0 : in->sources[0],
                               .number = in->parsed.number,
                               .end = in->parsed.end};
    if (is_blank(text))
        return;
    if (!file_line_read(w, text, &entry.line) || (feed && !entry.line.topic.p)) {
        entry.broken = memory_format("not a record: %s", w->bad ? w->bad : "it has no \"topic\"");
        entry.line = (struct file_line){.timestamp = in->newest, .timed = true};
        w->bad = NULL;
    }
    if (!entry.line.timed)
        entry.line.timestamp = now;
    in->newest = entry.line.timestamp;
    if (feed)
        put_feed_entry(in, w, &entry);
    else
        put_entry(in, w, &entry);
}

void file_input_parse(struct file_input *in, struct weir_ctx *w, bool final, int64_t now)
{
    struct file_chunk *chunk = in->last;
    while (chunk->parsed < chunk->used) {
        const char *begin = chunk->text + chunk->parsed;
        size_t left = chunk->used - chunk->parsed;
        const char *newline = memchr(begin, '\n', left);
        if (!newline && !final)
            return;
        size_t n = newline ? (size_t)(newline - begin) : left;
        size_t whole = n + (newline != NULL);
        chunk->parsed += whole;
        in->parsed.end += (int64_t)whole;
        in->parsed.number++;
        put_line(in, w, chunk, (struct weir_str){begin, n}, now);
    }
}
