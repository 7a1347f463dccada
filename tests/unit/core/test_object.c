#include "harness.h"

#include "core/list.h"
#include "core/object.h"

#include <float.h>
#include <math.h>
#include <nuages/decimal.h>
#include <nuages/timezone.h>

/* A pair of numbers as an object: pair.first, pair.0, len, iteration, equality. */
typedef struct pair {
    nu_object object;
    int64_t numbers[2];
} pair;

static bool pair_at(const nu_object *self, int64_t index, nu_value *out)
{
    if (index > 1)
        return false;
    *out = V(((const pair *)self)->numbers[index]);
    return true;
}

static bool pair_get(const nu_object *self, nu_str name, nu_value *out)
{
    return nu_eq(name, "first") && pair_at(self, 0, out);
}

static nu_value pair_text(const nu_object *self)
{
    const pair *p = (const pair *)self;

    return V(nu_fmt("{} & {}", p->numbers[0], p->numbers[1]));
}

static nu_list *pair_items(const nu_object *self)
{
    return NU_LIST(((const pair *)self)->numbers[0], ((const pair *)self)->numbers[1]);
}

static int64_t pair_length(const nu_object *self)
{
    return ((const pair *)self)->numbers[0] ? 2 : 0;
}

static bool pair_equal(const nu_object *a, const nu_object *b)
{
    return memcmp(((const pair *)a)->numbers, ((const pair *)b)->numbers, 16) == 0;
}

static const nu_object_ops pair_ops = { .kind = "pair",
                                        .get = pair_get,
                                        .at = pair_at,
                                        .text = pair_text,
                                        .items = pair_items,
                                        .length = pair_length,
                                        .equal = pair_equal };
static const nu_class pair_class = { &pair_ops, "Pair" };

static nu_value pair_of(int64_t a, int64_t b)
{
    pair *p = nu_alloc(pair);

    *p = (pair){ .object.type = &pair_class, .numbers = { a, b } };
    return nu_v_object(p);
}

static nu_str get(nu_value value, const char *name)
{
    nu_value found;

    return nu__value_get(value, nu_s(name), &found) ? nu_string(found) : S("-");
}

static void an_object_answers_through_its_table(void)
{
    nu_value p = pair_of(3, 4), plain = nu_v_object(&(pair){ 0 });

    CHECK_STR(get(p, "first"), "3");
    CHECK_STR(get(p, "1"), "4");
    CHECK_STR(get(p, "2"), "-");
    CHECK_STR(get(p, "second"), "-");
    CHECK_STR(nu_string(p), "3 & 4");
    CHECK_STR(nu_string(V(NU_LIST(p))), "[<Pair: 3 & 4>]");
    CHECK_INT(nu__value_length(p), 2);
    CHECK(nu__value_truth(p) && !nu__value_truth(pair_of(0, 1)));
    CHECK(nu__value_equal(p, pair_of(3, 4)) && !nu__value_equal(p, pair_of(3, 5)));
    CHECK(nu__value_contains(p, V(4)) && !nu__value_contains(p, V(5)));
    CHECK(nu__value_truth(plain) && nu__value_length(plain) == -1 && !nu__value_items(plain));
    CHECK_STR(nu_string(plain), "<object>");
}

static void attributes_are_looked_up_in_djangos_order(void)
{
    nu_value dict = V(NU_DICT(("a", 1), ("items", "mine"), ("0", "zero")));

    CHECK_STR(get(dict, "a"), "1");
    CHECK_STR(get(dict, "items"), "mine");
    CHECK_STR(get(dict, "0"), "zero");
    CHECK_STR(get(dict, "keys"), "dict_keys(['a', 'items', '0'])");
    CHECK_STR(get(dict, "b"), "-");
    CHECK_STR(get(V(NU_DICT(("a", 1), ("b", NU_LIST(2)))), "items"),
              "dict_items([('a', 1), ('b', [2])])");
    CHECK_STR(get(V(NU_LIST("x", "y")), "1"), "y");
    CHECK_STR(get(V(NU_LIST("x", "y")), "2"), "-");
    CHECK_STR(get(V(NU_LIST("x", "y")), "99999999999999999999"), "-");
    CHECK_STR(get(V("éa"), "0"), "é");
    CHECK_STR(get(V("éa"), "upper"), "ÉA");
    CHECK_STR(get(V((nu_date){ 738000 }), "year"), "2021");
    CHECK_STR(get(V((nu_datetime){ 738000 * 86400000000LL + 3661000002LL }), "second"), "1");
    CHECK_STR(get(V(((nu_timedelta){ -1, true })), "days"), "-1");
    CHECK_STR(get(V(5), "year"), "-");
    CHECK_STR(get(nu_null(), "x"), "-");
}

static void truth_is_pythons(void)
{
    const nu_value falsy[] = { nu_null(),
                               V(false),
                               V(0),
                               V(0.0),
                               V(-0.0),
                               V(DEC(0.00)),
                               V(""),
                               V(nu_list_new()),
                               V(nu_dict_new()),
                               V(((nu_timedelta){ 0, true })),
                               V(((nu_bytes){ (const uint8_t *)"", 0 })) };
    const nu_value truthy[] = { V(true), V(-1),         V(NAN),           V(DEC(0.01)),
                                V(" "),  V(NU_LIST(0)), V((nu_time){ 1 }) };

    for (size_t i = 0; i < sizeof(falsy) / sizeof(falsy[0]); i++)
        CHECK(!nu__value_truth(falsy[i]));
    for (size_t i = 0; i < sizeof(truthy) / sizeof(truthy[0]); i++)
        CHECK(nu__value_truth(truthy[i]));
}

static int order_of(nu_value a, nu_value b)
{
    int order, back;

    if (!nu__value_compare(a, b, &order))
        return 9;
    CHECK(nu__value_compare(b, a, &back) && (back > 0) == (order < 0));
    CHECK(nu__value_equal(a, b) == (order == 0));
    return order > 0 ? 1 : order < 0 ? -1 : 0;
}

static void numbers_of_all_kinds_compare_exactly(void)
{
    CHECK_INT(order_of(V(1), V(1.0)), 0);
    CHECK_INT(order_of(V(true), V(1)), 0);
    CHECK_INT(order_of(V(DEC(1.0)), V(1)), 0);
    CHECK_INT(order_of(V(DEC(0.5)), V(0.5)), 0);
    CHECK_INT(order_of(V(DEC(0.1)), V(0.1)), -1); /* the double is a little more */
    CHECK_INT(order_of(V(DEC(-0.1)), V(-0.1)), 1);
    CHECK_INT(order_of(V(nu_decimal_parse("1e-400")), V(5e-324)), -1);
    CHECK_INT(order_of(V(nu_decimal_parse("1e400")), V(DBL_MAX)), 1);
    CHECK_INT(order_of(V(nu_decimal_parse("1e22")), V(1e22)), 0);
    CHECK_INT(order_of(V(nu_decimal_parse("1e23")), V(1e23)), 1);
    CHECK_INT(order_of(V(DEC(0)), V(-0.0)), 0);
    CHECK_INT(order_of(V(DEC(5)), V(INFINITY)), -1);
    CHECK_INT(order_of(V(DEC(5)), V(-INFINITY)), 1);
    CHECK_INT(order_of(V(9007199254740993), V(9007199254740992.0)), 1);
    CHECK_INT(order_of(V(INT64_MAX), V(9223372036854775808.0)), -1);
    CHECK_INT(order_of(V(UINT64_MAX), V(INT64_MAX)), 1);
    CHECK_INT(order_of(V(UINT64_MAX), V(18446744073709551616.0)), -1);
    CHECK_INT(order_of(V(INT64_MIN), V(-9223372036854775808.0)), 0);
    CHECK_INT(order_of(V(-1), V(UINT64_MAX)), -1);
    CHECK_INT(order_of(V(DEC(-5)), V(-5)), 0);
    CHECK_INT(order_of(V(2), V(1.5)), 1);
    CHECK_INT(order_of(V(-1), V(-1.5)), 1);
    CHECK_INT(order_of(V(1), V(1e300)), -1);
}

static void nan_compares_with_nothing(void)
{
    int order;

    CHECK(!nu__value_equal(V(NAN), V(NAN)));
    CHECK(!nu__value_compare(V(NAN), V(1), &order));
    CHECK(!nu__value_compare(V(1), V(NAN), &order));
    CHECK(!nu__value_compare(V(DEC(1)), V(NAN), &order));
}

static void unlike_kinds_are_unequal_and_without_order(void)
{
    CHECK(!nu__value_equal(V("1"), V(1)));
    CHECK_INT(order_of(V("1"), V(1)), 9);
    CHECK_INT(order_of(nu_null(), V(0)), 9);
    CHECK_INT(order_of(V((nu_date){ 1 }), V((nu_datetime){ 86400000000 })), 9);
    CHECK_INT(order_of(V(nu_dict_new()), V(nu_list_new())), 9);
    CHECK(nu__value_equal(nu_null(), nu_null()));
}

static void like_kinds_have_pythons_order(void)
{
    CHECK_INT(order_of(V("a"), V("b")), -1);
    CHECK_INT(order_of(V((nu_date){ 2 }), V((nu_date){ 1 })), 1);
    CHECK_INT(order_of(V(NU_LIST(1, 2)), V(NU_LIST(1, 2, 0))), -1);
    CHECK_INT(order_of(V(NU_LIST(1, 3)), V(NU_LIST(1.0, 2, 0))), 1);
    CHECK_INT(order_of(V(NU_LIST(1, "a")), V(NU_LIST(1, 2))), 9);
    CHECK(nu__value_equal(V(NU_DICT(("a", 1), ("b", 2))), V(NU_DICT(("b", 2.0), ("a", true)))));
    CHECK(!nu__value_equal(V(NU_DICT(("a", 1))), V(NU_DICT(("b", 1)))));
    CHECK(!nu__value_equal(V(NU_DICT(("a", 1))), V(NU_DICT(("a", 1), ("b", 1)))));
}

static void containment_is_pythons(void)
{
    CHECK(nu__value_contains(V("hello"), V("ell")) && nu__value_contains(V("x"), V("")));
    CHECK(!nu__value_contains(V("hello"), V(1)));
    CHECK(nu__value_contains(V(NU_LIST(1, "a")), V(true)));
    CHECK(nu__value_contains(V(NU_DICT(("a", 1))), V("a")));
    CHECK(!nu__value_contains(V(NU_DICT(("a", 1))), V(1)));
    CHECK(!nu__value_contains(nu_null(), V(1)) && !nu__value_contains(V(5), V(5)));
}

static void iteration_gives_keys_and_characters(void)
{
    CHECK_STR(nu_string(V(nu__value_items(V(NU_DICT(("a", 1), ("b", 2)))))), "['a', 'b']");
    CHECK_STR(nu_string(V(nu__value_items(V("aé")))), "['a', 'é']");
    CHECK(!nu__value_items(V(5)) && !nu__value_items(nu_null()));
    CHECK_INT(nu__value_length(V("aé")), 2);
    CHECK_INT(nu__value_length(V(5)), -1);
}

static nu_value call_me(const void *self)
{
    return V(*(const int *)self + 1);
}

static void a_callable_carries_its_object(void)
{
    static const int number = 41;
    nu_value value = nu__callable_value(call_me, &number);
    const nu__callable *callable = value.p;

    CHECK_INT(value.kind, NU_KIND_CALLABLE);
    CHECK_INT(nu_int(callable->call(callable->self)), 42);
    CHECK(!callable->alters_data && nu__value_truth(value));
}

static void scalars_have_pythons_methods(void)
{
    CHECK_STR(get(V("Straße 12"), "casefold"), "strasse 12");
    CHECK_STR(get(V("12"), "isdigit"), "True");
    CHECK_STR(get(V(""), "isalpha"), "False");
    CHECK_STR(get(V(5), "bit_length"), "3");
    CHECK_STR(get(V(2.0), "is_integer"), "True");
    CHECK_STR(get(V(nu_date_of(2024, 2, 29)), "isoformat"), "2024-02-29");
    CHECK_STR(get(V(nu_date_of(2024, 2, 29)), "weekday"), "3");
    CHECK_STR(get(V(nu_datetime_of(2024, 5, 17, 1, 2, 3)), "date"), "2024-05-17");
    CHECK_STR(get(V(nu_seconds(90)), "total_seconds"), "90.0");
    CHECK_STR(get(V(nu_decimal_parse("1.50")), "normalize"), "1.5");
}

static void texts_have_an_order_by_their_characters(void)
{
    int order;

    CHECK(nu__value_compare(V("b"), V("1"), &order) && order == 1);
    CHECK(nu__value_compare(V("1"), V("b"), &order) && order == -1);
}

HARNESS(scalars_have_pythons_methods, texts_have_an_order_by_their_characters,
        an_object_answers_through_its_table, attributes_are_looked_up_in_djangos_order,
        truth_is_pythons, numbers_of_all_kinds_compare_exactly, nan_compares_with_nothing,
        unlike_kinds_are_unequal_and_without_order, like_kinds_have_pythons_order,
        containment_is_pythons, iteration_gives_keys_and_characters, a_callable_carries_its_object)
