#include "http/host.h"
#include "http/redirect.h"
#include "middleware/middleware.h"
#include "urls/reverse.h"
#include "utils/http.h"

#include <string.h>

static nu__re_list disallowed_agents;

/* The Host header that was found allowed last: most requests ask for the same. */
static struct {
    const nu__http_settings *settings;
    char text[256];
    size_t len;
} known_host;

void nu__common_setup(void)
{
    nu__re_list_compile(&disallowed_agents, &nu__settings.disallowed_user_agents);
    known_host.len = 0;
}

/* nu_request_host(), which raises DisallowedHost, with a memory of one. */
static nu_str allowed_host(nu_request *req)
{
    nu_str given = nu__headers_get(&req->headers, S("Host")), host;

    if (req->settings->use_x_forwarded_host || !given.len)
        return nu_request_host(req);
    if (given.len == known_host.len && known_host.settings == req->settings &&
        !memcmp(given.ptr, known_host.text, given.len))
        return req->host = given;
    host = nu_request_host(req);
    if (given.len < sizeof(known_host.text) && nu_eq_(host, given)) {
        memcpy(known_host.text, given.ptr, given.len);
        known_host.len = given.len;
        known_host.settings = req->settings;
    }
    return host;
}

/* Whether the path leads nowhere as it is, and somewhere with a slash. */
static bool slash_leads_somewhere(nu_request *req)
{
    const nu__resolver *resolver;
    const nu__url_match *match;

    if (!nu__settings.append_slash || nu_ends_with(req->path_info, S("/")))
        return false;
    resolver = nu__resolver_get(nu__url_urlconf());
    if (nu__resolve(resolver, req->path_info))
        return false;
    match = nu__resolve(resolver, nu_fmt("{}/", req->path_info));
    return match && !match->leaf->entry->no_append_slash;
}

static nu_str path_with_slash(nu_request *req)
{
    nu_str path = nu__full_path(nu_fmt("{}/", req->path), req->query_string);

    path = nu__escape_leading_slashes(path);
    if (nu__settings.debug && (req->method & (POST | PUT | PATCH | DELETE)))
        nu_raise(NU_RUNTIME_ERROR,
                 "You called this URL via {}, but the URL doesn't end in a slash and you have "
                 "APPEND_SLASH set. A redirect to the slash URL can't maintain {} data. Change "
                 "your form to point to {}{} (note the trailing slash), or set APPEND_SLASH=False "
                 "in your settings.",
                 req->method_name, req->method_name, nu_request_host(req), path);
    return path;
}

static nu_response *www_redirect(nu_request *req, nu_str host)
{
    nu_str path = slash_leads_somewhere(req) ? path_with_slash(req) : nu_request_full_path(req);

    return nu__response_redirect(301, nu_fmt("{}://www.{}{}", nu_request_scheme(req), host, path));
}

static bool unwanted_agent(nu_request *req)
{
    nu_str agent = disallowed_agents.len ? nu_request_header(req, "User-Agent") : (nu_str){ 0 };

    return agent.ptr && nu__re_list_matches(&disallowed_agents, agent);
}

/* Refuses unwanted User-Agents and unknown hosts; sends on to www. and to the path with a slash. */
nu_response *CommonMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response;
    nu_str host;

    if (unwanted_agent(req))
        nu_raise(NU_PERMISSION_DENIED, "Forbidden user agent");
    host = allowed_host(req);
    if (nu__settings.prepend_www && host.len && !nu_starts_with(host, S("www.")))
        return www_redirect(req, host);
    response = nu_next_call(next, req);
    if (response->status == 404 && slash_leads_somewhere(req))
        return nu__response_redirect(301, path_with_slash(req));
    return response;
}
