// The order in which what is held back comes due: a heap by (time, bytes of the key).
#ifndef WEIR_RT_STORE_HELD_H
#define WEIR_RT_STORE_HELD_H

#include "store_context.h"
#include "store_segment.h"
#include "store_undo.h"

struct store;

struct due {
    struct row row; // its value is not used; place: in the heap
    int64_t time;   // when it is due, as a time of the store's
};

// A change, or a record of a stream, that is held back, found by the bytes of its key (store_buffer.c). Its values lie in pieces of the segment's, or
// are NULL.
struct held {
    struct due due;
    const void *value;   // that it will be changed to
    const void *old;     // the value before its last change, if somebody wants it
    const void *prior;   // the value before the first change that was held back
    char *context;       // of the record that changed it last, as Kafka Streams' ProcessorRecordContext is written
    int64_t timestamp;   // of the value
    int64_t start, end;  // of its window
    struct weir_str key; // the inner one, within the row's
};

// Records without a match, of one key, side and time (store_parked.c).
struct parked {
    struct due due;
    struct item *first, *last;
    uint32_t count;
    bool left;
    const struct item *leaving; // while what comes of it is computed
};

struct due_heap {
    struct due **all;
    size_t count, room;
    size_t key_at;
};

void due_put(struct due_heap *h, struct due *due);
void due_remove(struct due_heap *h, struct due *due);

// What SIZE bytes of DUE are now can be brought back by the entry: its `value` is a copy of them. KIND is the store's own.
void held_note(struct store *s, struct due *due, size_t size, uint32_t kind);
// DUE is to be logged and saved.
void held_mark(struct store *s, struct due *due);
// As held_mark, where it comes from the changelog (SAVED: from the disk).
void held_mark_restored(struct store *s, struct due *due, bool saved);
// BEFORE, the copy, takes the place of what DUE is now, but its place in the heap HEAP.
void held_bring_back(struct store *s, struct due_heap *heap, struct due *due, const struct due *before, size_t size);

typedef void held_send_fn(struct store *s, const struct due *due);
// SEND sends what comes of DUE. If that is bad, all of it is taken back, and the record that let it go is none the worse. False: the run ends, w->bad is set.
bool held_send(struct store *s, const struct due *due, held_send_fn *send);
// DUE was sent: it is held no longer.
void held_left(struct store *s, struct due *due);
// Whether something is due when stream time is MS further on.
bool held_is_due(const struct store *s, int64_t ms);
// Lets go of what is due, each as if it were a record of its own. False: k->exit is set.
bool held_release(struct store *s);
// What is held in ROW, for messages: the inner key, and the value.
void held_show(struct store *s, const struct row *row, struct weir_str *key, struct weir_str *value);

// store_buffer.c
void buffer_settle(struct store *s, const struct undo *u);
void buffer_undo(struct store *s, const struct undo *u);
struct weir_str buffer_value(struct store *s, const struct held *h);
bool buffer_restore(struct store *s, struct weir_str key, struct weir_str value, bool saved);
// CHANGE is held back under KEY, with the record under way; TIME is when, if nothing is yet.
void buffer_put(struct store *s, struct weir_str key, const struct weir_change *change, int64_t time);
// What was due by TIME goes on.
void buffer_evict(struct store *s, int64_t time);
// The first that is due when stream time is MS further on; NULL: none is.
struct due *buffer_first(const struct store *s, int64_t ms);
bool buffer_leave(struct store *s, struct due *due); // as held_send
void buffer_take_out(struct store *s, struct due *due);
void buffer_show(struct store *s, const struct row *row, struct weir_str *key, struct weir_str *value);

// store_wait.c: keys are 0 | time | the record's key | sequence
enum { WAIT_PREFIX = 9 };
// The store's time is that of KEY at least. False: w->bad.
bool wait_split_key(struct store *s, struct weir_str key, struct weir_str *inner, int64_t *timestamp);

// store_parked.c
void parked_settle(struct store *s, const struct undo *u);
void parked_undo(struct store *s, const struct undo *u);
struct weir_str parked_value(struct store *s, const struct due *due);
bool parked_restore(struct store *s, struct weir_str key, struct weir_str value, bool saved);
struct due *parked_first(const struct store *s, int64_t ms); // as buffer_first
bool parked_leave(struct store *s, struct due *due);         // as held_send
void parked_take_out(struct store *s, struct due *due);
void parked_show(struct store *s, const struct row *row, struct weir_str *key, struct weir_str *value);

#endif
