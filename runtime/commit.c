#include <time.h>

#include "log.h"
#include "worker.h"

int64_t commit_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool commit_due(const struct worker *k, int64_t now)
{
    return k->dirty && now - k->committed >= k->settings->commit_ms;
}

bool commit_now(struct worker *k)
{
    struct broker_error error = {""};
    enum broker_status status;
    do
        status = k->broker->ops->commit(k->broker, k->id, &error);
    while (status == BROKER_RETRY);
    k->committed = commit_clock();
    if (status == BROKER_OK) {
        k->dirty = false;
        return true;
    }
    log_line("%s: commit failed: %s", k->program->app, error.text);
    k->exit = RUNTIME_FAILED;
    return false;
}
