// A crash in a function of the user names it and the record, and then ends the process as it would have ended without.
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "ctx.h"
#include "weir_call.h"

static const struct {
    int number;
    const char *name;
} signals[] = {
    {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"}, {SIGABRT, "SIGABRT"},
};
enum { SIGNAL_COUNT = sizeof signals / sizeof *signals, STACK_SIZE = 32 << 10 };

static struct sigaction before[SIGNAL_COUNT];
static _Thread_local struct weir_ctx *calling;     // who called last in this thread
static _Thread_local char spare_stack[STACK_SIZE]; // the thread's own may be what it ran out of

// ---- the message: nothing in it may lock or allocate ----

struct message {
    char text[1024];
    size_t n;
};

static void put(struct message *m, const char *text, size_t n)
{
    if (n > sizeof m->text - m->n)
        n = sizeof m->text - m->n;
    memcpy(m->text + m->n, text, n);
    m->n += n;
}

static void put_text(struct message *m, const char *text)
{
    put(m, text, strlen(text));
}

static void put_number(struct message *m, int64_t n)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (n < 0)
        *--p = '-';
    put(m, p, (size_t)(digits + sizeof digits - p));
}

static void put_record(struct message *m, const struct weir_record *record)
{
    put_text(m, "  record: topic `");
    put(m, record->topic.p, record->topic.n);
    put_text(m, "`, partition ");
    put_number(m, record->partition);
    put_text(m, ", offset ");
    put_number(m, record->offset);
    put_text(m, "\n");
}

static void report(const struct weir_ctx *w, const char *signal_name)
{
    struct message m = {.n = 0};
    put_text(&m, "weir: `");
    put_text(&m, w->running->name);
    put_text(&m, "` (");
    put_text(&m, w->running->file);
    put_text(&m, ") crashed: ");
    put_text(&m, signal_name);
    put_text(&m, "\n");
    if (w->record && w->record->topic.p)
        put_record(&m, w->record);
    if (write(STDERR_FILENO, m.text, m.n) < 0)
        return; // nobody listens
}

// ---- the signal ----

// Once it returns the instruction fails again, now under the action that was there before.
static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i].number != number)
            continue;
        sigaction(number, &before[i], NULL);
        if (calling && calling->running)
            report(calling, signals[i].name);
    }
    if (info->si_code <= 0) // abort, kill: no instruction would
        raise(number);
}

static void watch(void)
{
    struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        sigaction(signals[i].number, &action, &before[i]);
}

static void prepare_thread(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    stack_t stack;
    pthread_once(&once, watch);
    if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
        stack = (stack_t){.ss_sp = spare_stack, .ss_size = STACK_SIZE};
        sigaltstack(&stack, NULL);
    }
}

void crash_forget(const struct weir_ctx *w)
{
    if (calling == w)
        calling = NULL;
}

void weir_call_begin(struct weir_ctx *w, const struct weir_extern *of)
{
    if (WEIR_UNLIKELY(!calling))
        prepare_thread();
    calling = w;
    w->running = of;
}
