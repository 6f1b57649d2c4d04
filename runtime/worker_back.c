// A transaction may fail under exactly_once, or a task: then nothing since the last commit has happened, and the worker begins there anew.
#include <stdarg.h>
#include <stdlib.h>

#include "log.h"
#include "memory.h"
#include "task_failure.h"
#include "task_kept.h"
#include "task_restore.h"

void worker_fail(struct worker *k, enum broker_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = memory_format_list(format, args);
    va_end(args);
    if (status == BROKER_ABORT)
        log_warning(k->program->app, "%s; what was done since the last commit is taken back", text);
    else
        log_error(k->program->app, "%s", text);
    k->exit = status == BROKER_ABORT ? WORKER_BACK : RUNTIME_FAILED;
    k->look_in = 1; // should another record come
    free(text);
}

// Without saving: the disk has what was committed, and the changelogs have the rest of that.
static void drop(struct worker *k)
{
    task_restore_drop_all(k, false);
    task_kept_drop_all(k, false);
    task_failure_drop_all(k);
    task_free_all(&k->tasks);
    k->w.bad = NULL;
    k->w.owner = NULL;
    weir_ctx_reset(&k->w);
    k->pending.count = k->undo.count = 0;
    k->cached = k->commits_asked = 0;
    k->memory_limit = worker_memory_limit(k->settings);
    k->due = NULL;
    k->wall_due = INT64_MAX;
    k->clock = k->clock_committed;
    k->dirty = k->half_done = false;
    k->committed = commit_clock();
    k->commit_call = 0;
    k->exit = RUNTIME_DONE;
}

enum broker_status worker_back(struct worker *k)
{
    struct broker_error error = {""};
    enum broker_status status;
    drop(k);
    do
        status = k->broker->ops->abort(k->broker, k->id, &error);
    while (status == BROKER_RETRY);
    if (status == BROKER_FATAL)
        worker_fail(k, status, "%s", error.text);
    task_failure_count(k);
    return k->exit == RUNTIME_DONE ? status : BROKER_FATAL;
}
