#include "http/client_request.h"

#include "core/buf.h"
#include "core/context.h"
#include "http/stream.h"
#include "loop/pool.h"

#include <string.h>
#include <unistd.h>

static const char *const any_host[] = { "*", NULL };

static nu_str method_name(nu_method method)
{
    static const struct row {
        nu_method method;
        const char *name;
    } rows[] = {
        { POST, "POST" },     { PUT, "PUT" },   { PATCH, "PATCH" },
        { DELETE, "DELETE" }, { HEAD, "HEAD" }, { OPTIONS, "OPTIONS" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].method == method)
            return nu_s(rows[i].name);
    return S("GET");
}

/* ---- the body, from memory
 * ------------------------------------------------------------------------ */

typedef struct memory_body {
    nu_str left;
} memory_body;

static size_t read_memory(void *self, char *into, size_t size)
{
    memory_body *body = self;
    size_t n = body->left.len < size ? body->left.len : size;

    if (n)
        memcpy(into, body->left.ptr, n);
    body->left.ptr += n;
    body->left.len -= n;
    return n;
}

static void set_body(nu_request *req, const nu__client_options *options)
{
    memory_body *body = nu_alloc(memory_body);

    body->left = options->body;
    req->content_length = (int64_t)options->body.len;
    req->source = (nu__body_source){ .read = read_memory, .self = body };
    nu__headers_set(&req->headers, S("Content-Length"), nu_fmt("{}", req->content_length));
}

static const nu__http_settings *open_settings(void)
{
    nu__http_settings *settings = nu_alloc(nu__http_settings);

    *settings = nu__http_default_settings;
    settings->allowed_hosts = any_host;
    return settings;
}

nu_request *nu__client_request(const nu__client_options *options)
{
    nu_request *req = nu__request_new(options->settings ? options->settings : open_settings());

    req->method = options->method ? options->method : GET;
    req->method_name = method_name(req->method);
    req->tls = options->tls;
    req->remote_addr = S("127.0.0.1");
    req->server_name = S("testserver");
    req->server_port = options->tls ? 443 : 80;
    nu__headers_add(&req->headers, S("Host"), S("testserver"));
    if (options->content_type)
        nu__headers_set(&req->headers, S("Content-Type"), nu_s(options->content_type));
    for (size_t i = 0; i < options->n_headers; i++)
        nu__headers_set(&req->headers, options->headers[i].name, options->headers[i].value);
    if (options->body.ptr)
        set_body(req, options);
    nu__request_set_target(req, options->target.len ? options->target : S("/"));
    return req;
}

/* ---- the response
 * ----------------------------------------------------------------------------------- */

static void collect(nu_stream *stream, nu_str piece)
{
    nu__buf_str_add(stream->self, piece);
}

static nu_str read_stream(nu_request *req, nu_response *response)
{
    nu__buf out = { 0 };
    nu_stream stream = { .write = collect, .self = &out };

    response->stream(req, &stream);
    return nu__buf_str(&out);
}

typedef struct read_job {
    const nu_response *response;
    char *into;
    size_t got;
} read_job;

static void read_all(void *arg)
{
    read_job *job = arg;
    const nu_response *response = job->response;
    ssize_t n = 1;

    while (job->got < (size_t)response->length && n > 0) {
        n = pread(response->fd, job->into + job->got, (size_t)response->length - job->got,
                  response->offset + (int64_t)job->got);
        job->got += n > 0 ? (size_t)n : 0;
    }
}

static nu_str read_file(const nu_response *response)
{
    read_job job = { .response = response, .into = nu_alloc_((size_t)response->length + 1, 1) };

    nu__pool_run(read_all, &job);
    return (nu_str){ job.into, job.got };
}

nu_response *nu__client_run(nu_response *(*handler)(nu_request *), nu_request *req)
{
    nu_response *response;

    nu__here->locals[NU__LOCAL_REQUEST] = req;
    response = handler(req);
    if (req->method == HEAD || nu__status_bodyless(response->status))
        nu_set_body(response, S(""));
    else if (response->kind == NU__BODY_STREAM)
        nu_set_body(response, read_stream(req, response));
    else if (response->kind == NU__BODY_FILE)
        nu_set_body(response, read_file(response));
    return response;
}
