#include "core/buf.h"
#include "http/cache_headers.h"
#include "http/message.h"
#include "http/redirect.h"
#include "middleware/cache_control.h"
#include "urls/reverse.h"
#include "views/generic.h"

#include <nuages/logging.h>
#include <string.h>

/* ---- TemplateView ---------------------------------------------------------------------------- */

nu_response *nu_template_view(nu_request *req)
{
    nu_response *other = nu__generic_answers(req, GET | HEAD);
    nu_dict *context = nu_dict_new();

    if (other)
        return other;
    for (size_t i = 0; i < req->n_path_values; i++)
        nu_dict_set_str(context, req->path_values[i].name, req->path_values[i].value);
    return nu__generic_render(req, req->locals[NU__REQUEST_VIEW], "", context);
}

/* ---- RedirectView ---------------------------------------------------------------------------- */

/* A URL with each {name} replaced by the capture of that name. */
static nu_str filled(nu_request *req, const char *pattern)
{
    nu__buf out = { 0 };

    for (const char *at = pattern; *at;) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        nu_str name;

        if (!end) {
            nu__buf_char(&out, *at++);
            continue;
        }
        name = nu_copy((nu_str){ at + 1, (size_t)(end - at - 1) });
        nu__buf_str_add(&out, nu_string(nu_path_value(req, name.ptr)));
        at = end + 1;
    }
    return nu__buf_str(&out);
}

/* The URL of a name with the captures of this one. */
static nu_str reversed(nu_request *req, const char *name)
{
    const nu__url_match *match = req->locals[NU__REQUEST_URLS];
    nu_var *kwargs = nu_alloc_array(nu_var, req->n_path_values + 1);
    nu_reverse_options options = { .kwargs = kwargs };

    for (size_t i = 0; i < req->n_path_values; i++)
        kwargs[i] = (nu_var){ nu_copy(req->path_values[i].name).ptr, req->path_values[i].value };
    if (match && !req->n_path_values)
        options.args = (nu_values){ match->args, match->n_args };
    return nu_reverse_(name, &options);
}

nu_response *nu_redirect_view(nu_request *req)
{
    const nu_redirect_options *options = req->locals[NU__REQUEST_VIEW];
    nu_str url;

    if (!options->url && !options->pattern_name) {
        nu_info("Gone: {}", req->path);
        return nu_http_response(.status = 410);
    }
    url = options->url ? filled(req, options->url) : reversed(req, options->pattern_name);
    if (options->query_string && req->query_string.len)
        url = nu_fmt("{}?{}", url, req->query_string);
    return nu__response_redirect(options->permanent ? 301 : 302, url);
}

/* ---- caching --------------------------------------------------------------------------------- */

void nu_patch_cache_control_(nu_response *response, const nu_cache_control *options)
{
    nu__apply_cache_control(response, options);
}

void nu_never_cache(nu_response *response)
{
    nu__add_never_cache_headers(response);
}
