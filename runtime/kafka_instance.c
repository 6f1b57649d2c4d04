#include "kafka_instance.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "folders.h"
#include "memory.h"

enum { DIGITS = 16 };

static char *random_name(void)
{
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        abort(); // never, says getrandom(2), for this size
    return memory_format("%0*" PRIx64, DIGITS, number);
}

// Slot N of the folder, locked; -1: it cannot be made (*TAKEN false), or another process has it.
static int take_slot(const struct broker_kafka *b, int n, bool *taken)
{
    char *path = memory_format("%s/%s/instance-%d", b->settings->state_dir, b->app, n);
    folders_make(path);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    bool locked = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
    *taken = fd >= 0 && !locked && errno == EWOULDBLOCK;
    if (fd >= 0 && !locked)
        close(fd);
    free(path);
    return locked ? fd : -1;
}

// The name that the file has; a new one is written into it.
static char *name_of_slot(int fd)
{
    char text[DIGITS + 1] = "";
    if (pread(fd, text, DIGITS, 0) == DIGITS && strspn(text, "0123456789abcdef") == DIGITS)
        return memory_format("%s", text);
    char *name = random_name();
    ssize_t written = pwrite(fd, name, DIGITS, 0);
    (void)written; // on a full disk it is this run's alone
    return name;
}

void kafka_instance_name(struct broker_kafka *b, const rd_kafka_conf_t *consumer)
{
    char name[256] = "";
    size_t size = sizeof name;
    rd_kafka_conf_get(consumer, "group.instance.id", name, &size);
    if (name[0]) {
        b->instance = memory_format("%s", name);
        return;
    }
    bool taken = true;
    for (int n = 0; taken && b->instance_lock < 0; n++)
        b->instance_lock = take_slot(b, n, &taken);
    b->instance = b->instance_lock >= 0 ? name_of_slot(b->instance_lock) : random_name();
}

void kafka_instance_free(struct broker_kafka *b)
{
    if (b->instance_lock >= 0)
        close(b->instance_lock);
    free(b->instance);
}
