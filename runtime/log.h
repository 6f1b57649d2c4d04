// Lines on stderr, whole whichever thread writes them, and the live line of --stats below them.
#ifndef WEIR_RT_LOG_H
#define WEIR_RT_LOG_H

#include "weir_value.h"

void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_bytes(const char *text, size_t n); // a line or several, each with its newline
// TEXT stays at the bottom of the terminal until the next; NULL takes it away.
void log_live(const char *text);

#endif
