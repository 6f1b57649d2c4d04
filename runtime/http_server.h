// The inside of the HTTP server: http_server.c has the thread and its connections, http_answer.c what is answered, metrics.c one of the answers.
#ifndef WEIR_RT_HTTP_SERVER_H
#define WEIR_RT_HTTP_SERVER_H

#include "http.h"
#include "http_library.h"
#include "http_request.h"

// What a program has under a name, for as long as the server runs.
struct http_store {
    char *name, *key, *value; // serdes
    const char *kind;         // as /stores says it; NULL: it cannot be asked
    bool windowed;
    int subtopology;
};

struct http_server {
    struct http_view view;
    struct http_library library;
    char *app;
    struct http_store *stores;
    int store_count;
    char **sources;
    int source_count;
    struct query_desk *desk;
    int listen_fd, event_fd;
    struct MHD_Daemon *daemon;
    pthread_t thread;
    atomic_bool stopping;
    bool joined;               // it has been known once how much there is to read
    struct http_call *waiting; // that ask the workers, in no order
};

enum { HTTP_JSON, HTTP_TEXT }; // content types

// What goes back; the body is in the context's arena.
struct http_reply {
    int status;
    int type;
    struct weir_buf body;
    const char *location; // of a redirection, in the same arena; NULL: none
};

// Answers R, or says that the workers are to be asked *QUESTION: false then. REPLY's body is of a context that is fresh.
bool http_answer(struct http_server *s, const struct http_request *r, struct weir_ctx *w, struct http_reply *reply,
                 struct question *question);
// Of what the workers have said to the request of URI.
void http_answer_query(struct http_server *s, const struct query *q, const char *uri, struct weir_ctx *w,
                       struct http_reply *reply);
// {"error": ...}
void http_fail(struct weir_ctx *w, struct http_reply *reply, int status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// http_owner.c: where the key of Q is, which is ELSEWHERE; HERE: the partitions of this instance.
void http_elsewhere(const struct http_server *s, const struct query *q, const struct query_part *elsewhere,
                    struct weir_str here, const char *uri, struct weir_ctx *w, struct http_reply *reply);

// http_health.c
void http_live(struct http_server *s, struct weir_ctx *w, struct http_reply *reply);
void http_ready(struct http_server *s, struct weir_ctx *w, struct http_reply *reply);
// 503: a worker starts or restores.
void http_busy(struct http_server *s, struct weir_ctx *w, struct http_reply *reply);

// metrics.c: in the text format of Prometheus
void metrics_put(struct http_server *s, struct weir_buf *b);

#endif
