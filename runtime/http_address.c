#include "http_address.h"

#include <stdlib.h>
#include <string.h>

static bool read_port(const char *text, char *port)
{
    size_t n = strlen(text);
    if (n == 0 || n >= HTTP_PORT || strspn(text, "0123456789") != n || atol(text) > 65535)
        return false;
    memcpy(port, text, n + 1);
    return true;
}

// The N bytes in front of the colon.
static bool read_host(const char *text, size_t n, char *host)
{
    bool bracketed = n > 2 && text[0] == '[' && text[n - 1] == ']';
    if (bracketed) {
        text++;
        n -= 2;
    }
    if (n >= HTTP_HOST || memchr(text, '[', n) || memchr(text, ']', n) || memchr(text, '/', n) ||
        (!bracketed && memchr(text, ':', n)))
        return false;
    memcpy(host, text, n);
    host[n] = 0;
    return true;
}

bool http_address_read(const char *text, struct http_address *address)
{
    const char *colon = strrchr(text, ':');
    *address = (struct http_address){.host = "127.0.0.1"};
    if (!colon)
        return read_port(text, address->port);
    return (colon == text || read_host(text, (size_t)(colon - text), address->host)) &&
           read_port(colon + 1, address->port);
}
