// libmicrohttpd, loaded when it is needed: linked, it and GnuTLS behind it would cost every program 2 ms of its start.
#ifndef WEIR_RT_HTTP_LIBRARY_H
#define WEIR_RT_HTTP_LIBRARY_H

#include <microhttpd.h>
#include <stdbool.h>

#include "broker.h"

#define HTTP_FUNCTIONS(X)          \
    X(start_daemon)                \
    X(stop_daemon)                 \
    X(run)                         \
    X(get_timeout)                 \
    X(get_daemon_info)             \
    X(suspend_connection)          \
    X(resume_connection)           \
    X(create_response_from_buffer) \
    X(add_response_header)         \
    X(queue_response)              \
    X(destroy_response)

struct http_library {
#define X(name) __typeof__(MHD_##name) *name;
    HTTP_FUNCTIONS(X)
#undef X
};

// It stays loaded until the process ends. False: it is not there.
bool http_library_load(struct http_library *library, struct broker_error *error);

#endif
