// Interned names: equal names are the same pointer.
#ifndef WEIR_BASE_INTERN_H
#define WEIR_BASE_INTERN_H

#include <stddef.h>

#include "base/arena.h"

struct intern;

struct intern *intern_new(struct arena *a);
const char *intern_name(struct intern *table, const char *text, size_t len);
const char *intern_cstr(struct intern *table, const char *text);

#endif
