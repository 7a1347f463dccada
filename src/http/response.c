/* Making responses and changing them. */
#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"
#include "http/cookies.h"
#include "http/h1_scan.h"
#include "http/message.h"
#include "http/redirect.h"
#include "http/stream.h"
#include "utils/base64.h"
#include "utils/url.h"

#include <nuages/json.h>
#include <string.h>

nu_response *nu__response_new(int status, nu_str content_type, nu_str body)
{
    nu_response *response = nu_alloc(nu_response);

    response->object.type = &nu__response_class;
    response->status = status;
    response->body = body;
    response->fd = -1;
    response->headers.items = response->inline_headers;
    response->headers.cap = sizeof response->inline_headers / sizeof *response->inline_headers;
    if (content_type.ptr)
        nu__headers_add(&response->headers, S("Content-Type"), content_type);
    return response;
}

static void check_status(int status)
{
    if (status < 100 || status > 599)
        nu_raise(NU_VALUE_ERROR, "HTTP status code must be an integer from 100 to 599, not {}.",
                 status);
}

nu_response *nu_http_response_(const nu_http *options)
{
    nu_str type = options->content_type ? nu_s(options->content_type)
                                        : nu__http_default_settings.default_content_type;

    if (options->status)
        check_status(options->status);
    return nu__response_new(options->status ? options->status : 200, type, options->body);
}

nu_response *nu_json_response(int status, nu_value value)
{
    check_status(status);
    return nu__response_new(status, S("application/json"), nu_to_json_(value));
}

static const struct method {
    nu_method method;
    const char *name;
} methods[] = {
    { GET, "GET" },       { POST, "POST" }, { PUT, "PUT" },         { PATCH, "PATCH" },
    { DELETE, "DELETE" }, { HEAD, "HEAD" }, { OPTIONS, "OPTIONS" },
};

nu_response *nu_not_allowed(nu_request *req, int allowed)
{
    nu_response *response = nu__response_new(405, req->settings->default_content_type, S(""));
    nu__buf names = { 0 };

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (allowed & (int)methods[i].method)
            nu__buf_fmt(&names, "{}{}", names.len ? ", " : "", methods[i].name);
    nu__headers_add(&response->headers, S("Allow"), nu__buf_str(&names));
    return response;
}

/* ---- redirects ----------------------------------------------------------------------------------
 */

enum { MAX_REDIRECT = 16384 };

nu_response *nu__response_redirect(int status, nu_str to)
{
    static const char *const allowed[] = { "http", "https", "ftp" };
    nu_response *response =
        nu__response_new(status, nu__http_default_settings.default_content_type, S(""));
    nu__url url;

    if (to.len > MAX_REDIRECT && nu__utf8_count(to) > MAX_REDIRECT)
        nu_raise(NU_DISALLOWED_REDIRECT, "Unsafe redirect exceeding {} characters", MAX_REDIRECT);
    if (!nu__urlsplit(to, &url))
        nu_raise(NU_VALUE_ERROR, "“{}” is no address to redirect to", to);
    nu__headers_add(&response->headers, S("Location"), nu__iri_to_uri(to));
    if (!url.scheme.len)
        return response;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (nu_eq(url.scheme, allowed[i]))
            return response;
    nu_raise(NU_DISALLOWED_REDIRECT, "Unsafe redirect to URL with protocol '{}'", url.scheme);
}

/* ---- headers ------------------------------------------------------------------------------------
 */

/* A byte that stands for itself in an encoded word's Q form. */
static bool is_q_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-!*+/", c));
}

static nu_str q_encoded(nu_str value)
{
    static const char hex[] = "0123456789ABCDEF";
    nu__buf out = { 0 };

    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if (is_q_safe((char)c) || c == ' ') {
            nu__buf_char(&out, c == ' ' ? '_' : (char)c);
            continue;
        }
        nu__buf_char(&out, '=');
        nu__buf_char(&out, hex[c >> 4]);
        nu__buf_char(&out, hex[c & 15]);
    }
    return nu__buf_str(&out);
}

/* RFC 2047, in the shorter of its two forms. */
static nu_str encoded_word(nu_str value)
{
    nu_str base64 =
        nu__base64_encode((nu_bytes){ (const uint8_t *)value.ptr, value.len }, NU__BASE64);
    nu_str q = q_encoded(value);

    return base64.len < q.len ? nu_fmt("=?utf-8?b?{}?=", base64) : nu_fmt("=?utf-8?q?{}?=", q);
}

/* ISO-8859-1 on the wire; what that cannot say is MIME-encoded, as Django does. */
static nu_str header_bytes(nu_str value)
{
    const char *at = value.ptr, *end = nu__str_end(value);
    char *out = nu__alloc_raw(value.len + 1), *start = out;

    while (at < end) {
        uint32_t c = nu__utf8_next(&at, end);

        if (c > 0xff)
            return encoded_word(value);
        *out++ = (char)c;
    }
    *out = '\0';
    return (nu_str){ start, (size_t)(out - start) };
}

static bool has_line_break(nu_str text)
{
    return text.len && (memchr(text.ptr, '\n', text.len) || memchr(text.ptr, '\r', text.len));
}

void nu_set_header_(nu_response *response, const char *name, nu_str value)
{
    nu_str key = nu_s(name);

    if (has_line_break(key) || has_line_break(value))
        nu_raise(NU_BAD_HEADER_ERROR, "Header values can't contain newlines (got {})",
                 nu__repr_str(has_line_break(key) ? key : value));
    if (!key.len || nu__h1_token_end(key.ptr, key.ptr + key.len) != key.ptr + key.len)
        nu_raise(NU_BAD_HEADER_ERROR, "“{}” is no name of a header", key);
    if (value.len && !nu__is_ascii(value))
        value = header_bytes(value);
    nu__headers_set(&response->headers, key, value);
}

nu_str nu_response_header(const nu_response *response, const char *name)
{
    return nu__header_text(nu__headers_get(&response->headers, nu_s(name)));
}

void nu_delete_header(nu_response *response, const char *name)
{
    nu__headers_remove(&response->headers, nu_s(name));
}

/* ---- the rest
 * ------------------------------------------------------------------------------------ */

int nu_status(const nu_response *response)
{
    return response->status;
}

void nu_set_status(nu_response *response, int status)
{
    check_status(status);
    response->status = status;
}

nu_str nu_body(const nu_response *response)
{
    return response->kind == NU__BODY_TEXT ? response->body : (nu_str){ 0 };
}

void nu_set_body(nu_response *response, nu_str body)
{
    response->kind = NU__BODY_TEXT;
    response->body = body;
}

nu_response *nu_stream_response(nu_request *req, const char *content_type,
                                void (*body)(nu_request *, nu_stream *))
{
    nu_str type = content_type ? nu_s(content_type) : req->settings->default_content_type;
    nu_response *response = nu__response_new(200, type, (nu_str){ 0 });

    response->kind = NU__BODY_STREAM;
    response->stream = body;
    return response;
}

void nu_stream_write(nu_stream *stream, nu_str piece)
{
    stream->write(stream, piece);
}

/* ---- for templates and messages -----------------------------------------------------------------
 */

static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    const nu_response *response = (const nu_response *)self;

    if (nu_eq(name, "status_code"))
        *out = nu_v_int(response->status);
    else if (nu_eq(name, "reason_phrase"))
        *out =
            nu_v_str(response->reason.ptr ? response->reason : nu__status_reason(response->status));
    else if (nu_eq(name, "content"))
        *out = nu_v_str(nu_body(response));
    else
        return false;
    return true;
}

static nu_value text(const nu_object *self)
{
    const nu_response *response = (const nu_response *)self;

    return nu_v_str(nu_fmt("<HttpResponse status_code={}, \"{}\">", response->status,
                           nu__headers_get(&response->headers, S("Content-Type"))));
}

static const nu_object_ops ops = { .kind = "response", .get = get, .text = text };
const nu_class nu__response_class = { .ops = &ops, .name = "HttpResponse" };
