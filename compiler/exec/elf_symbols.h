// The global symbols of an object file.
#ifndef WEIR_EXEC_ELF_SYMBOLS_H
#define WEIR_EXEC_ELF_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

// Calls EACH for every one that OBJECT defines, or uses without defining it. False: it is no object file of this machine.
bool elf_symbols(const char *object, size_t size, void (*each)(void *arg, const char *name, bool defined), void *arg);

#endif
