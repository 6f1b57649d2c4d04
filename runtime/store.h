// A store of a task, in memory: what generated code reads and changes through weir_store.h, what the changelog and the disk get of it, and what
// becomes of it when a record turns out bad. A store's rows lie in segments (store_segment.h); only time windows and series have more than one.
//
// A change of a row, in order: noted to be taken back (store_undo.c); without a cache forwarded at once; `pending` until the commit, which logs it and, with
// a cache, forwards it (store_change.c); `unsaved` from then until the disk has it (store_save.c). All is of the thread that owns the task.
#ifndef WEIR_RT_STORE_H
#define WEIR_RT_STORE_H

#include "store_disk.h"
#include "store_segment.h"
#include "worker.h"

// A row whose change goes on, or is logged, at the commit.
struct pending {
    struct row *row;
    const void *before; // the value when it became pending, if store_keeps_before
    bool had;           // there was one
};

// What the records of a source find in a store by their own keys (store_ahead.c): rows, or of series entries from FROM to TO, ms from the records' times.
struct reach {
    bool own; // they do
    int64_t from, to;
};

struct due_heap;
struct load;

struct store {
    const struct weir_store *what;
    int index; // in the program
    struct task *task;
    struct worker *k;
    bool cached;                  // changes are forwarded at the commit
    bool kept;                    // it has a changelog of its own
    bool on_disk;                 // the task has a disk, and the store may be on it
    bool series;                  // SERIES, SIDE, versions: the table finds chains (store_series.c)
    enum weir_window_kind window; // how keys say when: of versions as those of sessions do
    int64_t retention;            // of windows or versions, ms
    size_t value_size;
    size_t value_at;  // of a row: its value, if that is nothing but itself
    size_t key_at;    // of what the table finds: its key
    int64_t interval; // of segments, ms; 0: there is but one
    uint64_t seed;    // of hashes
    int64_t time;     // observed stream time of the records; -1: none yet
    int64_t *times;   // of a windowed cogroup: those of its inputs, TIME is the least. NULL: no record yet
    int input;        // of a cogroup: that the record is of
    int64_t newest;   // the greatest start (of sessions: end) that was put: what a retention before it is gone
    int64_t trigger;  // of the record that sessions or slides were looked for, ms
    struct segments segments;
    struct load *load;       // what the disk has is still to come to memory (store_load.c); NULL: it is not
    struct reach *reach;     // by source
    struct pending *pending; // in the order in which the rows became it
    size_t pending_count, pending_room;
    struct weir_ctx before; // arena of the pending values before; reset by the flush
    // Of chains and SUBSCRIPTIONS: the last row that the disk gave others for, and its segment; there may be more of them there.
    struct row *filling;
    int64_t filling_in;
    // What is held back, always in memory as a whole: of PARKED two, right and left; NULL: a store of another kind.
    struct due_heap *due;
    uint32_t sequence; // SIDE, WAITING: of what was put last
    size_t logged;     // records to the changelog since the last save
    size_t left;       // bytes in memory after the last eviction
};

// WHAT is PROGRAM's store INDEX. Never NULL; empty, and complete: with a disk store_set_disk says otherwise.
struct store *store_new(struct task *t, int index);
void store_free(struct store *s);
// The program was swapped for one with the same stores.
void store_swap(struct store *s);

// ---- restoring (task_restore.c) ----

// The rows of segments from `store_first_segment(s, mark.time)` on are on disk, and a row that is not in memory is looked for there.
void store_set_disk(struct store *s, struct disk_mark mark);
// Its observed time goes on from what was committed.
void store_restore_time(struct store *s);
// The first segment that retention keeps; INT64_MIN: all.
int64_t store_first_segment(const struct store *s, int64_t time);
// A record of the changelog (value.p NULL: the row is gone). SAVED: it comes from the disk, else it is newer. Works in the worker's context, which
// it resets. False: w->bad says why its bytes are not what they should be.
bool store_restore(struct store *s, struct weir_str key, struct weir_str value, int64_t timestamp, bool saved);
// All that the disk has is in memory: no row is looked for there any more.
void store_set_complete(struct store *s);
// Nothing in it counts (DISK_LOST): as store_new made it.
void store_clear(struct store *s);

// ---- loading (store_load.c) ----

// Whether its task goes live with S's rows on disk, which come to memory beside live work. That goes for rows that only their keys find.
bool store_loads_live(const struct store *s);
// After store_set_disk: what the disk has is to be loaded.
void store_load_begin(struct store *s, struct disk_mark mark);
// A slice of it, until UNTIL (monotonic ms). After the last one, S->load is NULL: S is complete, or memory is full and the rest stays on disk. W->bad: a
// row's bytes are not what they should be.
enum disk_loaded store_load(struct store *s, int64_t until, struct broker_error *error);
// The rest stays on disk.
void store_load_end(struct store *s);
// Whether live tasks have something to load.
bool store_load_waits(const struct worker *k);
// A slice of it. False: reported, K's exit is set.
bool store_load_live(struct worker *k);

// ---- saving (commit.c, after the broker has taken the commit) ----

enum store_save { SAVE_IF_DUE, SAVE_NOW, SAVE_CLOSING };
// The task is about to be kept: its `ends`, as of which it can be saved later, too, or go on. NULL then: it has no stores, others may have it by now, or k->exit
// is set.
void store_note_ends(struct task *t);
bool store_save_is_due(const struct task *t, enum store_save when);
// Gives the task's unsaved rows, if any, to its disk. False: reported, k->exit set.
bool store_save_task(struct task *t);
// While it is being restored: the rows of S that the disk does not have, which come from the changelog up to OFFSET.
bool store_save_restored(struct store *s, int64_t offset);

// ---- memory ----

// Drops the segments that retention no longer keeps. Nothing is pending.
void store_expire(struct store *s);
// Lets go of about BYTES of rows that the disk has as well and that were not used for the longest time. Gives how many it were.
size_t store_evict(struct store *s, size_t bytes);
static inline bool store_can_evict(const struct store *s)
{
    return s->on_disk && !s->due;
}
size_t store_in_memory(const struct store *s); // bytes of its rows

// ---- a record's changes (worker.c) ----

// The record went through: what it changed stays.
void store_settle(struct worker *k);
// It is bad: all is as before it.
void store_undo(struct worker *k);
// What came behind the first COUNT entries of the log is bad.
void store_undo_to(struct worker *k, size_t count);

// RECORDS are the next ones.
void store_ahead(struct worker *k, const struct broker_delivery *records, int count);

// ---- the commit (commit.c) ----

// Forwards and logs what is pending in the stores of T. False: k->exit is set.
bool store_flush_task(struct task *t);
// The broker is to store what T's stores have observed of time.
void store_keep_time(const struct task *t);

// ---- inside ----

// The store INDEX of the task that W works for.
static inline struct store *store_of(struct weir_ctx *w, int index)
{
    return ((struct task *)w->owner)->stores[index];
}

// store.c
void store_advance(struct store *s, int64_t time, int64_t newest); // to be taken back
// What it has observed of time goes on by MS, for good.
void store_move_time(struct store *s, int64_t ms);

// store_key.c: keys of windows in changelogs
struct weir_str store_changelog_key(struct weir_ctx *w, enum weir_window_kind kind, struct weir_str inner,
                                    int64_t start, int64_t end);
// False: w->bad.
bool store_changelog_split(struct weir_ctx *w, enum weir_window_kind kind, int64_t size, struct weir_str key,
                           struct weir_str *inner, int64_t *start, int64_t *end);

// Of any kind whose keys hold times.
bool store_split_key(struct store *s, struct weir_str key, struct weir_str *inner, int64_t *start, int64_t *end);

// Whether a put of a window (of a block, which says itself when they are) is taken: not one that is out of retention, which is counted, nor one that
// cannot be: w->bad.
bool store_takes_window(struct store *s, int64_t start, int64_t end);

// store_row.c
// Bytes of a copy of VALUE, of the type of TYPE's values, with all that is behind it.
static inline size_t store_value_bytes(const struct weir_store *type, const void *value)
{
    return type->value_size + (type->extra ? type->extra(value) : 0);
}
// That copy, to TO. Gives TO.
void *store_keep_value(const struct weir_store *type, void *to, const void *value);
// That copy, in G's memory.
const void *store_copy_value(struct segment *g, const struct weir_store *type, const void *value);
void store_free_value(struct segment *g, const struct weir_store *type, const void *value); // NULL is fine
// That copy, in W's arena.
static inline const void *store_copy_for_record(struct weir_ctx *w, const struct weir_store *type, const void *value)
{
    return store_keep_value(type, weir_alloc(w, store_value_bytes(type, value)), value);
}
// The value of BYTES, in W's arena. NULL: w->bad.
const void *store_decode_value(struct weir_ctx *w, const struct weir_store *type, struct weir_str bytes);
// The row of KEY and START, made if there is none.
struct row *store_row(struct store *s, struct weir_str key, int64_t start);
// As store_row, but what the disk has does not matter, and nothing is to be taken back.
struct row *store_row_to_fill(struct store *s, struct weir_str key, int64_t start);
// VALUE, which is copied, takes the place of the row's; to be taken back. Gives the value before, which stays where it is until the record is through.
const void *store_set(struct store *s, struct row *row, const void *value, int64_t timestamp);
// It has no value and is in no list: nobody needs it.
static inline bool row_is_nothing(const struct row *row)
{
    return !row->head.value && !(row->flags & (ROW_PENDING | ROW_UNSAVED | ROW_HELD | ROW_GRAVE));
}
void store_drop_row(struct store *s, struct row *row);
struct segment *store_segment(struct store *s, int64_t time); // made if there is none
struct segment *row_segment(struct store *s, const struct row *row);
// A row in G's memory that no table has yet.
struct row *row_bare(struct store *s, struct segment *g, uint32_t hash, struct weir_str key, int64_t start);
// One that G's table will find.
struct row *row_new(struct store *s, struct segment *g, uint32_t hash, struct weir_str key, int64_t start);
struct weir_str row_key(const struct store *s, const struct row *row); // the inner one
int64_t row_end(const struct store *s, const struct row *row);         // of its window
// The key as the changelog and the disk have it, in W's arena or the row's own.
struct weir_str row_wire_key(struct weir_ctx *w, const struct store *s, const struct row *row);
// As store_set, but for good.
void row_give(struct store *s, struct row *row, const void *value, int64_t timestamp);
// As row_give, of what the changelog has as BYTES. False: w->bad.
bool row_decode(struct store *s, struct row *row, struct weir_str bytes, int64_t timestamp);
// A value that ROW had, if it is more than itself, is no longer needed.
void row_free_value(struct store *s, struct row *row, const void *value);
// Reading the state on disk failed: the run ends, with the record under way.
void store_disk_failed(struct store *s, const char *why);

// store_ahead.c
// A row of KEY and START was looked for.
void store_note_row(struct store *s, struct weir_str key, int64_t start);
// The entries of KEY from FROM to TO were.
void store_note_entries(struct store *s, struct weir_str key, int64_t from, int64_t to);

// store_change.c
// What ROW is now goes to the changelog, at once, and to the next save.
void store_log(struct store *s, struct row *row);
// After store_set, which gave BEFORE: CHANGE, of ROW, is forwarded, or ROW becomes pending, or both. CHANGE->old is the value before, whether anybody
// wants it or not.
void store_changed(struct store *s, struct row *row, const struct weir_change *change, const void *before);
static inline bool store_keeps_before(const struct store *s)
{
    return s->cached && s->what->wants_old;
}
// What undoing takes from a row's flags, it takes from their lists.
void store_unlist(struct store *s, struct row *row, uint32_t added);
// ROW is to be logged at the commit.
void store_note_pending(struct store *s, struct row *row);
// The value as the changelog and the disk have it, in the worker's arena; p NULL: the row is gone. May set w->bad.
struct weir_str row_value(struct store *s, const struct row *row);

// ROW has changed since the last save.
static inline void store_note_unsaved(struct store *s, struct row *row)
{
    if (s->on_disk && !(row->flags & ROW_UNSAVED))
        segment_note_unsaved(row_segment(s, row), row);
}

// store_series.c
// The entries of KEY in a segment; NULL: there are none, and MAKE is false.
struct chain *series_chain(struct store *s, struct segment *g, struct weir_str key, bool make);
// The entry of a window, made if there is none.
struct entry *series_entry(struct store *s, struct weir_str key, int64_t start, int64_t end);
struct entry *series_entry_in(struct store *s, struct segment *g, struct chain *chain, int64_t start, int64_t end);
// The same without asking the disk.
struct chain *series_chain_in_memory(const struct store *s, const struct segment *g, struct weir_str key);
// As series_entry, for good. SAVED: while the disk gives its rows in order of keys.
struct entry *series_restored(struct store *s, struct weir_str key, int64_t start, int64_t end, bool saved);
void series_remove(struct store *s, struct segment *g, struct entry *entry);
void series_forget(struct store *s, struct segment *g, struct chain *chain); // with all of its entries
// The entries of KEY with a value whose starts (of sessions: ends) are from FROM to TO, the newest first.
struct series_walk {
    struct store *s;
    struct weir_str key;
    int64_t from, to;
    size_t segment; // the next one
    struct entry *next;
};
struct entry *series_next(struct series_walk *walk);
// All of them; the array is in the worker's arena.
size_t series_find(struct store *s, struct weir_str key, int64_t from, int64_t to, struct entry ***found);

// store_versions.c
struct row *versions_latest(struct store *s, struct weir_str key); // made if there is none
// As weir_row_put, of the row that versions_latest gave. LOG: it is new; else it comes from the changelog, and nobody is told.
void versions_put(struct store *s, struct row *latest, const void *value, int64_t timestamp, bool log);
// The changelog's record. False: w->bad.
bool versions_restore(struct store *s, struct weir_str key, struct weir_str value, int64_t timestamp);

// store_side.c
struct weir_str side_wire_key(struct weir_ctx *w, struct weir_str key, const struct entry *e);
// False: w->bad.
bool side_split_key(struct weir_ctx *w, struct weir_str key, struct weir_str *inner, int64_t *timestamp,
                    int64_t *sequence);

// store_subscriptions.c
void subscriptions_init(struct store *s);
const void *subscription_decode(struct weir_ctx *w, struct weir_str bytes);     // as store_decode_value
struct weir_str subscription_value(struct store *s, const struct row *row);     // as row_value
struct row *subscription_row(struct store *s, struct weir_str key, bool saved); // of the changelog's KEY. NULL: w->bad
void subscription_unlink(struct store *s, struct segment *g, struct row *row);
// Of the row that finds those of a right key; true of any other.
bool subscriptions_are_clean(const struct row *row, uint32_t lists);
void subscriptions_forget(struct store *s, struct segment *g, struct row *row);

// store_held.c: BUFFER, WAITING and PARKED
void held_init(struct store *s);
void held_free(struct store *s);
void held_undo(struct store *s, const struct undo *u);
void held_settle(struct store *s, const struct undo *u);
struct weir_str held_value(struct store *s, const struct row *row); // as row_value
bool held_restore(struct store *s, struct weir_str key, struct weir_str value, bool saved);

// bad_record.c
// The change of ROW, at a commit, is bad (w->bad). False: the run ends, k->exit is set.
bool bad_change(struct worker *k, struct store *s, const struct row *row);

#endif
