#include "command/flags.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool flags_colour(int fd)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(fd) && (no == NULL || *no == '\0') && (term == NULL || strcmp(term, "dumb") != 0);
}

static const struct flag *find_flag(const struct flags *flags, const char *argument, size_t length)
{
    for (int i = 0; i < flags->own_count; i++) {
        const struct flag *f = &flags->own[i];
        if ((strlen(f->name) == length && memcmp(f->name, argument, length) == 0) ||
            (f->brief != NULL && strcmp(f->brief, argument) == 0))
            return f;
    }
    return NULL;
}

static bool set_format(struct flags *flags, const char *value)
{
    if (strcmp(value, "text") == 0 || strcmp(value, "json") == 0) {
        flags->format = value[0] == 'j' ? DIAG_JSON : DIAG_TEXT;
        return true;
    }
    fprintf(stderr, "weir %s: --error-format is text or json, not \"%s\"\n", flags->command, value);
    return false;
}

bool flags_take(struct flags *flags, int argc, char **argv, int *i, bool *wrong)
{
    const char *argument = argv[*i], *equals = strncmp(argument, "--", 2) == 0 ? strchr(argument, '=') : NULL;
    size_t length = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    bool is_format = length == 14 && memcmp(argument, "--error-format", 14) == 0;
    const struct flag *flag = find_flag(flags, argument, length);
    if (flag == NULL && !is_format)
        return false;
    *i += 1;
    bool wants_value = is_format || flag->value != NULL;
    if (!wants_value) {
        if (equals != NULL) {
            fprintf(stderr, "weir %s: %s takes no value\n", flags->command, flag->name);
            *wrong = true;
        }
        *flag->on = true;
        return true;
    }
    if (equals == NULL && *i >= argc) {
        fprintf(stderr, "weir %s: %s needs a value\n", flags->command, argument);
        *wrong = true;
        return true;
    }
    const char *value = equals != NULL ? equals + 1 : argv[(*i)++];
    if (is_format)
        *wrong = !set_format(flags, value) || *wrong;
    else
        *flag->value = value;
    return true;
}

void flags_unknown(const struct flags *flags, const char *argument, const char *const *more)
{
    VEC(const char *) names = {0};
    vec_push(flags->arena, &names, "--error-format");
    vec_push(flags->arena, &names, "--help");
    for (int i = 0; i < flags->own_count; i++)
        vec_push(flags->arena, &names, flags->own[i].name);
    for (; more != NULL && *more != NULL; more++)
        vec_push(flags->arena, &names, *more);
    const char *nearest = diag_nearest(argument, names.items, names.count);
    fprintf(stderr, "weir %s: unknown flag %s", flags->command, argument);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean %s?", nearest);
    fprintf(stderr, "\nTry `weir %s --help`.\n", flags->command);
}

enum flags_result flags_read(struct flags *flags, int argc, char **argv)
{
    bool wrong = false, flags_end = false;
    for (int i = 1; i < argc;) {
        const char *argument = argv[i];
        if (flags_end || argument[0] != '-' || argument[1] == '\0') {
            vec_push(flags->arena, &flags->files, argument);
            i++;
        } else if (strcmp(argument, "--") == 0) {
            flags_end = true;
            i++;
        } else if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
            fputs(flags->usage, stdout);
            return FLAGS_HELP;
        } else if (!flags_take(flags, argc, argv, &i, &wrong)) {
            flags_unknown(flags, argument, NULL);
            return FLAGS_WRONG;
        }
    }
    return wrong ? FLAGS_WRONG : FLAGS_OK;
}

bool flags_one_file(const struct flags *flags, const char **file)
{
    if (flags->files.count == 1) {
        *file = flags->files.items[0];
        return true;
    }
    fprintf(stderr, "weir %s: %s\nTry `weir %s --help`.\n", flags->command,
            flags->files.count == 0 ? "which .weir file?" : "one .weir file at a time", flags->command);
    return false;
}

int flags_compile(const struct flags *flags, struct compilation *c, const char *file, enum driver_stage stage,
                  struct plan_options options)
{
    const char *why = NULL;
    if (!driver_compile(c, file, stage, options, &why)) {
        fprintf(stderr, "weir %s: can't read %s: %s\n", flags->command, file, why);
        return EXIT_USAGE;
    }
    diag_print(&c->bag, stderr, flags->format, flags_colour(STDERR_FILENO));
    return c->bag.errors > 0 ? EXIT_WRONG : EXIT_DONE;
}
