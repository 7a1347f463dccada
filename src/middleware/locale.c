/* Chooses the language that a request is answered in, and names it in the response. */
#include "conf/settings.h"
#include "core/text.h"
#include "http/host.h"
#include "http/message.h"
#include "http/redirect.h"
#include "i18n/translation.h"
#include "middleware/middleware.h"
#include "sessions/session.h"
#include "urls/resolver.h"
#include "urls/reverse.h"
#include "utils/http.h"
#include "utils/languages.h"
#include "utils/translation.h"

#include <nuages/i18n.h>
#include <nuages/urls.h>

/* A site's language by the session; {NULL, 0} where the session has none of them. */
static nu_str language_of_session(nu_request *req)
{
    nu_value kept = nu_null();

    if (nu_request_has_session(req))
        kept = nu_session_get(req, NU_LANGUAGE_SESSION_KEY);
    return kept.kind == NU_KIND_STR && nu__language_has_words(kept.s)
               ? nu_supported_language(kept.s)
               : (nu_str){ 0 };
}

nu_str nu_language_from_request(nu_request *req, bool check_path)
{
    const nu__language_settings *site = nu__i18n_languages();
    nu_str found = { 0 };

    if (!nu__translator_installed)
        return nu__settings.language_code;
    if (check_path)
        found = nu__get_language_from_path(req->path_info, site);
    if (!found.ptr)
        found = language_of_session(req);
    if (found.ptr)
        return found;
    return nu__choose_language(nu_request_cookie(req, nu__settings.language_cookie_name.ptr),
                               nu_request_header(req, "Accept-Language"), site);
}

static nu_str language_of_path(nu_request *req)
{
    return nu__get_language_from_path(req->path_info, nu__i18n_languages());
}

/* The path below the language's prefix, where it leads somewhere there; {NULL, 0}. */
static nu_str path_in_language(nu_request *req, nu_str language)
{
    nu_str path = nu_fmt("/{}{}", language, req->path_info), prefix = nu__url_script_prefix();
    bool valid = nu_is_valid_path(path);
    bool slash = !valid && nu__settings.append_slash && !nu_ends_with(path, S("/")) &&
                 nu_is_valid_path(nu_fmt("{}/", path));

    if (!valid && !slash)
        return (nu_str){ 0 };
    path = nu_fmt("{}{}{}{}", prefix, language, req->path_info, slash ? "/" : "");
    return nu__escape_leading_slashes(nu__full_path(path, req->query_string));
}

static nu_response *redirect_to_language(nu_request *req, nu_response *response, nu_str language)
{
    nu_str path = path_in_language(req, language);

    if (!path.ptr)
        return response;
    response = nu__response_redirect(302, path);
    nu_patch_vary(response, "Accept-Language, Cookie");
    return response;
}

/* Activates the language of the path, the session, the cookie or the browser for the request. */
nu_response *LocaleMiddleware(nu_request *req, const nu_next *next)
{
    const nu_urlconf *urlconf = nu__url_urlconf_find();
    const nu_url_entry *prefixed = urlconf ? nu__url_by_language(urlconf) : NULL;
    nu_str language, of_path;
    nu_response *response;

    if (!nu__translator_installed)
        return nu_next_call(next, req);
    of_path = language_of_path(req);
    language = nu_language_from_request(req, prefixed != NULL);
    if (!of_path.ptr && prefixed && prefixed->no_prefix_default_language)
        language = nu__settings.language_code;
    nu_language_activate(language);
    nu_request_set(req, "LANGUAGE_CODE", V(nu__current_language()));
    response = nu_next_call(next, req);
    language = nu__current_language();
    if (nu_status(response) == 404 && !of_path.ptr && prefixed &&
        !prefixed->no_prefix_default_language)
        response = redirect_to_language(req, response, language);
    if (!(prefixed && of_path.ptr))
        nu_patch_vary(response, "Accept-Language");
    if (!nu_response_header(response, "Content-Language").ptr)
        nu_set_header(response, "Content-Language", language);
    return response;
}
