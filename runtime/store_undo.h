// What a record changed in the stores of its task, so that it can be taken back if the record turns out bad.
#ifndef WEIR_RT_STORE_UNDO_H
#define WEIR_RT_STORE_UNDO_H

#include "weir_store.h"

struct store;
struct row;

enum undo_kind {
    UNDO_MADE,  // the row was made
    UNDO_SET,   // it was given a value
    UNDO_TIME,  // the store's time went on
    UNDO_INPUT, // that of one input of a cogroup did
    UNDO_COUNT, // a number went on
    UNDO_HELD,  // what the row finds is held back, otherwise, or no longer (store_held.h)
};

struct undo {
    enum undo_kind kind;
    uint32_t flags; // of the row before; of UNDO_INPUT: the input
    struct store *store;
    struct row *row;   // NULL: of none
    const void *value; // before: in the record's arena, or, if it is more than itself, the block that the row had
    int64_t timestamp; // before; UNDO_COUNT: *count; of UNDO_TIME: store.time, of UNDO_INPUT: store.times
    union {
        int64_t newest; // UNDO_TIME: store.newest
        size_t *count;  // UNDO_COUNT
    };
};

struct undo_log {
    struct undo *all; // reused: grows to the largest record's number
    size_t count, room;
};

struct undo *undo_push(struct undo_log *log);
// *COUNT is about to change.
void undo_count(struct undo_log *log, size_t *count);

#endif
