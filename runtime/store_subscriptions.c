// Of a foreign-key join: the left keys that look at a right key. Rows are found by int32 length of the right key | right key | left key, as Kafka Streams'
// CombinedKeySchema has it, and hang in a list of their right key, which the disk is asked for as a whole when somebody wants to know all of them.
#include <stdlib.h>

#include "foreign_key.h"
#include "store.h"
#include "weir_ops.h"
#include "weir_wire.h"

enum { LENGTH = 4 };
enum { RIGHT_KEY, BOTH_KEYS }; // row.start: what the row is of

// Of both keys.
struct link {
    struct row row;
    struct list *list;
    struct link *next, *before;
};

// Of a right key: its value is not used.
struct list {
    struct row row;
    struct link *first, *last;
    size_t count;
    bool sorted; // by left keys
    bool whole;  // the disk has no others
};

void subscriptions_init(struct store *s)
{
    s->value_size = sizeof(struct subscribed);
    s->value_at = sizeof(struct link);
    s->key_at = s->value_at + weir_keep_size(s->value_size);
    _Static_assert(sizeof(struct list) <= sizeof(struct link) + sizeof(struct subscribed),
                   "the keys of both lie alike");
}

// ---- lists ----

static struct weir_str left_key(const struct store *s, const struct link *link)
{
    size_t skipped = LENGTH + link->list->row.key_size;
    return (struct weir_str){(const char *)link + s->key_at + skipped, link->row.key_size - skipped};
}

static void append(struct list *list, struct link *link)
{
    link->list = list;
    link->next = NULL;
    link->before = list->last;
    *(list->last ? &list->last->next : &list->first) = link;
    list->last = link;
}

static struct link *link_new(struct store *s, struct segment *g, struct list *list, struct weir_str key, uint32_t hash)
{
    struct link *link = (struct link *)row_new(s, g, hash, key, BOTH_KEYS);
    const struct link *last = list->last;
    append(list, link);
    list->count++;
    list->sorted = list->sorted && (!last || weir_cmp_str(left_key(s, last), left_key(s, link)) < 0);
    return link;
}

void subscriptions_forget(struct store *s, struct segment *g, struct row *row)
{
    struct list *list = (struct list *)row;
    for (struct link *link = list->first, *next; link; link = next) {
        next = link->next;
        table_remove(g, &link->row);
        slab_give(&g->slab, link, s->key_at + link->row.key_size);
    }
    if (row == s->filling)
        s->filling = NULL;
    table_remove(g, row);
    slab_give(&g->slab, list, s->key_at + row->key_size);
}

void subscription_unlink(struct store *s, struct segment *g, struct row *row)
{
    struct link *link = (struct link *)row;
    struct list *list = link->list;
    *(link->before ? &link->before->next : &list->first) = link->next;
    *(link->next ? &link->next->before : &list->last) = link->before;
    if (--list->count == 0)
        subscriptions_forget(s, g, &list->row);
}

bool subscriptions_are_clean(const struct row *row, uint32_t lists)
{
    if (row->start != RIGHT_KEY)
        return false;
    for (const struct link *link = ((const struct list *)row)->first; link; link = link->next) {
        if (link->row.flags & lists)
            return false;
    }
    return true;
}

// ---- finding ----

// *MADE: it was not there.
static struct link *link_of(struct store *s, struct segment *g, struct list *list, struct weir_str key, bool *made)
{
    uint32_t hash = table_hash(s->seed, key, BOTH_KEYS);
    struct row *row = table_find(&g->table, s->key_at, hash, key, BOTH_KEYS);
    *made = !row;
    return row ? (struct link *)row : link_new(s, g, list, key, hash);
}

struct loading {
    struct store *s;
    struct segment *g;
    struct list *list;
    bool good;
};

static bool load_one(void *arg, const struct disk_row *found)
{
    struct loading *l = arg;
    bool made;
    struct link *link = link_of(l->s, l->g, l->list, found->key, &made);
    if (!made)
        return true; // is newer
    return l->good = row_decode(l->s, &link->row, found->value, found->timestamp);
}

static struct weir_str prefix_of(struct weir_ctx *w, struct weir_str foreign)
{
    char *p = weir_alloc(w, LENGTH + foreign.n);
    weir_put_i32be(p, (int32_t)foreign.n);
    if (foreign.n)
        memcpy(p + LENGTH, foreign.p, foreign.n);
    return (struct weir_str){p, LENGTH + foreign.n};
}

static void load(struct store *s, struct segment *g, struct list *list)
{
    struct loading l = {s, g, list, true};
    struct broker_error error = {""};
    list->whole = true;
    struct weir_str prefix = prefix_of(&s->k->w, row_key(s, &list->row));
    if (!disk_scan(s->task->disk, s->index, g->id, prefix, load_one, &l, &error))
        store_disk_failed(s, error.text);
    else if (!l.good)
        store_disk_failed(s, s->k->w.bad);
}

static struct list *list_new(struct store *s, struct segment *g, struct weir_str foreign, uint32_t hash)
{
    struct list *list = (struct list *)row_new(s, g, hash, foreign, RIGHT_KEY);
    list->first = list->last = NULL;
    list->count = 0;
    list->sorted = true;
    list->whole = !segment_asks_disk(g, hash);
    return list;
}

// Those that look at FOREIGN; NULL: there are none, and MAKE is false. With MAKE some may be on disk only: what is put need not be compared with them.
static struct list *list_of(struct store *s, struct segment *g, struct weir_str foreign, bool make)
{
    uint32_t hash = table_hash(s->seed, foreign, RIGHT_KEY);
    struct list *list = (struct list *)table_find(&g->table, s->key_at, hash, foreign, RIGHT_KEY);
    if (!s->reach[s->k->source].own)
        store_note_row(s, foreign, RIGHT_KEY);
    if (!list && !make && !segment_asks_disk(g, hash))
        return NULL;
    if (!list)
        list = list_new(s, g, foreign, hash);
    list->row.flags |= ROW_USED;
    if (WEIR_UNLIKELY(&list->row == s->filling)) {
        s->filling = NULL;
        list->whole = false;
    }
    if (make)
        return list;
    if (!list->whole)
        load(s, g, list);
    if (list->first)
        return list;
    subscriptions_forget(s, g, &list->row);
    return NULL;
}

struct row *subscription_row(struct store *s, struct weir_str key, bool saved)
{
    struct segment *g = store_segment(s, 0);
    int64_t n = key.n < LENGTH ? -1 : weir_get_i32be(key.p);
    if (n < 0 || (size_t)n > key.n - LENGTH) {
        weir_fail(&s->k->w, WEIR_BAD_DECODE, "a key of %zu bytes that is not that of a subscription", key.n);
        return NULL;
    }
    struct weir_str foreign = {key.p + LENGTH, (size_t)n};
    uint32_t hash = table_hash(s->seed, foreign, RIGHT_KEY);
    struct list *list;
    bool made;
    if (!saved) {
        list = list_of(s, g, foreign, true);
    } else {
        list = (struct list *)table_find(&g->table, s->key_at, hash, foreign, RIGHT_KEY);
        list = list ? list : list_new(s, g, foreign, hash);
        list->whole = true; // the next one's, when that comes
        s->filling = &list->row;
    }
    return &link_of(s, g, list, key, &made)->row;
}

// ---- values ----

const void *subscription_decode(struct weir_ctx *w, struct weir_str bytes)
{
    struct subscribed *value = weir_alloc(w, sizeof *value);
    struct weir_str key;
    return subscribed_read(w, bytes, value, &key) ? value : NULL;
}

struct weir_str subscription_value(struct store *s, const struct row *row)
{
    return subscribed_write(&s->k->w, row->head.value, left_key(s, (const struct link *)row));
}

// ---- subscriptions as they come in ----

static struct weir_str both_keys(struct weir_ctx *w, struct weir_str foreign, struct weir_str key)
{
    size_t size = LENGTH + foreign.n;
    char *p = weir_alloc(w, size + key.n);
    memcpy(p, prefix_of(w, foreign).p, size);
    if (key.n)
        memcpy(p + size, key.p, key.n);
    return (struct weir_str){p, size + key.n};
}

static void set(struct store *s, struct link *link, const struct subscribed *value, int64_t timestamp)
{
    const void *before = store_set(s, &link->row, value, timestamp);
    if (!before && !link->list->whole)
        before = link->row.head.value; // there may have been one: if it goes, that is logged
    store_changed(s, &link->row, NULL, before);
}

// VALUE NULL: it is deleted.
static void keep(struct store *s, struct weir_str foreign, struct weir_str key, const struct subscribed *value)
{
    struct weir_ctx *w = &s->k->w;
    struct segment *g = store_segment(s, 0);
    struct list *list = list_of(s, g, foreign, value != NULL);
    bool made;
    if (!list || w->bad)
        return;
    struct weir_str row_key = both_keys(w, foreign, key);
    if (!value && !table_find(&g->table, s->key_at, table_hash(s->seed, row_key, BOTH_KEYS), row_key, BOTH_KEYS))
        return;
    struct link *link = link_of(s, g, list, row_key, &made);
    if (made)
        *undo_push(&s->k->undo) = (struct undo){.kind = UNDO_MADE, .store = s, .row = &link->row};
    set(s, link, value, w->record->timestamp);
}

static struct weir_subscription subscription_of(const struct subscribed *s, struct weir_str key,
                                                struct weir_str foreign)
{
    struct weir_subscription subscription = {
        .key = key, .foreign = foreign, .partition = s->partition, .has_hash = s->has_hash};
    subscription.answer = s->instruction != DELETE_KEY_NO_PROPAGATE;
    subscription.gone = s->instruction == DELETE_KEY_AND_PROPAGATE;
    subscription.only_found = s->instruction == PROPAGATE_ONLY_IF_FK_VAL_AVAILABLE;
    memcpy(subscription.hash, s->hash, VALUE_HASH);
    return subscription;
}

bool weir_subscription_take(struct weir_ctx *w, int store, struct weir_subscription *subscription)
{
    struct store *s = store_of(w, store);
    struct weir_str foreign = w->record->key, key;
    struct subscribed value;
    if (w->bad || !subscribed_read(w, w->record->value, &value, &key))
        return false;
    *subscription = subscription_of(&value, key, foreign);
    if (!foreign.p && value.instruction != PROPAGATE_NULL_IF_NO_FK_VAL_AVAILABLE) {
        subscription->answer = false;
        weir_drop_null(w, store);
    } else if (foreign.p) {
        bool deletes = value.instruction <= DELETE_KEY_AND_PROPAGATE;
        keep(s, foreign, key, deletes ? NULL : &value);
    }
    return !w->bad;
}

// ---- a change of the right side ----

struct sorted {
    struct weir_str key;
    struct link *link;
};

static int by_key(const void *a, const void *b)
{
    return weir_cmp_str(((const struct sorted *)a)->key, ((const struct sorted *)b)->key);
}

static void sort(struct store *s, struct list *list)
{
    struct sorted *all = weir_alloc(&s->k->w, list->count * sizeof *all);
    size_t count = 0;
    for (struct link *link = list->first; link; link = link->next)
        all[count++] = (struct sorted){left_key(s, link), link};
    qsort(all, count, sizeof *all, by_key);
    list->first = list->last = NULL;
    for (size_t i = 0; i < count; i++)
        append(list, all[i].link);
    list->sorted = true;
}

void weir_answer_all(struct weir_ctx *w, int store, int sink, struct weir_str foreign, struct weir_str value,
                     int64_t timestamp)
{
    struct store *s = store_of(w, store);
    struct list *list = w->bad || !foreign.p ? NULL : list_of(s, store_segment(s, 0), foreign, false);
    if (!list || w->bad)
        return;
    if (!list->sorted)
        sort(s, list);
    for (const struct link *link = list->first; link && !w->bad; link = link->next) {
        if (!link->row.head.value)
            continue; // deleted, and not yet known to the changelog
        struct weir_subscription subscription = subscription_of(link->row.head.value, left_key(s, link), foreign);
        weir_answer(w, sink, &subscription, value, timestamp);
    }
}
