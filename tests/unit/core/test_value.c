#include "harness.h"

#include "core/list.h"
#include "core/object.h"

#include <limits.h>
#include <nuages/decimal.h>
#include <nuages/timezone.h>

static void integers_of_every_width_become_ints(void)
{
    unsigned char byte = 200;
    short small = -5;
    unsigned long big = ULONG_MAX;

    CHECK_INT(V(byte).i, 200);
    CHECK_INT(V(small).i, -5);
    CHECK_INT(V('x').kind, NU_KIND_INT);
    CHECK_INT(V(big).kind, NU_KIND_UINT);
    CHECK_INT(V((uint64_t)7).kind, NU_KIND_INT);
    CHECK_INT(V(true).kind, NU_KIND_BOOL);
}

static void what_is_all_zero_is_null(void)
{
    CHECK_INT(V((nu_str){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_date){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_datetime){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_time){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_timedelta){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_decimal){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_uuid){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_bytes){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_opt_int){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_file_ref){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_json_value){ 0 }).kind, NU_KIND_NULL);
    CHECK_INT(V((const char *)NULL).kind, NU_KIND_NULL);
    CHECK_INT(V(NULL).kind, NU_KIND_NULL);
    CHECK_INT(V((nu_list *)NULL).kind, NU_KIND_NULL);
    CHECK(nu_is_null((nu_str){ 0 }) && !nu_is_null(S("")) && nu_is_null((nu_opt_float){ 0 }));
}

static void nullables_become_plain_kinds(void)
{
    CHECK_INT(V(nu_some(0)).kind, NU_KIND_INT);
    CHECK_INT(V(nu_some(false)).kind, NU_KIND_BOOL);
    CHECK_INT(V(nu_some(0.0)).kind, NU_KIND_FLOAT);
    CHECK_INT(V((nu_time){ 1 }).i, 0); /* midnight */
    CHECK_INT(V(((nu_timedelta){ 0, true })).kind, NU_KIND_TIMEDELTA);
    CHECK_INT(nu_or_else(((nu_opt_int){ 0 }), 5), 5);
    CHECK_INT(nu_or_else(nu_some(3), 5), 3);
}

static void conversions_name_both_kinds(void)
{
    CHECK_RAISES(NU_TYPE_ERROR, "expected an int, got str 'x'", nu_int(V("x")));
    CHECK_RAISES(NU_TYPE_ERROR, "expected a list, got NoneType None", nu_as_list(nu_null()));
    CHECK_RAISES(NU_TYPE_ERROR, "expected a dict, got list [1]", nu_as_dict(V(NU_LIST(1))));
    CHECK_RAISES(NU_TYPE_ERROR, "expected a float, got", nu_float(V(NU_LIST(1))));
    CHECK_RAISES(NU_TYPE_ERROR, "expected a decimal, got float 0.5", nu_dec(V(0.5)));
    CHECK_RAISES(NU_OVERFLOW_ERROR, "18446744073709551615", nu_int(V(UINT64_MAX)));
    CHECK_INT(nu_int(V(true)), 1);
    CHECK(nu_float(V(3)) == 3.0 && nu_float(V(DEC(0.5))) == 0.5);
    CHECK_STR(nu_decimal_str(nu_dec(V(UINT64_MAX))), "18446744073709551615");
}

static void text_of_values_is_pythons(void)
{
    nu_uuid uuid = { { 0x12, 0x34, [15] = 0xff } };

    CHECK_STR(nu_string(nu_null()), "None");
    CHECK_STR(nu_string(V(false)), "False");
    CHECK_STR(nu_string(V(-7)), "-7");
    CHECK_STR(nu_string(V(1e22)), "1e+22");
    CHECK_STR(nu_string(V(DEC(1.20))), "1.20");
    CHECK_STR(nu_string(V((nu_date){ 738000 })), "2021-07-29");
    CHECK_STR(nu_string(V((nu_time){ 3661000001 })), "01:01:01");
    CHECK_STR(nu_string(V((nu_datetime){ 738000 * 86400000000LL + 1 })),
              "2021-07-29 00:00:00.000001+00:00");
    CHECK_STR(nu_string(V(((nu_timedelta){ -1, true }))), "-1 day, 23:59:59.999999");
    CHECK_STR(nu_string(V(uuid)), "12340000-0000-0000-0000-0000000000ff");
    CHECK_STR(nu_string(V(((nu_bytes){ (const uint8_t *)"a\xff'", 3 }))), "b\"a\\xff'\"");
    CHECK_STR(nu_string(V((nu_file_ref){ S("a/b.png") })), "a/b.png");
}

static void containers_are_written_as_their_repr(void)
{
    nu_dict *dict = NU_DICT(("name", "Ada"), ("n", NU_LIST(1, 2.0, nu_null(), true)),
                            ("d", DEC(1.5)), ("on", (nu_date){ 1 }), ("at", (nu_time){ 60000001 }),
                            ("when", (nu_datetime){ 86400000000LL + 3600000000LL }),
                            ("for", ((nu_timedelta){ 90061000001, true })));

    CHECK_STR(nu_string(V(dict)),
              "{'name': 'Ada', 'n': [1, 2.0, None, True], 'd': Decimal('1.5'), "
              "'on': datetime.date(1, 1, 1), 'at': datetime.time(0, 1), "
              "'when': datetime.datetime(1, 1, 1, 1, 0, tzinfo=datetime.timezone.utc), "
              "'for': datetime.timedelta(days=1, seconds=3661, microseconds=1)}");
    CHECK_STR(nu_string(V(NU_LIST(((nu_timedelta){ 0, true }), ((nu_timedelta){ -1, true })))),
              "[datetime.timedelta(0), datetime.timedelta(days=-1, seconds=86399, "
              "microseconds=999999)]");
}

static void a_list_in_itself_is_written_and_compared_without_end(void)
{
    nu_list *list = nu_list_new();

    nu_list_append(list, list);
    CHECK_STR(nu_string(V(list)), "[[...]]");
    nu_list_append(list, NU_DICT(("again", list)));
    nu_list_append(list, list);
    CHECK_STR(nu_string(V(list)), "[[...], {'again': [...]}, [...]]");
    CHECK(!nu__value_equal(V(list), V(NU_LIST(list))));
}

static void copies_share_nothing(void)
{
    nu__arena *owner = nu__arena_new();
    char text[] = "text";
    nu_value copy;

    {
        nu_scratch_scope();
        CHECK(nu__value_copy(
            owner,
            V(NU_DICT(("list", NU_LIST(nu_s(text), DEC(1.5))), ("bytes", NU_DICT(("x", 1))))),
            &copy));
        text[0] = 'X';
    }
    CHECK_STR(nu_string(copy), "{'list': ['text', Decimal('1.5')], 'bytes': {'x': 1}}");
    nu_dict_set(copy.dict, "more", 1);
    nu__arena_free(owner);
}

static void a_copy_past_the_cap_is_refused(void)
{
    nu__arena *owner = nu__arena_new();
    nu_list *deep = nu_list_new(), *top = deep;
    nu_value copy;

    nu__arena_set_cap(owner, 20000);
    CHECK(!nu__value_copy(owner, V(((nu_str){ nu_alloc_array(char, 30000), 30000 })), &copy));
    nu__arena_set_cap(owner, 1 << 24);
    for (int i = 0; i < 2000; i++) {
        nu_list *inner = nu_list_new();

        nu_list_append(deep, inner);
        deep = inner;
    }
    CHECK(!nu__value_copy(owner, V(top), &copy));
    nu__arena_free(owner);
}

HARNESS(integers_of_every_width_become_ints, what_is_all_zero_is_null, nullables_become_plain_kinds,
        conversions_name_both_kinds, text_of_values_is_pythons,
        containers_are_written_as_their_repr, a_list_in_itself_is_written_and_compared_without_end,
        copies_share_nothing, a_copy_past_the_cap_is_refused)
