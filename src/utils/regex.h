/**
 * @file
 * Regular expressions in Python's syntax, run by PCRE2 with JIT.
 *
 * A pattern means what it means to Python's `re` on text: `.` stops at "\n" only, `\w` and `\d` are
 * Unicode's, `\Z` is the very end, `{,n}` is a quantifier. A match is bounded by a limit, so that
 * no input makes an unlucky pattern run for long; past it there is no match. Compiled patterns live
 * until they are freed (they belong to no arena) and are for one thread: a match keeps its working
 * memory in the pattern.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__re nu__re;

/* Flags of nu__re_compile. */
enum {
    NU__RE_IGNORECASE = 1,
    NU__RE_MULTILINE = 2,
    NU__RE_DOTALL = 4,
    NU__RE_MATCH = 8,     /* at the start of the text, as re.match() */
    NU__RE_FULLMATCH = 16 /* the whole text, as re.fullmatch() */
};

/* What one group took; `ptr` NULL: the group took no part in the match. */
typedef nu_str nu__re_group;

/* NULL when the pattern is wrong; `error`, when given, then says why and where (96 bytes at most).
   Raises nothing. */
nu__re *nu__re_compile(nu_str pattern, unsigned flags, char error[static 96]);
void nu__re_free(nu__re *regex);
int nu__re_groups(const nu__re *regex); /* capturing groups, without the whole match */
/* The name of group 1…n, borrowed from the pattern; {NULL, 0} for one without a name. */
nu_str nu__re_group_name(const nu__re *regex, int group);
/* Match; groups[0] is the whole match, then up to n_groups - 1 groups. Text that is not UTF-8 never
   matches. */
bool nu__re_match(const nu__re *regex, nu_str text, nu__re_group *groups, int n_groups);
/* The first match that begins at byte `from` or later; what stands before it is seen by \b, ^ and
   look-behinds. */
bool nu__re_match_from(const nu__re *regex, nu_str text, size_t from, nu__re_group *groups,
                       int n_groups);
bool nu__re_test(const nu__re *regex, nu_str text); /* matches at all, as bool(re.search()) */
