// Where `--http` says to listen.
#ifndef WEIR_RT_HTTP_ADDRESS_H
#define WEIR_RT_HTTP_ADDRESS_H

#include <stdbool.h>

enum { HTTP_HOST = 256, HTTP_PORT = 6 }; // room, NUL included

struct http_address {
    char host[HTTP_HOST]; // "127.0.0.1" if none was said; without brackets
    char port[HTTP_PORT];
};

// TEXT: HOST:PORT, :PORT or PORT; an IPv6 host in brackets. False: it is nothing of the kind.
bool http_address_read(const char *text, struct http_address *address);
static inline bool http_address_is(const char *text)
{
    struct http_address address;
    return http_address_read(text, &address);
}

#endif
