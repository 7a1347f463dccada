/**
 * @file
 * A request's session and where it is kept.
 *
 *   SessionMiddleware
 *     nu__session_install          the cookie's key, kept; nothing is read yet
 *     … nu_session_get()           nu__session_data -> backend->load, once
 *       nu_session_set()           modified
 *     nu__session_finish           modified: backend->save, Set-Cookie; empty: the cookie is
 * deleted
 *
 * Django: django.contrib.sessions.backends.base, .db, .signed_cookies
 */
#pragma once
#include <nuages/middleware.h>
#include <nuages/sessions.h>

#include "core/object.h"
#include "http/message.h"

typedef struct nu__session nu__session;

/* Where sessions are kept. All yield, and raise what the database raises. */
typedef struct nu__session_backend {
    const char *engine; /* as SESSION_ENGINE has it */
    /* What is kept under the session's key; where nothing is, empty, and the key is forgotten. */
    nu_dict *(*load)(nu__session *session);
    /* Keep its values, under a new key where it has none. Raises SessionInterrupted where another
       request has deleted it meanwhile. */
    void (*save)(nu__session *session);
    /* Forget what is kept under the key, and the key. */
    void (*remove)(nu__session *session);
    /* Keep the values under a new key, and forget the old one. */
    void (*cycle)(nu__session *session);
} nu__session_backend;

extern const nu__session_backend nu__session_db, nu__session_signed_cookies;

struct nu__session {
    nu_object object; /* templates read request.session.visits */
    const nu__session_backend *backend;
    nu_str key;    /* null: none */
    nu_dict *data; /* NULL: not read yet */
    bool accessed; /* what is answered depends on it */
    bool modified; /* to be saved */
};

/* The backend that SESSION_ENGINE names. */
const nu__session_backend *nu__session_backend_of_settings(void);
/* Begin the request's session with the key of its cookie. */
void nu__session_install(nu_request *req);
/* Save it where that is due, and tell the browser. Raises SessionInterrupted. */
void nu__session_finish(nu_request *req, nu_response *response);

nu__session *nu__session_find(nu_request *req); /* NULL without SessionMiddleware */
/* request.session; false without SessionMiddleware. */
bool nu__session_value(nu_request *req, nu_value *out);

/* ---- within sessions/ ------------------------------------------------------------------------ */

extern const nu_class nu__session_class; /* object.c */
nu_dict *nu__session_data(nu__session *session);
bool nu__session_is_empty(const nu__session *session);
/* Django's get_expiry_age(), get_expiry_date(), get_expire_at_browser_close(). */
int64_t nu__session_age(nu__session *session);
nu_datetime nu__session_end(nu__session *session);
bool nu__session_ends_with_browser(nu__session *session);
