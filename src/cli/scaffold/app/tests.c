#include "models.h"

#include <nuages/test.h>

static void item_factory(Item *item, int64_t n)
{
    item->title = nu_fmt("Item {}", n);
}

nu_test(items_are_listed)
{
    nu_make(Item, item_factory, .title = S("The first"));
    nu_assert_contains(nu_client_get(nu_test_client(t), nu_url("@NAME@:index")), "The first");
}

nu_test(an_item_needs_a_title)
{
    nu_response *page = nu_client_post(nu_test_client(t), nu_url("@NAME@:index"), ("title", ""));

    nu_assert_form_error(nu_response_form(page, "form"), "title", "This field is required.");
    nu_assert_equal(nu_count(nu_objects(Item)), 0);
}

NU_TESTS(@NAME@_tests, items_are_listed, an_item_needs_a_title)
