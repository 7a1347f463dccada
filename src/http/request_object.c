/* A request as templates, JSON and messages see it. */
#include "core/buf.h"
#include "core/text.h"
#include "http/cookies.h"
#include "http/host.h"
#include "http/message.h"
#include "http/querydict.h"

/* Attributes are made for the asking, and most requests are asked for none. */
static nu_request *self_of(const void *object)
{
    return (nu_request *)(uintptr_t)object;
}

/* ---- request.headers, request.META -------------------------------------------------------------
 */

typedef struct headers_view {
    nu_object object;
    nu_request *req;
} headers_view;

static nu_str with_dashes(nu_str name)
{
    nu_str copy = nu_copy(name);

    for (size_t i = 0; i < copy.len; i++)
        if (copy.ptr[i] == '_')
            ((char *)(uintptr_t)copy.ptr)[i] = '-';
    return copy;
}

static bool header_get(const nu_object *self, nu_str name, nu_value *out)
{
    nu_request *req = ((const headers_view *)self)->req;
    nu_str value = nu__header_text(nu__headers_get(&req->headers, with_dashes(name)));

    *out = nu_v_str(value);
    return value.ptr != NULL;
}

static nu_list *header_items(const nu_object *self)
{
    nu_request *req = ((const headers_view *)self)->req;
    nu_list *list = nu_list_new();

    for (uint32_t i = 0; i < req->headers.len; i++)
        nu_list_append_(list, nu_v_str(nu__title(nu_lower(req->headers.items[i].name))));
    return list;
}

static const nu_object_ops header_ops = { .kind = "headers",
                                          .get = header_get,
                                          .items = header_items };
static const nu_class headers_class = { .ops = &header_ops, .name = "HttpHeaders" };

static nu_value get_headers(nu_request *req)
{
    headers_view *view = nu_alloc(headers_view);

    view->object.type = &headers_class;
    view->req = req;
    return (nu_value){ .kind = NU_KIND_OBJECT, .object = &view->object };
}

/* "X-Forwarded-For" is HTTP_X_FORWARDED_FOR; a name with an underscore of its own is left out,
   since it would pass for another. */
static void add_meta_header(nu_dict *meta, const nu__header *header)
{
    nu_str name = nu_upper(header->name);
    nu__buf key = { 0 };

    if (nu__find(name, S("_")) >= 0)
        return;
    if (!nu_eq(name, "CONTENT-TYPE") && !nu_eq(name, "CONTENT-LENGTH"))
        nu__buf_lit(&key, "HTTP_");
    for (size_t i = 0; i < name.len; i++)
        nu__buf_char(&key, name.ptr[i] == '-' ? '_' : name.ptr[i]);
    nu_dict_set_str(meta, nu__buf_str(&key), nu_v_str(nu__header_text(header->value)));
}

static nu_value get_meta(nu_request *req)
{
    nu_dict *meta = nu_dict_new();

    nu_dict_set(meta, "REQUEST_METHOD", req->method_name);
    nu_dict_set(meta, "PATH_INFO", req->path_info);
    nu_dict_set(meta, "SCRIPT_NAME", "");
    nu_dict_set(meta, "QUERY_STRING", req->query_string);
    nu_dict_set(meta, "REMOTE_ADDR", req->remote_addr);
    nu_dict_set(meta, "SERVER_NAME", req->server_name);
    nu_dict_set(meta, "SERVER_PORT", nu_fmt("{}", (int)req->server_port));
    nu_dict_set(meta, "SERVER_PROTOCOL", req->http_1_0 ? "HTTP/1.0" : "HTTP/1.1");
    for (uint32_t i = 0; i < req->headers.len; i++)
        add_meta_header(meta, &req->headers.items[i]);
    return nu_v_dict(meta);
}

/* ---- attributes --------------------------------------------------------------------------------
 */

static nu_value get_method(nu_request *req)
{
    return nu_v_str(req->method_name);
}

static nu_value get_path(nu_request *req)
{
    return nu_v_str(req->path);
}

static nu_value get_path_info(nu_request *req)
{
    return nu_v_str(req->path_info);
}

static nu_value get_scheme(nu_request *req)
{
    return nu_v_str(nu_request_scheme(req));
}

static nu_value get_get(nu_request *req)
{
    return nu_querydict_value(nu_request_get(req));
}

static nu_value get_post(nu_request *req)
{
    return nu_querydict_value(nu_request_post(req));
}

static nu_value get_files(nu_request *req)
{
    nu_request_post(req);
    return nu_querydict_value(req->files);
}

static nu_value get_cookies(nu_request *req)
{
    return nu_v_dict(nu__request_cookies(req));
}

static nu_value get_body(nu_request *req)
{
    nu_str body = nu_request_body(req);

    return nu_v_bytes((nu_bytes){ (const uint8_t *)body.ptr, body.len });
}

static nu_value get_content_type(nu_request *req)
{
    nu__request_content_type(req);
    return nu_v_str(req->media_type.ptr ? req->media_type : S(""));
}

static nu_value get_encoding(nu_request *req)
{
    nu__request_content_type(req);
    return nu_v_str(req->charset);
}

/* ---- methods
 * -------------------------------------------------------------------------------------- */

static nu_value call_full_path(const void *self)
{
    return nu_v_str(nu_request_full_path(self_of(self)));
}

static nu_value call_host(const void *self)
{
    return nu_v_str(nu_request_host(self_of(self)));
}

static nu_value call_port(const void *self)
{
    return nu_v_str(nu__request_port(self_of(self)));
}

static nu_value call_absolute_uri(const void *self)
{
    return nu_v_str(nu_build_absolute_uri(self_of(self), NULL));
}

static nu_value call_is_secure(const void *self)
{
    return nu_v_bool(nu_request_is_secure(self_of(self)));
}

static const struct attribute {
    const char *name;
    nu_value (*get)(nu_request *req);
    nu_value (*call)(const void *self);
} attributes[] = {
    { "path", get_path, NULL },
    { "method", get_method, NULL },
    { "GET", get_get, NULL },
    { "POST", get_post, NULL },
    { "COOKIES", get_cookies, NULL },
    { "FILES", get_files, NULL },
    { "META", get_meta, NULL },
    { "headers", get_headers, NULL },
    { "path_info", get_path_info, NULL },
    { "scheme", get_scheme, NULL },
    { "body", get_body, NULL },
    { "content_type", get_content_type, NULL },
    { "encoding", get_encoding, NULL },
    { "get_full_path", NULL, call_full_path },
    { "get_host", NULL, call_host },
    { "get_port", NULL, call_port },
    { "build_absolute_uri", NULL, call_absolute_uri },
    { "is_secure", NULL, call_is_secure },
};

bool (*nu__request_attribute)(nu_request *req, nu_str name, nu_value *out);

/* What was attached comes first: middleware may put its own over a name. */
static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    nu_request *req = self_of(self);

    if (req->values && nu_dict_find(req->values, name, out))
        return true;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        const struct attribute *attribute = &attributes[i];

        if (!nu_eq(name, attribute->name))
            continue;
        *out = attribute->get ? attribute->get(req) : nu__callable_value(attribute->call, req);
        return true;
    }
    return nu__request_attribute && nu__request_attribute(req, name, out);
}

static nu_value text(const nu_object *self)
{
    nu_request *req = self_of(self);

    return nu_v_str(nu_fmt("<WSGIRequest: {} '{}'>", req->method_name, nu_request_full_path(req)));
}

static const nu_object_ops ops = { .kind = "request", .get = get, .text = text };
const nu_class nu__request_class = { .ops = &ops, .name = "HttpRequest" };
