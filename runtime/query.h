// Questions about stores, from the thread of the HTTP server to the workers. Each worker has a queue of them and answers between two batches, so that nobody but its
// owner touches a store. A question goes to all workers; it is answered when the last of them has said what it knows.
#ifndef WEIR_RT_QUERY_H
#define WEIR_RT_QUERY_H

#include "worker.h"

struct question {
    int store;           // index in the program
    struct weir_str key; // as text, like what follows; p NULL: not said
    struct weir_str from, to;
    int64_t limit; // rows
};

enum query_status {
    QUERY_BUSY,      // the worker starts, restores or ends
    QUERY_ROWS,      // it has rows, perhaps none
    QUERY_NOTHING,   // the key would be here, and is not
    QUERY_ELSEWHERE, // the key's partition is not here
    QUERY_WRONG,     // the question: why
    QUERY_FAILED,    // reading state
};

// Slices lie in the part's text, by where they begin in it.
struct query_row {
    size_t json, json_size;
    size_t key, key_size; // the bytes by which keys are in order
    int64_t start, end, timestamp;
};

// What one worker says.
struct query_part {
    struct query *query;
    struct query_part *next; // in the worker's queue
    enum query_status status;
    char *why;         // WRONG, FAILED
    int32_t partition; // ELSEWHERE: the key's, -1: unknown
    int32_t *partitions;
    size_t partition_count; // that were looked at
    char *text;
    size_t text_size, text_room;
    struct query_row *rows;
    size_t count;
};

struct query {
    struct query *next;       // of those that are answered
    struct question question; // its slices are the asker's until the query is let go
    struct query_part *parts; // by worker
    int count, waiting;       // parts; those without an answer
    bool forgotten;           // nobody waits for it
    void *asker;
};

struct query_queue {
    struct query_desk *desk;
    _Atomic bool waits; // there is something for the worker
    bool open;          // else it is busy; as what follows under the desk's lock
    struct query_part *first;
};

// EVENT_FD is written to when a query has its last answer. WORKERS get their queues, which are closed.
struct query_desk *query_desk_new(struct worker *workers, int count, int event_fd);
// No worker runs any more.
void query_desk_free(struct query_desk *desk);

// ---- the asker ----

// QUESTION is copied. *DONE: every part has its answer already, and query_next will not give it.
struct query *query_ask(struct query_desk *desk, const struct question *question, void *asker, bool *done);
// One that has its last answer; NULL: none.
struct query *query_next(struct query_desk *desk);
// The asker has what it needs, or waits no longer.
void query_release(struct query_desk *desk, struct query *q);

// ---- the worker ----

// From now on questions are answered, or told that it is busy.
void query_open(struct query_queue *queue);
void query_close(struct query_queue *queue); // also those that wait
// Answers those that wait.
void query_serve(struct worker *k);
static inline bool query_waits(const struct query_queue *queue)
{
    return atomic_load_explicit(&queue->waits, memory_order_relaxed);
}

// query_answer.c
void query_answer(struct worker *k, const struct question *q, struct query_part *part);

// query_key.c
// The bytes of the key that TEXT says: a string as it is, else as JSON, where quotes may be left out. False: w->bad.
bool query_key(struct weir_ctx *w, const struct weir_serde *serde, struct weir_str text, struct weir_str *bytes);
// Milliseconds or ISO 8601. False: w->bad.
bool query_time(struct weir_ctx *w, struct weir_str text, int64_t *ms);

#endif
