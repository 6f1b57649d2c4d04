// Processor blocks: what generated code asks for besides the rows of weir_store.h.
#ifndef WEIR_PROCESS_H
#define WEIR_PROCESS_H

#include "weir_store.h"

// `every D stream|wall`
struct weir_timer {
    const char *name; // "dedupe every 1m wall"
    int subtopology;
    int64_t every; // ms
    bool wall;     // else stream time
    // W's record is empty but for its timestamp, which is TIMESTAMP. Failure is in w->bad, as of a source's.
    void (*fire)(struct weir_ctx *w, int64_t timestamp);
};

// The task's stream time goes on to TIMESTAMP, that of a record that came in: what the sources of a sub-topology with a stream timer do first, once
// they know when the record happened. Timers that are due by it fire behind the record.
void weir_stream_time(struct weir_ctx *w, int64_t timestamp);

// ---- loops over stores ----

struct weir_scan; // until the record is through
struct weir_scanned {
    struct weir_str key; // its bytes; of windows the inner key
    int64_t start, end;  // of its window
    int64_t timestamp;   // of the value
    const void *value;   // never NULL; what of it is in the struct itself changes if the row is put
};
// The rows of keys from FROM to TO (p NULL: open), both included, in order of their bytes.
struct weir_scan *weir_scan_rows(struct weir_ctx *w, int store, struct weir_str from, struct weir_str to);
// The windows of KEY whose starts are from FROM to TO, in order of start; without KEY (p NULL) those of all keys, in order of start, then of the keys' bytes.
struct weir_scan *weir_scan_windows(struct weir_ctx *w, int store, struct weir_str key, int64_t from, int64_t to);
// The sessions of KEY (p NULL: of all) that end at EARLIEST_END or later and start at LATEST_START or earlier, in order of end, then start (then key).
struct weir_scan *weir_scan_sessions(struct weir_ctx *w, int store, struct weir_str key, int64_t earliest_end,
                                     int64_t latest_start);
// False: there are no more, or w->bad.
bool weir_scan_next(struct weir_ctx *w, struct weir_scan *scan, struct weir_scanned *row);
// No variable keeps a part of a row beyond its turn: rows that are only on disk then need no more memory than one of them. To be called before the first.
void weir_scan_reuse(struct weir_scan *scan);

// ---- versioned stores ----

// VALUE (NULL: none) from TIMESTAMP on. What is older than the history keeps is dropped and counted.
void weir_version_put(struct weir_ctx *w, int store, struct weir_str key, const void *value, int64_t timestamp);

// ---- records that are made ----

// From here on W's record, and so what is sent, has this header (p NULL: has none of that name). The caller keeps w->record and puts it back.
void weir_header_set(struct weir_ctx *w, struct weir_str name, struct weir_str value);

// A commit when the record is through.
void weir_commit(struct weir_ctx *w);

#endif
