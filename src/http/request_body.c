/* The body as bytes, as JSON and as a form; it is read when it is first asked for. */
#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"
#include "http/form_data.h"
#include "http/message.h"
#include "http/querydict.h"
#include "utils/http.h"

#include <nuages/json.h>
#include <string.h>

static size_t limit_of(const nu_request *req)
{
    size_t limit = req->settings->data_upload_max_memory_size;

    return limit ? limit : SIZE_MAX;
}

static void check_size(const nu_request *req, uint64_t len)
{
    if (len > limit_of(req))
        nu_raise(NU_REQUEST_DATA_TOO_BIG,
                 "Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.");
}

size_t nu__request_read(nu_request *req, char *into, size_t size)
{
    if (!req->source.read)
        return 0;
    req->body_started = true;
    return req->source.read(req->source.self, into, size);
}

static nu_str read_whole(nu_request *req)
{
    nu__buf body = { 0 };
    size_t got, room = req->content_length > 0 ? (size_t)req->content_length : 4096;

    nu__buf_reserve(&body, room);
    for (;;) {
        if (body.cap - body.len < 2)
            nu__buf_reserve(&body, body.len);
        got = nu__request_read(req, body.data + body.len, body.cap - body.len - 1);
        if (!got)
            return nu__buf_str(&body);
        body.len += got;
        check_size(req, body.len);
    }
}

nu_str nu_request_body(nu_request *req)
{
    if (req->body.ptr)
        return req->body;
    if (req->body_started)
        nu_raise(NU_RUNTIME_ERROR,
                 "You cannot access body after reading from request's data stream");
    if (req->content_length > 0)
        check_size(req, (uint64_t)req->content_length);
    req->body = req->source.read && req->content_length ? read_whole(req) : S("");
    return req->body;
}

nu_dict *nu_request_json(nu_request *req)
{
    nu_str body = nu_request_body(req);
    nu_value value = nu_null();
    const nu_error *error = nu_catch(NU_JSON_DECODE_ERROR, value = nu_json_read(body));

    if (error)
        nu_raise(NU_BAD_REQUEST, "JSON parse error - {}", error->message);
    if (value.kind != NU_KIND_DICT)
        nu_raise(NU_BAD_REQUEST, "The body is no JSON object.");
    return value.dict;
}

/* ---- forms -------------------------------------------------------------------------------------
 */

void nu__request_content_type(nu_request *req)
{
    nu_str line = nu_request_header(req, "Content-Type"), type;
    nu_dict *params;
    nu_value charset;

    if (req->content_type_parsed)
        return;
    req->content_type_parsed = true;
    if (!line.len || !nu__parse_header_parameters(line, &type, &params))
        return;
    req->media_type = type;
    charset = params ? nu_item(params, "charset") : nu_null();
    if (charset.kind == NU_KIND_STR)
        req->charset = charset.s;
}

static void read_urlencoded(nu_request *req)
{
    if (req->charset.len && !nu__eq_ignore_ascii_case(req->charset, S("utf-8")) &&
        !nu__eq_ignore_ascii_case(req->charset, S("utf8")))
        nu_raise(NU_BAD_REQUEST, "HTTP requests with the 'application/x-www-form-urlencoded' "
                                 "content type must be UTF-8 encoded.");
    nu__querydict_read(req->post, nu_request_body(req),
                       req->settings->data_upload_max_number_fields, NU__UTF8);
}

/* An error on the way leaves both empty, so that its page may look at request.POST. */
static void read_form(nu_request *req)
{
    req->post = nu_querydict_new();
    req->files = nu_querydict_new();
    if (req->method != POST || (req->body_started && !req->body.ptr))
        return;
    nu__request_content_type(req);
    if (nu_eq(req->media_type, "application/x-www-form-urlencoded"))
        read_urlencoded(req);
    else if (nu_eq(req->media_type, "multipart/form-data"))
        nu__form_data_read(req);
}

nu_querydict *nu_request_post(nu_request *req)
{
    if (!req->post)
        read_form(req);
    return req->post;
}

nu_str nu_post_param(nu_request *req, const char *name)
{
    return nu_querydict_get(nu_request_post(req), nu_s(name));
}

nu_file *nu_request_file(nu_request *req, const char *name)
{
    nu_value value;

    nu_request_post(req);
    return nu__querydict_last(req->files, nu_s(name), &value) && value.kind == NU_KIND_FILE
               ? (nu_file *)(uintptr_t)value.p
               : NULL;
}
