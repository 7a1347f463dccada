/**
 * @file
 * What django_session.session_data holds, and the key that the signed-cookie backend gives: a dict
 * as signed, compressed JSON, byte for byte Django's.
 *
 * Django: SessionBase.encode(), decode(); backends.signed_cookies
 */
#pragma once
#include <nuages/values.h>

nu_str nu__session_encode(const nu_dict *session);
/* Empty for what no key of the site's has signed, or is no dict. */
nu_dict *nu__session_decode(nu_str data);
/* The whole session as the value of its cookie. */
nu_str nu__session_cookie_encode(const nu_dict *session);
/* NULL for what no key of the site's has signed within SESSION_COOKIE_AGE, or is no dict. */
nu_dict *nu__session_cookie_decode(nu_str cookie);
