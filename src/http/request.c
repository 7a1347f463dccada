/* The request's accessors that need no body and no host. */
#include "core/arena.h"
#include "core/context.h"
#include "core/text.h"
#include "http/message.h"
#include "http/querydict.h"
#include "utils/percent.h"

#include <string.h>

static const char *const no_hosts[] = { NULL };

const nu__http_settings nu__http_default_settings = {
    .allowed_hosts = no_hosts,
    .data_upload_max_memory_size = 2621440,
    .data_upload_max_number_fields = 1000,
    .data_upload_max_number_files = 100,
    .file_upload_max_memory_size = 2621440,
    .max_body = 1 << 30,
    .default_content_type = { "text/html; charset=utf-8", 24 },
};

nu_request *nu__request_new(const nu__http_settings *settings)
{
    nu_request *req = nu_alloc(nu_request);

    req->object.type = &nu__request_class;
    req->settings = settings ? settings : &nu__http_default_settings;
    return req;
}

nu_request *nu__request_current(void)
{
    return nu__here ? nu__here->locals[NU__LOCAL_REQUEST] : NULL;
}

static nu_str decoded_path(nu_str raw)
{
    char *bytes;
    nu_str path;

    if (!memchr(raw.ptr, '%', raw.len))
        return nu__utf8_repercent(raw);
    bytes = nu__alloc_raw(raw.len + 1);
    path = (nu_str){ bytes, nu__percent_decode(raw, false, bytes) };
    bytes[path.len] = '\0';
    return nu__utf8_repercent(path);
}

void nu__request_set_target(nu_request *req, nu_str target)
{
    const char *question = memchr(target.ptr, '?', target.len);

    req->raw_path = question ? (nu_str){ target.ptr, (size_t)(question - target.ptr) } : target;
    req->query_string =
        question ? (nu_str){ question + 1, target.len - req->raw_path.len - 1 } : S("");
    req->path = req->path_info = decoded_path(req->raw_path);
}

nu_method nu_request_method(nu_request *req)
{
    return req->method;
}

nu_str nu_request_path(nu_request *req)
{
    return req->path;
}

nu_str nu_remote_addr(nu_request *req)
{
    return req->remote_addr;
}

nu_str nu_request_header(nu_request *req, const char *name)
{
    return nu__header_text(nu__headers_get(&req->headers, nu_s(name)));
}

/* ---- query string -------------------------------------------------------------------------------
 */

nu_querydict *nu_request_get(nu_request *req)
{
    if (!req->get)
        req->get =
            nu_querydict_parse(req->query_string, req->settings->data_upload_max_number_fields);
    return req->get;
}

nu_str nu_query_param(nu_request *req, const char *name)
{
    return nu_querydict_get(nu_request_get(req), nu_s(name));
}

int64_t nu_query_int(nu_request *req, const char *name, int64_t fallback)
{
    nu_str text = nu_trim(nu_query_param(req, name));
    bool minus = text.len > 1 && (*text.ptr == '-' || *text.ptr == '+');
    int64_t number = 0;

    for (size_t i = minus; i < text.len; i++) {
        int digit = text.ptr[i] - '0';

        if (digit < 0 || digit > 9 || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, digit, &number))
            return fallback;
    }
    if (!text.len)
        return fallback;
    return *text.ptr == '-' ? -number : number;
}

/* ---- what the URL captured
 * ----------------------------------------------------------------------- */

static nu_value path_value(nu_request *req, const char *name)
{
    for (size_t i = 0; i < req->n_path_values; i++)
        if (nu_eq(req->path_values[i].name, name))
            return req->path_values[i].value;
    nu_raise(NU_KEY_ERROR, "the route of {} captures nothing named “{}”", req->path, name);
}

nu_str nu_path_str(nu_request *req, const char *name)
{
    return nu_string(path_value(req, name));
}

nu_id nu_path_id(nu_request *req, const char *name)
{
    nu_value value = path_value(req, name);

    if (value.kind != NU_KIND_INT)
        nu_raise(NU_TYPE_ERROR, "“{}” of the route is no integer: write <int:{}> in it", name,
                 name);
    return value.i;
}

nu_uuid nu_path_uuid(nu_request *req, const char *name)
{
    nu_value value = path_value(req, name);

    if (value.kind != NU_KIND_UUID)
        nu_raise(NU_TYPE_ERROR, "“{}” of the route is no UUID: write <uuid:{}> in it", name, name);
    return value.uuid;
}

/* ---- values of one's own -----------------------------------------------------------------------
 */

void nu_request_set(nu_request *req, const char *name, nu_value value)
{
    if (!req->values)
        req->values = nu_dict_new();
    nu_dict_set_(req->values, name, value);
}

nu_value nu_request_value(nu_request *req, const char *name)
{
    return req->values ? nu_item(req->values, name) : nu_null();
}
