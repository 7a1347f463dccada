/**
 * @file
 * The languages of a site: which catalogues answer for each, and which language a fiber has.
 *
 *   nu__translation_of("de-ch")
 *     LOCALE_PATHS/de_CH, de ── apps/locale/de_CH, de ── Nuages' own de ── LANGUAGE_CODE's
 *                       first found wins
 *
 * Catalogues are read when a language is first used and kept for the process. English texts are in
 * the source, so English takes nothing from LANGUAGE_CODE's.
 *
 * Counterpart: django.utils.translation.trans_real
 */
#pragma once
#include "i18n/catalog.h"
#include "utils/formats.h"
#include "utils/language_codes.h"

#include <nuages/values.h>

typedef struct nu__translation nu__translation;

/* After the settings and apps. Installs the translator. Raises ImproperlyConfigured for a catalogue
   that can't be read, and for settings that name no language; MemoryError. */
void nu__i18n_setup(void);
void nu__i18n_release(void);

/* The settings LANGUAGES and LANGUAGE_CODE, for choosing among them. */
const nu__language_settings *nu__i18n_languages(void);

/* Each of them as a pair of its code and English name; all that Django has before the set-up. */
nu_list *nu__i18n_names(void);

/* A catalogue compiled in: Nuages' own. */
typedef struct nu__own_catalogue {
    const char *locale; /* "pt_BR" */
    const uint8_t *bytes;
    size_t len;
} nu__own_catalogue;
extern const nu__own_catalogue nu__own_catalogues[]; /* ends with a NULL locale */

nu_str nu__translation_code(const nu__translation *translation);
