// Records of a left or outer join of streams that have no match so far, as KStreamKStreamJoin's outer store has them: found by the bytes of
// time | side (right 0, left 1) | key, which is also the order in which they leave; several of the same are a list.
#include "store_held.h"

#include "store.h"
#include "weir_wire.h"

enum { PREFIX = 9, VARIABLE_SIZES = 1 }; // bytes before the key; Kafka's ListSerializer: each item has its length
enum { UNDO_PUT, UNDO_TAKEN };

// Its value is behind it.
struct item {
    struct item *next;
};

static const struct weir_store *type_of(const struct store *s, bool left)
{
    return &s->k->program->stores[left ? s->what->left : s->what->right];
}

static struct weir_str row_key_of(struct weir_ctx *w, int64_t timestamp, bool left, struct weir_str key)
{
    char *p = weir_alloc(w, PREFIX + key.n);
    weir_put_i64be(p, timestamp);
    p[8] = (char)left;
    if (key.n)
        memcpy(p + PREFIX, key.p, key.n);
    return (struct weir_str){p, PREFIX + key.n};
}

// ---- lists ----

static void append(struct store *s, struct parked *p, const void *value)
{
    const struct weir_store *type = type_of(s, p->left);
    struct item *item = segment_piece(store_segment(s, 0), sizeof *item + store_value_bytes(type, value));
    item->next = NULL;
    store_keep_value(type, item + 1, value);
    *(p->last ? &p->last->next : &p->first) = item;
    p->last = item;
    p->count++;
}

static void free_items(struct store *s, struct item *item)
{
    for (struct item *next; item; item = next) {
        next = item->next;
        segment_free_piece(store_segment(s, 0), item);
    }
}

static void forget_items(struct parked *p)
{
    p->first = p->last = NULL;
    p->leaving = NULL;
    p->count = 0;
}

// ---- undo ----

void parked_settle(struct store *s, const struct undo *u)
{
    if (u->flags == UNDO_TAKEN)
        free_items(s, ((const struct parked *)u->value)->first);
}

void parked_undo(struct store *s, const struct undo *u)
{
    struct parked *p = (struct parked *)u->row;
    const struct parked *before = u->value;
    if (u->flags == UNDO_PUT)
        free_items(s, before->last ? before->last->next : p->first);
    if (u->flags == UNDO_PUT && before->last)
        before->last->next = NULL;
    held_bring_back(s, &s->due[p->left], &p->due, &before->due, sizeof *p);
}

// ---- putting and taking ----

static struct parked *parked_of(struct store *s, struct weir_str row_key)
{
    struct parked *p = (struct parked *)store_row(s, row_key, 0);
    if (!(p->due.row.flags & ROW_HELD)) {
        forget_items(p);
        p->due.time = p->due.row.head.timestamp = weir_get_i64be(row_key.p);
        p->left = row_key.p[8];
    }
    return p;
}

static int64_t look_back(const struct store *s, bool left)
{
    return left ? s->what->after : s->what->before;
}

bool weir_parked_put(struct weir_ctx *w, int store, const struct weir_parked *record)
{
    struct store *s = store_of(w, store);
    if (w->bad || record->timestamp < 0)
        return true;
    if (record->timestamp + look_back(s, record->left) < s->time)
        return false;
    struct parked *p = parked_of(s, row_key_of(w, record->timestamp, record->left, record->key));
    held_note(s, &p->due, sizeof *p, UNDO_PUT);
    append(s, p, record->value);
    if (!(p->due.row.flags & ROW_HELD))
        due_put(&s->due[p->left], &p->due);
    held_mark(s, &p->due);
    return true;
}

void parked_take_out(struct store *s, struct due *due)
{
    struct parked *p = (struct parked *)due;
    held_note(s, due, sizeof *p, UNDO_TAKEN);
    due_remove(&s->due[p->left], due);
    forget_items(p);
    held_mark(s, due);
}

void weir_parked_take(struct weir_ctx *w, int store, bool left, struct weir_str key, int64_t timestamp)
{
    struct store *s = store_of(w, store);
    if (w->bad || !s->due[left].count)
        return;
    struct weir_str row_key = row_key_of(w, timestamp, left, key);
    struct row *row = table_find(&store_segment(s, 0)->table, s->key_at, table_hash(s->seed, row_key, 0), row_key, 0);
    if (row && row->flags & ROW_HELD)
        parked_take_out(s, (struct due *)row);
}

// ---- leaving ----

static struct due *first_due(const struct store *s, bool left, int64_t time)
{
    struct due *first = s->due[left].count ? s->due[left].all[0] : NULL;
    return first && first->time + look_back(s, left) + s->what->grace < time ? first : NULL;
}

struct due *parked_first(const struct store *s, int64_t ms)
{
    int64_t time = weir_time_after(s->time, ms);
    struct due *right = first_due(s, false, time), *left = first_due(s, true, time);
    if (!right || !left)
        return right ? right : left;
    return left->time < right->time ? left : right;
}

static struct weir_str key_of(const struct store *s, const struct due *due)
{
    return (struct weir_str){(const char *)due + s->key_at + PREFIX, due->row.key_size - PREFIX};
}

static void send(struct store *s, const struct due *due)
{
    const struct parked *p = (const struct parked *)due;
    struct weir_parked record = {
        .left = p->left, .key = key_of(s, due), .value = p->leaving + 1, .timestamp = due->time};
    s->what->parked(&s->k->w, &record);
}

// Each by itself, as one may be bad.
static bool leave(struct store *s, struct due *due)
{
    struct parked *p = (struct parked *)due;
    bool good = true;
    for (p->leaving = p->first; good && p->leaving; p->leaving = p->leaving->next)
        good = held_send(s, due, send);
    return good;
}

bool parked_leave(struct store *s, struct due *due)
{
    struct weir_record record = {.key = key_of(s, due), .timestamp = due->time, .partition = s->task->partition};
    s->k->w.record = &record;
    bool good = leave(s, due);
    s->k->w.record = NULL;
    return good;
}

void parked_show(struct store *s, const struct row *row, struct weir_str *key, struct weir_str *value)
{
    const struct parked *p = (const struct parked *)row;
    *key = key_of(s, &p->due);
    *value = type_of(s, p->left)->encode(&s->k->w, (p->leaving ? p->leaving : p->first) + 1);
}

void weir_parked_advance(struct weir_ctx *w, int store, int64_t timestamp)
{
    struct store *s = store_of(w, store);
    if (timestamp > s->time)
        store_advance(s, timestamp, s->newest);
    if (timestamp < s->time)
        return;
    for (struct due *due; !w->bad && (due = parked_first(s, 0)) && leave(s, due);)
        held_left(s, due);
}

// ---- the changelog ----

struct weir_str parked_value(struct store *s, const struct due *due)
{
    const struct parked *p = (const struct parked *)due;
    struct weir_buf b;
    weir_buf_init(&s->k->w, &b, 128);
    wire_put_number(&b, VARIABLE_SIZES, 1);
    wire_put_number(&b, p->count, 4);
    for (const struct item *item = p->first; item; item = item->next) {
        struct weir_str value = type_of(s, p->left)->encode(&s->k->w, item + 1);
        wire_put_number(&b, value.n + 1, 4);
        wire_put_number(&b, p->left, 1);
        weir_put(&b, value.p, value.n);
    }
    return weir_buf_str(&b);
}

static bool take_item(struct store *s, struct weir_str *rest, struct parked *p)
{
    struct weir_str item;
    if (!wire_take_sized(rest, &item) || !item.p || item.n < 1 || item.p[0] != (char)p->left)
        return false;
    const void *value = store_decode_value(&s->k->w, type_of(s, p->left), (struct weir_str){item.p + 1, item.n - 1});
    if (value)
        append(s, p, value);
    return value != NULL;
}

static bool take_items(struct store *s, struct weir_str bytes, struct parked *p)
{
    int64_t sizes, count;
    bool good = wire_take_number(&bytes, 1, &sizes) && sizes == VARIABLE_SIZES && wire_take_number(&bytes, 4, &count) &&
                count > 0;
    while (good && count-- > 0)
        good = take_item(s, &bytes, p);
    return good && bytes.n == 0;
}

static bool is_row_key(struct weir_str key)
{
    return key.n >= PREFIX && weir_get_i64be(key.p) >= 0 && (key.p[8] == 0 || key.p[8] == 1);
}

bool parked_restore(struct store *s, struct weir_str key, struct weir_str value, bool saved)
{
    struct weir_ctx *w = &s->k->w;
    if (!is_row_key(key)) {
        weir_fail(w, WEIR_BAD_DECODE, "a key of %zu bytes that is not that of a record without a match", key.n);
        return false;
    }
    struct parked *p = parked_of(s, key);
    if (p->due.row.flags & ROW_HELD)
        due_remove(&s->due[p->left], &p->due);
    free_items(s, p->first);
    forget_items(p);
    if (value.p && !take_items(s, value, p)) {
        free_items(s, p->first);
        forget_items(p);
        weir_fail(w, WEIR_BAD_DECODE, "%zu bytes that are no records without a match", value.n);
        return false;
    }
    if (value.p)
        due_put(&s->due[p->left], &p->due);
    held_mark_restored(s, &p->due, saved);
    return true;
}
