#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "memory.h"
#include "weir_program.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char live[256]; // what the terminal shows at its bottom; under the lock

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

void log_line(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = memory_format_list(format, args);
    va_end(args);
    size_t n = strlen(text);
    text[n] = '\n'; // in place of the NUL
    log_bytes(text, n + 1);
    free(text);
}

void log_live(const char *text)
{
    pthread_mutex_lock(&lock);
    if (live[0])
        write_all("\r\033[K", 4);
    snprintf(live, sizeof live, "%s", text ? text : "");
    write_live();
    pthread_mutex_unlock(&lock);
}

void weir_log(struct weir_ctx *w, const char *flow, struct weir_str text)
{
    struct weir_buf line;
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
