// Keys, values and headers as JSON, whatever is in them: for topics as files and for messages.
#ifndef WEIR_RT_JSON_TEXT_H
#define WEIR_RT_JSON_TEXT_H

#include "weir_program.h"

// BYTES of SERDE. What is not of the serde (NULL: of none): as it is if it is JSON, else as a string, else {"base64": ...}.
void json_text_put(struct weir_buf *b, const struct weir_serde *serde, struct weir_str bytes);
// A string if it is UTF-8, null if p is NULL, else {"base64": ...}.
void json_text_put_string(struct weir_buf *b, struct weir_str bytes);
// A member of an object that has others before it.
void json_text_put_member(struct weir_buf *b, const char *name, const char *text);
// The bytes behind a header's JSON value: the reverse of json_text_put_string; other values are their own text.
struct weir_str json_text_bytes(struct weir_ctx *w, struct weir_str json);

#endif
