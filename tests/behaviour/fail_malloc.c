// Preloaded: the FAIL_ALLOCATION-th allocation from the start of main on finds no memory, and none after it does.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

static long left = -1; // until it fails; -1: it does not

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("FAIL_ALLOCATION");
    left = text ? atol(text) : -1;
}

static int fails(void)
{
    if (left < 0)
        return 0;
    if (left > 1) {
        left--;
        return 0;
    }
    errno = ENOMEM;
    return 1;
}

// Those of the allocator that the program has.
typedef void *malloc_fn(size_t);
typedef void *calloc_fn(size_t, size_t);
typedef void *realloc_fn(void *, size_t);

void *malloc(size_t n)
{
    static malloc_fn *next;
    if (!next)
        next = (malloc_fn *)dlsym(RTLD_NEXT, "malloc");
    return fails() ? NULL : next(n);
}
void *calloc(size_t n, size_t size)
{
    static calloc_fn *next;
    if (!next)
        next = (calloc_fn *)dlsym(RTLD_NEXT, "calloc");
    return fails() ? NULL : next(n, size);
}
void *realloc(void *p, size_t n)
{
    static realloc_fn *next;
    if (!next)
        next = (realloc_fn *)dlsym(RTLD_NEXT, "realloc");
    return fails() ? NULL : next(p, n);
}
