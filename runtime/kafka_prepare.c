#include "kafka_prepare.h"

#include <stdio.h>
#include <stdlib.h>

#include "kafka_topics.h"
#include "memory.h"
#include "partition_counts.h"

// ---- how many partitions ----

int32_t kafka_prepare_partitions(struct broker_kafka *b, const rd_kafka_metadata_t *md, int s)
{
    int32_t count = 0;
    for (int i = 0; i < md->topic_cnt; i++) {
        const rd_kafka_metadata_topic_t *t = &md->topics[i];
        if (t->partition_cnt > count && kafka_topics_reads(b, s, t->topic))
            count = t->partition_cnt;
    }
    return count;
}

// Of a source whose topic is not there: what the program says, or those that it is joined with have; 0: neither.
static int32_t missing_count(const struct weir_program *p, int s, const int32_t *counts)
{
    return p->sources[s].partitions ? p->sources[s].partitions : partition_count_beside(p, s, counts);
}

// By source, how many partitions there are, or will be once missing topics are made. To be freed.
static int32_t *source_counts(struct broker_kafka *b, const rd_kafka_metadata_t *md)
{
    const struct weir_program *p = b->program;
    int32_t *counts = memory_new((size_t)p->source_count * sizeof *counts + 1);
    for (int s = 0; s < p->source_count; s++) {
        if (!p->sources[s].internal)
            counts[s] = kafka_prepare_partitions(b, md, s);
    }
    for (int s = 0; s < p->source_count; s++) {
        if (!p->sources[s].internal && counts[s] == 0)
            counts[s] = missing_count(p, s, counts);
    }
    for (int s = 0; s < p->source_count; s++) {
        if (!p->sources[s].internal && counts[s] == 0)
            counts[s] = 1;
    }
    partition_counts(p, counts);
    return counts;
}

// ---- the topics ----

// NAME becomes the list's, once.
static void add(struct kafka_topic_list *list, char *name, int32_t partitions, enum kafka_topic_kind kind,
                int64_t retention)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->topics[i].name, name) == 0) {
            free(name);
            return;
        }
    }
    list->topics = memory_grow(list->topics, list->count, sizeof *list->topics);
    list->topics[list->count++] = (struct kafka_new_topic){name, partitions, kind, retention};
}

void kafka_prepare_free(struct kafka_topic_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->topics[i].name);
    free(list->topics);
}

static enum kafka_topic_kind changelog_kind(const struct weir_store *store)
{
    if (store->kind == WEIR_STORE_SIDE)
        return KAFKA_SIDE_CHANGELOG;
    if (store->history)
        return KAFKA_HISTORY_CHANGELOG;
    bool rows = store->kind == WEIR_STORE_ROWS || store->kind == WEIR_STORE_SERIES;
    return rows && store->window != WEIR_NOT_WINDOWED ? KAFKA_WINDOWED_CHANGELOG : KAFKA_CHANGELOG;
}

static void add_changelog(struct broker_kafka *b, const struct weir_store *store, int32_t partitions,
                          struct kafka_topic_list *list)
{
    enum { DAY_MS = 24 * 60 * 60 * 1000 };
    enum kafka_topic_kind kind = changelog_kind(store);
    int64_t kept = store->history ? store->history : store->retention;
    add(list, kafka_changelog_name(b, store), partitions, kind, kind == KAFKA_CHANGELOG ? 0 : kept + DAY_MS);
}

struct kafka_topic_list kafka_prepare_internal(struct broker_kafka *b, const rd_kafka_metadata_t *md)
{
    const struct weir_program *p = b->program;
    struct kafka_topic_list list = {NULL, 0};
    int32_t *counts = source_counts(b, md);
    for (int k = 0; k < p->sink_count; k++) {
        const struct weir_sink *sink = &p->sinks[k];
        if (sink->internal)
            add(&list, kafka_wire_name(b, sink->topic, true), partition_count_of_sink(p, sink, counts),
                KAFKA_REPARTITION, 0);
    }
    for (int i = 0; i < p->store_count; i++) {
        if (broker_has_changelog(&p->stores[i]))
            add_changelog(b, &p->stores[i], partition_tasks(p, p->stores[i].subtopology, counts), &list);
    }
    free(counts);
    return list;
}

static struct kafka_topic_list users_topics(struct broker_kafka *b, const rd_kafka_metadata_t *md)
{
    const struct weir_program *p = b->program;
    struct kafka_topic_list list = {NULL, 0};
    int32_t *counts = source_counts(b, md);
    for (int s = 0; s < p->source_count; s++) {
        int32_t count = p->sources[s].partitions || partition_count_beside(p, s, counts) ? counts[s] : -1;
        for (int i = 0; !p->sources[s].pattern && !p->sources[s].internal && i < p->sources[s].topic_count; i++)
            add(&list, memory_format("%s", p->sources[s].topics[i]), count, KAFKA_USERS, 0);
    }
    for (int k = 0; k < p->sink_count; k++) {
        const struct weir_sink *sink = &p->sinks[k];
        if (sink->topic && !sink->internal)
            add(&list, memory_format("%s", sink->topic), partition_count_of_sink(p, sink, counts), KAFKA_USERS, 0);
    }
    if (b->dead_letter)
        add(&list, memory_format("%s", b->dead_letter), -1, KAFKA_USERS, 0);
    free(counts);
    return list;
}

static void leave_missing(struct kafka_topic_list *list, const rd_kafka_metadata_t *md)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (kafka_admin_find(md, list->topics[i].name))
            free(list->topics[i].name);
        else
            list->topics[kept++] = list->topics[i];
    }
    list->count = kept;
}

// ---- checks ----

// Only internal topics are made unasked.
static bool may_create(struct broker_kafka *b, const struct kafka_topic_list *missing, struct broker_error *error)
{
    char list[320] = "";
    size_t used = 0;
    if (missing->count == 0 || b->create_topics)
        return true;
    for (size_t i = 0; i < missing->count; i++) {
        int more = snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", missing->topics[i].name);
        used += (size_t)more < sizeof list - used ? (size_t)more : 0;
    }
    bool one = missing->count == 1;
    kafka_fail(error, "%s on %s: %s; create %s, or run with --create-topics",
               one ? "there is no topic" : "there are no topics", b->servers, list, one ? "it" : "them");
    return false;
}

static bool check_sources(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error)
{
    for (int s = 0; s < b->program->source_count; s++) {
        const struct weir_source *source = &b->program->sources[s];
        for (int i = 0; source->partitions && !source->internal && i < md->topic_cnt; i++) {
            const rd_kafka_metadata_topic_t *t = &md->topics[i];
            if (t->err || t->partition_cnt == source->partitions || !kafka_topics_reads(b, s, t->topic))
                continue;
            kafka_fail(error, "topic %s has %d partition%s, but %s says `partitions %d`", t->topic, t->partition_cnt,
                       t->partition_cnt == 1 ? "" : "s", source->name, source->partitions);
            return false;
        }
    }
    return true;
}

static bool check_internal(const rd_kafka_metadata_t *md, const struct kafka_topic_list *list,
                           struct broker_error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct kafka_new_topic *wanted = &list->topics[i];
        const rd_kafka_metadata_topic_t *t = kafka_admin_find(md, wanted->name);
        if (!t || t->partition_cnt == wanted->partitions)
            continue;
        kafka_fail(error,
                   "topic %s has %d partition%s and needs %d: the program or the partitions of its inputs have changed "
                   "since it was made. %s",
                   wanted->name, t->partition_cnt, t->partition_cnt == 1 ? "" : "s", wanted->partitions,
                   wanted->kind == KAFKA_REPARTITION
                       ? "Stop every instance, let nothing in it be needed any more, and delete it (or start over with "
                         "--reset); the next start makes it anew"
                       : "Keys have moved between partitions, so state is to be made anew: stop every instance and "
                         "start over with --reset");
        return false;
    }
    return true;
}

// A topic of a source, or its count that the program gives it.
struct counted {
    const char *source, *topic;
    int32_t partitions;
};

static bool differs(const struct weir_copartition *together, struct counted *first, const struct counted *other,
                    struct broker_error *error)
{
    if (!first->topic)
        *first = *other;
    if (first->partitions == other->partitions)
        return false;
    kafka_fail(error,
               "%s and %s are not co-partitioned: topic %s has %d partition%s, topic %s has %d, and `%s` needs records "
               "of one key in one place. Bring one to the other with `repartition %d`, or join with a `global table`",
               first->source, other->source, first->topic, first->partitions, first->partitions == 1 ? "" : "s",
               other->topic, other->partitions, together->why, other->partitions);
    return true;
}

static bool check_copartition(struct broker_kafka *b, const rd_kafka_metadata_t *md, const int32_t *counts,
                              const struct weir_copartition *together, struct broker_error *error)
{
    struct counted first = {0};
    for (int i = 0; i < together->source_count; i++) {
        int s = together->sources[i];
        const struct weir_source *source = &b->program->sources[s];
        struct counted internal = {source->name, source->topics[0], counts[s]};
        if (source->internal && differs(together, &first, &internal, error))
            return false;
        for (int k = 0; !source->internal && k < md->topic_cnt; k++) {
            struct counted one = {source->name, md->topics[k].topic, md->topics[k].partition_cnt};
            if (!md->topics[k].err && kafka_topics_reads(b, s, one.topic) && differs(together, &first, &one, error))
                return false;
        }
    }
    return true;
}

// What the compiler could not prove, since the program does not say it.
bool kafka_prepare_copartitions(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error)
{
    bool good = true;
    pthread_mutex_lock(&b->lock);
    int32_t *counts = source_counts(b, md);
    for (int i = 0; good && i < b->program->copartition_count; i++)
        good = check_copartition(b, md, counts, &b->program->copartitions[i], error);
    free(counts);
    pthread_mutex_unlock(&b->lock);
    return good;
}

static bool check_topics(struct broker_kafka *b, const rd_kafka_metadata_t *md, const struct kafka_topic_list *internal,
                         struct broker_error *error)
{
    return check_sources(b, md, error) && kafka_prepare_copartitions(b, md, error) &&
           check_internal(md, internal, error);
}

bool kafka_prepare_holds(struct broker_kafka *b, const rd_kafka_metadata_t *md, struct broker_error *error)
{
    pthread_mutex_lock(&b->lock);
    struct kafka_topic_list internal = kafka_prepare_internal(b, md);
    pthread_mutex_unlock(&b->lock);
    bool good = check_topics(b, md, &internal, error);
    kafka_prepare_free(&internal);
    return good;
}

enum broker_status kafka_prepare(struct broker_kafka *b, rd_kafka_t *admin, struct broker_error *error)
{
    const rd_kafka_metadata_t *md = kafka_admin_topics(b, admin, error);
    if (!md)
        return BROKER_FATAL;
    struct kafka_topic_list users = users_topics(b, md), internal = kafka_prepare_internal(b, md);
    leave_missing(&users, md);
    bool good = may_create(b, &users, error) && check_topics(b, md, &internal, error);
    leave_missing(&internal, md);
    if (!b->compare_only)
        good = good && kafka_admin_create(b, admin, users.topics, users.count, error) &&
               kafka_admin_create(b, admin, internal.topics, internal.count, error);
    kafka_prepare_free(&users);
    kafka_prepare_free(&internal);
    rd_kafka_metadata_destroy(md);
    return good ? BROKER_OK : BROKER_FATAL;
}
