#include "auth/anonymous.h"
#include "conf/settings.h"
#include "core/context.h"
#include "handlers/handler.h"
#include "staticfiles/staticfiles.h"
#include "urls/reverse.h"

#include <nuages/logging.h>

#define MAX_HOOKS      8
#define MAX_MIDDLEWARE (sizeof(((nu_settings *)0)->middleware) / sizeof(nu_middleware *))

/* What middleware have asked for; made when the first asks. */
typedef struct hooks {
    nu_response *(*view[MAX_HOOKS])(nu_request *req);
    nu_response *(*error[MAX_HOOKS])(nu_request *req, const nu_error *error);
    uint8_t n_view, n_error;
} hooks;

static nu_next onion[MAX_MIDDLEWARE + 1];

/* ---- hooks --------------------------------------------------------------------------------------
 */

static hooks *hooks_of(nu_request *req)
{
    if (!req->locals[NU__REQUEST_HANDLER])
        req->locals[NU__REQUEST_HANDLER] = nu_alloc(hooks);
    return req->locals[NU__REQUEST_HANDLER];
}

static void room_for_hook(uint8_t n)
{
    if (n == MAX_HOOKS)
        nu_raise(NU_RUNTIME_ERROR, "a request has more than {} hooks of its middleware",
                 (int)MAX_HOOKS);
}

void nu_on_view(nu_request *req, nu_response *(*hook)(nu_request *req))
{
    hooks *all = hooks_of(req);

    room_for_hook(all->n_view);
    all->view[all->n_view++] = hook;
}

void nu_on_view_error(nu_request *req, nu_response *(*hook)(nu_request *req, const nu_error *error))
{
    hooks *all = hooks_of(req);

    room_for_hook(all->n_error);
    all->error[all->n_error++] = hook;
}

/* The view's response, or that of the error hook which takes its error. */
static nu_response *call_with_error_hooks(nu_request *req, const nu_url_entry *entry)
{
    const hooks *all = req->locals[NU__REQUEST_HANDLER];
    nu_response *response = NULL;
    const nu_error *error;

    if (!all || !all->n_error)
        return nu__view_call(req, entry);
    error = nu_catch(NU_EXCEPTION, response = nu__view_call(req, entry));
    if (!error)
        return response;
    for (size_t i = all->n_error; i-- > 0;)
        if ((response = all->error[i](req, error)))
            return response;
    nu_reraise(error);
}

/* ---- the innermost: URL and view
 * ----------------------------------------------------------------- */

static const nu__url_match *resolve(nu_request *req)
{
    const nu__url_match *match = nu__resolve(nu__resolver_get(nu__url_urlconf()), req->path_info);

    if (!match)
        nu_raise(NU_RESOLVER404, "no URL pattern matches {}", req->path_info);
    req->locals[NU__REQUEST_URLS] = (void *)match;
    req->locals[NU__REQUEST_VIEW] = (void *)match->leaf->entry->config;
    req->path_values = match->kwargs;
    req->n_path_values = match->n_kwargs;
    return match;
}

static nu_response *get_response(nu_request *req)
{
    const nu_url_entry *entry = resolve(req)->leaf->entry;
    const hooks *all = req->locals[NU__REQUEST_HANDLER];

    for (size_t i = 0; all && i < all->n_view; i++) {
        nu_response *response = all->view[i](req);

        if (response)
            return response;
    }
    return call_with_error_hooks(req, entry);
}

/* ---- the onion
 * ----------------------------------------------------------------------------------- */

static nu_response *step(const nu_next *next, nu_request *req)
{
    return next->fn ? next->fn(req, next->inner) : next->last(req);
}

static nu_response *checked(const nu_next *next, nu_request *req)
{
    nu_response *response = step(next, req);

    if (!response)
        nu_raise(NU_VALUE_ERROR,
                 "A middleware didn't return a response for {}. It returned NULL instead.",
                 req->path);
    return response;
}

nu_response *nu_next_call(const nu_next *next, nu_request *req)
{
    nu_response *response = NULL;
    const nu_error *error;

    if (!next->guarded)
        return step(next, req);
    error = nu_catch(NU_EXCEPTION, response = checked(next, req));
    if (error)
        response = nu__response_for_error(req, error);
    if (next->last)
        nu__request_user_vary(req, response);
    return response;
}

void nu__handler_setup(const nu_settings *site)
{
    size_t n = 0;

    for (; n < MAX_MIDDLEWARE && site->middleware[n]; n++)
        onion[n] = (nu_next){ .fn = site->middleware[n], .inner = &onion[n + 1], .guarded = true };
    onion[n] = (nu_next){ .last = get_response, .guarded = true };
    nu__view_setup(site);
}

/* ---- a request
 * ------------------------------------------------------------------------------------ */

/* FORCE_SCRIPT_NAME: the site lies below a path that the proxy has cut off. */
static void script_name_set(nu_request *req)
{
    nu_str name = nu__settings.force_script_name, rest = req->path_info;

    nu__url_set_script_prefix(name);
    while (nu_ends_with(name, S("/")))
        name.len--;
    if (nu_starts_with(rest, S("/")))
        rest = (nu_str){ rest.ptr + 1, rest.len - 1 };
    req->path = nu_fmt("{}/{}", name, rest);
}

static void send_finished(void *req)
{
    nu_signal_send_robust(.signal = NU_REQUEST_FINISHED, .req = req);
}

/* Under DEBUG the site serves its static files, as Django's runserver does; NULL: it is no such. */
static nu_response *static_response(nu_request *req)
{
    nu_response *response = NULL;
    const nu_error *error;
    nu_str path;

    if (!nu__settings.debug || !nu__static_is_below(req->path_info, &path))
        return NULL;
    error = nu_catch(NU_EXCEPTION, response = nu__static_respond(req, path));
    return error ? nu__response_for_error(req, error) : response;
}

nu_response *nu__handle(nu_request *req)
{
    nu_response *response = static_response(req);

    if (response)
        return response;
    nu__here->locals[NU__LOCAL_REQUEST] = req;
    if (nu__settings.force_script_name.len)
        script_name_set(req);
    if (nu_signal_has_listeners(NU_REQUEST_FINISHED, NULL))
        nu_on_fiber_end(send_finished, req);
    if (nu_signal_has_listeners(NU_REQUEST_STARTED, NULL))
        nu_signal_send_robust(.signal = NU_REQUEST_STARTED, .req = req);
    response = nu_next_call(onion, req);
    if (response->status >= 400)
        nu__log_error_status(req, response);
    return response;
}
