#include "http_server.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctx.h"
#include "figures.h"
#include "http_address.h"
#include "log.h"
#include "memory.h"

enum {
    CONNECTIONS = 128,
    IDLE_S = 5,               // until a connection on which nothing happens is closed
    REQUEST_BYTES = 32 << 10, // the first line and all headers
    PATIENCE_MS = 10000,      // until workers that don't answer are no longer waited for
};

// A request, until its answer is sent.
struct http_call {
    struct http_call *next; // of those that wait
    char *uri;
    struct MHD_Connection *connection;
    struct query *query; // NULL: nobody was asked
    bool seen, asked;    // its headers are there; the workers were asked
    int64_t deadline;    // monotonic ms
};

// ---- answers ----

static enum MHD_Result send_reply(struct http_server *s, struct MHD_Connection *connection,
                                  const struct http_reply *reply)
{
    static const char *const types[] = {
        [HTTP_JSON] = "application/json", [HTTP_TEXT] = "text/plain; version=0.0.4; charset=utf-8"};
    struct MHD_Response *response =
        s->library.create_response_from_buffer(reply->body.n, reply->body.p, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    s->library.add_response_header(response, "Content-Type", types[reply->type]);
    s->library.add_response_header(response, "Cache-Control", "no-store");
    if (reply->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        s->library.add_response_header(response, "Allow", "GET, HEAD");
    if (reply->location)
        s->library.add_response_header(response, "Location", reply->location);
    enum MHD_Result sent = s->library.queue_response(connection, (unsigned)reply->status, response);
    s->library.destroy_response(response);
    return sent;
}

static void forget_query(struct http_server *s, struct http_call *call)
{
    if (call->query)
        query_release(s->desk, call->query);
    call->query = NULL;
}

static enum MHD_Result send_answer(struct http_server *s, struct http_call *call)
{
    struct weir_ctx w;
    struct http_reply reply = {0};
    weir_ctx_init(&w);
    if (call->query)
        http_answer_query(s, call->query, call->uri, &w, &reply);
    else
        http_fail(&w, &reply, MHD_HTTP_SERVICE_UNAVAILABLE, "the workers are busy: ask again");
    forget_query(s, call);
    enum MHD_Result sent = send_reply(s, call->connection, &reply);
    weir_ctx_free(&w);
    return sent;
}

// ---- requests ----

static void wait_for_workers(struct http_server *s, struct http_call *call)
{
    call->asked = true;
    call->deadline = commit_clock() + PATIENCE_MS;
    call->next = s->waiting;
    s->waiting = call;
    s->library.suspend_connection(call->connection);
    s->view.broker->ops->wake(s->view.broker);
}

static enum MHD_Result ask(struct http_server *s, struct http_call *call, const struct question *question)
{
    bool done;
    call->query = query_ask(s->desk, question, call, &done);
    if (done)
        return send_answer(s, call);
    wait_for_workers(s, call);
    return MHD_YES;
}

static bool is_method(const char *method, const char *name)
{
    return strcmp(method, name) == 0;
}

static enum MHD_Result take_request(struct http_server *s, struct http_call *call, const char *method)
{
    struct weir_ctx w;
    struct http_request request = {0};
    struct http_reply reply = {0};
    struct question question;
    bool asks = false;
    weir_ctx_init(&w);
    if (!is_method(method, MHD_HTTP_METHOD_GET) && !is_method(method, MHD_HTTP_METHOD_HEAD))
        http_fail(&w, &reply, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET is answered here");
    else if (!http_request_read(&request, call->uri))
        http_fail(&w, &reply, MHD_HTTP_BAD_REQUEST, "%s", request.wrong);
    else
        asks = !http_answer(s, &request, &w, &reply, &question);
    enum MHD_Result result = asks ? ask(s, call, &question) : send_reply(s, call->connection, &reply);
    free(request.memory);
    weir_ctx_free(&w);
    return result;
}

static void *on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
    struct http_call *call = memory_new(sizeof *call);
    (void)arg;
    *call = (struct http_call){.uri = memory_text(uri, strlen(uri)), .connection = connection};
    return call;
}

// Called when the headers are there, when the body (of which nothing is kept) is, and again when a suspended connection goes on. What is not read of a
// request is answered at once, and ends the connection.
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *body, size_t *body_size, void **state)
{
    struct http_call *call = *state;
    (void)connection, (void)url, (void)version, (void)body;
    if (!call)
        return MHD_NO;
    if (call->asked)
        return send_answer(arg, call);
    bool at_once = !is_method(method, MHD_HTTP_METHOD_GET) && !is_method(method, MHD_HTTP_METHOD_HEAD);
    if (at_once || (call->seen && *body_size == 0))
        return take_request(arg, call, method);
    call->seen = true;
    *body_size = 0;
    return MHD_YES;
}

static void on_end(void *arg, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    struct http_call *call = *state;
    (void)connection, (void)why;
    if (!call)
        return;
    forget_query(arg, call);
    free(call->uri);
    free(call);
    *state = NULL;
}

// ---- the thread ----

static void go_on(struct http_server *s, struct http_call *call)
{
    struct http_call **link = &s->waiting;
    while (*link != call)
        link = &(*link)->next;
    *link = call->next;
    s->library.resume_connection(call->connection);
}

static void take_answers(struct http_server *s)
{
    uint64_t rings;
    struct query *q;
    if (read(s->event_fd, &rings, sizeof rings) < 0)
        return; // nobody rang
    while ((q = query_next(s->desk)))
        go_on(s, q->asker);
}

// Those of whom the workers have not answered by NOW.
static void expire(struct http_server *s, int64_t now)
{
    for (struct http_call *call = s->waiting, *next; call; call = next) {
        next = call->next;
        if (call->deadline > now)
            continue;
        forget_query(s, call);
        go_on(s, call);
    }
}

static int timeout(const struct http_server *s)
{
    enum { MOST_MS = 1000 };
    MHD_UNSIGNED_LONG_LONG ms;
    bool known = s->library.get_timeout(s->daemon, &ms) == MHD_YES;
    return known && ms < MOST_MS ? (int)ms : MOST_MS;
}

static void *serve(void *arg)
{
    struct http_server *s = arg;
    const union MHD_DaemonInfo *info = s->library.get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    while (!atomic_load(&s->stopping)) {
        struct pollfd fds[] = {{info->epoll_fd, POLLIN, 0}, {s->event_fd, POLLIN, 0}};
        poll(fds, 2, timeout(s));
        take_answers(s);
        expire(s, commit_clock());
        s->library.run(s->daemon);
    }
    expire(s, INT64_MAX);
    s->library.run(s->daemon);
    return NULL;
}

// ---- start and end ----

static bool listen_at(struct http_server *s, const struct addrinfo *to)
{
    int on = 1;
    s->listen_fd = socket(to->ai_family, to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->ai_protocol);
    return s->listen_fd >= 0 && setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
           bind(s->listen_fd, to->ai_addr, to->ai_addrlen) == 0 && listen(s->listen_fd, CONNECTIONS) == 0;
}

static bool open_socket(struct http_server *s, struct broker_error *error)
{
    struct http_address at;
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    http_address_read(s->view.settings->http, &at);
    int wrong = getaddrinfo(at.host, at.port, &wanted, &found);
    bool good = !wrong && listen_at(s, found);
    if (!good)
        snprintf(error->text, sizeof error->text, "--http: cannot listen on %s, port %s: %s", at.host, at.port,
                 wrong ? gai_strerror(wrong) : strerror(errno));
    if (!wrong)
        freeaddrinfo(found);
    return good;
}

int http_port(const struct http_server *s)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    char port[NI_MAXSERV] = "";
    getsockname(s->listen_fd, (struct sockaddr *)&at, &size);
    getnameinfo((struct sockaddr *)&at, size, NULL, 0, port, sizeof port, NI_NUMERICSERV);
    return atoi(port);
}

static void say_where(const struct http_server *s)
{
    struct sockaddr_storage at;
    socklen_t size = sizeof at;
    char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
    getsockname(s->listen_fd, (struct sockaddr *)&at, &size);
    getnameinfo((struct sockaddr *)&at, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    bool six = strchr(host, ':') != NULL;
    log_info(s->app, "listening on http://%s%s%s:%s", six ? "[" : "", host, six ? "]" : "", port);
}

static const char *kind_of(const struct weir_store *what)
{
    if (what->kind != WEIR_STORE_ROWS && what->kind != WEIR_STORE_SERIES)
        return NULL;
    if (what->history)
        return "versions";
    return what->window == WEIR_SESSION_WINDOWS ? "sessions" : what->window ? "windows" : "rows";
}

static char *copy(const char *text)
{
    return memory_text(text, strlen(text));
}

static void read_program(struct http_server *s, const struct weir_program *p)
{
    s->app = copy(p->app);
    s->store_count = p->store_count;
    s->stores = memory_new((size_t)p->store_count * sizeof *s->stores);
    for (int i = 0; i < p->store_count; i++) {
        const struct weir_store *what = &p->stores[i];
        s->stores[i] = (struct http_store){.name = copy(what->name),
                                           .kind = kind_of(what),
                                           .subtopology = what->subtopology,
                                           .key = copy(what->key_serde->name),
                                           .value = copy(what->value_serde->name),
                                           .windowed = what->window != WEIR_NOT_WINDOWED};
    }
    s->source_count = p->source_count;
    s->sources = memory_new((size_t)p->source_count * sizeof *s->sources);
    for (int i = 0; i < p->source_count; i++)
        s->sources[i] = copy(p->sources[i].name);
}

static void server_free(struct http_server *s)
{
    for (int i = 0; i < s->store_count; i++) {
        free(s->stores[i].name);
        free(s->stores[i].key);
        free(s->stores[i].value);
    }
    for (int i = 0; i < s->source_count; i++)
        free(s->sources[i]);
    free(s->stores);
    free(s->sources);
    free(s->app);
    if (s->event_fd >= 0)
        close(s->event_fd);
    if (s->desk)
        query_desk_free(s->desk);
    free(s);
}

static bool start(struct http_server *s, struct broker_error *error)
{
    if (!http_library_load(&s->library, error) || !open_socket(s, error))
        return false;
    s->desk = query_desk_new(s->view.workers, s->view.worker_count, s->event_fd);
    s->daemon = s->library.start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
                                        MHD_OPTION_LISTEN_SOCKET, s->listen_fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, s,
                                        MHD_OPTION_NOTIFY_COMPLETED, on_end, s, MHD_OPTION_CONNECTION_LIMIT,
                                        (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
                                        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES, MHD_OPTION_END);
    if (s->daemon && pthread_create(&s->thread, NULL, serve, s) == 0)
        return true;
    snprintf(error->text, sizeof error->text, "--http: the server does not start: %s", strerror(errno));
    return false;
}

struct http_server *http_start(const struct http_view *view, struct broker_error *error)
{
    struct http_server *s = memory_new(sizeof *s);
    s->view = *view;
    s->listen_fd = -1;
    s->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    read_program(s, view->program);
    if (start(s, error)) {
        say_where(s);
        return s;
    }
    if (s->daemon)
        s->library.stop_daemon(s->daemon);
    else if (s->listen_fd >= 0)
        close(s->listen_fd);
    server_free(s);
    return NULL;
}

void http_stop(struct http_server *s)
{
    uint64_t one = 1;
    atomic_store(&s->stopping, true);
    if (write(s->event_fd, &one, sizeof one) == (ssize_t)sizeof one)
        pthread_join(s->thread, NULL);
    s->library.stop_daemon(s->daemon); // closes what it listens on
    server_free(s);
}

void http_turn(struct worker *k)
{
    stats_set(&k->counters->turned, commit_clock());
    figures_take(k);
    query_serve(k);
}
