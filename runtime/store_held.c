#include "store_held.h"

#include "memory.h"

static bool is_before(const struct held_heap *h, const struct held *a, const struct held *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    size_t n = a->row.key_size < b->row.key_size ? a->row.key_size : b->row.key_size;
    int order = memcmp((const char *)a + h->key_at, (const char *)b + h->key_at, n);
    return order ? order < 0 : a->row.key_size < b->row.key_size;
}

static void place(struct held_heap *h, struct held *held, size_t at)
{
    h->all[at] = held;
    held->row.place = (uint32_t)at;
}

static void up(struct held_heap *h, struct held *held, size_t at)
{
    for (size_t parent; at > 0 && is_before(h, held, h->all[parent = (at - 1) / 2]); at = parent)
        place(h, h->all[parent], at);
    place(h, held, at);
}

static void down(struct held_heap *h, struct held *held, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < h->count; at = child) {
        if (child + 1 < h->count && is_before(h, h->all[child + 1], h->all[child]))
            child++;
        if (!is_before(h, h->all[child], held))
            break;
        place(h, h->all[child], at);
    }
    place(h, held, at);
}

void held_put(struct held_heap *h, struct held *held)
{
    if (h->count == h->room) {
        h->room = h->room ? h->room * 2 : 64;
        h->all = memory_resize(h->all, h->room * sizeof *h->all);
    }
    held->row.flags |= ROW_HELD;
    up(h, held, h->count++);
}

void held_remove(struct held_heap *h, struct held *held)
{
    size_t at = held->row.place;
    struct held *last = h->all[--h->count];
    held->row.flags &= ~(uint32_t)ROW_HELD;
    if (last == held)
        return;
    down(h, last, at);
    up(h, last, last->row.place);
}
