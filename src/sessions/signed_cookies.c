/* Sessions whose key is all of them, signed. Django:
 * django.contrib.sessions.backends.signed_cookies */
#include "sessions/encoding.h"
#include "sessions/session.h"

static nu_dict *load(nu__session *session)
{
    nu_dict *data = nu__session_cookie_decode(session->key);

    session->modified |= !data; /* what nobody signed is replaced */
    return data ? data : nu_dict_new();
}

static void save(nu__session *session)
{
    session->key = nu__session_cookie_encode(nu__session_data(session));
    session->modified = true;
}

static void forget(nu__session *session)
{
    session->key = (nu_str){ 0 };
    session->modified = true;
}

const nu__session_backend nu__session_signed_cookies = {
    .engine = "django.contrib.sessions.backends.signed_cookies",
    .load = load,
    .save = save,
    .remove = forget,
    .cycle = save,
};
