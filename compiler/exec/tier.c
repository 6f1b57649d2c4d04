#include "exec/tier.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

// A program that is done sooner is not worth a compiler.
enum { DELAY_MS = 150 };

struct tier {
    pthread_t thread;
    struct arena *arena;
    const char *text;
    size_t length;
    struct aot_options options;
    tier_swap_fn *swap;
    void *arg;
    bool joined;
    void *handle; // of dlopen; NULL until a program was loaded
};

// Quiet when it fails: the program runs all the same, and `weir build` says why a compiler does not work.
static void *compile_and_swap(void *arg)
{
    struct tier *tier = arg;
    const char *path, *why;
    struct pollfd cancelled = {tier->options.cancel, POLLIN, 0};
    if (poll(&cancelled, 1, DELAY_MS) != 0)
        return NULL;
    if (aot_shared(tier->arena, tier->text, tier->length, tier->options, &path) != NULL)
        return NULL;
    const struct weir_program *program = aot_load(tier->arena, path, &tier->handle, &why);
    if (program != NULL)
        tier->swap(tier->arg, program);
    return NULL;
}

struct tier *tier_start(const char *text, size_t length, struct aot_options options, tier_swap_fn *swap, void *arg)
{
    struct arena *arena = arena_new();
    struct tier *tier = arena_new_of(arena, struct tier);
    *tier = (struct tier){.arena = arena, .length = length, .options = options, .swap = swap, .arg = arg};
    tier->text = arena_strndup(arena, text, length);
    tier->options.cancellable = true;
    tier->options.cancel = eventfd(0, EFD_CLOEXEC);
    if (tier->options.cancel < 0 || pthread_create(&tier->thread, NULL, compile_and_swap, tier) != 0) {
        close(tier->options.cancel);
        arena_free(arena);
        return NULL;
    }
    return tier;
}

void tier_cancel(struct tier *tier)
{
    if (tier == NULL || tier->joined)
        return;
    uint64_t one = 1;
    while (write(tier->options.cancel, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    pthread_join(tier->thread, NULL);
    tier->joined = true;
}

void tier_stop(struct tier *tier)
{
    if (tier == NULL)
        return;
    tier_cancel(tier);
    close(tier->options.cancel);
    if (tier->handle != NULL)
        dlclose(tier->handle);
    arena_free(tier->arena);
}
