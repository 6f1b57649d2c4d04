#include "kafka_admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kafka_trouble.h"
#include "log.h"
#include "memory.h"

enum {
    GIVE_UP_MS = 30000, // a cluster that has never answered
    QUIET_MS = 3000,    // before a word is said about the wait
    ADMIN_MS = 30000,
};

rd_kafka_t *kafka_admin_new(struct broker_kafka *b, struct broker_error *error)
{
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_dup(b->admin_conf);
    // A consumer without a group: its metadata requests create no topics, as a producer's might.
    rd_kafka_t *admin = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    if (!admin) {
        rd_kafka_conf_destroy(conf);
        kafka_fail(error, "kafka: %s", why);
    }
    return admin;
}

const rd_kafka_metadata_t *kafka_admin_topics(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error)
{
    int64_t started = kafka_now();
    bool said = false;
    char why[256];
    for (;;) {
        const rd_kafka_metadata_t *md;
        rd_kafka_resp_err_t err = rd_kafka_metadata(admin, 1, NULL, &md, 500);
        if (!err)
            return md;
        rd_kafka_poll(admin, 0); // for the reason
        int64_t waited = kafka_now() - started;
        kafka_trouble_text(b, why, sizeof why);
        if (atomic_load(&b->base.stopping) || atomic_load(&b->refused) || waited > GIVE_UP_MS) {
            kafka_fail(error, "cannot use Kafka at %s: %s", b->servers, why);
            return NULL;
        }
        if (!said && waited > QUIET_MS)
            log_warning(b->app, "waiting for Kafka at %s (%s)", b->servers, why);
        said = said || waited > QUIET_MS;
        if (err != RD_KAFKA_RESP_ERR__TIMED_OUT && err != RD_KAFKA_RESP_ERR__TRANSPORT)
            usleep(100000); // it did answer
    }
}

const rd_kafka_metadata_topic_t *kafka_admin_find(const rd_kafka_metadata_t *md, const char *name)
{
    for (int i = 0; i < md->topic_cnt; i++) {
        if (strcmp(md->topics[i].topic, name) == 0)
            return md->topics[i].err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ? NULL : &md->topics[i];
    }
    return NULL;
}

static bool all_ready(const rd_kafka_metadata_t *md, const struct kafka_new_topic *topics, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const rd_kafka_metadata_topic_t *t = kafka_admin_find(md, topics[i].name);
        if (!t || t->err || t->partition_cnt == 0)
            return false;
        for (int p = 0; p < t->partition_cnt; p++) {
            if (t->partitions[p].leader < 0)
                return false;
        }
    }
    return true;
}

// The answer to a change comes before all of the cluster knows of it.
typedef bool is_done_fn(const rd_kafka_metadata_t *md, const struct kafka_new_topic *topics, size_t count);
static bool wait_until(struct broker_kafka *b, rd_kafka_t *admin, const struct kafka_new_topic *topics, size_t count,
                       is_done_fn *is_done, const char *otherwise, struct broker_error *error)
{
    for (int64_t end = kafka_now() + ADMIN_MS; kafka_now() < end; usleep(20000)) {
        const rd_kafka_metadata_t *md = kafka_admin_topics(b, admin, error);
        if (!md)
            return false;
        bool done = is_done(md, topics, count);
        rd_kafka_metadata_destroy(md);
        if (done)
            return true;
    }
    kafka_fail(error, "topic %s was %s after %d s", topics[0].name, otherwise, ADMIN_MS / 1000);
    return false;
}

// As Kafka Streams makes its own.
static void configure(rd_kafka_NewTopic_t *made, const struct kafka_new_topic *topic)
{
    static const char *const policies[] = {
        [KAFKA_REPARTITION] = "delete",
        [KAFKA_CHANGELOG] = "compact",
        [KAFKA_WINDOWED_CHANGELOG] = "compact,delete",
        [KAFKA_HISTORY_CHANGELOG] = "compact",
        [KAFKA_SIDE_CHANGELOG] = "delete",
    };
    char retention[32];
    if (topic->kind == KAFKA_USERS)
        return;
    rd_kafka_NewTopic_set_config(made, "cleanup.policy", policies[topic->kind]);
    rd_kafka_NewTopic_set_config(made, "message.timestamp.type", "CreateTime");
    if (topic->kind == KAFKA_REPARTITION) {
        rd_kafka_NewTopic_set_config(made, "retention.ms", "-1");
        rd_kafka_NewTopic_set_config(made, "segment.bytes", "52428800");
    } else if (topic->kind != KAFKA_CHANGELOG) {
        snprintf(retention, sizeof retention, "%lld", (long long)topic->retention);
        rd_kafka_NewTopic_set_config(
            made, topic->kind == KAFKA_HISTORY_CHANGELOG ? "min.compaction.lag.ms" : "retention.ms", retention);
    }
}

rd_kafka_AdminOptions_t *kafka_admin_options(rd_kafka_t *admin, rd_kafka_admin_op_t op)
{
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(admin, op);
    rd_kafka_AdminOptions_set_request_timeout(options, ADMIN_MS, NULL, 0);
    if (op != RD_KAFKA_ADMIN_OP_DELETEGROUPS)
        rd_kafka_AdminOptions_set_operation_timeout(options, ADMIN_MS, NULL, 0);
    return options;
}

rd_kafka_event_t *kafka_admin_answer(rd_kafka_queue_t *queue, const char *what, struct broker_error *error)
{
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ADMIN_MS + 5000);
    rd_kafka_queue_destroy(queue);
    if (event && !rd_kafka_event_error(event))
        return event;
    kafka_fail(error, "%s: %s", what, event ? rd_kafka_event_error_string(event) : "no answer");
    rd_kafka_event_destroy(event);
    return NULL;
}

// HARMLESS: an error that says that it is so already.
static bool check(const rd_kafka_topic_result_t **results, size_t count, const char *what, rd_kafka_resp_err_t harmless,
                  struct broker_error *error)
{
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t err = rd_kafka_topic_result_error(results[i]);
        const char *why = rd_kafka_topic_result_error_string(results[i]);
        if (err && err != harmless) {
            kafka_fail(error, "cannot %s topic %s: %s", what, rd_kafka_topic_result_name(results[i]),
                       why ? why : rd_kafka_err2str(err));
            return false;
        }
    }
    return true;
}

static bool check_created(rd_kafka_event_t *event, struct broker_error *error)
{
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    return check(results, count, "create", RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, error);
}

static bool request(rd_kafka_t *admin, rd_kafka_NewTopic_t **made, size_t count, struct broker_error *error)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
    rd_kafka_AdminOptions_t *options = kafka_admin_options(admin, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_CreateTopics(admin, made, count, options, queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_event_t *event = kafka_admin_answer(queue, "cannot create topics", error);
    bool done = event && check_created(event, error);
    rd_kafka_event_destroy(event);
    return done;
}

bool kafka_admin_create(struct broker_kafka *b, rd_kafka_t *admin, const struct kafka_new_topic *topics, size_t count,
                        struct broker_error *error)
{
    if (count == 0)
        return true;
    rd_kafka_NewTopic_t **made = memory_new(count * sizeof(rd_kafka_NewTopic_t *));
    char why[256];
    bool done = true;
    for (size_t i = 0; i < count; i++) {
        made[i] = rd_kafka_NewTopic_new(topics[i].name, topics[i].partitions, -1, why, sizeof why);
        if (!made[i]) {
            kafka_fail(error, "cannot create topic %s: %s", topics[i].name, why);
            done = false;
            break;
        }
        configure(made[i], &topics[i]);
    }
    done = done && request(admin, made, count, error);
    for (size_t i = 0; i < count && made[i]; i++)
        rd_kafka_NewTopic_destroy(made[i]);
    free(made);
    for (size_t i = 0; done && i < count; i++) {
        if (topics[i].kind == KAFKA_USERS)
            log_info(b->app, "created topic %s", topics[i].name);
    }
    return done && wait_until(b, admin, topics, count, all_ready, "created but has no leader", error);
}

// ---- deleting ----

static bool check_deleted(rd_kafka_event_t *event, struct broker_error *error)
{
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count);
    return check(results, count, "delete", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, error);
}

static bool all_gone(const rd_kafka_metadata_t *md, const struct kafka_new_topic *topics, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (kafka_admin_find(md, topics[i].name))
            return false;
    }
    return true;
}

bool kafka_admin_delete(struct broker_kafka *b, rd_kafka_t *admin, const struct kafka_new_topic *topics, size_t count,
                        struct broker_error *error)
{
    if (count == 0)
        return true;
    rd_kafka_DeleteTopic_t **gone = memory_new(count * sizeof(rd_kafka_DeleteTopic_t *));
    for (size_t i = 0; i < count; i++)
        gone[i] = rd_kafka_DeleteTopic_new(topics[i].name);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
    rd_kafka_AdminOptions_t *options = kafka_admin_options(admin, RD_KAFKA_ADMIN_OP_DELETETOPICS);
    rd_kafka_DeleteTopics(admin, gone, count, options, queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_event_t *event = kafka_admin_answer(queue, "cannot delete topics", error);
    bool done = event && check_deleted(event, error);
    rd_kafka_event_destroy(event);
    rd_kafka_DeleteTopic_destroy_array(gone, count);
    free(gone);
    return done && wait_until(b, admin, topics, count, all_gone, "deleted but is still there", error);
}
