/* A request head reads the same whole and in pieces; what it was read as holds nothing that a
   second reader could take for something else; what is written of it reads back. */
#include "http/h1_chunked.h"
#include "http/h1_parse.h"
#include "http/host.h"
#include "http/message.h"
#include "http/range.h"
#include "target.h"
#include "utils/http.h"

#include <stdlib.h>

/* ---- the head in pieces -----------------------------------------------------------------------
 */

static nu__h1_head *new_head(void)
{
    nu__h1_head *head = nu_alloc(nu__h1_head);

    nu__h1_begin(head);
    return head;
}

static void check_same_fields(const nu__h1_head *a, const nu__h1_head *b)
{
    FUZZ_CHECK(a->n_fields == b->n_fields);
    FUZZ_CHECK(memcmp(a->fields, b->fields, a->n_fields * sizeof *a->fields) == 0);
}

static void check_same(const nu__h1_head *a, const nu__h1_head *b)
{
    FUZZ_CHECK(a->len == b->len && a->start == b->start && a->method_len == b->method_len);
    FUZZ_CHECK(a->target == b->target && a->target_len == b->target_len);
    FUZZ_CHECK(a->authority == b->authority && a->authority_len == b->authority_len);
    FUZZ_CHECK(a->host == b->host && a->method == b->method && a->http_1_0 == b->http_1_0);
    FUZZ_CHECK(a->content_length == b->content_length && a->chunked == b->chunked);
    FUZZ_CHECK(a->keep_alive == b->keep_alive && a->expect_continue == b->expect_continue);
    check_same_fields(a, b);
}

/* The bytes move each time, as in a connection's buffer that grows. */
static void check_pieces(nu_str input, uint32_t step, const nu__h1_head *whole,
                         nu__h1_result whole_result)
{
    nu__h1_head *head = new_head();
    nu__h1_result result = NU__H1_MORE;
    fuzz_pieces pieces = fuzz_pieces_of(input, step);
    nu_str piece;

    while (result == NU__H1_MORE && fuzz_next_piece(&pieces, &piece)) {
        nu_scratch_scope();
        nu_str so_far = fuzz_exact(nu__sub(input, 0, pieces.at));

        result = nu__h1_parse(head, so_far.ptr, so_far.len);
    }
    FUZZ_CHECK(result == whole_result || (!input.len && whole_result == NU__H1_MORE));
    if (result == NU__H1_OK)
        check_same(head, whole);
}

/* ---- what an accepted head is -----------------------------------------------------------------
 */

static bool is_token(nu_str text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i], lower = (char)(c | 0x20);

        if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && !(c && strchr(others, c)))
            return false;
    }
    return text.len > 0;
}

static bool is_field_value(nu_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (((uint8_t)text.ptr[i] < 0x20 && text.ptr[i] != '\t') || text.ptr[i] == 0x7f)
            return false;
    return !text.len || (!strchr(" \t", text.ptr[0]) && !strchr(" \t", text.ptr[text.len - 1]));
}

static nu_str slice(nu_str input, const nu__h1_head *head, size_t at, size_t len)
{
    FUZZ_CHECK(at + len <= head->len);
    return nu__sub(input, at, at + len);
}

static int count_fields(nu_str input, const nu__h1_head *head, const char *name)
{
    int n = 0;

    for (int i = 0; i < head->n_fields; i++) {
        const nu__h1_field *field = &head->fields[i];

        n += nu__eq_ignore_ascii_case(slice(input, head, field->name, field->name_len), nu_s(name));
    }
    return n;
}

static void check_framing(nu_str input, const nu__h1_head *head)
{
    int lengths = count_fields(input, head, "Content-Length");
    int codings = count_fields(input, head, "Transfer-Encoding");
    int hosts = count_fields(input, head, "Host");

    FUZZ_CHECK(lengths + codings <= 1 && hosts <= 1);
    FUZZ_CHECK((lengths == 1) == (head->content_length >= 0));
    FUZZ_CHECK((codings == 1) == head->chunked);
    FUZZ_CHECK((hosts == 1) == (head->host >= 0));
    FUZZ_CHECK(hosts == 1 || head->http_1_0);
}

static void check_head(nu_str input, const nu__h1_head *head)
{
    nu_str target = slice(input, head, head->target, head->target_len);

    FUZZ_CHECK(head->len <= input.len && head->len >= 4);
    FUZZ_SAME(nu__sub(input, head->len - 4, head->len), S("\r\n\r\n"));
    FUZZ_CHECK(is_token(slice(input, head, head->start, head->method_len)));
    FUZZ_CHECK(target.len && (target.ptr[0] == '/' || target.ptr[0] == '*'));
    for (size_t i = 0; i < target.len; i++)
        FUZZ_CHECK((uint8_t)target.ptr[i] > 0x20 && !strchr("\x7f#", target.ptr[i]));
    for (int i = 0; i < head->n_fields; i++) {
        const nu__h1_field *field = &head->fields[i];

        FUZZ_CHECK(is_token(slice(input, head, field->name, field->name_len)));
        FUZZ_CHECK(is_field_value(slice(input, head, field->value, field->value_len)));
    }
    check_framing(input, head);
}

/* No shorter text is a whole head: the request ends in one place. */
static void check_prefixes(nu_str input, const nu__h1_head *whole)
{
    uint32_t step = 1 + whole->len / 16;

    for (uint32_t len = 0; len < whole->len; len += step) {
        nu_str prefix = fuzz_exact(nu__sub(input, 0, len));

        FUZZ_CHECK(nu__h1_parse(new_head(), prefix.ptr, prefix.len) == NU__H1_MORE);
    }
}

/* Without a blank of its own, which would make a field of the longest line longer. */
static void check_written(nu_str input, const nu__h1_head *head)
{
    nu__h1_head *again = new_head();
    nu__buf out = { 0 };
    nu_str text;

    nu__buf_fmt(&out, "{} {} HTTP/1.{}\r\n", slice(input, head, head->start, head->method_len),
                slice(input, head, head->target, head->target_len), head->http_1_0 ? 0 : 1);
    for (int i = 0; i < head->n_fields; i++) {
        const nu__h1_field *field = &head->fields[i];

        nu__buf_fmt(&out, "{}:{}\r\n", slice(input, head, field->name, field->name_len),
                    slice(input, head, field->value, field->value_len));
    }
    nu__buf_lit(&out, "\r\n");
    text = fuzz_exact(nu__buf_str(&out));
    if (text.len > NU__H1_MAX_HEAD)
        return;
    FUZZ_CHECK(nu__h1_parse(again, text.ptr, text.len) == NU__H1_OK && again->len == text.len);
    FUZZ_CHECK(again->n_fields == head->n_fields && again->keep_alive == head->keep_alive);
    FUZZ_CHECK(again->content_length == head->content_length && again->chunked == head->chunked);
}

/* ---- what the request makes of it -------------------------------------------------------------
 */

static void check_header_values(nu_request *req)
{
    nu_str range = nu__headers_get(&req->headers, S("Range"));
    int64_t first, length, seconds;

    if (nu__range_parse(range, 1000, &first, &length) == NU__RANGE_PART)
        FUZZ_CHECK(first >= 0 && length > 0 && first < 1000 && length <= 1000 - first);
    nu__parse_etags(nu__headers_get(&req->headers, S("If-None-Match")));
    nu__parse_http_date(nu__headers_get(&req->headers, S("If-Modified-Since")), &seconds);
    nu__request_content_type(req);
    FUZZ_MAY_RAISE(NU_DISALLOWED_HOST, nu_build_absolute_uri(req, NULL));
}

static void check_request(nu_str input, const nu__h1_head *head)
{
    static const char *const any_host[] = { "*", NULL };
    nu__http_settings settings = nu__http_default_settings;
    nu_request *req = nu__request_new(&settings);

    settings.allowed_hosts = any_host;
    req->method = head->method;
    for (int i = 0; i < head->n_fields; i++) {
        const nu__h1_field *field = &head->fields[i];

        nu__headers_add(&req->headers, slice(input, head, field->name, field->name_len),
                        slice(input, head, field->value, field->value_len));
    }
    nu__request_set_target(req, slice(input, head, head->target, head->target_len));
    FUZZ_UTF8(req->path);
    FUZZ_UTF8(nu_request_full_path(req));
    if (!nu_catch(NU_TOO_MANY_FIELDS_SENT, nu_request_get(req)))
        FUZZ_UTF8(nu_querydict_urlencode(nu_request_get(req), ""));
    check_header_values(req);
}

/* ---- chunked bodies ---------------------------------------------------------------------------
 */

typedef struct decoded {
    nu__chunked_result result;
    nu__buf body;
    size_t used; /* of the input */
} decoded;

static decoded decode(nu_str input, uint32_t step)
{
    fuzz_pieces pieces = fuzz_pieces_of(input, step);
    decoded out = { .result = NU__CHUNKED_MORE };
    nu__chunked body = { 0 };
    nu_str piece;

    while (out.result == NU__CHUNKED_MORE && fuzz_next_piece(&pieces, &piece)) {
        do {
            const char *data = NULL;
            size_t used = 0, data_len = 0;

            out.result = nu__chunked_next(&body, piece.ptr, piece.len, &used, &data, &data_len);
            FUZZ_CHECK(used <= piece.len);
            if (out.result == NU__CHUNKED_DATA) {
                FUZZ_CHECK(data_len && data + data_len == piece.ptr + used);
                nu__buf_add(&out.body, data, data_len);
            }
            piece = nu__sub(piece, used, piece.len);
            out.used += used;
        } while (out.result == NU__CHUNKED_DATA);
        FUZZ_CHECK(out.result != NU__CHUNKED_MORE || !piece.len);
    }
    return out;
}

static void check_chunked(nu_str input)
{
    decoded whole = decode(input, UINT32_MAX), bytes = decode(input, 1), some = decode(input, 37);

    FUZZ_CHECK(whole.result == bytes.result && whole.result == some.result);
    FUZZ_SAME(nu__buf_str(&bytes.body), nu__buf_str(&whole.body));
    FUZZ_SAME(nu__buf_str(&some.body), nu__buf_str(&whole.body));
    if (whole.result != NU__CHUNKED_END)
        return;
    FUZZ_CHECK(whole.used == bytes.used && whole.used == some.used);
    for (size_t len = whole.used - 4; len < whole.used; len++) /* it ends in one place */
        FUZZ_CHECK(decode(nu__sub(input, 0, len), UINT32_MAX).result == NU__CHUNKED_MORE);
}

FUZZ_TARGET(http)
{
    nu__h1_head *head = new_head();
    nu__h1_result result = nu__h1_parse(head, input.ptr, input.len);
    nu_str rest = input;

    check_pieces(input, input.len > 2000 ? 500 : 1, head, result);
    check_pieces(input, 400, head, result);
    if (result == NU__H1_OK) {
        check_head(input, head);
        check_prefixes(input, head);
        check_written(input, head);
        check_request(input, head);
        rest = nu__sub(input, head->len, input.len);
    } else if (result == NU__H1_BAD) {
        FUZZ_CHECK(head->status >= 400 && head->status < 600 && head->problem);
    }
    check_chunked(fuzz_exact(rest));
}
