// Names that C does not leave to a program.
#ifndef WEIR_BASE_C_NAME_H
#define WEIR_BASE_C_NAME_H

#include <stdbool.h>

// A keyword, a macro of the standard headers, or a name that may be one; one of weir's.
bool c_name_reserved(const char *name);
// `_X` and `__x`: the compiler's.
bool c_name_begins_reserved(const char *name);

#endif
