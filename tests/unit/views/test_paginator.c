#include "harness.h"

#include "core/object.h"

#include <nuages/shortcuts.h>

static nu_value numbers(int64_t n)
{
    nu_list *list = nu_list_new();

    for (int64_t i = 1; i <= n; i++)
        nu_list_append_(list, nu_v_int(i));
    return V(list);
}

static nu_str text_of(nu_page *page, const char *name)
{
    nu_value value;

    return nu__value_get(nu_v_page(page), nu_s(name), &value) ? nu_string(value) : S("none");
}

static void a_page_has_its_rows_and_knows_its_neighbours(void)
{
    nu_paginator *paginator = nu_paginator_of(numbers(25), .per_page = 10);
    nu_page *page = nu_paginator_page(paginator, nu_v_int(2));

    CHECK_INT(nu_paginator_num_pages(paginator), 3);
    CHECK_INT(nu_list_len(nu_as_list(nu_page_object_list(page))), 10);
    CHECK_INT(nu_page_start_index(page), 11);
    CHECK_INT(nu_page_end_index(page), 20);
    CHECK(nu_page_has_next(page) && nu_page_has_previous(page));
    page = nu_paginator_page(paginator, V("3"));
    CHECK_INT(nu_list_len(nu_as_list(nu_page_object_list(page))), 5);
    CHECK_INT(nu_page_end_index(page), 25);
    CHECK(!nu_page_has_next(page));
}

static void a_few_rows_left_over_join_the_last_page(void)
{
    nu_paginator *paginator = nu_paginator_of(numbers(22), .per_page = 10, .orphans = 2);
    nu_page *page = nu_paginator_page(paginator, nu_v_int(2));

    CHECK_INT(nu_paginator_num_pages(paginator), 2);
    CHECK_INT(nu_list_len(nu_as_list(nu_page_object_list(page))), 12);
    CHECK_INT(nu_page_end_index(page), 22);
}

static void a_page_that_is_not_there_is_an_error_in_djangos_words(void)
{
    nu_paginator *paginator = nu_paginator_of(numbers(25), .per_page = 10);

    CHECK_RAISES(NU_EMPTY_PAGE, "That page contains no results",
                 nu_paginator_page(paginator, nu_v_int(4)));
    CHECK_RAISES(NU_EMPTY_PAGE, "That page number is less than 1",
                 nu_paginator_page(paginator, nu_v_int(0)));
    CHECK_RAISES(NU_PAGE_NOT_AN_INTEGER, "That page number is not an integer",
                 nu_paginator_page(paginator, V("x")));
    CHECK_RAISES(NU_PAGE_NOT_AN_INTEGER, "", nu_paginator_page(paginator, nu_v_float(1.5)));
    CHECK_RAISES(NU_EMPTY_PAGE, "no results",
                 nu_paginator_page(paginator, V("99999999999999999999")));
    CHECK_RAISES(NU_VALUE_ERROR, "per_page", nu_paginator_of(numbers(1), .per_page = 0));
    CHECK_INT(nu_page_number(nu_paginator_get_page(paginator, V("x"))), 1);
    CHECK_INT(nu_page_number(nu_paginator_get_page(paginator, nu_v_int(99))), 3);
}

static void without_rows_there_is_one_empty_page_or_none(void)
{
    nu_paginator *paginator = nu_paginator_of(numbers(0), .per_page = 10);

    CHECK_INT(nu_page_start_index(nu_paginator_page(paginator, nu_v_int(1))), 0);
    paginator = nu_paginator_of(numbers(0), .per_page = 10, .disallow_empty_first_page = true);
    CHECK_INT(nu_paginator_num_pages(paginator), 0);
    CHECK_RAISES(NU_EMPTY_PAGE, "no results", nu_paginator_page(paginator, nu_v_int(1)));
}

static void long_ranges_are_elided(void)
{
    nu_paginator *paginator = nu_paginator_of(numbers(500), .per_page = 10);
    nu_list *range = nu_paginator_elided_range(paginator, 43, 3, 2);

    CHECK_STR(nu_join(S(" "), range), "1 2 … 40 41 42 43 44 45 46 … 49 50");
    range = nu_paginator_elided_range(paginator, 1, 3, 2);
    CHECK_STR(nu_join(S(" "), range), "1 2 3 4 … 49 50");
}

static void templates_read_pages_and_iterate_over_them(void)
{
    nu_page *page = nu_paginator_page(nu_paginator_of(numbers(25), .per_page = 10), nu_v_int(2));
    nu_value value;

    CHECK_STR(text_of(page, "number"), "2");
    CHECK_STR(text_of(page, "has_next"), "True");
    CHECK_STR(text_of(page, "next_page_number"), "3");
    CHECK_STR(text_of(page, "has_other_pages"), "True");
    CHECK_STR(text_of(page, "nothing"), "none");
    CHECK_INT(nu__value_length(nu_v_page(page)), 10);
    CHECK_INT(nu_at(nu__value_items(nu_v_page(page)), 0).i, 11);
    CHECK_STR(nu_string(nu_v_page(page)), "<Page 2 of 3>");
    CHECK(nu__value_get(nu_v_page(page), S("paginator"), &value));
    CHECK(nu__value_get(value, S("page_range"), &value));
    CHECK_INT(nu_list_len(value.list), 3);
}

HARNESS(a_page_has_its_rows_and_knows_its_neighbours, a_few_rows_left_over_join_the_last_page,
        a_page_that_is_not_there_is_an_error_in_djangos_words,
        without_rows_there_is_one_empty_page_or_none, long_ranges_are_elided,
        templates_read_pages_and_iterate_over_them)
