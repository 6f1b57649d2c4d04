#include "file_inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "file_offsets.h"
#include "log.h"
#include "memory.h"

enum { SEVERAL_PIPES_MS = 20 };

static const struct weir_source *sources(const struct file_inputs *i)
{
    return i->topics->program->sources;
}

void file_inputs_init(struct file_inputs *i, const struct settings *settings, const struct file_topics *topics)
{
    *i = (struct file_inputs){.settings = settings, .topics = topics};
    file_watch_init(&i->watch);
    weir_ctx_init(&i->scratch);
}

void file_inputs_free(struct file_inputs *i)
{
    while (i->first) {
        struct file_input *next = i->first->next;
        file_input_free(i->first);
        i->first = next;
    }
    file_watch_free(&i->watch);
    weir_ctx_free(&i->scratch);
}

// ---- which files ----

// Behind those of earlier sources and, of one source, its topics as declared; those of a pattern by name.
static bool comes_before(const struct file_inputs *i, const struct file_input *a, const struct file_input *b)
{
    if (a->sources[0] != b->sources[0])
        return a->sources[0] < b->sources[0];
    return !sources(i)[a->sources[0]].pattern || strcmp(a->topic, b->topic) < 0;
}

static void add(struct file_inputs *i, struct file_input *in)
{
    struct file_input **link = &i->first;
    while (*link && comes_before(i, *link, in))
        link = &(*link)->next;
    in->next = *link;
    *link = in;
    if (!in->standard)
        file_watch_beside(&i->watch, in->path);
}

static bool has_topic(const struct file_inputs *i, const char *topic)
{
    for (const struct file_input *in = i->first; in; in = in->next) {
        if (strcmp(in->topic, topic) == 0)
            return true;
    }
    return false;
}

static void add_topic(struct file_inputs *i, const char *topic)
{
    const struct weir_options *o = i->settings->options;
    const char *named = NULL;
    if (has_topic(i, topic))
        return;
    for (int k = 0; k < o->in_count && !named; k++)
        named = strcmp(o->in[k].topic, topic) == 0 ? o->in[k].file : NULL;
    char *path = named ? NULL : memory_format("%s/%s.jsonl", i->settings->local, topic);
    struct file_input *in = file_input_new(i->topics, topic, named ? named : path);
    in->named = named != NULL;
    add(i, in);
    free(path);
}

static void add_matching(struct file_inputs *i, const char *topic)
{
    struct weir_str name = {topic, strlen(topic)};
    if (file_topics_source(i->topics, name, 0) >= 0)
        add_topic(i, topic);
}

// The files of sources with a pattern: later ones too.
static void add_patterns(struct file_inputs *i)
{
    const struct weir_options *o = i->settings->options;
    bool patterns = false;
    for (int s = 0; s < i->topics->program->source_count; s++)
        patterns = patterns || sources(i)[s].pattern;
    if (!patterns || o->feed)
        return;
    for (int k = 0; k < o->in_count; k++)
        add_matching(i, o->in[k].topic);
    DIR *dir = opendir(i->settings->local);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        size_t n = strlen(entry->d_name);
        if (n <= 6 || strcmp(entry->d_name + n - 6, ".jsonl") != 0)
            continue;
        entry->d_name[n - 6] = 0;
        add_matching(i, entry->d_name);
    }
    if (dir)
        closedir(dir);
}

static void add_named(struct file_inputs *i)
{
    const struct weir_program *p = i->topics->program;
    for (int s = 0; s < p->source_count; s++) {
        for (int k = 0; k < p->sources[s].topic_count && !p->sources[s].pattern && !p->sources[s].internal; k++)
            add_topic(i, p->sources[s].topics[k]);
    }
}

static bool open_one(struct file_inputs *i, struct file_input *in, struct broker_error *error)
{
    if (in->fd >= 0)
        return true;
    if (!file_input_open(in)) {
        snprintf(error->text, sizeof error->text, "%s: %s", in->path, strerror(errno));
        return false;
    }
    if (in->fd < 0 || in->parsed.end > 0)
        return true;
    bool resumed = !i->settings->transient && file_offsets_restore(i->settings, in);
    if (!resumed && !i->started && !file_input_is_feed(in) && sources(i)[in->sources[0]].latest)
        file_input_to_end(in);
    i->resumed = i->resumed || (resumed && in->parsed.end > 0);
    return true;
}

static bool open_all(struct file_inputs *i, struct broker_error *error)
{
    for (struct file_input *in = i->first; in; in = in->next) {
        if (!open_one(i, in, error))
            return false;
    }
    return true;
}

// The topics' folder must be there if anything is to be read from it.
static bool folder_is_there(const struct file_inputs *i, struct broker_error *error)
{
    const struct weir_options *o = i->settings->options;
    struct stat status;
    bool needed = false;
    for (const struct file_input *in = i->first; in && !o->feed; in = in->next) {
        bool elsewhere = false;
        for (int k = 0; k < o->in_count; k++)
            elsewhere = elsewhere || strcmp(o->in[k].topic, in->topic) == 0;
        needed = needed || !elsewhere;
    }
    if (!needed || (stat(i->settings->local, &status) == 0 && S_ISDIR(status.st_mode)))
        return true;
    snprintf(error->text, sizeof error->text,
             "there is no folder %s: topics as files are in the folder of --local DIR, by default in topics/ beside "
             "the program; "
             "--brokers HOST:PORT takes them from Kafka",
             i->settings->local);
    return false;
}

static void say_what_is_missing(const struct file_inputs *i)
{
    for (const struct file_input *in = i->first; in; in = in->next) {
        if (in->fd < 0)
            log_warning(i->settings->app, "there is no file %s%s", in->path,
                        i->settings->options->exit_at_end ? ": the topic is empty" : " yet: waiting for it");
    }
}

bool file_inputs_start(struct file_inputs *i, struct broker_error *error)
{
    const char *feed = i->settings->options->feed;
    if (feed) {
        add(i, file_input_new(i->topics, NULL, feed));
        i->first->named = true;
    } else {
        add_named(i);
        add_patterns(i);
    }
    if (!folder_is_there(i, error) || !open_all(i, error))
        return false;
    if (feed && i->first->fd < 0) {
        snprintf(error->text, sizeof error->text, "%s: %s", feed, strerror(ENOENT));
        return false;
    }
    i->started = true;
    say_what_is_missing(i);
    return true;
}

// ---- whose record is next ----

// With exit_at_end the order of records must not depend on how fast a pipe is written.
static bool waits_for(const struct file_inputs *i, const struct file_input *in)
{
    if (!i->settings->options->exit_at_end || !in->pipe || in->closed || in->fd < 0)
        return false;
    for (int k = 0; k < in->lane_count; k++) {
        if (in->lanes[k].count)
            return false;
    }
    return true;
}

static bool is_global(const struct file_inputs *i, const struct file_input *in)
{
    return !file_input_is_feed(in) && sources(i)[in->sources[0]].global;
}

// Whether HEAD, of A, goes before the head of LANE, of B: global tables are read to their end first, and time does not count there.
static bool goes_before(const struct file_inputs *i, const struct file_input *a, const struct file_entry *head,
                        const struct file_input *b, const struct file_lane *lane)
{
    if (is_global(i, a) != is_global(i, b))
        return is_global(i, a);
    return head->line.timestamp < file_lane_head(lane)->line.timestamp;
}

struct file_input *file_inputs_next(struct file_inputs *i, int64_t now, struct file_lane **lane, bool *failed,
                                    struct broker_error *error)
{
    struct file_input *from = NULL;
    *lane = NULL;
    for (struct file_input *in = i->first; in; in = in->next) {
        if (!in->at_end && !file_input_fill(in, &i->scratch, i->settings->options->exit_at_end, now, error)) {
            *failed = true;
            return NULL;
        }
        if (waits_for(i, in))
            return NULL;
        for (int k = 0; k < in->lane_count; k++) {
            const struct file_entry *head = file_lane_head(&in->lanes[k]);
            if (head && (!*lane || goes_before(i, in, head, from, *lane))) {
                *lane = &in->lanes[k];
                from = in;
            }
        }
    }
    return from;
}

bool file_inputs_look_again(struct file_inputs *i, struct broker_error *error)
{
    for (struct file_input *in = i->first; in; in = in->next)
        file_input_look_again(in);
    add_patterns(i);
    return open_all(i, error);
}

bool file_inputs_over(const struct file_inputs *i)
{
    bool exit_at_end = i->settings->options->exit_at_end;
    for (const struct file_input *in = i->first; in; in = in->next) {
        bool over = in->pipe ? in->closed : exit_at_end && (in->at_end || in->fd < 0);
        if (!over)
            return false;
        for (int k = 0; k < in->lane_count; k++) {
            if (in->lanes[k].count)
                return false;
        }
    }
    return i->first || exit_at_end;
}

void file_inputs_wait(struct file_inputs *i, int timeout_ms)
{
    int pipe = -1, pipes = 0;
    for (const struct file_input *in = i->first; in; in = in->next) {
        if (in->pipe && !in->closed && in->fd >= 0) {
            pipe = in->fd;
            pipes++;
        }
    }
    file_watch_wait(&i->watch, pipe, pipes > 1 && timeout_ms > SEVERAL_PIPES_MS ? SEVERAL_PIPES_MS : timeout_ms);
}

int64_t file_inputs_lag(const struct file_inputs *i)
{
    int64_t lag = 0;
    for (const struct file_input *in = i->first; in; in = in->next) {
        for (int k = 0; k < in->lane_count; k++)
            lag += (int64_t)in->lanes[k].count;
        if (!in->pipe && in->size > in->parsed.end && in->parsed.number > 0)
            lag += (in->size - in->parsed.end) / (in->parsed.end / in->parsed.number);
    }
    return lag;
}
