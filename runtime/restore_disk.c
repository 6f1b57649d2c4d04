// What the disk has of tasks that are restored.
#include "restore.h"

#include "standby.h"

static bool is_over(const struct restore *all)
{
    return commit_clock() >= all->k->turn_ends;
}

// What the store needs before its task goes live.
static void begin(struct restoring *r)
{
    struct store *s = r->store;
    struct disk_mark mark = disk_mark(r->task->disk, s->index);
    if (!s->on_disk || mark.offset <= 0)
        return;
    store_set_disk(s, mark);
    store_load_begin(s, mark);
}

// A task whose database is damaged has nothing: its other stores need not be looked at.
static void lose(struct restore *all, const struct task *t)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->stores[i].task == t)
            store_clear(all->stores[i].store);
    }
    while (all->loaded < all->count && all->stores[all->loaded].task == t)
        all->loaded++;
}

static bool load(struct restore *all)
{
    struct restoring *r = &all->stores[all->loaded];
    struct worker *k = all->k;
    struct broker_error error = {""};
    if (!r->store->load)
        begin(r);
    if (!r->store->load || store_loads_live(r->store)) {
        all->loaded++;
        return true;
    }
    enum disk_loaded loaded = store_load(r->store, k->turn_ends, &error);
    if (loaded == DISK_FAILED || k->w.bad)
        return restore_fail(k, r->task, loaded == DISK_FAILED ? error.text : k->w.bad);
    if (loaded == DISK_LOST)
        lose(all, r->task);
    else
        all->loaded += !r->store->load;
    return true;
}

static bool open_disk(struct task *t)
{
    const struct worker *k = t->worker;
    struct broker_error error = {""};
    standby_hand_over(k->standby, t->subtopology, t->partition);
    t->disk = disk_new(k->disks, k->settings, k->program, t->subtopology, t->partition);
    return disk_open(t->disk, &error) || restore_fail(t->worker, t, error.text);
}

bool restore_load(struct restore *all)
{
    bool good = true;
    do {
        struct task *t = all->stores[all->loaded].task;
        if (!all->k->disks || !t || t->ends) // what was kept is in memory
            all->loaded++;
        else
            good = (t->disk || open_disk(t)) && load(all);
    } while (good && all->loaded < all->count && !is_over(all));
    return good;
}
