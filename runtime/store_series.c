// Several entries for a key, in order of time: sessions, sliding windows, the records of a side of a join.
#include "store.h"

// Where an entry is put into the chain: newest first.
static bool is_newer(const struct store *s, const struct entry *a, int64_t start, int64_t end)
{
    if (s->window == WEIR_SESSION_WINDOWS && a->end != end)
        return a->end > end;
    return a->row.start > start || (a->row.start == start && a->end > end);
}

// Memory for one that is not the chain's own.
static size_t entry_size(const struct store *s)
{
    return s->what->extra ? sizeof(struct entry) : s->value_at + s->value_size;
}

// All but what finds the chain is to be set.
static struct entry *take_entry(struct store *s, struct segment *g, struct chain *chain)
{
    if (!chain->own.chain)
        return &chain->own;
    struct entry *e = slab_take(&g->slab, entry_size(s));
    e->row = (struct row){.flags = 0};
    return e;
}

static struct entry *entry_in(struct store *s, struct segment *g, struct chain *chain, int64_t start, int64_t end,
                              bool *made)
{
    struct entry **link = &chain->newest;
    while (*link && is_newer(s, *link, start, end))
        link = &(*link)->older;
    *made = !*link || (*link)->row.start != start || (*link)->end != end;
    if (!*made)
        return *link;
    struct entry *e = take_entry(s, g, chain);
    e->row.head = (struct weir_row){NULL, 0};
    e->row.start = start;
    e->chain = chain;
    e->older = *link;
    e->end = end;
    return *link = e;
}

static struct weir_str chain_key(const struct store *s, const struct chain *chain)
{
    return (struct weir_str){(const char *)chain + s->key_at, chain->own.row.key_size};
}

// An entry of the disk's, while the chain of its key is loaded.
struct loading {
    struct store *s;
    struct segment *g;
    struct chain *chain;
    bool good;
};

static bool load_entry(void *arg, const struct disk_row *found)
{
    struct loading *l = arg;
    struct store *s = l->s;
    struct weir_str key = chain_key(s, l->chain), inner;
    int64_t start, end;
    bool made;
    if (!store_split_key(s, found->key, &inner, &start, &end))
        return l->good = false;
    if (inner.n != key.n)
        return true; // a longer key that begins with this one
    struct row *row = &entry_in(s, l->g, l->chain, start, end, &made)->row;
    const void *before = row->head.value;
    l->good = row_decode(s, row, found->value, found->timestamp);
    if (l->good)
        row_free_value(s, row, before);
    return l->good;
}

static void load(struct store *s, struct segment *g, struct chain *chain)
{
    struct loading l = {s, g, chain, true};
    struct broker_error error = {""};
    if (!disk_scan(s->task->disk, s->index, g->id, chain_key(s, chain), load_entry, &l, &error))
        store_disk_failed(s, error.text);
    else if (!l.good)
        store_disk_failed(s, s->k->w.bad);
}

static struct chain *find(const struct store *s, const struct segment *g, uint32_t hash, struct weir_str key)
{
    return (struct chain *)table_find(&g->table, s->key_at, hash, key, ANY_START);
}

struct chain *series_chain_in_memory(const struct store *s, const struct segment *g, struct weir_str key)
{
    return find(s, g, table_hash(s->seed, key, 0), key);
}

static struct chain *chain_new(struct store *s, struct segment *g, uint32_t hash, struct weir_str key)
{
    struct chain *chain = (struct chain *)row_new(s, g, hash, key, 0);
    chain->own.chain = NULL;
    chain->newest = NULL;
    return chain;
}

struct chain *series_chain(struct store *s, struct segment *g, struct weir_str key, bool make)
{
    uint32_t hash = table_hash(s->seed, key, 0);
    struct chain *chain = find(s, g, hash, key);
    if (chain) {
        chain->own.row.flags |= ROW_USED;
        if (WEIR_UNLIKELY(&chain->own.row == s->filling)) {
            s->filling = NULL;
            load(s, g, chain);
        }
        return chain;
    }
    bool ask = segment_asks_disk(g, hash);
    if (!make && !ask)
        return NULL;
    chain = chain_new(s, g, hash, key);
    if (ask)
        load(s, g, chain);
    if (make || chain->newest)
        return chain;
    series_forget(s, g, chain);
    return NULL;
}

struct entry *series_entry_in(struct store *s, struct segment *g, struct chain *chain, int64_t start, int64_t end)
{
    bool made;
    struct entry *e = entry_in(s, g, chain, start, end, &made);
    if (made)
        *undo_push(&s->k->undo) = (struct undo){.kind = UNDO_MADE, .store = s, .row = &e->row};
    return e;
}

struct entry *series_entry(struct store *s, struct weir_str key, int64_t start, int64_t end)
{
    struct segment *g = store_segment(s, s->window == WEIR_SESSION_WINDOWS ? end : start);
    return series_entry_in(s, g, series_chain(s, g, key, true), start, end);
}

struct entry *series_restored(struct store *s, struct weir_str key, int64_t start, int64_t end, bool saved)
{
    struct segment *g = store_segment(s, s->window == WEIR_SESSION_WINDOWS ? end : start);
    uint32_t hash = table_hash(s->seed, key, 0);
    bool made;
    if (!saved)
        return entry_in(s, g, series_chain(s, g, key, true), start, end, &made);
    struct chain *chain = find(s, g, hash, key);
    if (!chain)
        chain = chain_new(s, g, hash, key);
    s->filling = &chain->own.row;
    s->filling_in = g->id;
    return entry_in(s, g, chain, start, end, &made);
}

static void free_entry(struct store *s, struct segment *g, struct entry *e)
{
    row_free_value(s, &e->row, e->row.head.value);
    if (e != &e->chain->own) {
        slab_give(&g->slab, e, entry_size(s));
        return;
    }
    e->chain = NULL;
    e->row.flags &= ROW_USED;
}

void series_forget(struct store *s, struct segment *g, struct chain *chain)
{
    for (struct entry *e = chain->newest, *older; e; e = older) {
        older = e->older;
        free_entry(s, g, e);
    }
    if (&chain->own.row == s->filling)
        s->filling = NULL;
    table_remove(g, &chain->own.row);
    slab_give(&g->slab, chain, s->key_at + chain->own.row.key_size);
}

void series_remove(struct store *s, struct segment *g, struct entry *entry)
{
    struct chain *chain = entry->chain;
    struct entry **link = &chain->newest;
    while (*link != entry)
        link = &(*link)->older;
    *link = entry->older;
    free_entry(s, g, entry);
    if (!chain->newest)
        series_forget(s, g, chain);
}

// Segments come newest first, and so do the entries of a chain.
struct entry *series_next(struct series_walk *walk)
{
    struct store *s = walk->s;
    const struct segments *all = &s->segments;
    for (;;) {
        while (walk->next) {
            struct entry *e = walk->next;
            int64_t time = s->window == WEIR_SESSION_WINDOWS ? e->end : e->row.start;
            walk->next = time >= walk->from ? e->older : NULL;
            if (time >= walk->from && time <= walk->to && (e->row.head.value || e->row.flags & ROW_GRAVE))
                return e;
        }
        if (walk->segment == all->count || all->all[walk->segment]->id < walk->from / s->interval)
            return NULL;
        struct segment *g = all->all[walk->segment++];
        struct chain *chain = g->id <= walk->to / s->interval ? series_chain(s, g, walk->key, false) : NULL;
        walk->next = chain ? chain->newest : NULL;
    }
}

size_t series_find(struct store *s, struct weir_str key, int64_t from, int64_t to, struct entry ***found)
{
    enum { FIRST = 8 };
    struct series_walk walk = {.s = s, .key = key, .from = from, .to = to};
    size_t count = 0, room = FIRST;
    *found = weir_alloc(&s->k->w, room * sizeof **found);
    for (struct entry *e; (e = series_next(&walk)); (*found)[count++] = e) {
        if (count < room)
            continue;
        struct entry **grown = weir_alloc(&s->k->w, 2 * room * sizeof *grown);
        memcpy(grown, *found, room * sizeof *grown);
        *found = grown;
        room *= 2;
    }
    return count;
}
