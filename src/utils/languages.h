/**
 * @file
 * The languages that Django comes with, by code.
 *
 * Counterpart: django.conf.locale.LANG_INFO, translation.get_language_info().
 */
#pragma once
#include <nuages/strings.h>
#include <string.h>

typedef struct nu__language {
    const char *code, *name, *name_local;
    bool bidi; /* written from right to left */
} nu__language;

extern const nu__language nu__languages[]; /* ends with a NULL code */

/* "de-ch" gives German; NULL for a code of no language. */
const nu__language *nu__language_named(nu_str code);
/* "zh-hans" for "zh-cn": the code that stands for another one; NULL: none does. */
const char *nu__language_fallback(nu_str code);
/* Django comes with translations for this code, or for what it is a variant of. */
bool nu__language_has_words(nu_str code);
