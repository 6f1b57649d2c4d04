// What the first line of a request asks for.
#ifndef WEIR_RT_HTTP_REQUEST_H
#define WEIR_RT_HTTP_REQUEST_H

#include "weir_value.h"

enum { HTTP_PATH_PARTS = 3 };

// All is in MEMORY, which is the caller's to free; p NULL: not said.
struct http_request {
    char *memory;
    struct weir_str path[HTTP_PATH_PARTS]; // "stores", its name, and all that is behind it: the key
    int parts;
    struct weir_str from, to, limit;
    char wrong[160]; // why it is none
};

// URI: "/stores/sales/K%52?limit=5". False: `wrong` says why.
bool http_request_read(struct http_request *r, const char *uri);

#endif
