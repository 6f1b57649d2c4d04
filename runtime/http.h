// The HTTP server of a run: health, metrics, and questions about stores. One thread, that of the server, takes requests; it asks the workers and waits for nobody.
#ifndef WEIR_RT_HTTP_H
#define WEIR_RT_HTTP_H

#include "query.h"

// What it shows. All outlives the server.
struct http_view {
    const struct weir_program *program; // only http_start reads it: a swap may replace it
    const struct settings *settings;
    struct broker *broker;
    struct worker *workers; // get their queues
    int worker_count;
    struct counters *const *counters; // of the workers, and of global tables behind them
    struct globals *globals;
};

struct http_server;

// NULL: it cannot listen; error says why. Before the workers run.
struct http_server *http_start(const struct http_view *view, struct broker_error *error);
int http_port(const struct http_server *s);
// No worker runs any more.
void http_stop(struct http_server *s);

// Of a worker, between two batches.
void http_turn(struct worker *k);

#endif
