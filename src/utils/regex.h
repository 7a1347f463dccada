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

typedef struct nu__regex nu__regex;

/* Flags of nu__regex_compile. */
enum {
    NU__REGEX_IGNORECASE = 1,
    NU__REGEX_MULTILINE = 2,
    NU__REGEX_DOTALL = 4,
    NU__REGEX_MATCH = 8,     /* at the start of the text, as re.match() */
    NU__REGEX_FULLMATCH = 16 /* the whole text, as re.fullmatch() */
};

/* What one group took; `ptr` NULL: the group took no part in the match. */
typedef nu_str nu__regex_group;

/* NULL when the pattern is wrong; `error`, when given, then says why and where (96 bytes at most).
   Raises nothing. */
nu__regex *nu__regex_compile(nu_str pattern, unsigned flags, char error[static 96]);
void nu__regex_free(nu__regex *regex);
int nu__regex_groups(const nu__regex *regex); /* capturing groups, without the whole match */
/* The name of group 1…n, borrowed from the pattern; {NULL, 0} for one without a name. */
nu_str nu__regex_group_name(const nu__regex *regex, int group);
/* Match; groups[0] is the whole match, then up to n_groups - 1 groups. Text that is not UTF-8 never
   matches. */
bool nu__regex_match(const nu__regex *regex, nu_str text, nu__regex_group *groups, int n_groups);
bool nu__regex_test(const nu__regex *regex, nu_str text); /* matches at all, as bool(re.search()) */
