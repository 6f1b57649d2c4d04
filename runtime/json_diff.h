// Two JSON values side by side: members in any order, numbers equal by value with all their digits.
#ifndef WEIR_RT_JSON_DIFF_H
#define WEIR_RT_JSON_DIFF_H

#include "weir_json.h"

// A leaf of either value: the place in it ("items[2].id", "" for the whole), and its text on both sides (p NULL: it is not there).
struct json_row {
    struct weir_str path;
    struct weir_str expected, actual;
    bool differs;
};

struct json_rows {
    struct json_row *rows; // in the arena
    size_t count, room;
    bool differ; // any of them
};

// Adds the rows of EXPECTED and ACTUAL (JSON text; p NULL: there is none) under NAME. What is no JSON is compared as it is.
void json_diff(struct weir_ctx *w, struct json_rows *rows, const char *name, struct weir_str expected,
               struct weir_str actual);

#endif
