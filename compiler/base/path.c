#include "base/path.h"

#include <string.h>

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *path_folder(struct arena *arena, const char *path)
{
    size_t length = (size_t)(path_name(path) - path);
    return length ? arena_strndup(arena, path, length) : ".";
}
