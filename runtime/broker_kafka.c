// Topics on a Kafka cluster: the operations of broker.h, each a call into the kafka_*.c files.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kafka_admin.h"
#include "kafka_assignment.h"
#include "kafka_back.h"
#include "kafka_changelog.h"
#include "kafka_commit.h"
#include "kafka_config.h"
#include "kafka_consumer.h"
#include "kafka_globals.h"
#include "kafka_group.h"
#include "kafka_growth.h"
#include "kafka_hold.h"
#include "kafka_instance.h"
#include "kafka_order.h"
#include "kafka_pipeline.h"
#include "kafka_poll.h"
#include "kafka_prepare.h"
#include "kafka_producer.h"
#include "kafka_purge.h"
#include "kafka_reset.h"
#include "kafka_restore.h"
#include "kafka_service.h"
#include "kafka_standby.h"
#include "kafka_topics.h"
#include "kafka_trouble.h"
#include "memory.h"

enum broker_status kafka_fail(struct broker_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    return BROKER_FATAL;
}

int64_t kafka_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

char *kafka_wire_name(const struct broker_kafka *b, const char *topic, bool internal)
{
    static const char suffix[] = "-repartition";
    size_t n = strlen(topic), m = sizeof suffix - 1;
    bool has = n > m && strcmp(topic + n - m, suffix) == 0;
    return internal ? memory_format("%s-%s%s", b->app, topic, has ? "" : suffix) : memory_format("%s", topic);
}

char *kafka_changelog_name(const struct broker_kafka *b, const struct weir_store *store)
{
    if (store->changelog_source < 0)
        return memory_format("%s-%s-changelog", b->app, store->name);
    const struct weir_source *source = &b->program->sources[store->changelog_source];
    return kafka_wire_name(b, source->topics[0], source->internal);
}

// ---- start ----

// Topics are looked at again as often as librdkafka asks for metadata. Nudges go by what a worker's one queue may hold, also where its partitions have their own: more of
// them cost more than they bring, and one that runs empty nudges by itself.
static void configure(struct broker_kafka *b, const rd_kafka_conf_t *conf)
{
    enum { NO_NUDGE = 0x02020000 }; // fetch.queue.backoff.ms
    b->kick_bytes =
        rd_kafka_version() >= NO_NUDGE ? 0 : kafka_config_number(conf, "queued.max.messages.kbytes") * 1000 / 2;
    b->refresh_ms = kafka_config_number(conf, "topic.metadata.refresh.interval.ms");
    if (b->refresh_ms < 0)
        b->refresh_ms = 0;
}

static bool has_idle(const struct weir_program *p)
{
    bool any = false;
    for (int s = 0; s < p->source_count; s++)
        any |= p->sources[s].idle > 0;
    return any;
}

static bool start_clients(struct broker_kafka *b, struct broker_error *error)
{
    rd_kafka_conf_t *conf = kafka_config_new(b->settings, KAFKA_CONSUMER, error);
    if (!conf)
        return false;
    configure(b, conf);
    if (kafka_order_plan(b))
        kafka_config_order(conf, b->settings);
    if (has_idle(b->program))
        kafka_config_ends(conf);
    if (b->settings->exactly_once)
        kafka_instance_name(b, conf);
    if (!kafka_consumer_start(b, conf, error))
        return false;
    for (int i = 0; i < b->worker_count; i++) {
        if (!kafka_producer_start(&b->workers[i], error))
            return false;
    }
    return true;
}

// Of all topics: only patterns need them, but whether one exists is known without asking for each.
static bool subscribe(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error)
{
    const rd_kafka_metadata_t *md = kafka_admin_topics(b, admin, error);
    bool done = md && kafka_growth_look(b, md, error) && kafka_consumer_subscribe(b, md, error);
    b->refreshed = kafka_now();
    for (int i = 0; done && i < b->worker_count; i++)
        kafka_producer_learn(&b->workers[i], md);
    if (md)
        rd_kafka_metadata_destroy(md);
    return done;
}

static enum broker_status op_start(struct broker *base, struct broker_error *error)
{
    struct broker_kafka *b = kafka_of(base);
    if (!kafka_topics_compile_patterns(b, error))
        return BROKER_REFUSED;
    b->admin_conf = kafka_config_new(b->settings, KAFKA_ADMIN, error);
    if (!b->admin_conf)
        return BROKER_FATAL;
    kafka_trouble_of_broker(b->admin_conf, b);
    rd_kafka_t *admin = kafka_admin_new(b, error);
    if (!admin)
        return BROKER_FATAL;
    bool done =
        (!b->settings->options->reset || kafka_reset(b, admin, error)) && kafka_prepare(b, admin, error) == BROKER_OK &&
        (b->compare_only || (start_clients(b, error) && subscribe(b, admin, error) && kafka_service_start(b, error)));
    rd_kafka_destroy(admin);
    if (!done && atomic_load(&base->stopping))
        return BROKER_END;
    return done ? BROKER_OK : BROKER_FATAL;
}

// ---- the other operations ----

static struct kafka_worker *worker(struct broker *b, int index)
{
    return &kafka_of(b)->workers[index];
}

static void op_listen(struct broker *b, int index, const struct broker_listener *listener, void *arg)
{
    worker(b, index)->listener = listener;
    worker(b, index)->listener_arg = arg;
}

static enum broker_status op_poll(struct broker *b, int index, int max, int timeout_ms, broker_record_fn *fn, void *arg,
                                  int *count, struct broker_error *error)
{
    return kafka_poll(worker(b, index), max, timeout_ms, fn, arg, count, error);
}

static enum broker_status op_send(struct broker *b, int index, struct weir_str topic, int32_t partition,
                                  const struct weir_out *out, struct broker_error *error)
{
    return kafka_producer_send(worker(b, index), topic, partition, out, error);
}

static int32_t op_partitions(struct broker *b, int index, struct weir_str topic)
{
    return kafka_producer_partitions(worker(b, index), topic);
}

static int32_t op_tasks(struct broker *b, int index, int subtopology)
{
    return kafka_producer_tasks(worker(b, index), subtopology);
}

static enum broker_status op_log(struct broker *b, int index, int store, int32_t partition, struct weir_str key,
                                 struct weir_str value, int64_t timestamp, struct broker_error *error)
{
    return kafka_changelog_send(worker(b, index), store, partition, key, value, timestamp, error);
}

static enum broker_status op_follow(struct broker *b, int timeout_ms, broker_record_fn *fn, void *arg,
                                    struct broker_error *error)
{
    return kafka_follow(kafka_of(b), timeout_ms, fn, arg, error);
}

static void op_ready(struct broker *b, int index, struct broker_task task)
{
    kafka_hold_ready(worker(b, index), task);
}

static enum broker_status op_restore(struct broker *b, int index, struct broker_restore *restore,
                                     struct broker_error *error)
{
    return kafka_restore(worker(b, index), restore, error);
}

static void op_restore_stop(struct broker *b, int index, struct broker_restore *restore)
{
    (void)b, (void)index;
    kafka_restore_stop(restore);
}

static enum broker_status op_copies(struct broker *b, int copies, struct broker_task **tasks, size_t *count,
                                    struct broker_error *error)
{
    return kafka_standby_copies(kafka_of(b), copies, tasks, count, error);
}

static enum broker_status op_log_end(struct broker *b, int index, int store, int32_t partition, int64_t *end,
                                     struct broker_error *error)
{
    return kafka_changelog_end(worker(b, index), store, partition, end, error);
}

static int64_t op_stored_time(struct broker *b, int index, int store, int input, int32_t partition)
{
    return kafka_commit_time(worker(b, index), store, input, partition);
}

static void op_store_time(struct broker *b, int index, int store, int input, int32_t partition, int64_t time)
{
    kafka_commit_set_time(worker(b, index), store, input, partition, time);
}

static enum broker_status op_commit(struct broker *b, int index, struct broker_error *error)
{
    return kafka_commit(worker(b, index), error);
}

static enum broker_status op_settle(struct broker *b, int index, struct broker_error *error)
{
    return kafka_pipeline_settle(worker(b, index), error);
}

static int64_t op_commit_aside(struct broker *b, int index)
{
    return kafka_pipeline_took(worker(b, index));
}

static enum broker_status op_abort(struct broker *b, int index, struct broker_error *error)
{
    return kafka_back(worker(b, index), error);
}

static bool op_at_end(struct broker *b, int index, int subtopology, int32_t partition)
{
    return kafka_poll_at_end(worker(b, index), subtopology, partition);
}

static void op_not_at_end(struct broker *b, int index)
{
    kafka_poll_more_to_do(worker(b, index));
}

static int64_t op_now(struct broker *b)
{
    (void)b;
    return kafka_now();
}

static void op_swap(struct broker *base, const struct weir_program *program)
{
    struct broker_kafka *b = kafka_of(base);
    pthread_mutex_lock(&b->lock);
    b->program = program;
    pthread_mutex_unlock(&b->lock);
}

static void op_wake(struct broker *base)
{
    struct broker_kafka *b = kafka_of(base);
    for (int i = 0; i < b->worker_count; i++) {
        rd_kafka_queue_t *queue = atomic_load(&b->workers[i].queue);
        if (queue)
            rd_kafka_queue_yield(queue);
    }
    kafka_globals_wake(b);
}

static bool op_owner(struct broker *b, struct broker_task task, struct broker_owner *owner)
{
    return kafka_group_owner(kafka_of(b), task, owner);
}

static int64_t op_lag(struct broker *b, broker_lag_fn *each, void *arg)
{
    return atomic_load(&kafka_of(b)->assigned) ? kafka_commit_lag(kafka_of(b), each, arg) : -1;
}

static bool op_taking(struct broker *b)
{
    return kafka_assignment_taking(kafka_of(b));
}

static void op_close(struct broker *base)
{
    struct broker_kafka *b = kafka_of(base);
    atomic_store(&b->closing, true);
    kafka_service_stop(b);
    for (int i = 0; i < b->worker_count; i++)
        kafka_producer_close(&b->workers[i]);
    kafka_purge_close(b);
    kafka_standby_close(b);
    kafka_group_forget(b);
    kafka_restore_close(b);
    kafka_globals_close(b);
    if (!kafka_consumer_close(b)) // the process ends
        return;
    for (int i = 0; i < b->worker_count; i++)
        kafka_poll_free(&b->workers[i]);
    if (b->admin_conf)
        rd_kafka_conf_destroy(b->admin_conf);
    kafka_topics_free_patterns(b);
    free(b->ordered);
    free(b->sizes);
    kafka_instance_free(b);
    pthread_mutex_destroy(&b->lock);
    pthread_mutex_destroy(&b->trouble_lock);
    pthread_mutex_destroy(&b->group_lock);
    pthread_cond_destroy(&b->let_go);
    free(b->workers);
    free(b->app);
    free(b->servers);
    free(b->dead_letter);
    free(b);
}

struct broker *broker_kafka_new(const struct weir_program *program, const struct settings *settings)
{
    static const struct broker_ops ops = {
        .start = op_start,
        .listen = op_listen,
        .poll = op_poll,
        .send = op_send,
        .partitions = op_partitions,
        .log = op_log,
        .follow = op_follow,
        .ready = op_ready,
        .restore = op_restore,
        .restore_stop = op_restore_stop,
        .copies = op_copies,
        .log_end = op_log_end,
        .stored_time = op_stored_time,
        .store_time = op_store_time,
        .commit = op_commit,
        .settle = op_settle,
        .commit_aside = op_commit_aside,
        .abort = op_abort,
        .at_end = op_at_end,
        .not_at_end = op_not_at_end,
        .now = op_now,
        .swap = op_swap,
        .wake = op_wake,
        .tasks = op_tasks,
        .owner = op_owner,
        .lag = op_lag,
        .taking = op_taking,
        .close = op_close,
    };
    struct broker_kafka *b = memory_new(sizeof *b);
    b->base.ops = &ops;
    b->program = program;
    b->settings = settings;
    b->app = memory_format("%s", settings->app);
    b->servers = memory_format("%s", kafka_config_servers(settings));
    b->dead_letter = settings->dead_letter ? memory_format("%s", settings->dead_letter) : NULL;
    b->create_topics = settings->options->create_topics;
    b->exit_at_end = settings->options->exit_at_end;
    b->task_idle_ms = settings->max_task_idle;
    b->worker_count = settings->threads;
    b->instance_lock = -1;
    b->workers = memory_new(((size_t)b->worker_count + 1) * sizeof *b->workers);
    for (int i = 0; i <= b->worker_count; i++) {
        b->workers[i].b = b;
        b->workers[i].index = i;
    }
    pthread_mutex_init(&b->lock, NULL);
    pthread_mutex_init(&b->trouble_lock, NULL);
    pthread_mutex_init(&b->group_lock, NULL);
    pthread_cond_init(&b->let_go, NULL);
    return &b->base;
}

enum broker_status broker_kafka_compare(const struct weir_program *program, const struct settings *settings,
                                        struct broker_error *error)
{
    struct broker *broker = broker_kafka_new(program, settings);
    kafka_of(broker)->compare_only = true;
    enum broker_status status = broker->ops->start(broker, error);
    broker->ops->close(broker);
    return status;
}

bool broker_kafka_check(const struct settings *settings, struct broker_error *error)
{
    for (int role = KAFKA_CONSUMER; role <= KAFKA_READER; role++) {
        rd_kafka_conf_t *conf = kafka_config_new(settings, (enum kafka_role)role, error);
        if (!conf)
            return false;
        rd_kafka_conf_destroy(conf);
    }
    return true;
}
