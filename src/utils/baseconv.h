/**
 * @file
 * Integers in base 36 and 62, as django.utils.http and django.core.signing write them.
 */
#pragma once
#include <nuages/strings.h>

enum { NU__BASECONV_TEXT = 16 };

/* Return the length; `out` is NUL-terminated. */
size_t nu__base36_text(char out[NU__BASECONV_TEXT], uint64_t number);
size_t nu__base62_text(char out[NU__BASECONV_TEXT], int64_t number);
/* As Python's int(text, 36): space around, a sign, underscores. False when it is none, has over 13
   characters or does not fit in 64 bits. */
bool nu__base36_parse(nu_str text, int64_t *out);
bool nu__base62_parse(nu_str text, int64_t *out);
