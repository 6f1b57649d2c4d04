// What C compilers say, as diagnostics.
#ifndef WEIR_EXEC_C_MESSAGES_H
#define WEIR_EXEC_C_MESSAGES_H

#include "exec/externs.h"

// Reports the errors in TEXT, the words of a compiler about UNIT: `FILE:LINE: error: ...` or `FILE:LINE:COLUMN: error: ...`.
void c_messages_report(struct arena *arena, struct diag_bag *bag, const struct extern_unit *unit, const char *text);

#endif
