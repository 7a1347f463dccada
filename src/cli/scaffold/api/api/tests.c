#include "models.h"

#include <nuages/test.h>

static void item_factory(Item *item, int64_t n)
{
    item->title = nu_fmt("Item {}", n);
}

nu_test(an_item_is_made_changed_and_deleted)
{
    nu_client *client = nu_test_client(t);
    nu_response *made = nu_client_json(client, POST, "/api/items/", NU_DICT(("title", "First")));
    nu_str address = nu_fmt("/api/items/{}/", nu_item(nu_response_json(made).dict, "id"));

    nu_assert_equal(nu_status(made), 201);
    nu_assert_contains(nu_client_get(client, address), "\"title\": \"First\"");
    nu_client_json(client, PATCH, address, NU_DICT(("title", "Second")));
    nu_assert_contains(nu_client_get(client, address), "\"title\": \"Second\"");
    nu_assert_equal(nu_status(nu_client_request(client, DELETE, address)), 204);
    nu_assert_equal(nu_count(nu_objects(Item)), 0);
}

nu_test(what_is_wrong_is_told_by_field)
{
    nu_response *answer = nu_client_json(nu_test_client(t), POST, "/api/items/", nu_dict_new());

    nu_assert_equal(nu_status(answer), 400);
    nu_assert_json_equal(nu_body(answer), "{\"title\": [\"This field is required.\"]}");
}

nu_test(a_list_comes_in_pages)
{
    nu_value page;

    for (int i = 0; i < 21; i++)
        nu_make(Item, item_factory);
    page = nu_response_json(nu_client_get(nu_test_client(t), "/api/items/"));
    nu_assert_equal(nu_item(page.dict, "count"), 21);
    nu_assert_equal(nu_item(page.dict, "next"), "http://testserver/api/items/?page=2");
    nu_assert_equal(nu_list_len(nu_item(page.dict, "results").list), 20);
}

NU_TESTS(api_tests, an_item_is_made_changed_and_deleted, what_is_wrong_is_told_by_field, a_list_comes_in_pages)
