/**
 * @file
 * Which language somebody gets: codes, the Accept-Language header, prefixes of paths.
 *
 * Codes come from outside: longer ones than 500 characters are not looked at. Nothing here knows
 * requests or catalogues; what a site speaks is handed in.
 *
 * Counterpart: django.utils.translation: get_supported_language_variant() and its like.
 */
#pragma once
#include <nuages/values.h>

/* The settings LANGUAGES and LANGUAGE_CODE. */
typedef struct nu__language_settings {
    const char *const *codes; /* in lower case, in the site's order; ends with NULL */
    const char *otherwise;    /* where nothing else is asked for */
} nu__language_settings;

/* "en_US" of "en-us", and back. */
nu_str nu__to_locale(nu_str language);
nu_str nu__to_language(nu_str locale);

/* Tuples of code and quality, the best first; none where the header is not well formed. */
nu_list *nu__parse_accept_lang_header(nu_str header);

/* The site's language nearest to a code: itself, a more general one, or (unless `strict`) another
   country's. {NULL, 0}: none; Django raises LookupError. */
nu_str nu__get_supported_language_variant(nu_str code, bool strict,
                                          const nu__language_settings *settings);
/* Of "/de/courses/"; {NULL, 0}: the path begins with no language. */
nu_str nu__get_language_from_path(nu_str path, const nu__language_settings *settings);
/* By a language cookie ({NULL, 0}: none), else the header, else the site's own. */
nu_str nu__choose_language(nu_str cookie, nu_str accept_language,
                           const nu__language_settings *settings);
