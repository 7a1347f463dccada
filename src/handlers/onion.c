#include "auth/anonymous.h"
#include "conf/settings.h"
#include "core/context.h"
#include "db/repeats.h"
#include "handlers/handler.h"
#include "sessions/session.h"
#include "staticfiles/staticfiles.h"
#include "urls/reverse.h"
#include "views/memory.h"
#include "views/recorder.h"
#include "views/toolbar.h"

#include <nuages/logging.h>
#include <nuages/timezone.h>

#define MAX_MIDDLEWARE (sizeof(((nu_settings *)0)->middleware) / sizeof(nu_middleware *))

/* What middleware have asked for, in order. */
typedef struct hook {
    struct hook *next;
    nu_response *(*view)(nu_request *req); /* one of the two */
    nu_response *(*error)(nu_request *req, const nu_error *error);
} hook;

static nu_next onion[MAX_MIDDLEWARE + 1];

/* ---- hooks ----------------------------------------------------------------------------------- */

static hook *hooks_of(const nu_request *req)
{
    return req->locals[NU__REQUEST_HANDLER];
}

static hook *hook_append(nu_request *req)
{
    hook *made = nu_alloc(hook), *last = hooks_of(req);

    while (last && last->next)
        last = last->next;
    if (last)
        last->next = made;
    else
        req->locals[NU__REQUEST_HANDLER] = made;
    return made;
}

void nu_on_view(nu_request *req, nu_response *(*fn)(nu_request *req))
{
    hook_append(req)->view = fn;
}

void nu_on_view_error(nu_request *req, nu_response *(*fn)(nu_request *req, const nu_error *error))
{
    hook_append(req)->error = fn;
}

/* The response of the last hook that takes the error; NULL when none does. */
static nu_response *run_error_hooks(const hook *each, nu_request *req, const nu_error *error)
{
    nu_response *response;

    if (!each)
        return NULL;
    response = run_error_hooks(each->next, req, error);
    return response || !each->error ? response : each->error(req, error);
}

static bool has_error_hook(const hook *each)
{
    while (each && !each->error)
        each = each->next;
    return each != NULL;
}

/* The view's response, or that of the error hook which takes its error. */
static nu_response *call_with_error_hooks(nu_request *req, const nu_url_entry *entry)
{
    nu_response *response = NULL;
    const nu_error *error;

    if (!has_error_hook(hooks_of(req)))
        return nu__view_call(req, entry);
    error = nu_catch(NU_EXCEPTION, response = nu__view_call(req, entry));
    if (!error)
        return response;
    response = run_error_hooks(hooks_of(req), req, error);
    if (!response)
        nu_reraise(error);
    return response;
}

/* ---- the innermost: URL and view ------------------------------------------------------------- */

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

    for (const hook *each = hooks_of(req); each; each = each->next) {
        nu_response *response = each->view ? each->view(req) : NULL;

        if (response)
            return response;
    }
    return call_with_error_hooks(req, entry);
}

/* ---- the onion ------------------------------------------------------------------------------- */

static nu_response *step(const nu_next *next, nu_request *req)
{
    return next->fn ? next->fn(req, next->inner) : next->last(req);
}

static nu_response *timed(const nu_next *next, nu_request *req)
{
    nu__recorder *recorder = nu__recorder_of(req);
    double began = recorder ? nu_monotonic() : 0;
    nu_response *response = step(next, req);

    if (recorder)
        nu__recorder_step(recorder, (const void *)(uintptr_t)next->fn, nu_monotonic() - began);
    return response;
}

static nu_response *checked(const nu_next *next, nu_request *req)
{
    nu_response *response = timed(next, req);

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

static bool request_attribute(nu_request *req, nu_str name, nu_value *out)
{
    const nu__url_match *match = req->locals[NU__REQUEST_URLS];

    if (nu_eq(name, "session"))
        return nu__session_value(req, out);
    if (nu_eq(name, "user"))
        *out = nu__request_user(req);
    else if (match && nu_eq(name, "resolver_match"))
        *out = nu_v_object(match);
    else
        return false;
    return true;
}

void nu__handler_setup(const nu_settings *site)
{
    size_t n = 0;

    nu__request_attribute = request_attribute;

    for (; n < MAX_MIDDLEWARE && site->middleware[n]; n++)
        onion[n] = (nu_next){ .fn = site->middleware[n], .inner = &onion[n + 1], .guarded = true };
    onion[n] = (nu_next){ .last = get_response, .guarded = true };
    nu__view_setup(site);
}

/* ---- a request ------------------------------------------------------------------------------- */

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

/* What the development server answers by a static file; NULL: it is no such. */
static nu_response *static_response(nu_request *req)
{
    nu_response *response = NULL;
    const nu_error *error;
    nu_str path;

    if (!nu__static_is_served(req->path_info, &path))
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
    if (nu__settings.debug) {
        nu__repeats_begin();
        nu__recorder_begin(req);
    }
    response = nu_next_call(onion, req);
    nu__repeats_end();
    if (nu__settings.debug) {
        response = nu__memory_checked(req, response);
        nu__toolbar_add(req, response);
    }
    if (response->status >= 400)
        nu__log_error_status(req, response);
    return response;
}
