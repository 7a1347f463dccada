/**
 * @file
 * Strings: slices, literals, type-safe formatting and the arena's memory.
 */
#pragma once
#include <nuages/values.h>

/** A nu_str of a string literal. */
#define S(lit) ((nu_str){ "" lit, sizeof(lit) - 1 })

nu_str nu_s(const char *borrowed); /* a slice over a C string; NULL gives null */

/* New text is in the fiber's arena and raises MemoryError past its cap; null stays null. None of
   these yields. */
nu_str nu_copy(nu_str text); /* NUL-terminated */
nu_str nu_copy_cstr(const char *text);
nu_str nu_lower(nu_str text); /* str.lower(): all of Unicode, final sigma too */
nu_str nu_upper(nu_str text); /* str.upper(): "straße" gives "STRASSE" */
nu_str nu_trim(nu_str text);  /* str.strip(): Unicode's spaces. Shares the bytes */
/** The words of a text, at white space: a list of texts that share its bytes. Python: str.split()
 */
nu_list *nu_split(nu_str text);
/** The texts of a list with a separator between them. Python: str.join() */
nu_str nu_join(nu_str separator, const nu_list *texts);
nu_str nu_slugify(nu_str text); /* django.utils.text.slugify(): "Ça va?" gives "ca-va" */
/* The first words, joined by single spaces, and "…" when there were more; as Truncator.words(). */
nu_str nu_truncate_words(nu_str text, int words);

bool nu_eq_(nu_str a, nu_str b); /* null equals "" */
bool nu_starts_with(nu_str text, nu_str prefix);
bool nu_ends_with(nu_str text, nu_str suffix);
nu_str nu_same(nu_str text);

#define NU_STR(x) _Generic((x), nu_str : nu_same, char * : nu_s, const char * : nu_s)(x)
/** Are two texts the same, each a nu_str or a C string? */
#define nu_eq(a, b) nu_eq_(NU_STR(a), NU_STR(b))

/**
 * Format with `{}` for each argument, as Python's str.format(): `{:>8}`, `{:05}`, `{:.2f}`, `{:x}`,
 * `{:,}`, `{!r}` for repr(), `{{` and `}}` for braces. Without a specification an argument is
 * written as str() writes it. The format is a literal, so that no user text is ever one.
 *
 * @return   text in the fiber's arena
 * @raises   ValueError when the format and the arguments disagree, in number or in kind
 * Yields: never, but for objects whose text does.   Python: str.format()
 */
#define nu_fmt(f, ...) nu_fmt_("" f, NU_ARGS(__VA_ARGS__))
nu_str nu_fmt_(const char *format, nu_values args);

/** Zeroed memory of the fiber's arena. Raises MemoryError when the product overflows or passes the
 * cap. */
#define nu_alloc(T)          ((T *)nu_alloc_(1, sizeof(T)))
#define nu_alloc_array(T, n) ((T *)nu_alloc_((n), sizeof(T)))
void *nu_alloc_(size_t n, size_t size); /* not declared malloc-like: nu_catch() relies on it */
