/**
 * @file
 * Signed text, as django.core.signing: what Django signs verifies here under the same key and salt,
 * and the reverse.
 *
 *     value ":" signature                     nu__sign
 *     value ":" base62 time ":" signature     nu__timestamp_sign
 *     ["."] base64 JSON ":" time ":" …        nu__signing_dumps; "." where it is compressed
 *
 * The signature is the salted HMAC of all before it, in base64 for URLs.
 */
#pragma once
#include "utils/crypto.h"

#include <nuages/errors.h>

typedef struct nu__signer {
    nu_str key;                  /* null: the setting SECRET_KEY */
    const nu_str *fallback_keys; /* verify only; NULL: the setting SECRET_KEY_FALLBACKS */
    size_t n_fallback_keys;
    nu_str sep;            /* null: ":" */
    nu_str salt;           /* null: the name of Django's class */
    const char *algorithm; /* NULL: "sha256" */
} nu__signer;

/* What signers without a key of their own take. Called at start-up; keeps the pointers. */
void nu__signing_set_keys(nu_str secret_key, const nu_str *fallbacks, size_t n_fallbacks);
/* Raises ImproperlyConfigured while there is none. */
nu_str nu__secret_key(void);

/* All raise ValueError when the separator could stand in a signature. Those that verify raise
   BadSignature, or SignatureExpired after `max_age` seconds; a negative or NaN one: never. */
nu_str nu__sign(const nu__signer *signer, nu_str value);
nu_str nu__unsign(const nu__signer *signer, nu_str signed_value);
nu_str nu__timestamp_sign(const nu__signer *signer, nu_str value);
nu_str nu__timestamp_unsign(const nu__signer *signer, nu_str signed_value, double max_age);
#define NU__NO_MAX_AGE (__builtin_nan(""))

/* A JSON value, signed with the time. `compress`: where that makes it shorter. */
nu_str nu__signing_dumps(const nu__signer *signer, nu_value value, bool compress);
/* Raises also ValueError when what was signed is no JSON, or grows over 64 MiB. */
nu_value nu__signing_loads(const nu__signer *signer, nu_str signed_value, double max_age);

/* The value of a signed cookie. Cookies in the salt of Django before 5.2.16 are accepted where
   `legacy`. Django: set_signed_cookie(), get_signed_cookie() */
nu_str nu__signed_cookie(nu_str name, nu_str salt, nu_str value);
nu_str nu__signed_cookie_value(nu_str name, nu_str salt, nu_str cookie, double max_age,
                               bool legacy);
