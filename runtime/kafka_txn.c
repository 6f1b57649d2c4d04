#include "kafka_txn.h"

#include "kafka_pipeline.h"
#include "kafka_producer.h"
#include "kafka_trouble.h"

// ---- errors ----

bool kafka_txn_is_final(rd_kafka_resp_err_t err)
{
    switch (err) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_COMMIT_OFFSET_SIZE:
    case RD_KAFKA_RESP_ERR__INVALID_ARG: return true;
    default: return false;
    }
}

// The group's answer: nothing is unclear, and the producer as good as before.
static bool is_of_group(rd_kafka_resp_err_t err)
{
    return err == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION || err == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
           err == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS || err == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
}

// Of a transaction that has failed aside librdkafka says only that it has, but why to who would begin another.
static rd_kafka_error_t *reason(const struct kafka_worker *w, rd_kafka_error_t *why)
{
    bool aside = why && rd_kafka_error_code(why) == RD_KAFKA_RESP_ERR__STATE;
    rd_kafka_error_t *first = aside ? rd_kafka_begin_transaction(w->producer) : NULL;
    if (!first)
        return why;
    rd_kafka_error_destroy(why);
    return first;
}

void kafka_txn_undelivered(struct kafka_worker *w, const struct broker_error *why)
{
    pthread_mutex_lock(&w->b->trouble_lock);
    if (!w->undelivered.text[0])
        w->undelivered = *why;
    pthread_mutex_unlock(&w->b->trouble_lock);
}

// librdkafka itself says only how many they were.
static bool explain_undelivered(struct kafka_worker *w, struct broker_error *error)
{
    pthread_mutex_lock(&w->b->trouble_lock);
    bool any = w->undelivered.text[0];
    if (any)
        *error = w->undelivered;
    pthread_mutex_unlock(&w->b->trouble_lock);
    return any;
}

static void forget_undelivered(struct kafka_worker *w)
{
    pthread_mutex_lock(&w->b->trouble_lock);
    w->undelivered.text[0] = 0;
    pthread_mutex_unlock(&w->b->trouble_lock);
}

enum broker_status kafka_txn_failed(struct kafka_worker *w, rd_kafka_error_t *why, struct broker_error *error)
{
    why = reason(w, why);
    rd_kafka_resp_err_t err = why ? rd_kafka_error_code(why) : RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID;
    if (!why || is_of_group(err))
        kafka_fail(error, "the group has given this instance's partitions to others");
    else if (!explain_undelivered(w, error))
        kafka_fail(error, "%s", rd_kafka_error_string(why));
    if (why)
        rd_kafka_error_destroy(why);
    if (w->failed) { // a record will never be taken
        *error = w->error;
        return BROKER_FATAL;
    }
    if (kafka_txn_is_final(err))
        return BROKER_FATAL;
    w->aborting = true;
    w->worn |= !is_of_group(err);
    return BROKER_ABORT;
}

// True: WHY, which is freed then, has passed, or may.
static bool passes(rd_kafka_error_t *why)
{
    bool again = why && rd_kafka_error_is_retriable(why) && !kafka_txn_is_final(rd_kafka_error_code(why));
    if (again)
        rd_kafka_error_destroy(why);
    return again;
}

// ---- who we are ----

// In what librdkafka 1.6 to 2.15 writes of it. -1: the group has thrown this instance out meanwhile; then it would take a commit from anybody.
static int32_t generation_of(const char *member, size_t size)
{
    static const char magic[] = {'C', 'G', 'M', 'D', 'v', '2', ':'};
    int32_t generation = 0;
    if (size >= sizeof magic + sizeof generation && memcmp(member, magic, sizeof magic) == 0)
        memcpy(&generation, member + sizeof magic, sizeof generation);
    return generation;
}

// As bytes, which can be copied; NULL: none.
static void *write_member(rd_kafka_t *consumer, size_t *size)
{
    rd_kafka_consumer_group_metadata_t *member = rd_kafka_consumer_group_metadata(consumer);
    void *bytes = NULL;
    if (!member)
        return NULL;
    rd_kafka_error_destroy(rd_kafka_consumer_group_metadata_write(member, &bytes, size));
    rd_kafka_consumer_group_metadata_destroy(member);
    return bytes;
}

void kafka_txn_set_member(struct broker_kafka *b)
{
    size_t size = 0;
    void *member = write_member(b->consumer, &size);
    if (member && generation_of(member, size) < 0) {
        rd_kafka_mem_free(NULL, member);
        member = NULL;
    }
    pthread_mutex_lock(&b->lock);
    kafka_txn_forget_member(b);
    b->member = member;
    b->member_size = size;
    pthread_mutex_unlock(&b->lock);
}

void kafka_txn_forget_member(struct broker_kafka *b)
{
    if (b->member)
        rd_kafka_mem_free(NULL, b->member);
    b->member = NULL;
}

// The partitions of a worker are of this membership: a later one is made known only when they have been let go of.
rd_kafka_error_t *kafka_txn_member(struct broker_kafka *b, rd_kafka_consumer_group_metadata_t **member)
{
    pthread_mutex_lock(&b->lock);
    rd_kafka_error_t *why = b->member ? rd_kafka_consumer_group_metadata_read(member, b->member, b->member_size)
                                      : rd_kafka_error_new(RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, "no member");
    pthread_mutex_unlock(&b->lock);
    return why;
}

// ---- a transaction ----

enum { STEP_MS = 1000 };

enum broker_status kafka_txn_init(struct kafka_worker *w, struct broker_error *error)
{
    for (;;) {
        rd_kafka_error_t *why = rd_kafka_init_transactions(w->producer, STEP_MS);
        if (!why)
            return BROKER_OK;
        if (passes(why)) {
            if (atomic_load(&w->b->base.stopping))
                return BROKER_END;
            continue;
        }
        bool final = kafka_txn_is_final(rd_kafka_error_code(why));
        kafka_fail(error, "transactions cannot be begun: %s", rd_kafka_error_string(why));
        rd_kafka_error_destroy(why);
        return final ? BROKER_FATAL : BROKER_RETRY;
    }
}

enum broker_status kafka_txn_begin(struct kafka_worker *w, struct broker_error *error)
{
    if (w->in_transaction)
        return BROKER_OK;
    rd_kafka_error_t *why = w->aborting ? NULL : rd_kafka_begin_transaction(w->producer);
    if (w->aborting || why)
        return kafka_txn_failed(w, why, error);
    forget_undelivered(w);
    w->in_transaction = w->uncommitted = true;
    return BROKER_OK;
}

rd_kafka_error_t *kafka_txn_commit(struct kafka_worker *w, const rd_kafka_topic_partition_list_t *offsets,
                                   const rd_kafka_consumer_group_metadata_t *member)
{
    rd_kafka_error_t *why;
    do
        why = rd_kafka_send_offsets_to_transaction(w->producer, offsets, member, -1);
    while (passes(why));
    if (why)
        return why;
    do
        why = rd_kafka_commit_transaction(w->producer, STEP_MS);
    while (!(why && kafka_trouble_ends(w)) && passes(why));
    return why;
}

// ---- the way back ----

enum broker_status kafka_txn_abort(struct kafka_worker *w, struct broker_error *error)
{
    if (kafka_pipeline_stop(w, error) == BROKER_FATAL)
        return BROKER_FATAL;
    while (w->in_transaction && !w->worn) {
        rd_kafka_error_t *why = rd_kafka_abort_transaction(w->producer, STEP_MS);
        if (passes(why)) {
            if (atomic_load(&w->b->base.stopping))
                return BROKER_END;
            continue;
        }
        w->in_transaction = false;
        w->worn = why != NULL;
        if (why)
            rd_kafka_error_destroy(why);
    }
    if (w->worn) {
        enum broker_status status = kafka_producer_renew(w, error);
        if (status != BROKER_OK)
            return status;
    }
    w->worn = w->in_transaction = w->unflushed = false;
    return BROKER_OK;
}

void kafka_txn_close(struct kafka_worker *w)
{
    struct broker_error error;
    kafka_pipeline_stop(w, &error);
    if (!w->in_transaction || w->worn)
        return;
    rd_kafka_error_t *why = rd_kafka_abort_transaction(w->producer, STEP_MS);
    if (why)
        rd_kafka_error_destroy(why);
}
