// Files and pipes take what is written in pieces, as they please.
#ifndef WEIR_RT_WRITE_ALL_H
#define WEIR_RT_WRITE_ALL_H

#include <stdbool.h>
#include <stddef.h>

// False: errno.
bool write_all(int fd, const char *text, size_t n);

#endif
