/* Parts of a multipart body, whatever the pieces that it arrives in. */
#include "core/buf.h"
#include "harness.h"
#include "http/multipart.h"

#include <stdlib.h>

typedef struct reading {
    nu__multipart parser;
    nu_str input;
    size_t at, step;
    char *window;
    size_t len;
    nu__buf out;
} reading;

/* What each event adds to the text that the tests compare. */
static void note(reading *r, nu__multipart_event event, nu_str text)
{
    static const char *const marks[] = { "", "H(", "RAW", "", ".", "END", "BAD" };

    nu__buf_str_add(&r->out, nu_s(marks[event]));
    if (event == NU__MULTIPART_HEADER || event == NU__MULTIPART_DATA)
        nu__buf_str_add(&r->out, text);
    if (event == NU__MULTIPART_HEADER)
        nu__buf_char(&r->out, ')');
}

static void add_piece(reading *r)
{
    size_t n = r->input.len - r->at < r->step ? r->input.len - r->at : r->step;

    r->window = realloc(r->window, r->len + n + 1);
    memcpy(r->window + r->len, r->input.ptr + r->at, n);
    r->at += n;
    r->len += n;
}

static nu_str parts(nu_str input, size_t step)
{
    reading r = { .input = input, .step = step };
    nu__multipart_event event = NU__MULTIPART_MORE;
    nu_str text = { 0 };
    size_t used;

    CHECK(nu__multipart_init(&r.parser, S("B")));
    while (event != NU__MULTIPART_END && event != NU__MULTIPART_BAD) {
        event = nu__multipart_next(&r.parser, r.window, r.len, r.at == input.len, &used, &text);
        note(&r, event, text);
        if (used)
            memmove(r.window, r.window + used, r.len - used);
        r.len -= used;
        if (event == NU__MULTIPART_MORE)
            add_piece(&r);
    }
    free(r.window);
    return nu__buf_str(&r.out);
}

static void check(nu_str input, const char *want)
{
    for (size_t step = 1; step < 9; step++)
        CHECK_STR(parts(input, step), want);
    CHECK_STR(parts(input, input.len + 1), want);
}

static void parts_have_a_header_and_content(void)
{
    check(S("--B\r\na: b\r\n\r\none\r\n--B\r\nc: d\r\n\r\ntwo\r\n--B--\r\n"),
          "RAW.H(\r\na: b)one.H(\r\nc: d)two.RAW--\r\n.END");
}

static void content_may_be_empty_or_hold_line_ends(void)
{
    check(S("--B\r\na: b\r\n\r\n\r\n--B--"), "RAW.H(\r\na: b).RAW--.END");
    check(S("--B\r\na: b\r\n\r\n\r\n\n\r\r\n\r\n--B--"), "RAW.H(\r\na: b)\r\n\n\r\r\n.RAW--.END");
}

static void what_looks_like_a_delimiter_is_content(void)
{
    check(S("--B\r\na: b\r\n\r\n-\r\n-B\r\n-- B\r\n--B--"),
          "RAW.H(\r\na: b)-\r\n-B\r\n-- B.RAW--.END");
}

static void the_last_delimiter_may_be_missing(void)
{
    check(S("--B\r\na: b\r\n\r\nrest"), "RAW.H(\r\na: b)rest.END");
    check(S("--B\r\na: b\r\n"), "RAW.RAW\r\na: b\r\n.END");
    check(S(""), "END");
}

static void what_stands_around_the_parts_is_passed_over(void)
{
    check(S("before\r\n--B\r\na: b\r\n\r\none\r\n--B--\r\nbehind"),
          "RAWbefore.H(\r\na: b)one.RAW--\r\nbehind.END");
}

static nu_str with_header_of(size_t len)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "--B\r\nx: ");
    for (size_t i = 0; i < len; i++)
        nu__buf_char(&out, 'y');
    nu__buf_lit(&out, "\r\n\r\nz\r\n--B--");
    return nu__buf_str(&out);
}

static void a_long_header_is_refused(void)
{
    nu_str fits = with_header_of(900), long_one = with_header_of(1100);

    CHECK(nu_ends_with(parts(fits, 100), S("z.RAW--.END")));
    CHECK_STR(parts(long_one, 100), "RAW.BAD");
    CHECK_STR(parts(long_one, 1), "RAW.BAD");
    CHECK_STR(parts(long_one, 5000), "RAW.BAD");
}

static void boundaries_are_of_printable_ascii(void)
{
    nu__multipart parser;
    char long_one[202];

    memset(long_one, 'b', sizeof long_one);
    CHECK(!nu__multipart_init(&parser, S("")));
    CHECK(!nu__multipart_init(&parser, S("a ")));
    CHECK(!nu__multipart_init(&parser, S("a\r\n")));
    CHECK(!nu__multipart_init(&parser, S("a\xc3\xa9")));
    CHECK(nu__multipart_init(&parser, S("a b")));
    CHECK(nu__multipart_init(&parser, (nu_str){ long_one, 201 }));
    CHECK(!nu__multipart_init(&parser, (nu_str){ long_one, 202 }));
}

HARNESS(parts_have_a_header_and_content, content_may_be_empty_or_hold_line_ends,
        what_looks_like_a_delimiter_is_content, the_last_delimiter_may_be_missing,
        what_stands_around_the_parts_is_passed_over, a_long_header_is_refused,
        boundaries_are_of_printable_ascii)
