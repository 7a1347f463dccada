#include "core/object.h"
#include "harness.h"
#include "http/querydict.h"

static nu_querydict *parse(const char *text)
{
    return nu_querydict_parse(nu_s(text), 0);
}

static nu_str listed(const nu_querydict *dict)
{
    return nu_string(nu_querydict_value(dict));
}

static void the_last_of_several_values_is_taken(void)
{
    nu_querydict *dict = parse("a=1&b=2&a=3");

    CHECK_STR(nu_querydict_get(dict, S("a")), "3");
    CHECK_INT(nu_list_len(nu_querydict_list(dict, S("a"))), 2);
    CHECK_STR(listed(dict), "<QueryDict: {'a': ['1', '3'], 'b': ['2']}>");
}

static void a_missing_name_is_null_and_an_empty_value_is_not(void)
{
    nu_querydict *dict = parse("a=&b");

    CHECK(nu_querydict_get(dict, S("c")).ptr == NULL);
    CHECK(nu_querydict_get(dict, S("a")).ptr != NULL);
    CHECK_INT(nu_querydict_get(dict, S("a")).len, 0);
    CHECK(nu_querydict_has(dict, S("b")) && !nu_querydict_has(dict, S("c")));
    CHECK_INT(nu_list_len(nu_querydict_list(dict, S("c"))), 0);
}

static void empty_pairs_are_passed_over(void)
{
    CHECK_STR(listed(parse("&&a=1&&")), "<QueryDict: {'a': ['1']}>");
    CHECK_STR(listed(parse("=1")), "<QueryDict: {'': ['1']}>");
    CHECK_INT(nu_querydict_len(parse("")), 0);
}

static void escapes_and_plus_signs_are_decoded(void)
{
    nu_querydict *dict = parse("a+b=c%20d&%C3%A9=%c3%bc&x=%2B&y=%zz%");

    CHECK_STR(nu_querydict_get(dict, S("a b")), "c d");
    CHECK_STR(nu_querydict_get(dict, S("é")), "ü");
    CHECK_STR(nu_querydict_get(dict, S("x")), "+");
    CHECK_STR(nu_querydict_get(dict, S("y")), "%zz%");
}

static void broken_utf_8_becomes_the_replacement_character(void)
{
    CHECK_STR(nu_querydict_get(parse("a=%FF"), S("a")), "\xef\xbf\xbd");
    CHECK_STR(nu_querydict_get(parse("a=%E2%82x"), S("a")), "\xef\xbf\xbdx");
    CHECK_STR(nu_querydict_get(parse("a=%ED%A0%80"), S("a")),
              "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void raw_bytes_that_are_no_utf_8_count_as_latin_1(void)
{
    CHECK_STR(nu_querydict_get(parse("a=\xe9"), S("a")), "é");
}

static void a_nul_byte_is_a_character(void)
{
    CHECK_STR(nu_querydict_get(parse("a=x%00y"), S("a")), ((nu_str){ "x\0y", 3 }));
}

static void too_many_fields_are_refused(void)
{
    CHECK_INT(nu_querydict_len(nu_querydict_parse(S("a=1&b=2"), 2)), 2);
    CHECK_RAISES(NU_TOO_MANY_FIELDS_SENT, "DATA_UPLOAD_MAX_NUMBER_FIELDS",
                 nu_querydict_parse(S("a=1&b=2&c=3"), 2));
    CHECK_RAISES(NU_TOO_MANY_FIELDS_SENT, "exceeded", nu_querydict_parse(S("&&&"), 2));
}

static void many_names_are_all_found(void)
{
    nu_querydict *dict = nu_querydict_new();

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 500; i++)
            nu_querydict_append(dict, nu_fmt("n{}", i), nu_fmt("{}-{}", round, i));
    CHECK_INT(nu_querydict_len(dict), 500);
    CHECK_STR(nu_querydict_get(dict, S("n499")), "1-499");
    CHECK_INT(nu_list_len(nu_querydict_list(dict, S("n250"))), 2);
    CHECK_STR(nu_querydict_key(dict, 17), "n17");
}

static void setting_and_removing_change_one_name(void)
{
    nu_querydict *dict = parse("a=1&b=2&a=3"), *copy = nu_querydict_copy(dict);

    nu_querydict_set(dict, S("a"), S("9"));
    CHECK_STR(nu_querydict_urlencode(dict, NULL), "a=9&b=2");
    CHECK(nu_querydict_remove(dict, S("a")));
    CHECK(!nu_querydict_remove(dict, S("a")));
    CHECK_STR(nu_querydict_urlencode(dict, NULL), "b=2");
    CHECK_STR(nu_querydict_urlencode(copy, NULL), "a=1&a=3&b=2");
}

static void urlencode_writes_a_query_string_again(void)
{
    nu_querydict *dict = nu_querydict_new();

    nu_querydict_set(dict, S("next"), S("/a&b/ é"));
    CHECK_STR(nu_querydict_urlencode(dict, NULL), "next=%2Fa%26b%2F+%C3%A9");
    CHECK_STR(nu_querydict_urlencode(dict, "/"), "next=/a%26b/%20%C3%A9");
}

static void templates_read_names_and_methods(void)
{
    nu_value dict = nu_querydict_value(parse("q=x&page=2&page=3")), out;

    CHECK(nu__value_get(dict, S("q"), &out));
    CHECK_STR(out.s, "x");
    CHECK(nu__value_get(dict, S("page"), &out));
    CHECK_STR(out.s, "3");
    CHECK(nu__value_get(dict, S("urlencode"), &out));
    CHECK_INT(out.kind, NU_KIND_CALLABLE);
    CHECK(!nu__value_get(dict, S("nothing"), &out));
    CHECK(nu__value_truth(dict));
    CHECK(!nu__value_truth(nu_querydict_value(parse(""))));
    CHECK_INT(nu__value_length(dict), 2);
}

HARNESS(the_last_of_several_values_is_taken, a_missing_name_is_null_and_an_empty_value_is_not,
        empty_pairs_are_passed_over, escapes_and_plus_signs_are_decoded,
        broken_utf_8_becomes_the_replacement_character,
        raw_bytes_that_are_no_utf_8_count_as_latin_1, a_nul_byte_is_a_character,
        too_many_fields_are_refused, many_names_are_all_found, setting_and_removing_change_one_name,
        urlencode_writes_a_query_string_again, templates_read_names_and_methods)
