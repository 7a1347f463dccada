#include "views/defaults.h"

#include "core/buf.h"
#include "http/message.h"
#include "template/template.h"
#include "utils/url.h"

/* The template of that name, NULL when the site has none. */
static nu__template *find_template(nu_str name)
{
    nu__template *tpl = NULL;

    if (nu_catch(NU_TEMPLATE_DOES_NOT_EXIST, tpl = nu__template_get(name)))
        return NULL;
    return tpl;
}

static nu_response *bare_page(int status, const char *title, const char *details)
{
    nu_str page = nu_fmt("\n<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>{}</title>\n"
                         "</head>\n<body>\n  <h1>{}</h1><p>{}</p>\n</body>\n</html>\n",
                         title, title, details);

    return nu_http_response(.status = status, .body = page);
}

static nu_response *render(nu_request *req, nu__template *tpl, nu_dict *context, int status)
{
    nu__buf out = { 0 };

    nu__template_render(tpl, context, req, &out);
    return nu_http_response(.status = status, .body = nu__buf_str(&out));
}

/* The message of an error, or its class where it has none that a visitor could understand. */
static nu_str message_of(const nu_error *error)
{
    if (error->klass == NU_RESOLVER404 || !error->message.len)
        return nu_s(nu_error_class_name(error->klass));
    return error->message;
}

nu_response *nu__page_not_found(nu_request *req, const nu_error *error)
{
    nu__template *tpl = find_template(S("404.html"));

    if (!tpl)
        return bare_page(404, "Not Found", "The requested resource was not found on this server.");
    return render(req, tpl,
                  NU_DICT(("request_path", nu__urlquote(nu_request_path(req), "/")),
                          ("exception", message_of(error))),
                  404);
}

nu_response *nu__permission_denied(nu_request *req, const nu_error *error)
{
    nu__template *tpl = find_template(S("403.html"));

    if (!tpl)
        return bare_page(403, "403 Forbidden", "");
    return render(req, tpl, NU_DICT(("exception", error->message)), 403);
}

nu_response *nu__bad_request(nu_request *req, const nu_error *error)
{
    nu__template *tpl = find_template(S("400.html"));

    if (tpl)
        return render(req, tpl, NULL, 400);
    if (error->klass == NU_REQUEST_DATA_TOO_BIG)
        return bare_page(413, "Request Entity Too Large (413)",
                         "The request is larger than this server takes.");
    if (error->klass == NU_REQUEST_TIMEOUT)
        return bare_page(408, "Request Timeout (408)", "The request came in too slowly.");
    return bare_page(400, "Bad Request (400)", "");
}

nu_response *nu__server_error(nu_request *req, const nu_error *error)
{
    nu__template *tpl = NULL;
    nu_response *response = NULL;

    (void)req;
    (void)error;
    if (nu_catch(NU_EXCEPTION, tpl = find_template(S("500.html"))) || !tpl ||
        nu_catch(NU_EXCEPTION, response = render(NULL, tpl, NULL, 500)))
        return bare_page(500, "Server Error (500)", "");
    return response;
}
