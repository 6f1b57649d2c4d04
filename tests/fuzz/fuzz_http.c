// Any text as what is asked of `--http`, and as where to listen: always an answer, and JSON wherever it says so.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http_address.h"
#include "http_server.h"
#include "store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct worker worker;

static void must(bool ok)
{
    if (!ok)
        abort();
}

// ---- a run in which nothing happens ----

static enum broker_status restore(struct broker *b, int id, struct broker_restore *r, struct broker_error *error)
{
    (void)b, (void)id, (void)error;
    for (size_t i = 0; i < r->count; i++)
        r->logs[i].status = BROKER_OK;
    return BROKER_OK;
}

static int64_t lag(struct broker *b, broker_lag_fn *each, void *arg)
{
    (void)b, (void)each, (void)arg;
    return 0;
}

// Of 3 partitions, of which the worker has one.
static int32_t tasks(struct broker *b, int id, int subtopology)
{
    (void)b, (void)id, (void)subtopology;
    return 3;
}

static bool owner(struct broker *b, struct broker_task task, struct broker_owner *of)
{
    (void)b;
    *of = (struct broker_owner){.instance = "other", .host = "10.0.0.7", .port = task.partition == 1 ? 8080 : 0};
    return true;
}

static void fill(int source)
{
    static const char *const keys[] = {"a", "b/c", "7", "{\"country\":\"KR\",\"zip\":null}", "\"\"", "-1"};
    const struct weir_source *from = &weir_program.sources[source];
    struct weir_ctx *w = &worker.w;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct weir_record record = {.timestamp = 1714557600000 + (int64_t)i * 40000, .topic = WEIR_STR("fuzz")};
        weir_ctx_reset(w);
        w->owner = task_find(&worker, source, 0);
        w->record = &record;
        record.value = WEIR_STR("{\"id\":\"x\",\"n\":5,\"price\":1.50,\"at\":null}");
        if (query_key(w, from->key, (struct weir_str){keys[i], strlen(keys[i])}, &record.key))
            from->process(w);
        w->bad = NULL; // a key that is none of its type
        store_settle(&worker);
        w->record = NULL;
        worker.pending.count = 0;
    }
}

static struct http_server *begin(void)
{
    static struct settings settings;
    static struct weir_options options;
    static const struct broker_ops ops = {.restore = restore, .lag = lag, .tasks = tasks, .owner = owner};
    static struct broker broker = {.ops = &ops};
    static struct counters *counters[2]; // of the worker, and of global tables
    struct broker_error error;
    must(settings_of_program(&settings, &weir_program) == RUNTIME_DONE);
    settings.options = &options;
    settings.http = "0";
    counters[0] = counters_new(&weir_program);
    counters[1] = counters_new(&weir_program);
    worker_init(&worker, &weir_program, &settings, &broker, 0, counters[0]);
    for (int i = 0; i < weir_program.source_count; i++)
        fill(i);
    const struct http_view view = {.program = &weir_program,
                                   .settings = &settings,
                                   .broker = &broker,
                                   .workers = &worker,
                                   .worker_count = 1,
                                   .counters = counters};
    struct http_server *s = http_start(&view, &error);
    must(s != NULL);
    return s;
}

// ---- a request ----

static void ask(struct http_server *s, const struct question *question, const char *uri, struct weir_ctx *w,
                struct http_reply *reply)
{
    struct query_part part = {0};
    struct query q = {.question = *question, .parts = &part, .count = 1};
    query_answer(&worker, question, &part);
    http_answer_query(s, &q, uri, w, reply);
    free(part.why);
    free(part.partitions);
    free(part.text);
    free(part.rows);
}

static void check(struct weir_ctx *w, const struct http_reply *reply)
{
    struct weir_json json;
    struct weir_str any;
    must(reply->status >= 200 && reply->status < 600);
    must(!reply->location || reply->status == MHD_HTTP_TEMPORARY_REDIRECT);
    if (reply->type != HTTP_JSON)
        return;
    weir_json_start(&json, weir_buf_str((struct weir_buf *)&reply->body));
    must(weir_json_read_any(w, &json, &any) && weir_json_finish(w, &json));
}

static void answer(struct http_server *s, const char *uri)
{
    struct weir_ctx w;
    struct http_request request;
    struct http_reply reply = {0};
    struct question question;
    weir_ctx_init(&w);
    if (!http_request_read(&request, uri))
        must(request.wrong[0]);
    else if (!http_answer(s, &request, &w, &reply, &question))
        ask(s, &question, uri, &w, &reply);
    if (!request.wrong[0])
        check(&w, &reply);
    free(request.memory);
    weir_ctx_free(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http_server *server;
    struct http_address address;
    if (!server)
        server = begin();
    char *uri = malloc(size + 1);
    memcpy(uri, data, size);
    uri[size] = 0;
    answer(server, uri);
    if (http_address_read(uri, &address))
        must(address.host[0] && address.port[0]);
    free(uri);
    return 0;
}
