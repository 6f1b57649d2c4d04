// What C sees that a program calls as `extern fn`: include this and nothing else of weir's.
//
//     extern fn grade(score: float64, names: [string]) -> string? from "grade.c"
//     struct weir_str grade(struct weir_ctx *w, double score, struct weir_list names)
//
// bool int32 int64 float32 float64 are bool int32_t int64_t float double; timestamp and duration int64_t milliseconds, date int32_t days
// since 1970-01-01. string (UTF-8) and bytes are struct weir_str, decimal struct weir_dec, lists struct weir_list. What may be null (T?) is
// a struct weir_opt_bool ..i32 ..i64 ..f32 ..f64 ..dec; of a string, bytes or list a NULL pointer in it.
//
// Arguments live until the function returns, and are not to be changed. A result lives until the record is done: a literal, an argument or a
// part of one, or memory of weir_alloc. With several threads the function is called by all of them at once.
#ifndef WEIR_EXTERN_H
#define WEIR_EXTERN_H

#include "weir_std.h"
#include "weir_types.h"

// Uninitialised memory, aligned to 16, that need not be freed: it is the record's. NULL, and the record has failed, if SIZE is over 64 MB.
void *weir_extern_alloc(struct weir_ctx *w, size_t size);
static inline void *weir_alloc(struct weir_ctx *w, size_t size)
{
    return weir_extern_alloc(w, size);
}

// To fail the record: weir_fail(w, WEIR_BAD_USER, "no such place: %.*s", (int)s.n, s.p), and return anything.

#endif
