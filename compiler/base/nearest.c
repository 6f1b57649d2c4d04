// "Did you mean ...?": edit distance with transpositions, blind to case.
#include <ctype.h>
#include <string.h>

#include "base/diag.h"

enum { MAX_LENGTH = 48 };

static int min_of(int a, int b)
{
    return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

// Optimal string alignment distance; three rows suffice.
static int distance(const char *a, int a_len, const char *b, int b_len)
{
    int rows[3][MAX_LENGTH + 1];
    int *before = rows[0], *above = rows[1], *row = rows[2];
    for (int j = 0; j <= b_len; j++)
        above[j] = before[j] = j;
    for (int i = 1; i <= a_len; i++) {
        row[0] = i;
        for (int j = 1; j <= b_len; j++) {
            int substituted = above[j - 1] + !same_letter(a[i - 1], b[j - 1]);
            row[j] = min_of(substituted, min_of(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]))
                row[j] = min_of(row[j], before[j - 2] + 1);
        }
        int *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_len];
}

// One slip in a short word, two in a longer one, three at most; of one or two letters only the case may differ.
static int allowed(int len)
{
    return len <= 2 ? 0 : len <= 5 ? 1 : len <= 9 ? 2 : 3;
}

const char *diag_nearest(const char *name, const char *const *candidates, int count)
{
    size_t len = strlen(name);
    const char *best = NULL;
    int best_distance = MAX_LENGTH;
    if (len > MAX_LENGTH)
        return NULL;
    for (int i = 0; i < count; i++) {
        size_t candidate_len = strlen(candidates[i]);
        if (candidate_len > MAX_LENGTH || strcmp(name, candidates[i]) == 0)
            continue;
        int d = distance(name, (int)len, candidates[i], (int)candidate_len);
        if (d < best_distance && d <= allowed((int)(len > candidate_len ? len : candidate_len))) {
            best = candidates[i];
            best_distance = d;
        }
    }
    return best;
}
