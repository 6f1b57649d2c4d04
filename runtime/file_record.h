// Lines of topics as files as records.
#ifndef WEIR_RT_FILE_RECORD_H
#define WEIR_RT_FILE_RECORD_H

#include "broker.h"
#include "file_input.h"

// ENTRY, of IN, as a record of SOURCE in bytes, in the arena of W; d->broken says what prevents it.
void file_record_read(struct weir_ctx *w, const struct weir_source *source, const struct file_input *in,
                      const struct file_entry *entry, struct broker_delivery *d);

#endif
