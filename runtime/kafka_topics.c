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

// With b->lock, or before there are threads.
static bool reads(const struct broker_kafka *b, int s, const char *topic)
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
        if (reads(b, i, topic))
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

// ---- at the start ----

// Of a source: the largest count among its topics; 0: none exists.
static int32_t largest(struct broker_kafka *b, const rd_kafka_metadata_t *md, int s)
{
    int32_t count = 0;
    for (int i = 0; i < md->topic_cnt; i++) {
        const rd_kafka_metadata_topic_t *t = &md->topics[i];
        if (t->partition_cnt > count && reads(b, s, t->topic))
            count = t->partition_cnt;
    }
    return count;
}

// As many partitions as SINK needs: those it says, else as the largest source of the sub-topology that writes it. COUNTS by source.
static int32_t sink_count(const struct weir_program *p, const struct weir_sink *sink, const int32_t *counts)
{
    int32_t count = sink->partitions;
    for (int s = 0; sink->partitions == 0 && s < p->source_count; s++) {
        if (p->sources[s].subtopology == sink->subtopology && counts[s] > count)
            count = counts[s];
    }
    return count;
}

// Lets the far side of internal topics have what their near side needs. True: something grew.
static bool spread(const struct weir_program *p, int32_t *counts)
{
    bool grew = false;
    for (int k = 0; k < p->sink_count; k++) {
        if (!p->sinks[k].internal)
            continue;
        int32_t count = sink_count(p, &p->sinks[k], counts);
        for (int s = 0; s < p->source_count; s++) {
            if (p->sources[s].internal && strcmp(p->sources[s].topics[0], p->sinks[k].topic) == 0 &&
                counts[s] < count) {
                counts[s] = count;
                grew = true;
            }
        }
    }
    return grew;
}

// By source, how many partitions there are, or will be once missing topics are made. To be freed.
static int32_t *source_counts(struct broker_kafka *b, const rd_kafka_metadata_t *md)
{
    const struct weir_program *p = b->program;
    int32_t *counts = memory_new((size_t)p->source_count * sizeof *counts + 1);
    for (int s = 0; s < p->source_count; s++) {
        if (p->sources[s].internal)
            continue;
        counts[s] = largest(b, md, s);
        if (counts[s] == 0)
            counts[s] = p->sources[s].partitions ? p->sources[s].partitions : 1;
    }
    while (spread(p, counts))
        ;
    return counts;
}

struct needs {
    struct kafka_new_topic *missing;
    size_t count;
};

static void need(struct needs *n, const rd_kafka_metadata_t *md, char *name, int32_t partitions, bool internal)
{
    bool there = kafka_admin_find(md, name) != NULL;
    for (size_t i = 0; !there && i < n->count; i++)
        there = strcmp(n->missing[i].name, name) == 0;
    if (there) {
        free(name);
        return;
    }
    n->missing = memory_grow(n->missing, n->count, sizeof *n->missing);
    n->missing[n->count++] = (struct kafka_new_topic){name, partitions, internal};
}

static void free_needs(struct needs *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->missing[i].name);
    free(n->missing);
}

static struct needs find_missing(struct broker_kafka *b, const rd_kafka_metadata_t *md)
{
    const struct weir_program *p = b->program;
    struct needs n = {NULL, 0};
    int32_t *counts = source_counts(b, md);
    for (int s = 0; s < p->source_count; s++) {
        for (int i = 0; !p->sources[s].pattern && !p->sources[s].internal && i < p->sources[s].topic_count; i++)
            need(&n, md, memory_format("%s", p->sources[s].topics[i]),
                 p->sources[s].partitions ? p->sources[s].partitions : -1, false);
    }
    for (int k = 0; k < p->sink_count; k++) {
        const struct weir_sink *sink = &p->sinks[k];
        if (sink->topic)
            need(&n, md, kafka_wire_name(b, sink->topic, sink->internal), sink_count(p, sink, counts), sink->internal);
    }
    if (b->dead_letter)
        need(&n, md, memory_format("%s", b->dead_letter), -1, false);
    free(counts);
    return n;
}

// Only internal topics are made unasked.
static bool may_create(struct broker_kafka *b, const struct needs *n, struct broker_error *error)
{
    char list[320] = "";
    size_t used = 0, count = 0;
    for (size_t i = 0; i < n->count; i++) {
        if (n->missing[i].internal || b->create_topics)
            continue;
        count++;
        int more = snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", n->missing[i].name);
        used += (size_t)more < sizeof list - used ? (size_t)more : 0;
    }
    if (count == 0)
        return true;
    kafka_fail(error, "%s on %s: %s; create %s, or run with --create-topics",
               count == 1 ? "there is no topic" : "there are no topics", b->servers, list, count == 1 ? "it" : "them");
    return false;
}

static bool check_sources(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error)
{
    for (int s = 0; s < b->program->source_count; s++) {
        const struct weir_source *source = &b->program->sources[s];
        for (int i = 0; source->partitions && !source->internal && i < md->topic_cnt; i++) {
            const rd_kafka_metadata_topic_t *t = &md->topics[i];
            if (t->err || t->partition_cnt == source->partitions || !reads(b, s, t->topic))
                continue;
            kafka_fail(error, "topic %s has %d partition%s, but %s says `partitions %d`", t->topic, t->partition_cnt,
                       t->partition_cnt == 1 ? "" : "s", source->name, source->partitions);
            return false;
        }
    }
    return true;
}

static bool check_internal(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error)
{
    const struct weir_program *p = b->program;
    int32_t *counts = source_counts(b, md);
    bool good = true;
    for (int k = 0; good && k < p->sink_count; k++) {
        if (!p->sinks[k].internal)
            continue;
        char *name = kafka_wire_name(b, p->sinks[k].topic, true);
        const rd_kafka_metadata_topic_t *t = kafka_admin_find(md, name);
        int32_t wanted = sink_count(p, &p->sinks[k], counts);
        if (t && t->partition_cnt != wanted) {
            kafka_fail(error,
                       "topic %s has %d partitions and needs %d: the program or the partitions of its inputs have "
                       "changed since it was "
                       "made. Stop every instance of %s, let nothing in it be needed any more, and delete it; the next "
                       "start makes it anew",
                       name, t->partition_cnt, wanted, b->app);
            good = false;
        }
        free(name);
    }
    free(counts);
    return good;
}

enum broker_status kafka_topics_prepare(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error)
{
    const rd_kafka_metadata_t *md = kafka_admin_topics(b, admin, error);
    if (!md)
        return BROKER_FATAL;
    struct needs n = find_missing(b, md);
    bool good = may_create(b, &n, error) && check_sources(b, md, error) && check_internal(b, md, error) &&
                kafka_admin_create(b, admin, n.missing, n.count, error);
    free_needs(&n);
    rd_kafka_metadata_destroy(md);
    return good ? BROKER_OK : BROKER_FATAL;
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
    struct kafka_new_topic new_topic = {memory_format("%s", topic), -1, false};
    rd_kafka_t *admin = kafka_admin_new(b, &error);
    bool made = admin && kafka_admin_create(b, admin, &new_topic, 1, &error);
    if (!made)
        log_line("%s: %s", b->app, error.text);
    if (admin)
        rd_kafka_destroy(admin);
    free(new_topic.name);
    return made ? look_up(b, topic) : -1;
}
