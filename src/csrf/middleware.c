#include "csrf/csrf.h"
#include "urls/resolver.h"

#include <nuages/logging.h>

static bool view_is_exempt(const nu_request *req)
{
    const nu__url_match *match = req->locals[NU__REQUEST_URLS];

    return match && match->leaf->entry->csrf_exempt;
}

/* Called once the view is known, since a view may be exempt. */
static nu_response *before_view(nu_request *req)
{
    nu_str reason;

    if (view_is_exempt(req))
        return NULL;
    reason = nu__csrf_refused(req);
    if (!reason.len)
        return NULL;
    nu_warning("Forbidden ({}): {}", reason, req->path);
    return nu__csrf_failure(req, reason);
}

nu_response *CsrfViewMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response;

    nu__csrf_begin(req);
    nu_on_view(req, before_view);
    response = nu_next_call(next, req);
    nu__csrf_finish(req, response);
    return response;
}
