/**
 * @file
 * Cross-site request forgery: a secret in a cookie, and in each form that secret under a new mask.
 *
 *   token  = mask (32) + cipher (32)      cipher[i] = secret[i] + mask[i], modulo the alphabet
 *   cookie = secret (32)
 *
 * A request that changes something must bring both, and they must agree; a site that can make a
 * browser send the cookie can't read it. Over HTTPS, Origin or Referer must be the site's own too.
 * Byte for byte what Django 4.1 and later do; a masked secret in the cookie, as older ones wrote
 * it, is accepted.
 *
 *   CsrfViewMiddleware                  middleware.c
 *     nu__csrf_begin                    secret from the cookie
 *     … view found: nu__csrf_check      Origin, Referer, token -> 403 page (failure.c)
 *     … the view; {% csrf_token %}: nu__csrf_token
 *     nu__csrf_finish                   Set-Cookie where a token was given out
 *
 * Django: django.middleware.csrf
 */
#pragma once
#include <nuages/middleware.h>

#include "http/message.h"

enum { NU__CSRF_SECRET = 32, NU__CSRF_TOKEN = 64 };

/* ---- tokens ---------------------------------------------------------------------------------- */

/* Both of 32 letters and digits; `token` gets 64. Leaf. */
void nu__csrf_mask(nu_str secret, nu_str mask, char token[static NU__CSRF_TOKEN]);
void nu__csrf_unmask(nu_str token, char secret[static NU__CSRF_SECRET]);
/* What is wrong with a token or secret: "has incorrect length", "has invalid characters"; NULL when
   nothing is. */
const char *nu__csrf_format_wrong(nu_str token);
/* In constant time. The format of both must be right; a token of 64 is unmasked first. */
bool nu__csrf_match(nu_str token, nu_str secret);

/* ---- of a request ---------------------------------------------------------------------------- */

/* Read the secret from the cookie, if it has one. */
void nu__csrf_begin(nu_request *req);
/* A token for a form, masked anew each time; a secret is made where there is none, and the cookie
   will be sent. Django: get_token() */
nu_str nu__csrf_token(nu_request *req);
/* A new secret: whoever logs in gets one. Django: rotate_token() */
void nu__csrf_rotate(nu_request *req);
/* Why the request must be refused, in Django's words; null when it may pass. Yields: while a form
   arrives. */
nu_str nu__csrf_refused(nu_request *req);
/* Don't check this request: the in-process client of tests. */
void nu__csrf_exempt(nu_request *req);
/* Send the cookie, with Vary, where a token was given out. */
void nu__csrf_finish(nu_request *req, nu_response *response);

/* Work out what the settings say of trusted origins; at start-up, after the settings. */
void nu__csrf_setup(void);

/* The page that a refused request gets, or what settings.csrf_failure_view answers; 403. */
nu_response *nu__csrf_failure(nu_request *req, nu_str reason);

extern const char nu__csrf_no_cookie[], nu__csrf_no_referer[];
