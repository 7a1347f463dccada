/**
 * @file
 * Translated texts, by whatever catalogues are installed; without any every text is its own.
 *
 * i18n/ installs them. What is below it (dates, numbers, templates, forms) looks its texts up here,
 * at the moment they are written, so that one process answers each request in its language.
 *
 * Counterpart: django.utils.translation.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__translator {
    /* A text in the active language. `context` and `plural` may be {NULL, 0}; `count` chooses the
       plural form. NUL-terminated where `message` is. */
    nu_str (*translate)(nu_str context, nu_str message, nu_str plural, int64_t count);
    nu_str (*language)(void);      /* the active one: "de"; {NULL, 0}: none is */
    void (*activate)(nu_str code); /* for the running fiber; {NULL, 0}: none */
} nu__translator;
/* NULL: every text is its own translation, the language is en-us. */
extern const nu__translator *nu__translator_installed;

nu_str nu__npgettext(nu_str context, nu_str message, nu_str plural, int64_t count);
nu_str nu__current_language(void);

static inline nu_str nu__pgettext(nu_str context, nu_str message)
{
    return nu__npgettext(context, message, (nu_str){ 0 }, 1);
}

static inline nu_str nu__gettext(nu_str message)
{
    return nu__pgettext((nu_str){ 0 }, message);
}

static inline nu_str nu__ngettext(nu_str message, nu_str plural, int64_t count)
{
    return nu__npgettext((nu_str){ 0 }, message, plural, count);
}

/* ngettext() of texts with one place for the number, which `place` names: "%(num)d". */
nu_str nu__counted(const char *message, const char *plural, const char *place, int64_t count);
/* A block's message as it stands in catalogues: each line without the white space around it, joined
   by spaces. Django: trim_whitespace() */
nu_str nu__trim_message(nu_str text);
