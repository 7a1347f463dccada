#include <nuages/test.h>

nu_test(the_home_page_answers)
{
    nu_assert_contains(nu_client_get(nu_test_client(t), "/"), "It works.");
}

NU_TESTS(site_tests, the_home_page_answers)
