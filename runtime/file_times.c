#include "file_times.h"

#include <inttypes.h>
#include <stdlib.h>

#include "memory.h"

static struct file_time *find(const struct file_times *t, int observer, int32_t partition)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->all[i].observer == observer && t->all[i].partition == partition)
            return &t->all[i];
    }
    return NULL;
}

int64_t file_times_get(const struct file_times *t, int observer, int32_t partition)
{
    const struct file_time *found = find(t, observer, partition);
    return found ? found->time : -1;
}

void file_times_set(struct file_times *t, int observer, int32_t partition, int64_t time)
{
    struct file_time *one = find(t, observer, partition);
    if (!one) {
        t->all = memory_grow(t->all, t->count, sizeof *t->all);
        one = &t->all[t->count++];
    }
    *one = (struct file_time){observer, partition, time};
}

// False: LINE is about something else, or about a store that PROGRAM does not have.
static bool parse(const struct weir_program *program, const char *line, struct file_time *one)
{
    int partition, at;
    if (sscanf(line, "@ %" SCNd64 " %d %n", &one->time, &partition, &at) != 2)
        return false;
    one->partition = partition;
    struct weir_str name = {line + at, strcspn(line + at, "\n")};
    one->observer = observer_find(program, name);
    return one->observer >= 0 && name.p[name.n] == '\n';
}

bool file_times_is_about(const struct weir_program *program, const char *line)
{
    struct file_time one;
    return parse(program, line, &one);
}

void file_times_read(struct file_times *t, const struct weir_program *program, const char *line)
{
    struct file_time one;
    if (parse(program, line, &one))
        file_times_set(t, one.observer, one.partition, one.time);
}

void file_times_write(const struct file_times *t, const struct weir_program *program, FILE *to)
{
    for (size_t i = 0; i < t->count; i++) {
        char name[OBSERVER_NAME];
        observer_name(program, t->all[i].observer, name);
        fprintf(to, "@ %" PRId64 " %d %s\n", t->all[i].time, (int)t->all[i].partition, name);
    }
}

void file_times_free(struct file_times *t)
{
    free(t->all);
    *t = (struct file_times){0};
}
