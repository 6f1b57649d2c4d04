// What is computed once. Never freed: there are as many as a program has such calls.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "weir_call.h"

struct block {
    struct block *next;
    _Alignas(16) char value[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block *blocks; // all of them

const void *weir_once(const void **kept)
{
    return __atomic_load_n(kept, __ATOMIC_ACQUIRE);
}

const void *weir_once_keep(struct weir_ctx *w, const void **kept, const void *value, size_t size,
                           size_t (*extra)(const void *value), void (*keep)(void *to, const void *from))
{
    if (w->bad)
        return value;
    struct block *b = memory_new(sizeof *b + size + (extra ? extra(value) : 0));
    if (keep)
        keep(b->value, value);
    else
        memcpy(b->value, value, size);
    pthread_mutex_lock(&lock);
    if (*kept) { // another thread was here before
        free(b);
    } else {
        b->next = blocks;
        blocks = b;
        __atomic_store_n(kept, b->value, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
    return *kept;
}
