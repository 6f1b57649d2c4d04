// Preloaded: the FAIL_ALLOCATION-th allocation from the start of main on finds no memory, and none after it does.
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
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

void *malloc(size_t n)
{
    return fails() ? NULL : __libc_malloc(n);
}
void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}
void *realloc(void *p, size_t n)
{
    return fails() ? NULL : __libc_realloc(p, n);
}
