// Memory of the runtime itself, outside the record path. Out of memory ends the process with a message: nothing here returns NULL.
#ifndef WEIR_RT_MEMORY_H
#define WEIR_RT_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

_Noreturn void memory_out(void); // of others' memory
void *memory_new(size_t size);   // zeroed
void *memory_resize(void *p, size_t size);
char *memory_text(const char *text, size_t n); // a NUL-terminated copy
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *memory_format_list(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

// Room for element COUNT of P, an array of SIZE-byte elements that has grown only through this, element by element, and never shrinks.
void *memory_grow(void *p, size_t count, size_t size);

#endif
