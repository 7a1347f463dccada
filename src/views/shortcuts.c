#include "core/buf.h"
#include "db/models/options.h"
#include "http/message.h"
#include "http/redirect.h"
#include "template/template.h"
#include "urls/reverse.h"

#include <nuages/shortcuts.h>
#include <string.h>

/* ---- pages ----------------------------------------------------------------------------------- */

nu_response *nu_render_dict(nu_request *req, const char *template_name, nu_dict *context)
{
    nu__buf out = { 0 };
    nu_response *response;

    nu__template_render(nu__template_get(nu_s(template_name)), context, req, &out);
    response = nu_http_response(.body = nu__buf_str(&out));
    response->template_name = template_name;
    response->context = context;
    return response;
}

nu_response *nu_render_(nu_request *req, const char *template_name, const nu_var *context)
{
    return nu_render_dict(req, template_name, nu_dict_of(context));
}

nu_str nu_render_to_string_(nu_request *req, const char *template_name, const nu_var *context)
{
    nu__buf out = { 0 };

    nu__template_render(nu__template_get(nu_s(template_name)), nu_dict_of(context), req, &out);
    return nu__buf_str(&out);
}

/* A page that is rendered while it is sent. */
typedef struct page {
    const nu__template *tpl;
    nu_dict *context;
} page;

static void send_piece(void *stream, nu_str piece)
{
    nu_stream_write(stream, piece);
}

static void send_page(nu_request *req, nu_stream *stream)
{
    const page *page = req->locals[NU__REQUEST_PAGE];
    nu__buf out = { 0 };

    nu__template_render_with(
        page->tpl,
        &(nu__render_options){
            .dict = page->context, .request = req, .flush = send_piece, .flush_to = stream },
        &out);
    if (out.len)
        nu_stream_write(stream, nu__buf_str(&out));
}

nu_response *nu_render_stream_(nu_request *req, const char *template_name, const nu_var *context)
{
    page *page = nu_alloc(struct page);
    nu_response *response = nu_stream_response(req, NULL, send_page);

    page->tpl = nu__template_get(nu_s(template_name));
    page->context = nu_dict_of(context);
    req->locals[NU__REQUEST_PAGE] = page;
    response->template_name = template_name;
    response->context = page->context;
    return response;
}

/* ---- redirects ------------------------------------------------------------------------------- */

nu_str nu_resolve_url(nu_str to, nu_values args)
{
    const nu_reverse_options options = { .args = args };
    nu_str url = { 0 };
    const nu_error *error;

    if (nu_starts_with(to, S("./")) || nu_starts_with(to, S("../")))
        return to;
    error = nu_catch(NU_NO_REVERSE_MATCH,
                     url = nu__url_reverse(nu__resolver_get(nu__url_urlconf()), to, &options));
    if (!error)
        return url;
    if (!to.len || (!memchr(to.ptr, '/', to.len) && !memchr(to.ptr, '.', to.len)))
        nu_reraise(error);
    return to;
}

nu_response *nu_redirect_(nu_request *req, nu_str to, nu_values args)
{
    (void)req;
    return nu__response_redirect(302, nu_resolve_url(to, args));
}

nu_response *nu_redirect_permanent_(nu_request *req, nu_str to, nu_values args)
{
    (void)req;
    return nu__response_redirect(301, nu_resolve_url(to, args));
}

nu_response *nu_redirect_object_(nu_request *req, const nu_object *object)
{
    const nu_model *model = object->type;

    (void)req;
    if (!model->get_absolute_url)
        nu_raise(NU_ATTRIBUTE_ERROR, "{} has no URL of its own: give its model a .get_absolute_url",
                 nu__model_info_of(model)->label);
    return nu__response_redirect(302, model->get_absolute_url(object));
}
