#include "write_all.h"

#include <errno.h>
#include <unistd.h>

bool write_all(int fd, const char *text, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t more = write(fd, text + done, n - done);
        if (more < 0 && errno != EINTR)
            return false;
        done += more > 0 ? (size_t)more : 0;
    }
    return true;
}
