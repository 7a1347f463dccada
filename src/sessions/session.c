#include "sessions/session.h"

#include "conf/settings.h"

#define TEST_COOKIE        "testcookie"
#define TEST_COOKIE_WORKED "worked"

enum { LEAST_KEY = 8 }; /* shorter ones are nobody's */

static const nu__session_backend *const backends[] = { &nu__session_db,
                                                       &nu__session_signed_cookies };

const nu__session_backend *nu__session_backend_of_settings(void)
{
    for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
        if (nu_eq(nu__settings.session_engine, backends[i]->engine))
            return backends[i];
    nu_raise(NU_IMPROPERLY_CONFIGURED, "SESSION_ENGINE is “{}”, which is no session engine.",
             nu__settings.session_engine);
}

/* ---- of a request ---------------------------------------------------------------------------- */

void nu__session_install(nu_request *req)
{
    nu__session *session = nu_alloc(nu__session);
    nu_str key = nu_request_cookie(req, nu__settings.session_cookie_name.ptr);

    session->object.type = &nu__session_class;
    session->backend = nu__session_backend_of_settings();
    if (key.len >= LEAST_KEY)
        session->key = key;
    req->locals[NU__REQUEST_SESSION] = session;
}

nu__session *nu__session_find(nu_request *req)
{
    return req->locals[NU__REQUEST_SESSION];
}

bool nu_request_has_session(nu_request *req)
{
    return nu__session_find(req) != NULL;
}

static nu__session *session_of(nu_request *req)
{
    nu__session *session = nu__session_find(req);

    if (!session)
        nu_raise(NU_ATTRIBUTE_ERROR, "The request has no session. Put SessionMiddleware into the "
                                     "settings' middleware, before what asks for sessions.");
    return session;
}

bool nu__session_value(nu_request *req, nu_value *out)
{
    nu__session *session = nu__session_find(req);

    if (session)
        *out = (nu_value){ .kind = NU_KIND_OBJECT, .object = &session->object };
    return session != NULL;
}

/* ---- its values ------------------------------------------------------------------------------ */

nu_dict *nu__session_data(nu__session *session)
{
    session->accessed = true;
    if (!session->data)
        session->data = session->key.len ? session->backend->load(session) : nu_dict_new();
    return session->data;
}

bool nu__session_is_empty(const nu__session *session)
{
    return !session->key.len && (!session->data || !nu_dict_len(session->data));
}

nu_dict *nu_session_dict(nu_request *req)
{
    return nu__session_data(session_of(req));
}

nu_value nu_session_get(nu_request *req, const char *key)
{
    return nu_item(nu_session_dict(req), key);
}

bool nu_session_has(nu_request *req, const char *key)
{
    nu_value value;

    return nu_dict_find(nu_session_dict(req), nu_s(key), &value);
}

void nu_session_modified(nu_request *req)
{
    session_of(req)->modified = true;
}

void nu_session_set_(nu_request *req, const char *key, nu_value value)
{
    nu_dict_set_str(nu_session_dict(req), nu_copy_cstr(key), value);
    nu_session_modified(req);
}

bool nu_session_delete(nu_request *req, const char *key)
{
    bool there = nu_dict_remove(nu_session_dict(req), nu_s(key));

    session_of(req)->modified |= there;
    return there;
}

nu_str nu_session_key(nu_request *req)
{
    return session_of(req)->key;
}

void nu_session_clear(nu_request *req)
{
    nu__session *session = session_of(req);

    session->data = nu_dict_new();
    session->accessed = session->modified = true;
}

void nu_session_flush(nu_request *req)
{
    nu__session *session = session_of(req);

    nu_session_clear(req);
    session->backend->remove(session);
    session->key = (nu_str){ 0 };
}

void nu_session_cycle_key(nu_request *req)
{
    nu__session *session = session_of(req);

    nu__session_data(session);
    session->backend->cycle(session);
    session->modified = true;
}

/* ---- the test cookie ------------------------------------------------------------------------- */

void nu_session_set_test_cookie(nu_request *req)
{
    nu_session_set(req, TEST_COOKIE, TEST_COOKIE_WORKED);
}

bool nu_session_test_cookie_worked(nu_request *req)
{
    return nu__value_equal(nu_session_get(req, TEST_COOKIE), nu_v_cstr(TEST_COOKIE_WORKED));
}

void nu_session_delete_test_cookie(nu_request *req)
{
    nu_session_delete(req, TEST_COOKIE);
}
