/**
 * @file
 * UTF-8 and what Python's str knows about characters.
 *
 * Inside Nuages text is valid UTF-8: whoever brings bytes in (HTTP, JSON, database) checks them
 * with nu__utf8_valid(). The functions below still take any bytes: a wrong one counts as a
 * character of its own, U+FFFD, and none reads past the end.
 */
#pragma once
#include "core/buf.h"

enum { NU__UTF8_MAX = 4, NU__REPLACEMENT = 0xFFFD };

bool nu__utf8_valid(nu_str text);
/* Bytes of the longest valid prefix: where the first wrong byte stands. */
size_t nu__utf8_valid_prefix(nu_str text);
bool nu__is_ascii(nu_str text);
/* The text with the 26 letters from `first` on in the other case; false where it is not ASCII. What
   stands in the NU__PADDING bytes behind the result is lost. */
bool nu__ascii_other_case(char *to, nu_str text, char first);
/* The character at *at, which moves past it; *at < end. */
uint32_t nu__utf8_next(const char **at, const char *end);
int nu__utf8_encode(uint32_t c, char out[NU__UTF8_MAX]); /* bytes written */
void nu__buf_utf8(nu__buf *buf, uint32_t c);
size_t nu__utf8_count(nu_str text); /* len(str) */
/* text[from:to] by characters, 0 <= from <= to; past the end is the end. Shares the bytes. */
nu_str nu__utf8_slice(nu_str text, size_t from, size_t to);
/* At most `bytes` of it, cut between characters. Shares the bytes. */
nu_str nu__utf8_cut(nu_str text, size_t bytes);

bool nu__is_space(uint32_t c);   /* str.isspace() of one character */
bool nu__is_alpha(uint32_t c);   /* str.isalpha() */
bool nu__is_digit(uint32_t c);   /* decimal digits of any script: \d */
int nu__digit_value(uint32_t c); /* of such a digit: 0 to 9 */
/* Digits of any script as ASCII ones, as int() and float() read them; the same text where it has
   none. */
nu_str nu__ascii_digits(nu_str text);
bool nu__is_word(uint32_t c);      /* \w of Python's re */
bool nu__is_printable(uint32_t c); /* str.isprintable(): what repr() leaves alone */
/* What final sigma looks at. */
bool nu__is_cased(uint32_t c);
bool nu__is_case_ignorable(uint32_t c);

/* The full mappings of one character (ß upper is SS): how many characters stand in `out`. Final
   sigma is a matter of its neighbours: nu_lower() knows it. */
enum { NU__CASE_MAX = 3 };
int nu__char_upper(uint32_t c, uint32_t out[NU__CASE_MAX]);
int nu__char_lower(uint32_t c, uint32_t out[NU__CASE_MAX]);
int nu__char_title(uint32_t c, uint32_t out[NU__CASE_MAX]);

nu_str nu__casefold(nu_str text);     /* str.casefold(): for comparing without case */
nu_str nu__title(nu_str text);        /* str.title() */
nu_str nu__capfirst(nu_str text);     /* django.utils.text.capfirst() */
nu_str nu__normalize_kc(nu_str text); /* unicodedata.normalize("NFKC", text) */
nu_str nu__normalize_c(nu_str text);  /* unicodedata.normalize("NFC", text) */

nu_str nu__strip_chars(nu_str text, const char *ascii); /* str.strip("ascii") */
nu_list *nu__split_space(nu_str text);                  /* str.split() */
nu_list *nu__split(nu_str text, nu_str separator); /* str.split(separator), of 1 byte or more */
void nu__sort_texts(nu_str *texts, size_t n);      /* by their bytes; NUL-terminated */
nu_list *nu__sorted_texts(const nu_list *texts);   /* a new list, in that order; of STR */
nu_str nu__join(nu_str separator, const nu_list *parts); /* separator.join(parts), of STR or SAFE */
nu_str nu__replace(nu_str text, nu_str old, nu_str with);
/* A name as C and Python can have it: ASCII letters, digits and underscores, no digit first. */
bool nu__is_identifier(nu_str text);
/* Bytes before the first `needle`, or -1. */
ptrdiff_t nu__find(nu_str text, nu_str needle);
/* text[from:to] by bytes, from <= to <= len. */
static inline nu_str nu__sub(nu_str text, size_t from, size_t to)
{
    return (nu_str){ from ? text.ptr + from : text.ptr, to - from };
}
/* One past the last byte; of a null text NULL. */
static inline const char *nu__str_end(nu_str text)
{
    return text.len ? text.ptr + text.len : text.ptr;
}

bool nu__same_ignore_ascii_case(const char *a, const char *b, size_t len);
/* Most names that are compared differ in length or first letter: told apart without a call. */
static inline bool nu__eq_ignore_ascii_case(nu_str a, nu_str b)
{
    return a.len == b.len && (!a.len || (((a.ptr[0] ^ b.ptr[0]) & ~0x20) == 0 &&
                                         nu__same_ignore_ascii_case(a.ptr, b.ptr, a.len)));
}
int nu__str_compare(nu_str a, nu_str b); /* by code points, as Python's < */

/* repr(text): 'it', "it's", 'a\nb'. */
void nu__buf_repr_str(nu__buf *buf, nu_str text);
void nu__buf_repr_bytes(nu__buf *buf, nu_bytes bytes);
nu_str nu__repr_str(nu_str text);
