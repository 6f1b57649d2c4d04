#include "http_library.h"

#include <dlfcn.h>
#include <stdio.h>

static bool find(void *handle, const char *name, void *function, struct broker_error *error)
{
    void *found = dlsym(handle, name);
    memcpy(function, &found, sizeof found);
    if (!found)
        snprintf(error->text, sizeof error->text, "--http: libmicrohttpd has no %s", name);
    return found != NULL;
}

bool http_library_load(struct http_library *library, struct broker_error *error)
{
    void *handle = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(error->text, sizeof error->text,
                 "--http needs libmicrohttpd (on Debian: apt-get install libmicrohttpd12): %s", dlerror());
        return false;
    }
#define X(name) find(handle, "MHD_" #name, &library->name, error) &&
    return HTTP_FUNCTIONS(X) true;
#undef X
}
