#include "core/buf.h"
#include "harness.h"
#include "http/h1_chunked.h"

#include <stdlib.h>

static const char *name_of(nu__chunked_result result)
{
    return result == NU__CHUNKED_END ? "end" : result == NU__CHUNKED_BAD ? "bad" : "more";
}

/* Feed `input` in pieces of `step` bytes. The body, then "|end", "|bad" or "|more", then what was
   not used. */
static nu_str decode(nu_str input, size_t step)
{
    nu__chunked state = { 0 };
    nu__chunked_result result = NU__CHUNKED_MORE;
    nu__buf body = { 0 };
    size_t at = 0;

    while (at < input.len && (result == NU__CHUNKED_MORE || result == NU__CHUNKED_DATA)) {
        size_t n = input.len - at < step ? input.len - at : step, used, len = 0;
        char *copy = malloc(n);
        const char *data = NULL;

        memcpy(copy, input.ptr + at, n);
        result = nu__chunked_next(&state, copy, n, &used, &data, &len);
        if (result == NU__CHUNKED_DATA)
            nu__buf_add(&body, data, len);
        free(copy);
        at += used;
    }
    nu__buf_fmt(&body, "|{}|", name_of(result));
    if (result != NU__CHUNKED_BAD)
        nu__buf_add(&body, input.ptr + at, input.len - at);
    return nu__buf_str(&body);
}

static void check(nu_str input, const char *want)
{
    for (size_t step = 1; step < 8; step++)
        CHECK_STR(decode(input, step), want);
    CHECK_STR(decode(input, input.len), want);
}

static void chunks_are_joined(void)
{
    check(S("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"), "hello world|end|");
    check(S("A\r\n0123456789\r\na\r\n0123456789\r\n000\r\n\r\n"), "01234567890123456789|end|");
}

static void an_empty_body_is_a_last_chunk(void)
{
    check(S("0\r\n\r\n"), "|end|");
}

static void what_follows_is_left_for_the_next_request(void)
{
    check(S("1\r\na\r\n0\r\n\r\nGET /"), "a|end|GET /");
}

static void an_unfinished_body_asks_for_more(void)
{
    check(S("5\r\nhel"), "hel|more|");
    check(S("5\r\nhello\r\n0\r\n"), "hello|more|");
}

static void extensions_and_trailers_are_dropped(void)
{
    check(S("1;name=\"a b\"\r\na\r\n0;x\r\nExpires: never\r\nX:\r\n\r\n"), "a|end|");
}

static void malformed_sizes_are_refused(void)
{
    static const char *const sizes[] = { "",  " 1",  "1 ",   "0x1", "+1",   "-1",
                                         "g", "1\n", "1\rx", "1_0", "1, 2", "\r\n" };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check(nu_fmt("{}\r\na\r\n0\r\n\r\n", sizes[i]), "|bad|");
    check(S("10000000000000000\r\na"), "|bad|");
}

static void a_chunk_ends_with_cr_lf(void)
{
    check(S("1\r\nab\r\n0\r\n\r\n"), "a|bad|");
    check(S("1\r\na\n0\r\n\r\n"), "a|bad|");
    check(S("1\r\na\r0\r\n\r\n"), "a|bad|");
}

static void malformed_trailers_are_refused(void)
{
    check(S("0\r\n folded\r\n\r\n"), "|bad|");
    check(S("0\r\nX : y\r\n\r\n"), "|bad|");
    check(S("0\r\nX\r\n\r\n"), "|bad|");
    check(S("0\r\nX: a\nY: b\r\n\r\n"), "|bad|");
    check(S("0\r\n\n"), "|bad|");
}

static nu_str repeated(const char *text, int n)
{
    nu__buf out = { 0 };

    for (int i = 0; i < n; i++)
        nu__buf_str_add(&out, nu_s(text));
    return nu__buf_str(&out);
}

static void extensions_and_trailers_have_limits(void)
{
    nu_str many = nu_fmt("{}0\r\n\r\n", repeated("1;abcdefgh\r\na\r\n", 600));
    nu_str long_trailer = nu_fmt("0\r\nX: {}\r\n\r\n", repeated("y", 9000));

    CHECK(nu_ends_with(decode(many, many.len), S("|bad|")));
    CHECK_STR(decode(long_trailer, long_trailer.len), "|bad|");
}

HARNESS(chunks_are_joined, an_empty_body_is_a_last_chunk, what_follows_is_left_for_the_next_request,
        an_unfinished_body_asks_for_more, extensions_and_trailers_are_dropped,
        malformed_sizes_are_refused, a_chunk_ends_with_cr_lf, malformed_trailers_are_refused,
        extensions_and_trailers_have_limits)
