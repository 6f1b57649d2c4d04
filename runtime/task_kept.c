#include "task_kept.h"

#include "store.h"

void task_kept_add(struct worker *k, struct task *t)
{
    if (!t->ends) {
        task_free(t);
        return;
    }
    t->next = k->kept;
    k->kept = t;
}

struct task *task_kept_take(struct worker *k, struct broker_task task)
{
    struct task **link = &k->kept, *t;
    while ((t = *link) && !broker_same_task(task_id(t), task))
        link = &t->next;
    if (t)
        *link = t->next;
    return t;
}

void task_kept_drop_all(struct worker *k, bool save)
{
    for (struct task *t; (t = k->kept);) {
        if (save && k->exit == RUNTIME_DONE && store_save_is_due(t, SAVE_CLOSING))
            store_save_task(t);
        k->kept = t->next;
        task_free(t);
    }
}

void task_kept_swap(struct worker *k)
{
    for (struct task *t = k->kept; t; t = t->next)
        task_swap(t);
}
