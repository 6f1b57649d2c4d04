// Writing the JSON of `weir emit --stage program`: members with their commas.
#ifndef WEIR_TYPES_JSON_PUT_H
#define WEIR_TYPES_JSON_PUT_H

#include "base/writer.h"
#include "types/program.h"

// Begins a member of the object or an element of the list (NAME NULL) that is being written.
void json_name(struct writer *out, const char *name);
void json_text(struct writer *out, const char *name, const char *text); // nothing if TEXT is NULL
void json_int(struct writer *out, const char *name, int64_t v);
void json_true(struct writer *out, const char *name, bool v);       // nothing if false
void json_open(struct writer *out, const char *name, char bracket); // '{' or '['
void json_close(struct writer *out, char bracket);                  // '}' or ']'

void json_var(struct writer *out, const char *name, const struct var *var); // nothing if NULL
void json_serde(struct writer *out, const char *name, const struct serde *serde);
void json_headers(struct writer *out, const struct header_write *headers, int count);
void json_place(struct writer *out, const struct store_place *place); // nothing if NULL, or of no store
void json_process(struct writer *out, const struct process *process);
void json_texpr(struct writer *out, const char *name, const struct texpr *e); // nothing if NULL

#endif
