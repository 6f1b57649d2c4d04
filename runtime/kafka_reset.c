#include "kafka_reset.h"

#include <stdlib.h>
#include <unistd.h>

#include "kafka_config.h"
#include "kafka_prepare.h"
#include "log.h"
#include "memory.h"
#include "store_disk.h"

static bool explain(const struct broker_kafka *b, const char *group, rd_kafka_resp_err_t err,
                    struct broker_error *error)
{
    if (err == RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP)
        kafka_fail(error,
                   "--reset: the consumer group %s has members: stop every instance of %s first (one that was killed "
                   "counts until its session.timeout.ms is over)",
                   group, b->app);
    else
        kafka_fail(error, "--reset: cannot delete the offsets of the group %s: %s", group, rd_kafka_err2str(err));
    return false;
}

static bool is_passing(rd_kafka_resp_err_t err)
{
    return err == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE || err == RD_KAFKA_RESP_ERR_NOT_COORDINATOR ||
           err == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
}

static bool ask(rd_kafka_t *admin, const char *group, rd_kafka_resp_err_t *err, struct broker_error *error)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin);
    rd_kafka_AdminOptions_t *options = kafka_admin_options(admin, RD_KAFKA_ADMIN_OP_DELETEGROUPS);
    rd_kafka_DeleteGroup_t *gone = rd_kafka_DeleteGroup_new(group);
    rd_kafka_DeleteGroups(admin, &gone, 1, options, queue);
    rd_kafka_DeleteGroup_destroy(gone);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_event_t *event = kafka_admin_answer(queue, "--reset: cannot delete the group's offsets", error);
    if (!event)
        return false;
    size_t count;
    const rd_kafka_group_result_t **results =
        rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event), &count);
    const rd_kafka_error_t *why = count ? rd_kafka_group_result_error(results[0]) : NULL;
    *err = why ? rd_kafka_error_code(why) : RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_event_destroy(event);
    return true;
}

// The broker deletes the group only if it has no members. *HAD: there was one.
static bool delete_group(struct broker_kafka *b, rd_kafka_t *admin, const char *group, bool *had,
                         struct broker_error *error)
{
    enum { PAUSE_US = 100000 };
    rd_kafka_resp_err_t err;
    do {
        if (!ask(admin, group, &err, error))
            return false;
    } while (is_passing(err) && !atomic_load(&b->base.stopping) && usleep(PAUSE_US) == 0);
    *had = !err;
    return !err || err == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND || explain(b, group, err, error);
}

static bool delete_topics(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error)
{
    const rd_kafka_metadata_t *md = kafka_admin_topics(b, admin, error);
    if (!md)
        return false;
    struct kafka_topic_list list = kafka_prepare_internal(b, md);
    size_t there = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct kafka_new_topic topic = list.topics[i];
        if (!kafka_admin_find(md, topic.name))
            continue;
        list.topics[i] = list.topics[there];
        list.topics[there++] = topic;
    }
    rd_kafka_metadata_destroy(md);
    bool done = kafka_admin_delete(b, admin, list.topics, there, error);
    for (size_t i = 0; done && i < there; i++)
        log_info(b->app, "--reset: deleted topic %s", list.topics[i].name);
    kafka_prepare_free(&list);
    return done;
}

bool kafka_reset(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error)
{
    rd_kafka_conf_t *conf = kafka_config_new(b->settings, KAFKA_CONSUMER, error);
    if (!conf)
        return false;
    char *group = kafka_config_group(conf);
    bool had = false;
    rd_kafka_conf_destroy(conf);
    bool done = delete_group(b, admin, group, &had, error) && delete_topics(b, admin, error) &&
                disk_remove_all(b->settings, error);
    if (done)
        log_info(b->app, "--reset: %s%s; local state is removed: starting over",
                 had ? "deleted the offsets of the group " : "there were no offsets of the group ", group);
    free(group);
    return done;
}
