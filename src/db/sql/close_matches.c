#include "db/sql/close_matches.h"

#include <nuages/strings.h>

#define CUTOFF   0.6
#define MATCHES  3
#define MAX_WORD 128 /* longer ones are no misspelt names */

/* The longest run that two words share, the first of equals in `a`. */
static size_t longest_run(nu_str a, nu_str b, size_t *at_a, size_t *at_b)
{
    size_t best = 0;

    for (size_t i = 0; i < a.len; i++)
        for (size_t j = 0; j < b.len; j++) {
            size_t n = 0;

            while (i + n < a.len && j + n < b.len && a.ptr[i + n] == b.ptr[j + n])
                n++;
            if (n > best) {
                best = n;
                *at_a = i;
                *at_b = j;
            }
        }
    return best;
}

/* How many bytes match: the longest run, and what matches left and right of it. */
static size_t matching(nu_str a, nu_str b)
{
    size_t i = 0, j = 0, run = longest_run(a, b, &i, &j);

    if (!run)
        return 0;
    return run + matching((nu_str){ a.ptr, i }, (nu_str){ b.ptr, j }) +
           matching((nu_str){ a.ptr + i + run, a.len - i - run },
                    (nu_str){ b.ptr + j + run, b.len - j - run });
}

static double ratio(nu_str a, nu_str b)
{
    if (a.len > MAX_WORD || b.len > MAX_WORD || !(a.len + b.len))
        return 0;
    return 2.0 * (double)matching(a, b) / (double)(a.len + b.len);
}

static bool text_after(nu_str a, nu_str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;

    for (size_t i = 0; i < shorter; i++)
        if (a.ptr[i] != b.ptr[i])
            return (unsigned char)a.ptr[i] > (unsigned char)b.ptr[i];
    return a.len > b.len;
}

nu_list *nu__close_matches(nu_str word, const nu_list *words)
{
    struct {
        double ratio;
        nu_str word;
    } best[MATCHES + 1];
    nu_list *out = nu_list_new();
    int n = 0;

    for (size_t i = 0; i < nu_list_len(words); i++) {
        nu_str other = nu_at(words, i).s;
        double r = ratio(other, word);
        int at = n;

        if (r < CUTOFF)
            continue;
        for (; at > 0 && (best[at - 1].ratio < r ||
                          (best[at - 1].ratio == r && text_after(other, best[at - 1].word)));
             at--)
            best[at] = best[at - 1];
        best[at].ratio = r;
        best[at].word = other;
        n += n < MATCHES;
    }
    for (int i = 0; i < n; i++)
        nu_list_append(out, best[i].word);
    return out;
}
