// What becomes of a record that cannot be decoded or evaluated.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "iso_time.h"
#include "json_text.h"
#include "log.h"
#include "memory.h"
#include "store.h"
#include "store_held.h"
#include "task_failure.h"
#include "worker.h"

enum { SHOWN_BYTES = 1000, SHOWN_AT_ONCE = 10, SHOWN_EVERY_MS = 1000 };

static const char *advice(const struct worker *k, enum bad_policy policy)
{
    if (policy == BAD_FAIL && task_failure_is_retried(k))
        return "bad_records is `fail`, and on_failure `retry`; --set bad_records=skip goes on without such records, "
               "--set bad_records=\"dead_letter TOPIC\" keeps them in a topic";
    switch (policy) {
    case BAD_FAIL:
        return "stopped here: bad_records is `fail`; --set bad_records=skip goes on without such records, "
               "--set bad_records=\"dead_letter TOPIC\" keeps them in a topic";
    case BAD_SKIP: return "skipped";
    case BAD_DEAD_LETTER: break;
    }
    return "sent to the dead letter topic";
}

// What is bad: a record that came in, a change of a store's row, or what a timer did.
struct origin {
    const char *source, *store, *timer; // all but one are NULL
    const char *place;
    const struct weir_record
        *record; // of a change: key, value and partition only; of a timer: when it fired, and partition
    const struct weir_serde *key, *value; // NULL: shown as they are
};

static struct origin origin_of(const struct worker *k, const struct broker_delivery *d)
{
    const struct weir_source *source = &k->program->sources[d->source];
    return (struct origin){.source = source->name,
                           .place = d->place,
                           .record = &d->record,
                           .key = d->broken ? NULL : source->key,
                           .value = d->broken ? NULL : source->value};
}

static void put_quoted(struct weir_buf *b, const char *what, struct weir_str name)
{
    weir_put_text(b, what);
    weir_put_text(b, " `");
    weir_put(b, name.p, name.n);
    weir_put_text(b, "`");
}

static void put_timer(struct weir_buf *b, const struct origin *o)
{
    char number[32], time[ISO_ROOM];
    snprintf(number, sizeof number, ", partition %d, at ", (int)o->record->partition);
    put_quoted(b, "timer", (struct weir_str){o->timer, strlen(o->timer)});
    weir_put_text(b, number);
    weir_put(b, time, iso_put_timestamp(time, o->record->timestamp));
}

static void put_place(struct weir_buf *b, const struct origin *o)
{
    char number[96];
    if (o->timer) {
        put_timer(b, o);
        return;
    }
    if (o->store) {
        snprintf(number, sizeof number, ", partition %d", (int)o->record->partition);
        put_quoted(b, "store", (struct weir_str){o->store, strlen(o->store)});
        weir_put_text(b, number);
        return;
    }
    snprintf(number, sizeof number, ", partition %d, offset %" PRId64, (int)o->record->partition, o->record->offset);
    put_quoted(b, "topic", o->record->topic);
    weir_put_text(b, number);
    if (o->place) {
        weir_put_text(b, " (");
        weir_put_text(b, o->place);
        weir_put_text(b, ")");
    }
    put_quoted(b, ", source", (struct weir_str){o->source, strlen(o->source)});
}

static void put_shown(struct weir_buf *b, const struct weir_serde *serde, struct weir_str bytes)
{
    size_t before = b->n;
    json_text_put(b, serde, bytes);
    if (b->n - before > SHOWN_BYTES) {
        b->n = before + SHOWN_BYTES;
        while (b->n > before && ((unsigned char)b->p[b->n] & 0xC0) == 0x80)
            b->n--; // not in the middle of a code point
        char rest[48];
        snprintf(rest, sizeof rest, "... (%zu bytes in all)", bytes.n);
        weir_put_text(b, rest);
    }
}

static void report_text(struct worker *k, const struct origin *o, const char *why, const char *cause,
                        const char *what_now)
{
    struct weir_buf b;
    weir_buf_init(&k->w, &b, 1024);
    weir_put_text(&b, k->program->app);
    weir_put_text(&b, ": bad record: ");
    put_place(&b, o);
    weir_put_text(&b, "\n  cause: ");
    weir_put_text(&b, cause);
    weir_put_text(&b, ": ");
    weir_put_text(&b, why);
    if (!o->timer) {
        weir_put_text(&b, "\n  key:   ");
        put_shown(&b, o->key, o->record->key);
        weir_put_text(&b, "\n  value: ");
        put_shown(&b, o->value, o->record->value);
    }
    weir_put_text(&b, "\n  ");
    weir_put_text(&b, what_now);
    weir_put_text(&b, "\n");
    log_bytes(b.p, b.n);
}

static void put_topic(struct weir_buf *b, const struct origin *o)
{
    char number[96];
    if (o->timer) {
        snprintf(number, sizeof number, ",\"partition\":%d,\"time\":%" PRId64, (int)o->record->partition,
                 o->record->timestamp);
    } else if (o->store) {
        snprintf(number, sizeof number, ",\"partition\":%d", (int)o->record->partition);
    } else {
        weir_put_lit(b, ",\"topic\":");
        json_text_put_string(b, o->record->topic);
        snprintf(number, sizeof number, ",\"partition\":%d,\"offset\":%" PRId64, (int)o->record->partition,
                 o->record->offset);
    }
    weir_put_text(b, number);
}

static const char *name_of(const struct origin *o)
{
    return o->timer ? o->timer : o->store ? o->store : o->source;
}

static void report_json(struct worker *k, const struct origin *o, const char *why, const char *cause,
                        const char *policy)
{
    struct weir_buf b;
    weir_buf_init(&k->w, &b, 1024);
    weir_put_text(&b, "\"event\":\"bad_record\"");
    json_text_put_member(&b, o->timer ? "timer" : o->store ? "store" : "source", name_of(o));
    put_topic(&b, o);
    if (o->place)
        json_text_put_member(&b, "place", o->place);
    json_text_put_member(&b, "cause", cause);
    json_text_put_member(&b, "message", why);
    if (!o->timer) {
        weir_put_text(&b, ",\"key\":");
        json_text_put(&b, o->key, o->record->key);
        weir_put_text(&b, ",\"value\":");
        json_text_put(&b, o->value, o->record->value);
    }
    json_text_put_member(&b, "policy", policy);
    log_event(k->settings->bad_policy == BAD_FAIL ? LEVEL_ERROR : LEVEL_WARNING, k->program->app, weir_buf_str(&b));
}

// The first are all reported, then one a second: a topic full of them must not drown everything else.
static bool is_to_be_shown(struct worker *k)
{
    int64_t now = commit_clock();
    if (k->settings->bad_policy == BAD_FAIL || k->bad_shown < SHOWN_AT_ONCE ||
        now - k->bad_shown_at >= SHOWN_EVERY_MS) {
        if (k->bad_hidden)
            log_warning(k->program->app, "%" PRIu64 " more bad records were not shown", k->bad_hidden);
        k->bad_hidden = 0;
        k->bad_shown++;
        k->bad_shown_at = now;
        return true;
    }
    k->bad_hidden++;
    return false;
}

static struct weir_header header(const char *name, struct weir_str value)
{
    return (struct weir_header){{name, strlen(name)}, value};
}

static struct weir_str formatted(struct weir_ctx *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static struct weir_str formatted(struct weir_ctx *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = memory_format_list(format, args);
    va_end(args);
    size_t n = strlen(text);
    char *copy = memcpy(weir_alloc(w, n + 1), text, n + 1);
    free(text);
    return (struct weir_str){copy, n};
}

// The record as it came, with the headers that Kafka Streams gives a dead letter (ExceptionHandlerUtils) behind its own.
static bool send_dead_letter(struct worker *k, const struct broker_delivery *d, const char *why, const char *cause)
{
    struct weir_ctx *w = &k->w;
    const struct weir_record *r = &d->record;
    const struct weir_source *source = &k->program->sources[d->source];
    struct weir_header *headers = weir_alloc(w, (r->header_count + 6) * sizeof *headers);
    size_t n = r->header_count;
    if (n)
        memcpy(headers, r->headers, n * sizeof *headers);
    headers[n++] = header("__streams.errors.exception", formatted(w, "%s: %s", cause, why));
    headers[n++] = header("__streams.errors.message", (struct weir_str){why, strlen(why)});
    // The file without its folder: where a program was compiled is nothing to tell a topic.
    const char *slash = strrchr(k->program->file, '/');
    headers[n++] = header("__streams.errors.stacktrace", formatted(w, "app %s, source %s (%s)", k->program->app,
                                                                   source->name, slash ? slash + 1 : k->program->file));
    headers[n++] = header("__streams.errors.topic", r->topic);
    headers[n++] = header("__streams.errors.partition", formatted(w, "%d", (int)r->partition));
    headers[n++] = header("__streams.errors.offset", formatted(w, "%" PRId64, r->offset));
    struct weir_out out = {.sink = ~d->source,
                           .key = r->key,
                           .value = r->value,
                           .timestamp = r->timestamp,
                           .headers = headers,
                           .header_count = n};
    struct broker_error error = {""};
    struct weir_str topic = {k->settings->dead_letter, strlen(k->settings->dead_letter)};
    enum broker_status status;
    do
        status = k->broker->ops->send(k->broker, k->id, topic, -1, &out, &error);
    while (status == BROKER_RETRY);
    if (status == BROKER_OK) {
        stats_count(&k->counters->out, 1);
        return true;
    }
    worker_fail(k, status, "sending to the dead letter topic \"%s\" failed: %s", k->settings->dead_letter, error.text);
    return false;
}

bool bad_record_forward(struct worker *k, const struct broker_delivery *d)
{
    const char *why = k->w.bad;
    k->w.bad = NULL;
    return send_dead_letter(k, d, why, stats_cause_name(k->w.cause));
}

// Counts and shows it; POLICY is what becomes of it. Clears the failure. T (NULL: none): whose it is.
static void report(struct worker *k, const struct task *t, const struct origin *o, enum bad_policy policy)
{
    static const char *const names[] = {[BAD_FAIL] = "fail", [BAD_SKIP] = "skip", [BAD_DEAD_LETTER] = "dead_letter"};
    const char *why = k->w.bad, *cause = stats_cause_name(k->w.cause);
    stats_count(&k->counters->bad[k->w.cause], 1);
    k->w.bad = NULL; // what follows works in the same context
    if (is_to_be_shown(k)) {
        if (k->settings->log_json)
            report_json(k, o, why, cause, names[policy]);
        else
            report_text(k, o, why, cause, advice(k, policy));
    }
    k->w.bad = NULL;
    if (policy != BAD_FAIL)
        return;
    k->exit = RUNTIME_WRONG;
    task_failure_note(k, t);
}

bool bad_record(struct worker *k, const struct broker_delivery *d)
{
    const char *why = k->w.bad, *cause = stats_cause_name(k->w.cause);
    struct origin origin = origin_of(k, d);
    stats_count(&k->counters->sources[d->source].bad[k->w.cause], 1);
    report(k, task_known(k, d->source, d->record.partition), &origin, k->settings->bad_policy);
    if (k->settings->bad_policy == BAD_DEAD_LETTER)
        send_dead_letter(k, d, why, cause);
    return k->exit == RUNTIME_DONE;
}

// Where no one record is bad by itself there is nothing to send to a dead letter topic.
static enum bad_policy policy_without_record(const struct worker *k)
{
    return k->settings->bad_policy == BAD_FAIL ? BAD_FAIL : BAD_SKIP;
}

bool bad_timer(struct worker *k, const struct weir_timer *timer, const struct weir_record *record)
{
    struct origin origin = {.timer = timer->name, .record = record};
    report(k, k->w.owner, &origin, policy_without_record(k));
    return k->exit == RUNTIME_DONE;
}

bool bad_change(struct worker *k, struct store *s, const struct row *row)
{
    struct weir_try failed = weir_try_begin(&k->w);
    struct weir_record record = {.partition = s->task->partition};
    if (s->due) {
        held_show(s, row, &record.key, &record.value);
    } else {
        record.key = row_key(s, row);
        record.value = row_value(s, row);
    }
    struct origin origin = {
        .store = s->what->name, .record = &record, .key = s->what->key_serde, .value = s->what->value_serde};
    if (weir_try_end(&k->w, failed))
        record.value = WEIR_NULL_STR;
    report(k, s->task, &origin, policy_without_record(k));
    return k->exit == RUNTIME_DONE;
}

void weir_null_key(struct weir_ctx *w)
{
    weir_fail(w, WEIR_BAD_NULL_KEY, "`key` is null");
}

void weir_drop_negative_time(struct weir_ctx *w, int64_t time)
{
    (void)time;
    stats_count(&((struct task *)w->owner)->worker->counters->dropped, 1);
}
