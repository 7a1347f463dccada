#include "sessions/encoding.h"

#include "conf/settings.h"
#include "utils/signing.h"

static const nu__signer stored = { .salt = { "django.contrib.sessions.SessionStore", 36 } };
static const nu__signer in_cookie = { .salt = { "django.contrib.sessions.backends.signed_cookies",
                                                47 } };

nu_str nu__session_encode(const nu_dict *session)
{
    return nu__signing_dumps(&stored, nu_v_dict(session), true);
}

/* NULL: not signed, too old, or no dict. */
static nu_dict *loaded(const nu__signer *signer, nu_str data, double max_age)
{
    nu_value value = nu_null();
    const nu_error *error =
        nu_catch(NU_EXCEPTION, value = nu__signing_loads(signer, data, max_age));

    if (error && !nu_error_is_a(error->klass, NU_BAD_SIGNATURE) &&
        !nu_error_is_a(error->klass, NU_VALUE_ERROR))
        nu_reraise(error);
    return !error && value.kind == NU_KIND_DICT ? value.dict : NULL;
}

nu_dict *nu__session_decode(nu_str data)
{
    nu_dict *found = loaded(&stored, data, NU__NO_MAX_AGE);

    return found ? found : nu_dict_new();
}

nu_str nu__session_cookie_encode(const nu_dict *session)
{
    return nu__signing_dumps(&in_cookie, nu_v_dict(session), true);
}

nu_dict *nu__session_cookie_decode(nu_str cookie)
{
    return loaded(&in_cookie, cookie, (double)nu__settings.session_cookie_age);
}
