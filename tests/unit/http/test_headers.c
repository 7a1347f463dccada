#include "core/arena.h"
#include "core/context.h"
#include "harness.h"
#include "http/message.h"

static void names_compare_without_regard_to_case(void)
{
    nu__headers headers = { 0 };

    nu__headers_add(&headers, S("Content-Type"), S("text/html"));
    CHECK_STR(nu__headers_get(&headers, S("content-TYPE")), "text/html");
    CHECK(nu__headers_get(&headers, S("Content-Typ")).ptr == NULL);
    CHECK(nu__headers_get(&headers, S("")).ptr == NULL);
}

static void the_first_of_two_headers_is_found(void)
{
    nu__headers headers = { 0 };

    nu__headers_add(&headers, S("X"), S("1"));
    nu__headers_add(&headers, S("x"), S("2"));
    CHECK_STR(nu__headers_get(&headers, S("X")), "1");
    CHECK(nu__headers_remove(&headers, S("x")));
    CHECK_INT(headers.len, 0);
    CHECK(!nu__headers_remove(&headers, S("x")));
}

static void setting_replaces_and_keeps_the_order(void)
{
    nu__headers headers = { 0 };

    nu__headers_set(&headers, S("A"), S("1"));
    nu__headers_set(&headers, S("B"), S("2"));
    nu__headers_set(&headers, S("a"), S("3"));
    CHECK_INT(headers.len, 2);
    CHECK_STR(headers.items[0].value, "3");
    CHECK_STR(headers.items[1].value, "2");
}

static void borrowed_headers_are_copied_before_a_change(void)
{
    static nu__header lent[] = { { { "A", 1 }, { "1", 1 } } };
    nu__headers headers = { .items = lent, .len = 1 };

    nu__headers_set(&headers, S("A"), S("2"));
    CHECK_STR(headers.items[0].value, "2");
    CHECK_STR(lent[0].value, "1");
}

static void looking_up_allocates_nothing(void)
{
    nu__headers headers = { 0 };
    size_t before;

    nu__headers_add(&headers, S("Host"), S("a"));
    before = nu__arena_used(nu__here->arena);
    nu__headers_get(&headers, S("host"));
    nu__headers_get(&headers, S("Cookie"));
    CHECK_INT(nu__arena_used(nu__here->arena), before);
}

static void many_headers_find_room(void)
{
    nu__headers headers = { 0 };

    for (int i = 0; i < 200; i++)
        nu__headers_add(&headers, nu_fmt("X-{}", i), nu_fmt("{}", i));
    CHECK_INT(headers.len, 200);
    CHECK_STR(nu__headers_get(&headers, S("x-199")), "199");
}

HARNESS(names_compare_without_regard_to_case, the_first_of_two_headers_is_found,
        setting_replaces_and_keeps_the_order, borrowed_headers_are_copied_before_a_change,
        looking_up_allocates_nothing, many_headers_find_room)
