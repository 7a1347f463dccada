/**
 * @file
 * Middleware: straight code around the rest of the onion.
 *
 *     static nu_response *timing(nu_request *req, const nu_next *next)
 *     {
 *         double started = nu_monotonic();
 *         nu_response *response = nu_next_call(next, req);
 *
 *         nu_set_header(response, "Server-Timing", nu_fmt("app;dur={:.1f}",
 *                                                         (nu_monotonic() - started) * 1000));
 *         return response;
 *     }
 *
 * The settings list them, outermost first. One that doesn't call nu_next_call() answers by itself.
 * The same kind of function decorates a single view: path(…, .decorators = { timing }).
 */
#pragma once
#include <nuages/http.h>

typedef struct nu_next nu_next;
typedef nu_response *nu_middleware(nu_request *req, const nu_next *next);

/**
 * The response of the rest: middleware further in, URL, view.
 *
 * @return  never NULL
 * @raises  nothing in the settings' middleware: an error of the inside has become its response
 *          there (404, 403, 400, 500). Around a view (.decorators), whatever the view raises. A
 *          cancellation goes through both.
 * Yields: as the view does.   Django: get_response()
 */
nu_response *nu_next_call(const nu_next *next, nu_request *req);

/**
 * Have `hook` called when the request's URL has been resolved, before the view; a response that it
 * gives is answered instead of the view's. Hooks run in the order in which they were added. For
 * middleware, before it calls nu_next_call().
 * Django: process_view()
 */
void nu_on_view(nu_request *req, nu_response *(*hook)(nu_request *req));

/**
 * Have `hook` called when the view has raised an error, after the hooks added later; a response
 * that it gives is answered instead.
 * Django: process_exception()
 */
void nu_on_view_error(nu_request *req,
                      nu_response *(*hook)(nu_request *req, const nu_error *error));

/* Django's, of the same names. Each is described in its source file under src/middleware/,
   src/csrf/, src/sessions/ and src/messages/. The order that Django advises: SecurityMiddleware,
   SessionMiddleware, LocaleMiddleware, ConditionalGetMiddleware, GZipMiddleware, CommonMiddleware,
   CsrfViewMiddleware, MessageMiddleware, XFrameOptionsMiddleware. */
nu_middleware SecurityMiddleware, ConditionalGetMiddleware, GZipMiddleware, CommonMiddleware,
    CsrfViewMiddleware, LocaleMiddleware, MessageMiddleware, SessionMiddleware,
    XFrameOptionsMiddleware;
