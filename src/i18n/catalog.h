/**
 * @file
 * A compiled catalogue: a `.mo` file as GNU msgfmt writes it, looked up by hash.
 *
 *   bytes of the file ─┬─ original texts:  "context\4message\0plural\0"
 *                      └─ translations:    "form 0\0form 1\0form 2\0"
 *   slots[]: hash of "context\4message" -> number of the text; open addressing, half empty
 *
 * The file's bytes are untrusted: every offset is checked when it is opened, nothing after. A
 * catalogue is never changed and lives as long as the process, so that what a look-up gives points
 * into it. Counterpart: gettext.GNUTranslations
 */
#pragma once
#include "i18n/plural.h"

typedef struct nu__catalog nu__catalog;

enum { NU__CATALOG_LARGEST = 64 << 20 };

/* Takes no copy of the bytes, which must outlive it. NULL: `*why` tells what is wrong. */
nu__catalog *nu__catalog_open(const uint8_t *bytes, size_t len, const char **why);
void nu__catalog_free(nu__catalog *catalog);

/* The translation of a text, in the plural form for `count` where it has several; {NULL, 0}: it is
   not in the catalogue. `context` may be {NULL, 0}. */
nu_str nu__catalog_find(const nu__catalog *catalog, nu_str context, nu_str message, int64_t count);
