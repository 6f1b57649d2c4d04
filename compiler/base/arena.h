// Bump allocation: everything a compilation makes lives in one arena and goes with it.
#ifndef WEIR_BASE_ARENA_H
#define WEIR_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

// Zeroed memory, aligned for any type. Never NULL: out of memory ends the compiler with exit code 3.
void *arena_alloc(struct arena *a, size_t size);

// Copies into the arena; the results are NUL-terminated.
char *arena_strndup(struct arena *a, const char *text, size_t len);
char *arena_strdup(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
