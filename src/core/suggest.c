#include "core/suggest.h"

#include <nuages/strings.h>
#include <string.h>

enum { NAME_MAX_LEN = 64 };

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, changes and swaps of neighbours between the two (optimal string
   alignment), over three rows of the table. */
static int distance(const char *a, int a_len, const char *b, int b_len)
{
    int rows[3][NAME_MAX_LEN + 1], *before = rows[0], *above = rows[1], *row = rows[2];

    for (int j = 0; j <= b_len; j++)
        row[j] = j;
    for (int i = 1; i <= a_len; i++) {
        int *free_row = before;

        before = above;
        above = row;
        row = free_row;
        row[0] = i;
        for (int j = 1; j <= b_len; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);

            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + !same);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return row[b_len];
}

const char *nu__suggest(nu_str name, const char *const *candidates, size_t n)
{
    int nearest = (int)(name.len + 2) / 3 + 1;
    const char *best = NULL;

    if (!name.len || name.len > NAME_MAX_LEN)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        size_t len = candidates[i] ? strlen(candidates[i]) : 0;
        int far;

        if (!len || len > NAME_MAX_LEN)
            continue;
        far = distance(name.ptr, (int)name.len, candidates[i], (int)len);
        if (far < nearest && far < (int)len) {
            nearest = far;
            best = candidates[i];
        }
    }
    return best;
}

nu_str nu__suggestion(nu_str name, const char *const *candidates, size_t n)
{
    const char *best = nu__suggest(name, candidates, n);

    return best ? nu_fmt(" Did you mean {!r}?", best) : S("");
}
