// The text that a C file of the program is compiled as.
#ifndef WEIR_EXEC_EXTERN_TEXT_H
#define WEIR_EXEC_EXTERN_TEXT_H

#include "exec/externs.h"

// False with *WHY if FILE can't be read.
bool extern_unit_read(struct arena *arena, struct source_set *sources, const struct c_file *file,
                      struct extern_unit *unit, const char **why);
// Adds SOURCE to the texts, and what it includes with quotes, as far as that can be read.
void extern_texts(struct arena *arena, struct source_set *sources, const struct source *source,
                  struct externs *externs);

#endif
