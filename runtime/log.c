#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ctx.h"
#include "iso_time.h"
#include "json_text.h"
#include "memory.h"
#include "worker.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char live[256]; // what the terminal shows at its bottom; under the lock
static atomic_bool as_json;

static void write_all(const char *text, size_t n)
{
    while (n > 0) {
        ssize_t written = write(STDERR_FILENO, text, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return; // nobody listens
        text += written;
        n -= (size_t)written;
    }
}

static void write_live(void)
{
    if (live[0])
        write_all(live, strlen(live));
}

void log_bytes(const char *text, size_t n)
{
    pthread_mutex_lock(&lock);
    if (live[0])
        write_all("\r\033[K", 4);
    write_all(text, n);
    write_live();
    pthread_mutex_unlock(&lock);
}

// ---- messages ----

static const char *const level_names[] = {[LEVEL_INFO] = "info", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error"};

static void put_time(struct weir_buf *b)
{
    char iso[ISO_ROOM];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    weir_put(b, iso, iso_put_timestamp(iso, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000));
}

static void put_begin(struct weir_buf *b, enum log_level level, const char *who)
{
    weir_put_lit(b, "{\"time\":\"");
    put_time(b);
    weir_put_lit(b, "\"");
    json_text_put_member(b, "level", level_names[level]);
    json_text_put_member(b, "app", who);
}

static void put_about(struct weir_buf *b, struct log_about about)
{
    if (about.topic)
        json_text_put_member(b, "topic", about.topic);
    if (about.store)
        json_text_put_member(b, "store", about.store);
    if (about.partition >= 0) {
        weir_put_lit(b, ",\"partition\":");
        weir_put_i64(b, about.partition);
    }
}

__attribute__((format(printf, 4, 0))) static void
write_message(enum log_level level, const char *who, struct log_about about, const char *format, va_list args)
{
    struct weir_ctx w;
    struct weir_buf line;
    char *text = memory_format_list(format, args);
    weir_ctx_init(&w);
    weir_buf_init(&w, &line, strlen(text) + 128);
    if (atomic_load(&as_json)) {
        put_begin(&line, level, who);
        put_about(&line, about);
        json_text_put_member(&line, "message", text);
        weir_put_lit(&line, "}\n");
    } else {
        weir_put_text(&line, who);
        weir_put_lit(&line, ": ");
        weir_put_text(&line, text);
        weir_put_lit(&line, "\n");
    }
    log_bytes(line.p, line.n);
    weir_ctx_free(&w);
    free(text);
}

static const struct log_about nothing = {.partition = -1};

void log_info(const char *who, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_message(LEVEL_INFO, who, nothing, format, args);
    va_end(args);
}

void log_warning(const char *who, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_message(LEVEL_WARNING, who, nothing, format, args);
    va_end(args);
}

void log_error(const char *who, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_message(LEVEL_ERROR, who, nothing, format, args);
    va_end(args);
}

void log_about(enum log_level level, const char *who, struct log_about about, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_message(level, who, about, format, args);
    va_end(args);
}

void log_event(enum log_level level, const char *who, struct weir_str members)
{
    struct weir_ctx w;
    struct weir_buf line;
    weir_ctx_init(&w);
    weir_buf_init(&w, &line, members.n + 128);
    put_begin(&line, level, who);
    weir_put_lit(&line, ",");
    weir_put(&line, members.p, members.n);
    weir_put_lit(&line, "}\n");
    log_bytes(line.p, line.n);
    weir_ctx_free(&w);
}

void log_json(bool json)
{
    atomic_store(&as_json, json);
}

void log_live(const char *who, const char *text)
{
    pthread_mutex_lock(&lock);
    if (live[0])
        write_all("\r\033[K", 4);
    snprintf(live, sizeof live, "%s%s%s", text ? who : "", text ? ": " : "", text ? text : "");
    write_live();
    pthread_mutex_unlock(&lock);
}

// The flow's own words as JSON.
static void log_flow(struct weir_ctx *w, const char *flow, struct weir_str text)
{
    struct weir_buf members;
    weir_buf_init(w, &members, text.n + 64);
    weir_put_lit(&members, "\"flow\":");
    weir_put_string(&members, (struct weir_str){flow, strlen(flow)});
    weir_put_lit(&members, ",\"message\":");
    json_text_put_string(&members, text);
    log_event(LEVEL_INFO, ((const struct task *)w->owner)->worker->program->app, weir_buf_str(&members));
}

void weir_log(struct weir_ctx *w, const char *flow, struct weir_str text)
{
    struct weir_buf line;
    if (w->bad)
        return;
    if (atomic_load(&as_json)) {
        log_flow(w, flow, text);
        return;
    }
    weir_buf_init(w, &line, text.n + 64);
    weir_put_lit(&line, "[");
    weir_put(&line, flow, strlen(flow));
    weir_put_lit(&line, "] ");
    if (text.p)
        weir_put(&line, text.p, text.n);
    else
        weir_put_lit(&line, "null");
    weir_put_lit(&line, "\n");
    log_bytes(line.p, line.n);
}
