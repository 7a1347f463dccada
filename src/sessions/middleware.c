#include "conf/settings.h"
#include "sessions/session.h"

static const char *or_null(nu_str text)
{
    return text.len ? text.ptr : NULL;
}

static void cookie_delete(nu_response *response)
{
    const nu__conf *conf = &nu__settings;

    nu_delete_cookie(response, conf->session_cookie_name.ptr, .path = conf->session_cookie_path.ptr,
                     .domain = or_null(conf->session_cookie_domain),
                     .samesite = or_null(conf->session_cookie_samesite));
    nu_patch_vary(response, "Cookie");
}

static void cookie_set(nu__session *session, nu_response *response)
{
    const nu__conf *conf = &nu__settings;
    int64_t age = nu__session_ends_with_browser(session) ? 0 : nu__session_age(session);

    nu_set_cookie(response, conf->session_cookie_name.ptr, session->key, .max_age = age,
                  .path = conf->session_cookie_path.ptr,
                  .domain = or_null(conf->session_cookie_domain),
                  .secure = conf->session_cookie_secure, .httponly = conf->session_cookie_httponly,
                  .samesite = or_null(conf->session_cookie_samesite));
}

void nu__session_finish(nu_request *req, nu_response *response)
{
    nu__session *session = nu__session_find(req);
    bool empty = nu__session_is_empty(session);

    if (empty && nu_request_cookie(req, nu__settings.session_cookie_name.ptr).ptr) {
        cookie_delete(response);
        return;
    }
    if (session->accessed)
        nu_patch_vary(response, "Cookie");
    if (empty || !(session->modified || nu__settings.session_save_every_request) ||
        nu_status(response) >= 500)
        return;
    session->backend->save(session);
    cookie_set(session, response);
}

/* The visitor's session for the view; kept after it where it was changed, but not by a view that
   failed. */
nu_response *SessionMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response;

    nu__session_install(req);
    response = nu_next_call(next, req);
    nu__session_finish(req, response);
    return response;
}
