#include "kafka_topics.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "kafka_admin.h"
#include "log.h"
#include "memory.h"

// ---- patterns ----

bool kafka_topics_compile_patterns(struct broker_kafka *b, struct broker_error *error)
{
    b->pattern_count = b->program->source_count;
    b->patterns = memory_new((size_t)b->pattern_count * sizeof *b->patterns + 1);
    for (int i = 0; i < b->pattern_count; i++) {
        const struct weir_source *source = &b->program->sources[i];
        int code;
        PCRE2_SIZE at;
        if (!source->pattern)
            continue;
        b->patterns[i] = pcre2_compile((PCRE2_SPTR)source->topics[0], PCRE2_ZERO_TERMINATED,
                                       PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF, &code, &at, NULL);
        if (!b->patterns[i]) {
            PCRE2_UCHAR why[128];
            pcre2_get_error_message(code, why, sizeof why);
            kafka_fail(error, "the pattern /%s/ of %s: %s", source->topics[0], source->name, (char *)why);
            return false;
        }
    }
    return true;
}

void kafka_topics_free_patterns(struct broker_kafka *b)
{
    for (int i = 0; i < b->pattern_count; i++)
        pcre2_code_free(b->patterns[i]);
    free(b->patterns);
}

static bool matches(const pcre2_code *pattern, const char *topic)
{
    // Kafka's own; its Java client leaves them out of patterns too.
    static const char *const hidden[] = {"__consumer_offsets", "__transaction_state", "__share_group_state"};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        if (strcmp(topic, hidden[i]) == 0)
            return false;
    }
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(pattern, NULL);
    int found = pcre2_match(pattern, (PCRE2_SPTR)topic, strlen(topic), 0, 0, data, NULL);
    pcre2_match_data_free(data);
    return found >= 0;
}

// ---- sources and topics ----

bool kafka_topics_reads(const struct broker_kafka *b, int s, const char *topic)
{
    const struct weir_source *source = &b->program->sources[s];
    if (source->pattern)
        return matches(b->patterns[s], topic);
    for (int i = 0; i < source->topic_count; i++) {
        char *name = kafka_wire_name(b, source->topics[i], source->internal);
        bool same = strcmp(name, topic) == 0;
        free(name);
        if (same)
            return true;
    }
    return false;
}

int *kafka_topics_sources(struct broker_kafka *b, const char *topic, int *count)
{
    pthread_mutex_lock(&b->lock);
    int *sources = memory_new((size_t)b->program->source_count * sizeof *sources + 1);
    *count = 0;
    for (int i = 0; i < b->program->source_count; i++) {
        if (!b->program->sources[i].global && kafka_topics_reads(b, i, topic))
            sources[(*count)++] = i;
    }
    pthread_mutex_unlock(&b->lock);
    return sources;
}

static void want(rd_kafka_topic_partition_list_t *list, const char *topic)
{
    if (!rd_kafka_topic_partition_list_find(list, topic, RD_KAFKA_PARTITION_UA))
        rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
}

rd_kafka_topic_partition_list_t *kafka_topics_wanted(struct broker_kafka *b, const rd_kafka_metadata_t *md)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
    pthread_mutex_lock(&b->lock);
    for (int s = 0; s < b->program->source_count; s++) {
        const struct weir_source *source = &b->program->sources[s];
        if (source->global)
            continue; // kafka_globals.c reads it
        for (int i = 0; i < (source->pattern ? 0 : source->topic_count); i++) {
            char *name = kafka_wire_name(b, source->topics[i], source->internal);
            want(list, name);
            free(name);
        }
        for (int i = 0; i < (source->pattern ? md->topic_cnt : 0); i++) {
            if (!md->topics[i].err && matches(b->patterns[s], md->topics[i].topic))
                want(list, md->topics[i].topic);
        }
    }
    pthread_mutex_unlock(&b->lock);
    rd_kafka_topic_partition_list_sort(list, NULL, NULL);
    return list;
}

// ---- topics that are chosen per record ----

static int32_t look_up(struct broker_kafka *b, const char *topic)
{
    rd_kafka_topic_t *handle = rd_kafka_topic_new(b->consumer, topic, NULL);
    const rd_kafka_metadata_t *md;
    int32_t count = -1;
    rd_kafka_resp_err_t err;
    do
        err = rd_kafka_metadata(b->consumer, 0, handle, &md, 1000);
    while ((err == RD_KAFKA_RESP_ERR__TIMED_OUT || err == RD_KAFKA_RESP_ERR__TRANSPORT) && !atomic_load(&b->closing));
    if (!err) {
        if (md->topic_cnt == 1 && !md->topics[0].err && md->topics[0].partition_cnt > 0)
            count = md->topics[0].partition_cnt;
        rd_kafka_metadata_destroy(md);
    }
    rd_kafka_topic_destroy(handle);
    return count;
}

int32_t kafka_topics_count(struct broker_kafka *b, const char *topic)
{
    int32_t count = look_up(b, topic);
    if (count >= 0 || !b->create_topics)
        return count;
    struct broker_error error;
    struct kafka_new_topic new_topic = {memory_format("%s", topic), -1, KAFKA_USERS, 0};
    rd_kafka_t *admin = kafka_admin_new(b, &error);
    bool made = admin && kafka_admin_create(b, admin, &new_topic, 1, &error);
    if (!made)
        log_error(b->app, "%s", error.text);
    if (admin)
        rd_kafka_destroy(admin);
    free(new_topic.name);
    return made ? look_up(b, topic) : -1;
}
