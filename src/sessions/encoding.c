#include "sessions/encoding.h"

#include "utils/signing.h"

static const nu__signer stored = { .salt = { "django.contrib.sessions.SessionStore", 36 } };
static const nu__signer in_cookie = { .salt = { "django.contrib.sessions.backends.signed_cookies",
                                                47 } };

nu_str nu__session_encode(const nu_dict *session)
{
    return nu__signing_dumps(&stored, nu_v_dict(session), true);
}

nu_dict *nu__session_decode(nu_str data)
{
    nu_value value = nu_null();
    const nu_error *error =
        nu_catch(NU_EXCEPTION, value = nu__signing_loads(&stored, data, NU__NO_MAX_AGE));

    return !error && value.kind == NU_KIND_DICT ? value.dict : nu_dict_new();
}

nu_str nu__session_cookie_encode(const nu_dict *session)
{
    return nu__signing_dumps(&in_cookie, nu_v_dict(session), true);
}
