#include "partition_counts.h"

static int32_t larger(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

int partition_subtopologies(const struct weir_program *p)
{
    int count = 0;
    for (int s = 0; s < p->source_count; s++)
        count = larger(count, p->sources[s].subtopology + 1);
    return count;
}

int32_t partition_tasks(const struct weir_program *p, int subtopology, const int32_t *counts)
{
    int32_t count = 0;
    for (int s = 0; s < p->source_count; s++) {
        if (p->sources[s].subtopology == subtopology && !p->sources[s].global)
            count = larger(count, counts[s]);
    }
    return count;
}

// Where the records of an internal SINK come in again; -1: nowhere.
static int far_side(const struct weir_program *p, const struct weir_sink *sink)
{
    for (int s = 0; s < p->source_count; s++) {
        if (p->sources[s].internal && strcmp(p->sources[s].topics[0], sink->topic) == 0)
            return s;
    }
    return -1;
}

int32_t partition_count_of_sink(const struct weir_program *p, const struct weir_sink *sink, const int32_t *counts)
{
    int far = sink->internal ? far_side(p, sink) : -1;
    if (far >= 0)
        return counts[far];
    return sink->partitions ? sink->partitions : partition_tasks(p, sink->subtopology, counts);
}

// What those who write the internal topic of source S have.
static int32_t written(const struct weir_program *p, int s, const int32_t *counts)
{
    int32_t count = 0;
    for (int k = 0; k < p->sink_count; k++) {
        if (p->sinks[k].internal && far_side(p, &p->sinks[k]) == s)
            count = larger(count, partition_tasks(p, p->sinks[k].subtopology, counts));
    }
    return count;
}

static bool is_member(const struct weir_copartition *together, int s)
{
    for (int i = 0; i < together->source_count; i++) {
        if (together->sources[i] == s)
            return true;
    }
    return false;
}

int32_t partition_count_beside(const struct weir_program *p, int s, const int32_t *counts)
{
    int32_t count = 0;
    for (int c = 0; c < p->copartition_count; c++) {
        const struct weir_copartition *together = &p->copartitions[c];
        for (int i = 0; is_member(together, s) && i < together->source_count; i++) {
            if (!p->sources[together->sources[i]].internal)
                count = larger(count, counts[together->sources[i]]);
        }
    }
    return count;
}

// Where all are internal: what one of them says, else the most that one is written by.
static int32_t among_internal(const struct weir_program *p, int s, const int32_t *counts)
{
    int32_t most = written(p, s, counts);
    for (int c = 0; c < p->copartition_count; c++) {
        const struct weir_copartition *together = &p->copartitions[c];
        for (int i = 0; is_member(together, s) && i < together->source_count; i++) {
            int other = together->sources[i];
            if (p->sources[other].partitions)
                return p->sources[other].partitions;
            most = larger(most, written(p, other, counts));
        }
    }
    return most;
}

static int32_t needed(const struct weir_program *p, int s, const int32_t *counts)
{
    if (p->sources[s].partitions)
        return p->sources[s].partitions;
    int32_t beside = partition_count_beside(p, s, counts);
    return beside ? beside : among_internal(p, s, counts);
}

void partition_counts(const struct weir_program *p, int32_t *counts)
{
    for (bool grew = true; grew;) {
        grew = false;
        for (int s = 0; s < p->source_count; s++) {
            int32_t count = p->sources[s].internal ? needed(p, s, counts) : 0;
            grew |= count > counts[s];
            counts[s] = larger(counts[s], count);
        }
    }
}
