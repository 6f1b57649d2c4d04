#include "kafka_trouble.h"

#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

#include "log.h"

static void note(struct broker_kafka *b, const char *text)
{
    pthread_mutex_lock(&b->trouble_lock);
    snprintf(b->trouble, sizeof b->trouble, "%s", text);
    char *state = strstr(b->trouble, " (after "); // how long in which state of librdkafka's
    if (state)
        *state = 0;
    pthread_mutex_unlock(&b->trouble_lock);
}

const char *kafka_trouble_text(struct broker_kafka *b, char *to, size_t size)
{
    pthread_mutex_lock(&b->trouble_lock);
    snprintf(to, size, "%s", b->trouble[0] ? b->trouble : "no answer");
    pthread_mutex_unlock(&b->trouble_lock);
    return to;
}

// librdkafka repeats itself for each broker, connection and client; what matters of these comes through on_error, once.
static bool is_chatter(const char *facility)
{
    static const char *const chatter[] = {"FAIL",   "CONFWARN", "REQTMOUT",  "TERMINATE",  "BRKDOWN",
                                          "ERROR",  "REQERR",   "RETRY",     "COMMITFAIL", "GETPID",
                                          "TXNERR", "ADDPARTS", "ADDOFFSETS"};
    for (size_t i = 0; i < sizeof chatter / sizeof *chatter; i++) {
        if (strcmp(facility, chatter[i]) == 0)
            return true;
    }
    return false;
}

static void on_log(struct broker_kafka *b, int level, const char *facility, const char *text)
{
    if (level == LOG_DEBUG) // asked for, with -X debug=...
        log_info(b->app, "librdkafka: %s: %s", facility, text);
    else if (level <= LOG_WARNING && !is_chatter(facility))
        log_warning(b->app, "librdkafka: %s", text);
}

static void on_error(struct broker_kafka *b, int error, const char *reason)
{
    switch (error) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN: // not sent in every such case; the reason came before
        atomic_store(&b->suspect, true);
        break;
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
        atomic_store(&b->suspect, true);
        note(b, reason);
        break;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM: atomic_store(&b->refused, true); // fall through
    default: note(b, reason);
    }
}

static void broker_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    on_log(rd_kafka_opaque(rk), level, facility, text);
}

static void broker_error(rd_kafka_t *rk, int error, const char *reason, void *opaque)
{
    (void)rk;
    on_error(opaque, error, reason);
}

static void worker_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    on_log(((struct kafka_worker *)rd_kafka_opaque(rk))->b, level, facility, text);
}

static void worker_error(rd_kafka_t *rk, int error, const char *reason, void *opaque)
{
    (void)rk;
    on_error(((struct kafka_worker *)opaque)->b, error, reason);
}

void kafka_trouble_of_broker(rd_kafka_conf_t *conf, struct broker_kafka *b)
{
    rd_kafka_conf_set_opaque(conf, b);
    rd_kafka_conf_set_log_cb(conf, broker_log);
    rd_kafka_conf_set_error_cb(conf, broker_error);
}

void kafka_trouble_of_worker(rd_kafka_conf_t *conf, struct kafka_worker *w)
{
    rd_kafka_conf_set_opaque(conf, w);
    rd_kafka_conf_set_log_cb(conf, worker_log);
    rd_kafka_conf_set_error_cb(conf, worker_error);
}

void kafka_trouble_probe(struct broker_kafka *b)
{
    const rd_kafka_metadata_t *md;
    // Where another broker answers, or a connection was merely idle too long, nobody needs to hear of it.
    rd_kafka_resp_err_t err = rd_kafka_metadata(b->consumer, 0, NULL, &md, 1000);
    if (!err) {
        rd_kafka_metadata_destroy(md);
        atomic_store(&b->suspect, false);
        if (b->down)
            log_info(b->app, "Kafka at %s is back", b->servers);
        b->down = false;
    } else if (!b->down) {
        char why[256];
        log_warning(b->app, "lost Kafka at %s (%s); waiting for it", b->servers,
                    kafka_trouble_text(b, why, sizeof why));
        b->down = true;
    }
}

static bool is_fenced(const struct broker_kafka *b, rd_kafka_resp_err_t err)
{
    char why[256];
    return err == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID ||
           (err == RD_KAFKA_RESP_ERR__FATAL &&
            rd_kafka_fatal_error(b->consumer, why, sizeof why) == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID);
}

enum broker_status kafka_trouble_of_group(const struct broker_kafka *b, rd_kafka_resp_err_t err, const char *what,
                                          const char *text, struct broker_error *error)
{
    char name[256] = "";
    size_t size = sizeof name;
    if (!is_fenced(b, err))
        return kafka_fail(error, "%s: %s", what, text);
    rd_kafka_conf_get(rd_kafka_conf(b->consumer), "group.instance.id", name, &size);
    return kafka_fail(error,
                      "%s: another process was started as instance %s and has taken this one's place: each needs a "
                      "name of its own (or this one has come back after more than session.timeout.ms, or Kafka without "
                      "its latest members)",
                      what, name);
}

bool kafka_trouble_is_final(rd_kafka_resp_err_t err)
{
    switch (err) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED: // a compression that this librdkafka was built without
    case RD_KAFKA_RESP_ERR__FATAL: return true;
    default: return false;
    }
}

bool kafka_trouble_ends(struct kafka_worker *w)
{
    enum { PATIENCE_MS = 20000 }; // supervisors give it 30 s
    if (!atomic_load(&w->b->base.stopping) || !atomic_load(&w->b->suspect))
        w->unanswered = 0;
    else if (w->unanswered == 0)
        w->unanswered = kafka_now();
    return w->unanswered && kafka_now() - w->unanswered >= PATIENCE_MS;
}

void kafka_trouble_fatal(struct broker_kafka *b, const struct broker_error *error)
{
    pthread_mutex_lock(&b->lock);
    if (!atomic_load(&b->failed))
        b->error = *error;
    atomic_store(&b->failed, true);
    pthread_mutex_unlock(&b->lock);
    for (int i = 0; i < b->worker_count; i++)
        rd_kafka_queue_yield(b->workers[i].queue);
}

void kafka_trouble_of_records(struct kafka_worker *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&w->b->trouble_lock);
    if (!atomic_load(&w->failed))
        vsnprintf(w->error.text, sizeof w->error.text, format, args);
    atomic_store(&w->failed, true);
    pthread_mutex_unlock(&w->b->trouble_lock);
    va_end(args);
}

bool kafka_trouble_given_up(struct broker_kafka *b, struct broker_error *error)
{
    if (WEIR_LIKELY(!atomic_load_explicit(&b->failed, memory_order_relaxed)))
        return false;
    pthread_mutex_lock(&b->lock);
    *error = b->error;
    pthread_mutex_unlock(&b->lock);
    return true;
}
