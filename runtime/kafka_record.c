#include "kafka_record.h"

#include <stdlib.h>

#include "memory.h"

// ---- as they are ----

// Asking librdkafka for headers costs 100 ns even where there are none, as it sets up a parser first. In the records of every broker since
// 0.11 the header count follows the value, in the same buffer, and librdkafka (by its source, from 2.0.2 to 2.15) hands out pointers into
// that buffer: a zero there means none. In older records the byte means nothing, but those have no headers.
static bool has_no_headers(const rd_kafka_message_t *m)
{
#ifdef __SANITIZE_ADDRESS__
    (void)m; // an old record may be the last thing in its buffer
    return false;
#else
    enum { FIRST = 0x02000200, LAST = 0x020f00ff, PAGE = 4096 };
    const char *end = m->payload ? (const char *)m->payload + m->len : NULL;
    if (!m->len || ((uintptr_t)end & (PAGE - 1)) == 0) // an empty value points elsewhere; a new page may be nobody's
        return false;
    int version = rd_kafka_version();
    return version >= FIRST && version <= LAST && *end == 0;
#endif
}

static void read_headers(struct kafka_worker *w, const rd_kafka_message_t *m, struct weir_record *r)
{
    rd_kafka_headers_t *headers; // librdkafka's, as long as the message
    if (WEIR_LIKELY(has_no_headers(m)) || rd_kafka_message_headers(m, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    size_t count = rd_kafka_header_cnt(headers);
    if (count > w->header_room) {
        w->headers = memory_resize(w->headers, count * sizeof *w->headers);
        w->header_room = count;
    }
    for (size_t i = 0; i < count; i++) {
        const char *name;
        const void *value;
        size_t size;
        rd_kafka_header_get_all(headers, i, &name, &value, &size);
        w->headers[i] = (struct weir_header){{name, strlen(name)}, {value, value ? size : 0}};
    }
    r->headers = w->headers;
    r->header_count = count;
}

// Written in place, field by field: copying what has just been written in smaller pieces stalls the processor. librdkafka gives empty keys and
// values a pointer, and null ones none.
void kafka_record_read(struct broker_delivery *d, struct kafka_worker *w, const struct kafka_input *input,
                       const rd_kafka_message_t *m)
{
    struct weir_record *r = &d->record;
    d->source = input->sources[0];
    r->key.p = m->key;
    r->key.n = m->key_len;
    r->value.p = m->payload;
    r->value.n = m->len;
    r->timestamp = rd_kafka_message_timestamp(m, NULL);
    r->offset = m->offset;
    r->partition = m->partition;
    r->topic.p = input->topic;
    r->topic.n = input->topic_size;
    r->headers = NULL;
    r->header_count = 0;
    read_headers(w, m, r);
    d->broken = d->place = NULL;
}

// ---- waiting ----

static size_t round_up(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

static size_t size_of(const struct weir_record *r)
{
    size_t size = r->key.n + r->value.n + r->header_count * sizeof *r->headers;
    for (size_t i = 0; i < r->header_count; i++)
        size += r->headers[i].name.n + r->headers[i].value.n;
    return round_up(size);
}

static char *copy_bytes(char *to, struct weir_str *s)
{
    if (!s->p)
        return to;
    memcpy(to, s->p, s->n);
    s->p = to;
    return to + s->n;
}

// Copies what R points to behind the others.
static void put(struct kafka_ahead *a, struct weir_record *r, size_t size)
{
    struct weir_header *headers = (struct weir_header *)(a->memory + a->used); // first, for its alignment
    char *to = (char *)(headers + r->header_count);
    a->used += size;
    to = copy_bytes(to, &r->key);
    to = copy_bytes(to, &r->value);
    for (size_t i = 0; i < r->header_count; i++) {
        headers[i] = r->headers[i];
        to = copy_bytes(to, &headers[i].name);
        to = copy_bytes(to, &headers[i].value);
    }
    r->headers = headers;
}

static void make_room(struct kafka_ahead *a, size_t size)
{
    char *before = a->memory;
    a->room = KAFKA_AHEAD_BYTES + size;
    a->memory = memory_resize(NULL, a->room);
    a->used = 0;
    for (int i = a->at; i < a->count; i++)
        put(a, &a->records[i].record, size_of(&a->records[i].record));
    free(before);
}

bool kafka_record_wait(struct kafka_worker *w, struct kafka_input *input, const rd_kafka_message_t *m)
{
    struct kafka_ahead *a = &w->ahead;
    if (a->at == a->count) {
        a->at = a->count = 0;
        a->used = 0;
    }
    struct broker_delivery *d = &a->records[a->count];
    kafka_record_read(d, w, input, m);
    size_t size = size_of(&d->record);
    if (WEIR_UNLIKELY(size >= a->room - a->used)) // what is empty points somewhere, too
        make_room(a, size);
    put(a, &d->record, size);
    a->inputs[a->count++] = input;
    return a->count == KAFKA_AHEAD || a->used >= KAFKA_AHEAD_BYTES;
}

void kafka_record_leave(struct kafka_worker *w)
{
    struct kafka_ahead *a = &w->ahead;
    int kept = a->at;
    for (int i = a->at; i < a->count; i++) {
        if (a->inputs[i]->leaving) {
            a->source = i == a->at ? 0 : a->source;
            continue;
        }
        a->inputs[kept] = a->inputs[i];
        a->records[kept++] = a->records[i];
    }
    a->count = kept;
}

void kafka_record_drop(struct kafka_worker *w)
{
    w->ahead.at = w->ahead.count = w->ahead.source = 0;
    w->ahead.used = 0;
}
