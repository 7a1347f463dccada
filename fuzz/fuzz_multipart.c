/* The input is a request without its first line: a Content-Type field, an empty line, the body. The
   same form comes of it whatever the pieces are that it arrives in, and its texts are valid; what
   we write as a form reads back. */
#include "core/context.h"
#include "http/form_data.h"
#include "http/querydict.h"
#include "target.h"

static const nu__http_settings *settings;

void fuzz_prepare(void)
{
    nu__http_settings *limits = nu_alloc(nu__http_settings);

    *limits = nu__http_default_settings;
    limits->data_upload_max_memory_size = 2000;
    limits->data_upload_max_number_fields = 20;
    limits->data_upload_max_number_files = 10;
    settings = limits;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

typedef struct arrival {
    fuzz_pieces pieces;
    nu_str left;
} arrival;

static size_t read_piece(void *self, char *into, size_t size)
{
    arrival *body = self;
    size_t n;

    if (!body->left.len && !fuzz_next_piece(&body->pieces, &body->left))
        return 0;
    n = size < body->left.len ? size : body->left.len;
    memcpy(into, body->left.ptr, n);
    body->left = nu__sub(body->left, n, body->left.len);
    return n;
}

static nu_request *new_request(nu_str type, nu_str body, uint32_t step)
{
    nu_request *req = nu__request_new(settings);
    arrival *source = nu_alloc(arrival);

    source->pieces = fuzz_pieces_of(body, step);
    nu__headers_set(&req->headers, S("Content-Type"), type);
    req->method = POST;
    req->content_length = (int64_t)body.len;
    req->source = (nu__body_source){ .read = read_piece, .self = source };
    nu__request_content_type(req);
    return req;
}

/* The class of what was raised, or none. */
static nu_error_class read_form(nu_request *req)
{
    const nu_error *bad = NULL, *suspicious;

    suspicious = nu_catch(NU_SUSPICIOUS_OPERATION,
                          bad = nu_catch(NU_MULTI_PART_PARSER_ERROR, nu__form_data_read(req)));
    if (suspicious)
        FUZZ_CHECK(suspicious->klass == NU_TOO_MANY_FIELDS_SENT ||
                   suspicious->klass == NU_TOO_MANY_FILES_SENT ||
                   suspicious->klass == NU_REQUEST_DATA_TOO_BIG);
    return suspicious ? suspicious->klass : bad ? bad->klass : NU_NO_ERROR;
}

/* ---- what holds of a form ---------------------------------------------------------------------
 */

static void check_file(nu_file *file)
{
    nu_str name = nu_file_name(file);

    FUZZ_UTF8(name);
    FUZZ_CHECK(name.len && !nu_eq(name, ".") && !nu_eq(name, ".."));
    FUZZ_CHECK(!memchr(name.ptr, '/', name.len) && !memchr(name.ptr, '\\', name.len));
    FUZZ_UTF8(nu_file_content_type(file));
    FUZZ_CHECK(nu_file_size(file) >= 0);
    FUZZ_CHECK((size_t)nu_file_size(file) == nu_file_content(file).len);
}

static void check_texts(const nu_request *req)
{
    for (size_t i = 0; i < nu_querydict_len(req->post); i++) {
        nu_list *values = nu_querydict_list(req->post, nu_querydict_key(req->post, i));

        FUZZ_UTF8(nu_querydict_key(req->post, i));
        for (size_t j = 0; j < nu_list_len(values); j++)
            FUZZ_UTF8(nu_at(values, j).s);
    }
    for (size_t i = 0; i < nu_querydict_len(req->files); i++) {
        nu_list *files = nu_querydict_list(req->files, nu_querydict_key(req->files, i));

        FUZZ_UTF8(nu_querydict_key(req->files, i));
        for (size_t j = 0; j < nu_list_len(files); j++)
            check_file((nu_file *)nu_at(files, j).p);
    }
}

static void check_same_files(const nu_querydict *a, const nu_querydict *b)
{
    FUZZ_CHECK(nu_querydict_len(a) == nu_querydict_len(b));
    for (size_t i = 0; i < nu_querydict_len(a); i++) {
        nu_value one, other;

        FUZZ_CHECK(nu__querydict_last(a, nu_querydict_key(a, i), &one));
        FUZZ_CHECK(nu__querydict_last(b, nu_querydict_key(b, i), &other));
        FUZZ_SAME(nu_file_name(one.p), nu_file_name(other.p));
        FUZZ_SAME(nu_file_content((nu_file *)one.p), nu_file_content((nu_file *)other.p));
    }
}

static void check_same(const nu_request *a, const nu_request *b)
{
    FUZZ_SAME(nu_querydict_urlencode(a->post, ""), nu_querydict_urlencode(b->post, ""));
    check_same_files(a->files, b->files);
}

static void check_pieces(nu_str type, nu_str body, uint32_t step, const nu_request *whole,
                         nu_error_class raised)
{
    nu_request *req = new_request(type, body, step);

    FUZZ_CHECK(read_form(req) == raised);
    if (!raised && whole->post)
        check_same(req, whole);
    else
        FUZZ_CHECK(!req->post && !req->files);
}

/* ---- writing ----------------------------------------------------------------------------------
 */

/* Names cannot hold what ends a quoted parameter or a line; browsers write %22, %0D and %0A. */
static nu_str quotable(nu_str text)
{
    char *out = nu__alloc_raw(text.len + 1);

    for (size_t i = 0; i < text.len; i++)
        out[i] = (uint8_t)text.ptr[i] < 0x20 || strchr("\"\\\x7f", text.ptr[i]) ? '.' : text.ptr[i];
    return nu_trim((nu_str){ out, text.len });
}

static void check_written(nu_str input)
{
    nu_str value = fuzz_as_utf8(input), name = quotable(nu__utf8_cut(fuzz_take(&value, ':'), 300));
    nu_str boundary = S("-e4f1-boundary-9c");
    nu_request *req;
    nu__buf out = { 0 };

    if (value.len + name.len > 1900 || nu__find(value, boundary) >= 0 ||
        nu__find(name, boundary) >= 0)
        return;
    nu__buf_fmt(&out,
                "--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n"
                "--{}\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n{}\r\n"
                "--{}--\r\n",
                boundary, name, value, boundary, value, boundary);
    req = new_request(nu_fmt("multipart/form-data; boundary={}", boundary), nu__buf_str(&out), 99);
    FUZZ_CHECK(read_form(req) == NU_NO_ERROR);
    FUZZ_SAME(nu_querydict_get(req->post, name), value);
    FUZZ_SAME(nu_file_content(nu_request_file(req, "f")), value);
}

static nu_str content_type(nu_str *rest)
{
    nu_str line = fuzz_take(rest, '\n');

    line = nu_starts_with(line, S("Content-Type: ")) ? nu__sub(line, 14, line.len) : line;
    return nu_ends_with(line, S("\r")) ? nu__sub(line, 0, line.len - 1) : line;
}

FUZZ_TARGET(multipart)
{
    nu_str body = input, type = fuzz_exact(content_type(&body));
    nu_error_class raised;
    nu_request *req;

    fuzz_take(&body, '\n');
    body = fuzz_exact(body);
    req = new_request(type, body, UINT32_MAX);
    raised = read_form(req);
    if (!raised && req->post)
        check_texts(req);
    check_pieces(type, body, 1, req, raised);
    check_pieces(type, body, 50, req, raised);
    check_written(input);
}
