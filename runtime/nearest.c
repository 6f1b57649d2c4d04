// "Did you mean ...?" for flags, settings and topics: edit distance with transpositions, two slips at most.
#include <ctype.h>
#include <string.h>

#include "runtime.h"

enum { LONGEST = 48, SLIPS = 2 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static int distance(const char *a, const char *b)
{
    int rows[3][LONGEST + 1];
    int n = (int)strlen(b);
    for (int j = 0; j <= n; j++)
        rows[0][j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (int j = 1; j <= n; j++) {
            row[j] = least(above[j - 1] + !same(a[i - 1], b[j - 1]), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[strlen(a) % 3][n];
}

const char *options_nearest(const char *name, const char *const *names)
{
    const char *best = NULL;
    int best_distance = SLIPS + 1;
    if (strlen(name) > LONGEST)
        return NULL;
    for (; *names; names++) {
        if (strlen(*names) > LONGEST)
            continue;
        int d = distance(name, *names);
        if (d < best_distance && d * 2 < (int)strlen(*names)) {
            best = *names;
            best_distance = d;
        }
    }
    return best;
}
