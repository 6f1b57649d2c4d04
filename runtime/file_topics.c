#define PCRE2_CODE_UNIT_WIDTH 8
#include "file_topics.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"
#include "partition_counts.h"

static void count_internal(struct file_topics *t)
{
    const struct weir_program *p = t->program;
    for (int i = 0; i < p->source_count; i++) {
        int32_t said = p->sources[i].partitions ? p->sources[i].partitions : 1;
        t->internal[i] = p->sources[i].internal ? 0 : said;
    }
    partition_counts(p, t->internal);
}

bool file_topics_init(struct file_topics *t, const struct weir_program *program, struct broker_error *error)
{
    *t = (struct file_topics){.program = program};
    t->patterns = memory_new((size_t)program->source_count * sizeof *t->patterns);
    t->internal = memory_new((size_t)program->source_count * sizeof *t->internal);
    for (int i = 0; i < program->source_count; i++) {
        const struct weir_source *source = &program->sources[i];
        if (!source->pattern)
            continue;
        int code;
        PCRE2_SIZE at;
        t->patterns[i] = pcre2_compile((PCRE2_SPTR)source->topics[0], PCRE2_ZERO_TERMINATED,
                                       PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &code, &at, NULL);
        if (!t->patterns[i]) {
            PCRE2_UCHAR text[128] = "";
            pcre2_get_error_message(code, text, sizeof text);
            snprintf(error->text, sizeof error->text, "pattern /%s/ of source %s: %s", source->topics[0], source->name,
                     (char *)text);
            return false;
        }
    }
    count_internal(t);
    return true;
}

void file_topics_free(struct file_topics *t)
{
    for (int i = 0; t->patterns && i < t->program->source_count; i++)
        pcre2_code_free(t->patterns[i]);
    free(t->patterns);
    free(t->internal);
    *t = (struct file_topics){0};
}

static bool same(struct weir_str a, const char *b)
{
    return a.n == strlen(b) && memcmp(a.p, b, a.n) == 0;
}

static bool matches(void *pattern, struct weir_str topic)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    if (!data)
        return false;
    int found = pcre2_match(pattern, (PCRE2_SPTR)topic.p, topic.n, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    return found >= 0;
}

static bool reads(const struct file_topics *t, int source, struct weir_str topic)
{
    const struct weir_source *s = &t->program->sources[source];
    if (s->internal)
        return false;
    if (s->pattern)
        return matches(t->patterns[source], topic);
    for (int i = 0; i < s->topic_count; i++) {
        if (same(topic, s->topics[i]))
            return true;
    }
    return false;
}

int file_topics_source(const struct file_topics *t, struct weir_str topic, int from)
{
    for (int i = from; i < t->program->source_count; i++) {
        if (reads(t, i, topic))
            return i;
    }
    return -1;
}

int file_topics_internal(const struct file_topics *t, struct weir_str topic)
{
    for (int i = 0; i < t->program->source_count; i++) {
        if (t->program->sources[i].internal && same(topic, t->program->sources[i].topics[0]))
            return i;
    }
    return -1;
}

int32_t file_topics_partitions_of(const struct file_topics *t, int source)
{
    const struct weir_source *s = &t->program->sources[source];
    return s->internal ? t->internal[source] : s->partitions ? s->partitions : 1;
}

int32_t file_topics_partitions(const struct file_topics *t, struct weir_str topic)
{
    int internal = file_topics_internal(t, topic);
    int source = internal >= 0 ? internal : file_topics_source(t, topic, 0);
    return source >= 0 ? file_topics_partitions_of(t, source) : 1;
}
