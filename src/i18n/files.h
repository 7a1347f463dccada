/**
 * @file
 * Where catalogues are found. What was opened once is kept until nu__catalogs_close().
 */
#pragma once
#include "i18n/catalog.h"

/* The catalogue of a locale, "pt_BR": below a folder (a path), in an app's table of compiled-in
   files, among Nuages' own (place: NULL). NULL: there is none. Raises ImproperlyConfigured with the
   path and the reason when there is one that can't be read. */
const nu__catalog *nu__catalog_in_folder(const void *folder, nu_str locale);
const nu__catalog *nu__catalog_compiled_in(const void *table, nu_str locale);
const nu__catalog *nu__catalog_own(const void *place, nu_str locale);
void nu__catalogs_close(void);
