#include "base/diag.h"

#include <string.h>

DIAG_FMT(4, 0)
static struct diag *record(struct diag_bag *bag, enum diag_level level, struct span span, const char *format,
                           va_list args)
{
    struct diag *d = arena_new_of(bag->arena, struct diag);
    d->level = level;
    d->span = span;
    d->message = arena_vprintf(bag->arena, format, args);
    vec_push(bag->arena, &bag->items, d);
    return d;
}

struct diag *diag_error(struct diag_bag *bag, struct span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct diag *d = record(bag, DIAG_ERROR, span, format, args);
    va_end(args);
    bag->errors++;
    return d;
}

struct diag *diag_warning(struct diag_bag *bag, struct span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct diag *d = record(bag, DIAG_WARNING, span, format, args);
    va_end(args);
    bag->warnings++;
    return d;
}

void diag_label(struct diag_bag *bag, struct diag *d, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    d->label = arena_vprintf(bag->arena, format, args);
    va_end(args);
}

void diag_related(struct diag_bag *bag, struct diag *d, struct span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct diag_label related = {span, arena_vprintf(bag->arena, format, args)};
    va_end(args);
    vec_push(bag->arena, &d->related, related);
}

void diag_help(struct diag_bag *bag, struct diag *d, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *help = arena_vprintf(bag->arena, format, args);
    va_end(args);
    vec_push(bag->arena, &d->helps, help);
}

void diag_drop_missing(struct diag_bag *bag, int from)
{
    int kept = from;
    for (int i = from; i < bag->items.count; i++) {
        struct diag *d = bag->items.items[i];
        bool error = d->level == DIAG_ERROR;
        if (error && !d->missing)
            bag->items.items[kept++] = d;
        else if (error)
            bag->errors--;
        else
            bag->warnings--;
    }
    bag->items.count = kept;
}
