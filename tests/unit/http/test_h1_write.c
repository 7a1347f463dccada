#include "core/arena.h"
#include "harness.h"
#include "http/h1_write.h"

#include <string.h>

static const char date[] = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

static nu_str written(nu__h1_answer answer)
{
    size_t size;
    char *out, *end;

    answer.date = date;
    size = nu__h1_head_size(&answer);
    out = nu__alloc_raw(size);
    end = nu__h1_write_head(out, &answer);
    CHECK(end <= out + size);
    return (nu_str){ out, (size_t)(end - out) };
}

static nu_response response_of(int status, nu__header *headers, uint32_t n)
{
    return (nu_response){ .status = status, .headers = { .items = headers, .len = n } };
}

static void a_head_has_status_date_headers_and_length(void)
{
    nu__header type = { S("Content-Type"), S("text/plain") };
    nu_response response = response_of(200, &type, 1);

    CHECK_STR(written((nu__h1_answer){ .response = &response, .content_length = 13 }),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Type: text/plain\r\nContent-Length: 13\r\n\r\n");
}

static void a_status_without_a_phrase_is_named_unknown(void)
{
    nu_response response = response_of(299, NULL, 0);

    CHECK_STR(written((nu__h1_answer){ .response = &response, .content_length = -1 }),
              "HTTP/1.1 299 Unknown Status Code\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
}

static void the_end_of_the_connection_is_told(void)
{
    nu_response response = response_of(404, NULL, 0);

    CHECK_STR(written((nu__h1_answer){ .response = &response,
                                       .chunked = true,
                                       .close = true,
                                       .content_length = -1,
                                       .set_cookies = S("Set-Cookie: a=b\r\n") }),
              "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Transfer-Encoding: chunked\r\nConnection: close\r\nSet-Cookie: a=b\r\n\r\n");
}

static void headers_of_the_driver_are_not_written_twice(void)
{
    nu__header headers[] = { { S("content-length"), S("1") },
                             { S("Date"), S("now") },
                             { S("Connection"), S("x") },
                             { S("Transfer-Encoding"), S("gzip") },
                             { S("Data"), S("kept") } };
    nu_response response = response_of(200, headers, 5);

    CHECK_STR(written((nu__h1_answer){ .response = &response, .content_length = 0 }),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nData: kept\r\n"
              "Content-Length: 0\r\n\r\n");
}

static void a_line_break_in_a_value_never_leaves(void)
{
    nu__header bad = { S("X"), S("a\r\nSet-Cookie: b") };
    nu_response response = response_of(200, &bad, 1);

    CHECK_STR(
        written((nu__h1_answer){ .response = &response, .content_length = 0 }),
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n");
}

static void a_control_anywhere_in_a_value_keeps_it_back(void)
{
    for (size_t len = 1; len <= 40; len++)
        for (size_t at = 0; at <= len; at++) {
            char *bytes = nu__alloc_raw(len);
            nu_str value = { bytes, len }, line;
            nu__header headers[] = { { S("A"), value }, { S("B"), S("") } };
            nu_response response = response_of(200, headers, 2);

            memset(bytes, '\t', len);
            if (at < len)
                bytes[at] = "\r\x1f\x7f"[at % 3];
            line = at < len ? S("") : nu_fmt("A: {}\r\n", value);
            CHECK_STR(written((nu__h1_answer){ .response = &response, .content_length = -1 }),
                      nu_fmt("HTTP/1.1 200 OK\r\n{}{}B: \r\n\r\n", nu_s(date), line));
        }
}

static void numbers_are_written_whole(void)
{
    char out[32];

    CHECK_STR(((nu_str){ out, (size_t)(nu__h1_write_uint(out, 0) - out) }), "0");
    CHECK_STR(((nu_str){ out, (size_t)(nu__h1_write_uint(out, UINT64_MAX) - out) }),
              "18446744073709551615");
    CHECK_STR(((nu_str){ out, (size_t)(nu__h1_write_chunk_size(out, 0) - out) }), "0\r\n");
    CHECK_STR(((nu_str){ out, (size_t)(nu__h1_write_chunk_size(out, 0x1a3f) - out) }), "1a3f\r\n");
}

static void dates_are_in_the_fixed_form(void)
{
    char out[NU__H1_DATE_LEN];

    nu__h1_write_date(out, 784111777);
    CHECK_STR(((nu_str){ out, sizeof out }), date);
    nu__h1_write_date(out, 1709208000);
    CHECK_STR(((nu_str){ out, sizeof out }), "Date: Thu, 29 Feb 2024 12:00:00 GMT\r\n");
}

HARNESS(a_head_has_status_date_headers_and_length, a_status_without_a_phrase_is_named_unknown,
        the_end_of_the_connection_is_told, headers_of_the_driver_are_not_written_twice,
        a_line_break_in_a_value_never_leaves, a_control_anywhere_in_a_value_keeps_it_back,
        numbers_are_written_whole, dates_are_in_the_fixed_form)
