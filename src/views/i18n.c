/* set_language: where a form for choosing the language posts to. Django: django.views.i18n */
#include "conf/settings.h"
#include "core/text.h"
#include "http/message.h"
#include "http/redirect.h"
#include "urls/resolver.h"
#include "urls/reverse.h"
#include "utils/http.h"
#include "utils/languages.h"
#include "utils/percent.h"

#include <nuages/i18n.h>
#include <nuages/sessions.h>
#include <nuages/views.h>

/* The URL's path, decoded, up to its query. */
static nu_str path_of(nu_str url, nu_str *rest)
{
    size_t end = 0;
    nu_str path;

    while (end < url.len && url.ptr[end] != '?' && url.ptr[end] != '#')
        end++;
    *rest = nu__sub(url, end, url.len);
    path = nu_copy(nu__sub(url, 0, end));
    path.len = nu__percent_decode(path, false, (char *)(uintptr_t)path.ptr);
    return path;
}

static nu_str reversed(const nu__url_match *match)
{
    nu_var *kwargs = nu_alloc_array(nu_var, match->n_kwargs + 1);

    for (size_t i = 0; i < match->n_kwargs; i++)
        kwargs[i] = (nu_var){ nu_copy(match->kwargs[i].name).ptr, match->kwargs[i].value };
    return nu_reverse_(match->leaf->view_name.ptr,
                       &(const nu_reverse_options){
                           .kwargs = match->n_kwargs ? kwargs : NULL,
                           .args = { match->args, match->n_kwargs ? 0 : match->n_args } });
}

/* A path of this site as it is in another language; itself where it is none. Django:
   translate_url() */
static nu_str translated(nu_str url, nu_str language)
{
    nu_str rest, path = path_of(url, &rest), *made;
    const nu__url_match *match;

    if (!nu_starts_with(path, S("/")))
        return url;
    match = nu__resolve(nu__resolver_get(nu__url_urlconf()), path);
    if (!match)
        return url;
    made = nu_alloc(nu_str);
    nu_language_override_scope(language);
    if (nu_catch(NU_NO_REVERSE_MATCH, *made = reversed(match)))
        return url;
    return nu_fmt("{}{}", *made, rest);
}

static bool may_go_to(nu_request *req, nu_str url)
{
    nu_str host = nu_request_host(req);

    return url.len && nu__url_has_allowed_host_and_scheme(url, &host, 1, nu_request_is_secure(req));
}

/* Where to go back to; "" where the client asked for no page. */
static nu_str next_of(nu_request *req)
{
    nu_str next = nu_post_param(req, "next");

    if (!next.ptr)
        next = nu_query_param(req, "next");
    if ((!next.len && !nu_request_accepts(req, "text/html")) || may_go_to(req, next))
        return next;
    next = nu_request_header(req, "Referer");
    return may_go_to(req, next) ? next : S("/");
}

/* In the session where there is one, and in the cookie, which outlives it. */
static void keep_language(nu_request *req, nu_response *response, nu_str language)
{
    if (nu_request_has_session(req))
        nu_session_set(req, NU_LANGUAGE_SESSION_KEY, language);
    nu_set_cookie(response, nu__settings.language_cookie_name.ptr, language,
                  .max_age = (int)nu__settings.language_cookie_age,
                  .path = nu__settings.language_cookie_path.ptr,
                  .domain = nu__settings.language_cookie_domain.len
                                ? nu__settings.language_cookie_domain.ptr
                                : NULL,
                  .samesite = nu__settings.language_cookie_samesite.len
                                  ? nu__settings.language_cookie_samesite.ptr
                                  : NULL,
                  .secure = nu__settings.language_cookie_secure,
                  .httponly = nu__settings.language_cookie_httponly);
}

nu_response *nu_set_language(nu_request *req)
{
    nu_str next = next_of(req), language = nu_post_param(req, "language");
    bool chosen = req->method == POST && language.len && nu__language_has_words(language);
    nu_response *response;

    if (chosen && next.len)
        next = translated(next, language);
    response = next.len ? nu__response_redirect(302, next) : nu_http_response(.status = 204);
    if (chosen)
        keep_language(req, response, language);
    return response;
}
