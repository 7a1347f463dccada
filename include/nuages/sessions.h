/**
 * @file
 * What a site remembers of a visitor from one request to the next, as django.contrib.sessions.
 *
 *     int64_t visits = nu_session_has(req, "visits") ? nu_int(nu_session_get(req, "visits")) : 0;
 *
 *     nu_session_set(req, "visits", visits + 1);
 *
 * The settings need SessionMiddleware; the one named by SESSION_ENGINE keeps the session: the table
 * django_session (with sessions_app among the installed apps), or the visitor's cookie itself,
 * signed. Both are Django's, byte for byte: under one SECRET_KEY a session that either side began
 * goes on at the other. A session is read when it is first asked for, and written after the
 * response where it was changed. Templates read it as request.session.visits.
 *
 * Values are what JSON has: texts, numbers, booleans, null, lists, dicts with texts as keys.
 * Another kind raises TypeError when the session is saved. What is read belongs to the request's
 * fiber.
 *
 * Every function raises AttributeError without SessionMiddleware; the first one that asks yields
 * while the session is read, and raises what the database raises.
 */
#pragma once
#include <nuages/http.h>

/** Whether SessionMiddleware is at work for the request. Yields: never.
    Django: hasattr(request, "session") */
bool nu_request_has_session(nu_request *req);

/** What is kept under a key; null when nothing is. Django: request.session.get(key) */
nu_value nu_session_get(nu_request *req, const char *key);
bool nu_session_has(nu_request *req, const char *key);
/** Keep a value under a key; both are copied or borrowed until the request's end as V() makes them.
    Django: request.session[key] = value */
#define nu_session_set(req, k, x) nu_session_set_((req), (k), V(x))
void nu_session_set_(nu_request *req, const char *key, nu_value value);
/** Forget a key; false when nothing was there. Django: del request.session[key] */
bool nu_session_delete(nu_request *req, const char *key);
/** All of it, to read and to change in place; after a change nu_session_modified() says so. */
nu_dict *nu_session_dict(nu_request *req);
/** Save it after the response. Django: request.session.modified = True */
void nu_session_modified(nu_request *req);
/** Its key: that of the row, or the cookie's whole text; null for one that was never saved.
    Django: request.session.session_key */
nu_str nu_session_key(nu_request *req);

/** Forget all its values; the key stays. Django: clear() */
void nu_session_clear(nu_request *req);
/** Forget all its values and the stored session itself: for logging out. Yields. Django: flush() */
void nu_session_flush(nu_request *req);
/** The same values under a new key: for logging in, so that nobody goes on with a key that he gave
    the visitor. Yields. Django: cycle_key() */
void nu_session_cycle_key(nu_request *req);

/* ---- how long it lives ----------------------------------------------------------------------- */

/** Seconds from now; 0: until the browser closes. Django: set_expiry(seconds) */
void nu_session_set_expiry(nu_request *req, int64_t seconds);
/** The instant of its end. */
void nu_session_set_expiry_date(nu_request *req, nu_datetime end);
/** As the settings say again. Django: set_expiry(None) */
void nu_session_reset_expiry(nu_request *req);
/** Seconds from now to its end; for one that ends with the browser SESSION_COOKIE_AGE.
    Django: get_expiry_age() */
int64_t nu_session_expiry_age(nu_request *req);
/** Django: get_expiry_date() */
nu_datetime nu_session_expiry_date(nu_request *req);
/** Django: get_expire_at_browser_close() */
bool nu_session_expires_at_browser_close(nu_request *req);

/* ---- whether the browser takes cookies ------------------------------------------------------- */

void nu_session_set_test_cookie(nu_request *req);
bool nu_session_test_cookie_worked(nu_request *req);
void nu_session_delete_test_cookie(nu_request *req);
