// State: what generated code asks of the stores of its task, and the table that describes a store to the runtime.
//
// A row is found by the bytes of its key as they are on the wire. A value is the program's own C struct (or scalar): generated code reads it through
// the pointers that it is given and never changes it in place; weir_row_put copies. What a record changed is taken back if the record turns out bad.
#ifndef WEIR_STORE_H
#define WEIR_STORE_H

#include "weir_ctx.h"

enum weir_store_kind {
    WEIR_STORE_ROWS,          // one value for a key, or for a key and the start of a time window
    WEIR_STORE_SERIES,        // several entries for a key, in order of time: sessions, sliding windows
    WEIR_STORE_BUFFER,        // changes held back until their time
    WEIR_STORE_SIDE,          // one side of a join of streams: all records of a key for the time of the window
    WEIR_STORE_PARKED,        // of a left or outer join of streams: records without a match so far, in order of time
    WEIR_STORE_WAITING,       // records of a stream that wait for the rows of a versioned table, in order of time
    WEIR_STORE_SUBSCRIPTIONS, // of a foreign-key join: the left keys that look at a right key, in order of their bytes
};

enum weir_window_kind { WEIR_NOT_WINDOWED, WEIR_TIME_WINDOWS, WEIR_SLIDING_WINDOWS, WEIR_SESSION_WINDOWS };

// A change of a table.
struct weir_change {
    struct weir_str key; // bytes, of the inner key
    int64_t start, end;  // of its window, ms
    const void *value;   // the value; NULL: the row is gone
    const void *old;     // the value before; NULL: none, or nobody asked for it (wants_old)
    int64_t timestamp;
    bool late; // of a versioned table: a later value has taken its place already
};

struct weir_serde;
struct weir_parked;

struct weir_store {
    const char *name; // its changelog is the topic APP-NAME-changelog
    enum weir_store_kind kind;
    bool memory;          // no copy on disk
    bool no_changelog;    // nor a topic: it is as its disk has it
    int changelog_source; // index of the table source whose topic is the changelog, or -1: it has one of its own
    int subtopology;
    const struct weir_serde *key_serde, *value_serde; // of the changelog, for topics as files
    uint64_t fingerprint; // of what is kept and how: state on disk with another one is made anew from the changelog
    size_t
        value_size; // of the C value. of SUBSCRIPTIONS that is the runtime's own, and all up to `decode` is NULL or 0
    // Bytes that a value needs beside itself (strings, lists), and the copy of FROM to TO with all of it behind it: TO has value_size + extra bytes.
    // NULL: a value is nothing but itself.
    size_t (*extra)(const void *value);
    void (*keep)(void *to, const void *from);
    struct weir_str (*encode)(struct weir_ctx *w, const void *value);       // as the changelog has it
    bool (*decode)(struct weir_ctx *w, struct weir_str bytes, void *value); // false: w->bad
    void (*changed)(struct weir_ctx *w, const struct weir_change *change);  // what comes of a change; NULL: nothing
    // The table's value, as JSON, where that is not the value kept: for people. Of C old is not there. NULL: it is.
    struct weir_str (*show)(struct weir_ctx *w, const struct weir_change *c);
    bool wants_old;
    bool at_once; // changes go on at once, with a cache, too
    enum weir_window_kind window;
    int inputs;                            // of a windowed cogroup: its flows; else 0
    int64_t window_size, grace, retention; // ms; SESSION: window_size is the gap; SLIDING: the difference
    int64_t wait;                          // BUFFER: how long, ms
    bool final;                            // BUFFER: until the window is closed
    int left, right; // PARKED: the stores of the join's sides, which say what their values are; WAITING: left is -1
    int64_t before, after; // PARKED: the join's window, ms
    void (*parked)(struct weir_ctx *w,
                   const struct weir_parked *p); // PARKED, WAITING: what comes of a record that leaves
    int64_t history; // ROWS of a versioned table: how long values that were replaced are kept, ms; 0: not
};

// ---- what keeps a value is made of these: its parts, one behind the other, each aligned to 8 ----

static inline size_t weir_keep_size(size_t size)
{
    return (size + 7) & ~(size_t)7;
}
// The copy of SIZE bytes at FROM (NULL: none) at *NEXT, which moves on.
static inline void *weir_keep(char **next, const void *from, size_t size)
{
    char *to = *next;
    if (!from)
        return NULL;
    memcpy(to, from, size);
    *next += weir_keep_size(size);
    return to;
}

// A copy of VALUE for as long as the record.
static inline void *weir_copy(struct weir_ctx *w, const void *value, size_t size)
{
    return memcpy(weir_alloc(w, size), value, size);
}
// With all that is behind it, too (EXTRA, KEEP: as in struct weir_store).
static inline void *weir_copy_all(struct weir_ctx *w, const void *value, size_t size, size_t (*extra)(const void *),
                                  void (*keep)(void *, const void *))
{
    void *copy = weir_alloc(w, size + extra(value));
    keep(copy, value);
    return copy;
}

// ---- rows ----

// A row of a store; where it is stays the same until the record is through.
struct weir_row {
    const void *value; // NULL: there is none
    int64_t timestamp; // of the value
};

// The row of KEY and START (0 without windows), made if there is none. Never NULL.
struct weir_row *weir_row(struct weir_ctx *w, int store, struct weir_str key, int64_t start);
// Gives the row a value (NULL: takes it away). The change goes on at once, or with others of the row at the next commit.
void weir_row_put(struct weir_ctx *w, int store, struct weir_row *row, const void *value, int64_t timestamp);
// The later of the row's time and the record's.
static inline int64_t weir_row_time(const struct weir_row *row, int64_t timestamp)
{
    return row->value && row->timestamp > timestamp ? row->timestamp : timestamp;
}

// ---- windows ----

// The record is one of the flow INPUT of a cogroup: each flow has an observed stream time of its own, as in Kafka Streams. Before what follows.
void weir_store_input(struct weir_ctx *w, int store, int input);
// The store's observed stream time, TIMESTAMP included.
int64_t weir_store_time(struct weir_ctx *w, int store, int64_t timestamp);
// The start of the first window that TIMESTAMP is in.
static inline int64_t weir_window_first(int64_t timestamp, int64_t size, int64_t every)
{
    int64_t first = timestamp - size + every;
    return first > 0 ? first / every * every : 0;
}
// A record, or its part in one window, came too late: counted.
void weir_drop_late(struct weir_ctx *w, int store);
// A record is dropped because its key (or value) is null: counted. STORE: that it was for; -1: none.
void weir_drop_null(struct weir_ctx *w, int store);

// ---- sessions ----

struct weir_entry {
    int64_t start, end, timestamp;
    const void *value;
};
struct weir_sessions {
    struct weir_str key;
    int64_t start, end;             // of the session that TIMESTAMP makes of those found
    const struct weir_entry *found; // in the store's order (Kafka Streams': end, then start); arena
    size_t count;
};
// The sessions of KEY that TIMESTAMP belongs to. False: it is late, and counted.
bool weir_sessions_find(struct weir_ctx *w, int store, struct weir_str key, int64_t timestamp, struct weir_sessions *s);
// Takes away those found (each a change to nothing, as Kafka Streams forwards them), then puts the one session.
void weir_sessions_put(struct weir_ctx *w, int store, const struct weir_sessions *s, const void *value);

// ---- sliding windows (KIP-450) ----

// One window that a record at TIMESTAMP makes or changes, in the order that Kafka Streams does it.
struct weir_slide {
    int64_t start;
    const void *base;  // the value that it begins with; NULL: init
    bool adds;         // the record is in it; else its value is BASE as it is
    int64_t timestamp; // of the result
};
struct weir_slides {
    struct weir_str key;
    const struct weir_slide *items;
    size_t count;
};
// False: the record is too late for all, and counted.
bool weir_slides_find(struct weir_ctx *w, int store, struct weir_str key, int64_t timestamp, struct weir_slides *s);
void weir_slides_put(struct weir_ctx *w, int store, const struct weir_slides *s, size_t index, const void *value);

// ---- emit final, emit every ----

// Holds CHANGE back (its value is copied); what is due by it goes on to the store's `changed`.
void weir_suppress(struct weir_ctx *w, int store, const struct weir_change *change);

// ---- rows found by joins ----

// The row of KEY and START; NULL: there is none with a value. Makes none.
const struct weir_row *weir_row_find(struct weir_ctx *w, int store, struct weir_str key, int64_t start);
// The row of a session or sliding window.
const struct weir_row *weir_window_find(struct weir_ctx *w, int store, struct weir_str key, int64_t start, int64_t end);
// Gives it a value, of a table of them that is kept as it comes.
void weir_window_put(struct weir_ctx *w, int store, const struct weir_change *change);
// As it was at TIMESTAMP, of a versioned table. NULL also where history does not reach back so far.
const struct weir_row *weir_row_at(struct weir_ctx *w, int store, struct weir_str key, int64_t timestamp);
// Of a global table.
const struct weir_row *weir_global_find(struct weir_ctx *w, int store, struct weir_str key);

// ---- joins of streams (KIP-633) ----

static inline int64_t weir_later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}
// The time MS milliseconds after TIME, or the last there is.
static inline int64_t weir_time_after(int64_t time, int64_t ms)
{
    return time > INT64_MAX - ms ? INT64_MAX : time + ms;
}

struct weir_match {
    int64_t timestamp;
    const void *value;
};
struct weir_matches {
    const struct weir_match *items; // in order of time, then as they came; arena
    size_t count;
};
// The records of KEY from FROM to TO, both included, that are kept still.
struct weir_matches weir_side_find(struct weir_ctx *w, int store, struct weir_str key, int64_t from, int64_t to);
void weir_side_put(struct weir_ctx *w, int store, struct weir_str key, const void *value, int64_t timestamp);

// A record without a match. The value is of the type of its side's store.
struct weir_parked {
    bool left;
    struct weir_str key;
    const void *value;
    int64_t timestamp;
};
// Every record of both sides, before it looks for matches: moves the join's stream time on, and lets go what is due by it.
void weir_parked_advance(struct weir_ctx *w, int store, int64_t timestamp);
// False: its window has gone by already, and it leaves at once (the caller sends it on).
bool weir_parked_put(struct weir_ctx *w, int store, const struct weir_parked *p);
// A record of the other side matched those of this KEY, TIMESTAMP and side.
void weir_parked_take(struct weir_ctx *w, int store, bool left, struct weir_str key, int64_t timestamp);

// ---- a stream that waits for a versioned table (KIP-923) ----

// Keeps the record until its time; what is due by it leaves through `parked`. False: it is older than what waits, and is joined at once.
bool weir_wait(struct weir_ctx *w, int store, struct weir_str key, const void *value, int64_t timestamp);

// ---- foreign-key joins (KIP-213) ----

// What a change of the left side tells the right keys that it looked at and looks at. Slices with p NULL: there is none.
struct weir_subscribe {
    struct weir_str key; // of the row
    struct weir_str foreign, old_foreign;
    struct weir_str value; // as the left side's serde writes it
    bool had;              // there was a row
    bool left_join;
    int64_t timestamp;
};
void weir_subscribe(struct weir_ctx *w, int sink, const struct weir_subscribe *s);

// A subscription as it came in: w->record.
struct weir_subscription {
    struct weir_str key, foreign;
    int32_t partition; // the left row's
    bool answer;       // it is to be answered, with the right side's value
    bool only_found;   // if there is one
    bool gone;         // without it: what was looked at is no more; the answer's time is that of both all the same
    char hash[16];     // of the left value
    bool has_hash;
};
// Keeps it, or deletes it. False: w->bad.
bool weir_subscription_take(struct weir_ctx *w, int store, struct weir_subscription *s);
// VALUE: the right side's, as its serde writes it; p NULL: none.
void weir_answer(struct weir_ctx *w, int sink, const struct weir_subscription *s, struct weir_str value,
                 int64_t timestamp);
// A change of the right side's FOREIGN: an answer to each that looks at it.
void weir_answer_all(struct weir_ctx *w, int store, int sink, struct weir_str foreign, struct weir_str value,
                     int64_t timestamp);
// The answer that came in: w->record. False: it is stale, LEFT (the left row's value as its serde writes it) having changed since, or w->bad.
// *RIGHT: the right side's value as its serde writes it.
bool weir_answer_take(struct weir_ctx *w, struct weir_str left, struct weir_str *right);

// ---- changes on repartition topics: Kafka Streams' ChangedSerializer ----

struct weir_str weir_change_join(struct weir_ctx *w, struct weir_str old, struct weir_str value);
bool weir_change_split(struct weir_ctx *w, struct weir_str bytes, struct weir_str *old, struct weir_str *value);

// ---- windowed keys: inner | start, sessions inner | end | start; 8 bytes each ----

struct weir_str weir_windowed_key(struct weir_ctx *w, enum weir_window_kind kind, struct weir_str inner, int64_t start,
                                  int64_t end);
// False: w->bad. SIZE of time windows gives their end.
bool weir_windowed_split(struct weir_ctx *w, enum weir_window_kind kind, int64_t size, struct weir_str key,
                         struct weir_str *inner, int64_t *start, int64_t *end);

#endif
