// A set of C names that are taken, so that each is given once.
#ifndef WEIR_EMIT_NAMES_H
#define WEIR_EMIT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct names;

// OUTER's own names are taken too; it may be NULL.
struct names *names_new(struct arena *arena, const struct names *outer);
bool names_has(const struct names *names, const char *name);
void names_add(struct names *names, const char *name);
// BASE, or BASE_2 and so on, not taken before.
const char *names_take(struct names *names, const char *base);

// How many there are; those that came after the first COUNT, NULL behind the last; forgets such a list.
int names_count(const struct names *names);
const char **names_since(const struct names *names, int count);
void names_forget(struct names *names, const char *const *list);

#endif
