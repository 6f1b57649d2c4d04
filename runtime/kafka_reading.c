#include "kafka_reading.h"

#include <unistd.h>

#include "kafka_bounds.h"
#include "kafka_reader.h"
#include "kafka_standby.h"

void kafka_reading_finish(struct reading *r, struct part *p, enum broker_status status)
{
    if (p->done)
        return;
    p->done = true;
    r->open--;
    p->log->status = status;
    if (status == BROKER_OK)
        p->log->from = p->stopped || p->end < p->next ? p->next : p->end;
}

void kafka_reading_fail(struct reading *r, const struct part *p, const char *why)
{
    r->status = kafka_fail(r->error, "restoring %s from topic %s, partition %d: %s", p->name, p->topic,
                           (int)p->log->partition, why);
}

// ---- where the logs begin and end ----

static int64_t committed(const struct reading *r, const struct part *p)
{
    const struct kafka_input *input = r->w->inputs;
    if (kafka_reading_is_for_copies(r)) {
        int64_t offset = kafka_standby_committed(r->w->b, p->topic, p->log->partition);
        return offset < 0 ? p->log->from : offset;
    }
    while (input && (input->partition != p->log->partition || strcmp(input->topic, p->topic) != 0))
        input = input->next;
    return input && input->start > 0 ? input->start : 0;
}

static rd_kafka_topic_partition_list_t *list_open(const struct reading *r, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)r->count);
    for (size_t i = 0; i < r->count; i++) {
        const struct part *p = &r->parts[i];
        if (!p->done && !p->has_elder)
            rd_kafka_topic_partition_list_add(list, p->topic, p->log->partition)->offset = offset;
    }
    return list;
}

// What the cluster answers for OFFSET, RD_KAFKA_OFFSET_BEGINNING or _END, of all parts that are open. NULL: nothing yet, or failed.
static rd_kafka_topic_partition_list_t *ask(struct reading *r, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = list_open(r, offset);
    // The reader stops before transactions that are under way; what they wrote is to be waited for. Copies for
    // others need not wait, and have no producer.
    rd_kafka_t *client = offset == RD_KAFKA_OFFSET_END && r->w->producer ? r->w->producer : r->reader;
    rd_kafka_resp_err_t err = kafka_bounds_ask(client, list);
    const struct part *bad = NULL;
    for (size_t i = 0; i < r->count; i++) {
        const struct part *p = &r->parts[i];
        const rd_kafka_topic_partition_t *tp = rd_kafka_topic_partition_list_find(list, p->topic, p->log->partition);
        if (tp && tp->err == err)
            bad = p;
    }
    if (!err)
        return list;
    rd_kafka_topic_partition_list_destroy(list);
    if (kafka_reader_is_final(err))
        kafka_reading_fail(r, bad ? bad : &r->parts[0], rd_kafka_err2str(err));
    else
        usleep(KAFKA_READER_PAUSE_US);
    return NULL;
}

static int64_t answer(const rd_kafka_topic_partition_list_t *list, const struct part *p)
{
    return rd_kafka_topic_partition_list_find((rd_kafka_topic_partition_list_t *)(uintptr_t)list, p->topic,
                                              p->log->partition)
        ->offset;
}

static void set_bounds(struct reading *r, struct part *p)
{
    struct broker_log *log = p->log;
    if (p->is_source) {
        // What is behind it comes as records.
        int64_t most = committed(r, p);
        p->end = most < p->end ? most : p->end;
    }
    if (log->from > 0 && (log->from < p->low || log->from > p->end)) {
        kafka_reading_finish(r, p, BROKER_REFUSED);
        return;
    }
    p->next = log->from < p->low ? p->low : log->from;
    if (p->next >= p->end)
        kafka_reading_finish(r, p, BROKER_OK);
}

void kafka_reading_bounds(struct reading *r)
{
    if (!r->lows)
        r->lows = ask(r, RD_KAFKA_OFFSET_BEGINNING);
    if (r->lows)
        r->ends = ask(r, RD_KAFKA_OFFSET_END);
    for (size_t i = 0; r->ends && i < r->count; i++) {
        struct part *p = &r->parts[i];
        if (p->done)
            continue;
        p->low = answer(r->lows, p);
        p->end = answer(r->ends, p);
        set_bounds(r, p);
    }
}
