/**
 * @file
 * Strings: slices, literals, type-safe formatting and the arena's memory.
 */
#pragma once
#include <nuages/values.h>

/** A nu_str of a string literal. */
#define S(lit) ((nu_str){ "" lit, sizeof(lit) - 1 })

nu_str nu_s(const char *borrowed); /* a slice over a C string; NULL gives null */
nu_str nu_copy(nu_str text);       /* into the fiber's arena, NUL-terminated */
nu_str nu_copy_cstr(const char *text);
nu_str nu_lower(nu_str text);
nu_str nu_upper(nu_str text);
nu_str nu_trim(nu_str text); /* Python's str.strip() */
nu_str nu_slugify(nu_str text);
nu_str nu_truncate_words(nu_str text, int words);
bool nu_eq_(nu_str a, nu_str b);
bool nu_starts_with(nu_str text, nu_str prefix);
bool nu_ends_with(nu_str text, nu_str suffix);
nu_str nu_same(nu_str text);

#define NU_STR(x)   _Generic((x), nu_str : nu_same, char * : nu_s, const char * : nu_s)(x)
#define nu_eq(a, b) nu_eq_(NU_STR(a), NU_STR(b))

/**
 * Format with `{}` for each argument, as Python's str.format: `{:>8}`, `{:.2f}`, `{:05}`, `{:x}`,
 * `{{` and `}}`. The format is a literal, so that no user text is ever one.
 *
 * @return   text in the fiber's arena
 * @raises   ValueError when the format and the arguments disagree
 * Yields: never.   Python: str.format()
 */
#define nu_fmt(f, ...) nu_fmt_("" f, NU_ARGS(__VA_ARGS__))
nu_str nu_fmt_(const char *format, nu_values args);

/** Zeroed memory of the fiber's arena. Raises MemoryError when the product overflows or passes the
 * cap. */
#define nu_alloc(T)          ((T *)nu_alloc_(1, sizeof(T)))
#define nu_alloc_array(T, n) ((T *)nu_alloc_((n), sizeof(T)))
void *nu_alloc_(size_t n, size_t size); /* not declared malloc-like: nu_catch() relies on it */
