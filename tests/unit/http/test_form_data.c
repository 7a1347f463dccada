/* Multipart forms, read in process. */
#include "core/arena.h"
#include "core/buf.h"
#include "harness.h"
#include "http/form_data.h"
#include "http/querydict.h"

#include <string.h>

/* Longer than all that the parser looks at together: it takes the place of the header. */
#define LONG HUNDREDS HUNDREDS HUNDREDS HUNDREDS HUNDREDS HUNDREDS HUNDREDS HUNDREDS
#define HUNDREDS                                                                                   \
    "content content content content content content content content content content content "     \
    "content content content content content content content content content content content "

typedef struct slow_body {
    nu_str left;
} slow_body;

enum { PIECE = 100 };

static size_t read_a_piece(void *self, char *into, size_t size)
{
    slow_body *body = self;
    size_t n = body->left.len < PIECE ? body->left.len : PIECE;

    n = n < size ? n : size;
    memcpy(into, body->left.ptr, n);
    body->left.ptr += n;
    body->left.len -= n;
    return n;
}

/* A request whose body arrives in pieces. */
static nu_request *slow_request(const char *type, nu_str text)
{
    nu_request *req = nu__request_new(NULL);
    slow_body *body = nu_alloc(slow_body);

    body->left = text;
    req->method = POST;
    req->content_length = (int64_t)text.len;
    req->source = (nu__body_source){ .read = read_a_piece, .self = body };
    nu__headers_set(&req->headers, S("Content-Type"), nu_s(type));
    return req;
}

static void names_outlive_the_bytes_that_they_arrived_in(void)
{
    nu_request *req = slow_request(
        "multipart/form-data; boundary=b",
        S("--b\r\nContent-Disposition: form-data; name=color\r\n\r\n" LONG "\r\n--b--\r\n"));

    nu__form_data_read(req);
    CHECK_STR(nu_querydict_key(req->post, 0), "color");
    CHECK_STR(nu_querydict_get(req->post, S("color")), LONG);
}

static void types_of_files_outlive_the_bytes_that_they_arrived_in(void)
{
    nu_request *req =
        slow_request("multipart/form-data; boundary=b",
                     S("--b\r\nContent-Disposition: form-data; name=f; filename=a.txt"
                       "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" LONG "\r\n--b--\r\n"));
    nu_value file;

    nu__form_data_read(req);
    if (!CHECK(nu__querydict_last(req->files, S("f"), &file)))
        return;
    CHECK_STR(nu_file_name(file.p), "a.txt");
    CHECK_STR(nu_file_content_type(file.p), "text/plain");
    CHECK_STR(nu_file_content((nu_file *)file.p), LONG);
}

static void base64_uploads_are_the_same_however_they_arrive(void)
{
    nu__buf body = { 0 };
    nu_request *req;
    nu_value file;

    nu__buf_lit(&body, "--b\r\nContent-Disposition: form-data; name=f; filename=a\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\n");
    for (int i = 0; i < 400; i++)
        nu__buf_lit(&body, "aG(Vs"); /* what is no letter is passed over */
    nu__buf_lit(&body, "bG8=ignored\r\n--b--\r\n");
    req = slow_request("multipart/form-data; boundary=b", nu__buf_str(&body));
    nu__form_data_read(req);
    if (!CHECK(nu__querydict_last(req->files, S("f"), &file)))
        return;
    CHECK_INT(nu_file_size(file.p), 400 * 3 + 2);
    CHECK(nu_ends_with(nu_file_content((nu_file *)file.p), S("helhello")));
}

static void base64_that_stops_in_a_group_is_refused(void)
{
    nu_request *req =
        slow_request("multipart/form-data; boundary=b",
                     S("--b\r\nContent-Disposition: form-data; name=f; filename=a\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\naGVsb\r\n--b--\r\n"));

    CHECK_RAISES(NU_MULTI_PART_PARSER_ERROR, "Could not decode base64 data.",
                 nu__form_data_read(req));
    CHECK(!req->post && !req->files);
}

HARNESS(names_outlive_the_bytes_that_they_arrived_in,
        types_of_files_outlive_the_bytes_that_they_arrived_in,
        base64_uploads_are_the_same_however_they_arrive, base64_that_stops_in_a_group_is_refused)
