#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"

_Noreturn void memory_out(void)
{
    fputs("weir: out of memory\n", stderr);
    _exit(RUNTIME_FAILED); // other threads go on until then, and would meet what exit takes away
}

static void *checked(void *p)
{
    if (!p)
        memory_out();
    return p;
}

void *memory_new(size_t size)
{
    return checked(calloc(1, size ? size : 1));
}

void *memory_resize(void *p, size_t size)
{
    return checked(realloc(p, size ? size : 1));
}

char *memory_text(const char *text, size_t n)
{
    char *copy = memory_resize(NULL, n + 1);
    memcpy(copy, text, n);
    copy[n] = 0;
    return copy;
}

char *memory_format_list(const char *format, va_list args)
{
    char *text;
    return vasprintf(&text, format, args) < 0 ? checked(NULL) : text;
}

char *memory_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = memory_format_list(format, args);
    va_end(args);
    return text;
}

// Sizes are the powers of two from 8 on: a full one is recognised by its count.
void *memory_grow(void *p, size_t count, size_t size)
{
    if (count == 0 && !p)
        return memory_resize(NULL, 8 * size);
    if (count < 8 || (count & (count - 1)) != 0)
        return p;
    return memory_resize(p, count * 2 * size);
}
