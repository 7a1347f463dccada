#include "harness.h"

#include "core/buf.h"
#include "core/context.h"

static void a_buffer_grows_over_every_size(void)
{
    nu__buf buf = { 0 };

    for (int i = 0; i < 200000; i++)
        nu__buf_char(&buf, (char)('a' + i % 26));
    CHECK_INT(nu__buf_str(&buf).len, 200000);
    for (int i = 0; i < 200000; i += 997)
        CHECK_INT(buf.data[i], 'a' + i % 26);
    CHECK_INT(buf.data[200000], 0);
}

static void an_empty_buffer_is_an_empty_text(void)
{
    nu__buf buf = { 0 };

    CHECK(nu__buf_str(&buf).ptr && !nu__buf_str(&buf).len);
}

static void a_buffer_leaves_the_stack_when_it_is_full(void)
{
    char room[8];
    nu__buf buf = NU__BUF_OVER(room);
    size_t used = nu__arena_used(nu__here->arena);

    nu__buf_lit(&buf, "1234567");
    CHECK_STR(nu__buf_str(&buf), "1234567");
    CHECK(buf.data == room && nu__arena_used(nu__here->arena) == used);
    nu__buf_lit(&buf, "89");
    CHECK_STR(nu__buf_str(&buf), "123456789");
    CHECK(buf.data != room);
    for (int i = 0; i < 10000; i++)
        nu__buf_lit(&buf, "x");
    CHECK_INT(buf.len, 10009);
}

static void a_taken_text_gives_its_spare_room_back(void)
{
    size_t used = nu__arena_used(nu__here->arena);
    nu__buf buf = { 0 };
    nu_str text;

    nu__buf_lit(&buf, "short");
    text = nu__buf_take(&buf);
    CHECK_STR(text, "short");
    CHECK(!buf.data && !text.ptr[5]);
    CHECK(nu__arena_used(nu__here->arena) <= used + 16384);
    used = nu__arena_used(nu__here->arena);
    nu_fmt("{}", 1);
    CHECK(nu__arena_used(nu__here->arena) <= used + 32);
}

static void numbers_are_written_in_full(void)
{
    nu__buf buf = { 0 };

    for (uint64_t n = 1; n; n = n > UINT64_MAX / 10 ? 0 : n * 10) {
        nu__buf_uint(&buf, n - 1);
        nu__buf_char(&buf, ' ');
        nu__buf_uint(&buf, n);
        nu__buf_char(&buf, ' ');
    }
    CHECK(nu_starts_with(nu__buf_str(&buf), S("0 1 9 10 99 100 999 1000 9999 10000 ")));
    CHECK(nu_ends_with(nu__buf_str(&buf), S(" 9999999999999999999 10000000000000000000 ")));
    buf.len = 0;
    nu__buf_int(&buf, INT64_MIN);
    nu__buf_char(&buf, ' ');
    nu__buf_int(&buf, 0);
    nu__buf_fill(&buf, '-', 3);
    nu__buf_fmt(&buf, "{:>3}", "x");
    CHECK_STR(nu__buf_str(&buf), "-9223372036854775808 0---  x");
}

static void a_length_that_overflows_is_a_memory_error(void)
{
    nu__buf buf = { 0 };

    nu__buf_lit(&buf, "x");
    CHECK_RAISES(NU_MEMORY_ERROR, "", (nu__buf_reserve(&buf, SIZE_MAX), 0));
    CHECK_RAISES(NU_MEMORY_ERROR, "", (nu__buf_reserve(&buf, SIZE_MAX - 2), 0));
    CHECK_STR(nu__buf_str(&buf), "x");
}

HARNESS(a_buffer_grows_over_every_size, an_empty_buffer_is_an_empty_text,
        a_buffer_leaves_the_stack_when_it_is_full, a_taken_text_gives_its_spare_room_back,
        numbers_are_written_in_full, a_length_that_overflows_is_a_memory_error)
