#include "conf/settings.h"
#include "http/message.h"
#include "http/redirect.h"
#include "middleware/middleware.h"

/* What the settings say, as it is sent. */
static struct {
    nu_str hsts, referrer_policy, opener_policy;
    bool nosniff, redirect;
    nu__re_list exempt;
} security;

static nu_str hsts_header(void)
{
    const nu__conf *conf = &nu__settings;

    if (!conf->secure_hsts_seconds)
        return (nu_str){ 0 };
    return nu__middleware_keep(
        nu_fmt("max-age={}{}{}", conf->secure_hsts_seconds,
               conf->secure_hsts_include_subdomains ? "; includeSubDomains" : "",
               conf->secure_hsts_preload ? "; preload" : ""));
}

void nu__security_setup(void)
{
    security.hsts = hsts_header();
    security.referrer_policy = nu__settings.secure_referrer_policy;
    security.opener_policy = nu__settings.secure_cross_origin_opener_policy;
    security.nosniff = nu__settings.secure_content_type_nosniff;
    security.redirect = nu__settings.secure_ssl_redirect;
    nu__re_list_compile(&security.exempt, &nu__settings.secure_redirect_exempt);
}

static nu_response *https_redirect(nu_request *req)
{
    nu_str path = req->path, host;

    while (path.len && *path.ptr == '/')
        path = (nu_str){ path.ptr + 1, path.len - 1 };
    if (nu_request_is_secure(req) || nu__re_list_matches(&security.exempt, path))
        return NULL;
    host = nu__settings.secure_ssl_host;
    return nu__response_redirect(301, nu_fmt("https://{}{}", host.len ? host : nu_request_host(req),
                                             nu_request_full_path(req)));
}

/* Headers that browsers heed against sniffing, framing of windows, leaking of addresses; HTTPS
   insisted on where SECURE_SSL_REDIRECT says so. */
nu_response *SecurityMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response = security.redirect ? https_redirect(req) : NULL;

    if (!response)
        response = nu_next_call(next, req);
    if (security.hsts.len && nu_request_is_secure(req))
        nu__header_default(response, S("Strict-Transport-Security"), security.hsts);
    if (security.nosniff)
        nu__header_default(response, S("X-Content-Type-Options"), S("nosniff"));
    if (security.referrer_policy.len)
        nu__header_default(response, S("Referrer-Policy"), security.referrer_policy);
    if (security.opener_policy.len)
        nu__header_default(response, S("Cross-Origin-Opener-Policy"), security.opener_policy);
    return response;
}

/* Keeps other sites from framing the site's pages. */
nu_response *XFrameOptionsMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response = nu_next_call(next, req);

    if (!response->xframe_exempt && nu__settings.x_frame_options.len)
        nu__header_default(response, S("X-Frame-Options"), nu__settings.x_frame_options);
    return response;
}
