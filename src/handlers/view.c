#include "conf/settings.h"
#include "core/time.h"
#include "handlers/handler.h"
#include "http/cache_headers.h"
#include "http/conditional.h"
#include "middleware/cache_control.h"
#include "urls/resolver.h"
#include "utils/http.h"
#include "views/generic.h"

#include <nuages/transaction.h>

#define MAX_DATABASES  (sizeof(((nu_settings *)0)->databases) / sizeof(nu_database))
#define MAX_DECORATORS (sizeof(((nu_url_entry *)0)->decorators) / sizeof(nu_middleware *))

static const char *atomic_aliases[MAX_DATABASES];
static size_t n_atomic;

void nu__view_setup(const nu_settings *site)
{
    n_atomic = 0;
    for (size_t i = 0; i < MAX_DATABASES && site->databases[i].alias; i++)
        if (site->databases[i].atomic_requests)
            atomic_aliases[n_atomic++] = site->databases[i].alias;
}

static const nu_url_entry *entry_of(const nu_request *req)
{
    return ((const nu__url_match *)req->locals[NU__REQUEST_URLS])->leaf->entry;
}

/* ---- the view, and conditions on it ---------------------------------------------------------- */

static nu_response *call_plain(nu_request *req)
{
    const nu__url_match *match = req->locals[NU__REQUEST_URLS];
    nu_response *response = match->leaf->entry->view(req);

    if (!response)
        nu_raise(NU_VALUE_ERROR, "The view {} didn't return a response. It returned NULL instead.",
                 match->leaf->view_name);
    if (match->leaf->entry->xframe_options_exempt)
        response->xframe_exempt = true;
    return response;
}

static void condition_headers(nu_request *req, nu_response *response, nu_str etag, int64_t modified)
{
    if (req->method != GET && req->method != HEAD)
        return;
    if (modified && !nu_response_header(response, "Last-Modified").ptr)
        nu_set_header(response, "Last-Modified", nu__http_date_str(modified));
    if (etag.len && !nu_response_header(response, "ETag").ptr)
        nu_set_header(response, "ETag", etag);
}

/* Django: condition(etag_func, last_modified_func) */
static nu_response *call_conditional(nu_request *req)
{
    const nu_url_entry *entry = entry_of(req);
    nu_str etag = { 0 };
    int64_t modified = 0;
    nu_response *response;

    if (!entry->etag && !entry->last_modified)
        return call_plain(req);
    if (entry->last_modified) {
        nu_datetime at = entry->last_modified(req);

        modified = at.us ? nu__floor_div(at.us - NU__UNIX_EPOCH_US, NU__US_SECOND) : 0;
    }
    if (entry->etag)
        etag = entry->etag(req);
    if (etag.ptr)
        etag = nu__quote_etag(etag);
    response = nu__conditional_response(req, etag, modified, NULL);
    if (!response)
        response = call_plain(req);
    condition_headers(req, response, etag, modified);
    return response;
}

/* ---- around it ------------------------------------------------------------------------------- */

static nu_response *call_decorated(nu_request *req, const nu_url_entry *entry)
{
    nu_next steps[MAX_DECORATORS + 1];
    size_t n = 0;

    for (; n < MAX_DECORATORS && entry->decorators[n]; n++)
        steps[n] = (nu_next){ .fn = entry->decorators[n], .inner = &steps[n + 1] };
    if (!n)
        return call_conditional(req);
    steps[n] = (nu_next){ .last = call_conditional };
    return nu_next_call(steps, req);
}

/* Each database with atomic_requests has a transaction around the view: an error rolls back. */
static nu_response *call_atomic(nu_request *req, const nu_url_entry *entry, size_t i)
{
    if (i == n_atomic)
        return call_decorated(req, entry);
    nu_atomic_scope(.using = atomic_aliases[i]);
    return call_atomic(req, entry, i + 1);
}

nu_response *nu__view_call(nu_request *req, const nu_url_entry *entry)
{
    nu_response *response = NULL;

    if (entry->methods & OPTIONS)
        response = nu__generic_answers(req, entry->methods);
    else if (entry->methods && !(entry->methods & (int)req->method))
        response = nu_not_allowed(req, entry->methods);
    if (response)
        return response;
    response =
        n_atomic && !entry->non_atomic ? call_atomic(req, entry, 0) : call_decorated(req, entry);
    if (entry->cache_control)
        nu__apply_cache_control(response, entry->cache_control);
    if (entry->never_cache)
        nu__add_never_cache_headers(response);
    return response;
}
