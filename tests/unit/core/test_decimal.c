#include "core/decimal.h"
#include "table.h"

#include <nuages/decimal.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table of Python's results -------------------------------------------------------- */

static const char *status_name(nu__decimal_status status)
{
    return status == NU__DECIMAL_BY_ZERO ? "ZeroDivisionError" : "InvalidOperation";
}

static bool check_result(nu__decimal_status status, nu_decimal got, nu_str want)
{
    char text[NU__DECIMAL_TEXT];

    if (status != NU__DECIMAL_OK)
        return CHECK_STR(status_name(status), want);
    nu__decimal_text(text, got);
    return CHECK_STR((const char *)text, want);
}

static nu_decimal number(nu_str text)
{
    nu_decimal out = { 0 };

    CHECK_INT(nu__decimal_parse(text, &out), NU__DECIMAL_OK);
    return out;
}

static bool check_arithmetic(const nu_str cells[])
{
    static const struct {
        const char *name;
        nu__decimal_operation *operation;
    } operations[] = {
        { "add", nu__decimal_add },
        { "sub", nu__decimal_sub },
        { "mul", nu__decimal_mul },
        { "div", nu__decimal_div },
    };
    nu_decimal got = { 0 };

    for (size_t i = 0; i < 4; i++)
        if (nu_eq(cells[0], operations[i].name)) {
            nu__decimal_status status = operations[i].operation(number(cells[1]), number(cells[2]),
                                                                &nu__decimal_default, &got);

            return check_result(status, got, cells[3]);
        }
    return CHECK(!"an operation of the table");
}

static bool check_compare(const nu_str cells[])
{
    int order = 0;
    nu__decimal_status status = nu__decimal_compare(number(cells[1]), number(cells[2]), &order);

    return CHECK_STR(status == NU__DECIMAL_OK ? nu_fmt("{}", order) : S("InvalidOperation"),
                     cells[3]);
}

static bool check_int(const nu_str cells[])
{
    int64_t whole = 0;
    bool fits = nu__decimal_try_int(number(cells[1]), &whole);

    return CHECK_STR(fits ? nu_fmt("{}", whole) : S("OverflowError"), cells[2]);
}

static bool check_quantize(const nu_str cells[])
{
    static const char *const names[] = { "HALF_EVEN", "HALF_UP", "HALF_DOWN", "DOWN",
                                         "UP",        "CEILING", "FLOOR" };
    nu__decimal_context context = { .precision = atoi(cells[4].ptr) };
    nu_decimal got = { 0 };

    while (!nu_eq(names[context.rounding], cells[3]))
        context.rounding++;
    return check_result(nu__decimal_quantize(number(cells[1]), -atoi(cells[2].ptr), &context, &got),
                        got, cells[5]);
}

static bool check_row(const nu_str cells[TABLE_CELLS], size_t n)
{
    nu_decimal got = { 0 };

    (void)n;
    if (nu_eq(cells[0], "parse"))
        return check_result(nu__decimal_parse(cells[1], &got), got, cells[2]);
    if (nu_eq(cells[0], "neg"))
        return check_result(nu__decimal_plus(number(cells[1]), true, &nu__decimal_default, &got),
                            got, cells[2]);
    if (nu_eq(cells[0], "normalize"))
        return check_result(NU__DECIMAL_OK, nu__decimal_normalize(number(cells[1])), cells[2]);
    if (nu_eq(cells[0], "float"))
        return CHECK_STR(nu_fmt("{}", nu_decimal_to_float(number(cells[1]))), cells[2]);
    if (nu_eq(cells[0], "int"))
        return check_int(cells);
    if (nu_eq(cells[0], "cmp"))
        return check_compare(cells);
    return nu_eq(cells[0], "quantize") ? check_quantize(cells) : check_arithmetic(cells);
}

static void results_are_those_of_python(void)
{
    table_each("decimal/cases.txt", check_row);
}

/* ---- our own limits ----------------------------------------------------------------------- */

static void thirty_eight_digits_fit_and_one_more_does_not(void)
{
    CHECK_STR(nu_decimal_str(nu_decimal_parse("-99999999999999999999999999999999999999")),
              "-99999999999999999999999999999999999999");
    CHECK_STR(nu_decimal_str(nu_decimal_parse("0000.00000000000000000000000000000000000001")),
              "1E-38");
    CHECK_RAISES(NU_INVALID_OPERATION, "too many digits",
                 nu_decimal_parse("100000000000000000000000000000000000000"));
}

static void an_exponent_past_sixteen_bits_is_an_error(void)
{
    CHECK_STR(nu_decimal_str(nu_decimal_parse("1E32767")), "1E+32767");
    CHECK_RAISES(NU_INVALID_OPERATION, "out of the range", nu_decimal_parse("1E32768"));
    CHECK_RAISES(NU_INVALID_OPERATION, "out of the range", nu_decimal_parse("1E-99999999999999"));
    CHECK_RAISES(NU_INVALID_OPERATION, "out of the range",
                 nu_decimal_mul(nu_decimal_parse("1E30000"), nu_decimal_parse("1E30000")));
}

static void what_does_not_fit_leaves_the_nearest_number(void)
{
    nu_decimal near;

    CHECK_INT(nu__decimal_parse(S("-1234567890123456789012345678901234567890.5"), &near),
              NU__DECIMAL_TOO_MANY_DIGITS);
    CHECK_STR(nu_decimal_str(near), "-1.2345678901234567890123456789012345678E+39");
    CHECK_INT(nu__decimal_parse(S("2e99999"), &near), NU__DECIMAL_OUT_OF_RANGE);
    CHECK_STR(nu_decimal_str(near), "2E+32767");
    CHECK_INT(nu__decimal_parse(S("2e-99999"), &near), NU__DECIMAL_OUT_OF_RANGE);
    CHECK_STR(nu_decimal_str(near), "2E-32768");
}

static void null_is_refused_by_name(void)
{
    nu_decimal null = { 0 };

    CHECK_RAISES(NU_TYPE_ERROR, "addition of a null decimal", nu_decimal_add(DEC(1), null));
    CHECK_RAISES(NU_TYPE_ERROR, "comparison of a null decimal", nu_decimal_cmp(null, DEC(1)));
    CHECK_RAISES(NU_TYPE_ERROR, "text of a null decimal", nu_decimal_str(null));
}

static void errors_say_what_was_wrong(void)
{
    CHECK_RAISES(NU_INVALID_OPERATION, "\"12,5\" is no decimal number", nu_decimal_parse("12,5"));
    CHECK_RAISES(NU_ZERO_DIVISION_ERROR, "division of a decimal by zero",
                 nu_decimal_div(DEC(1), DEC(0)));
    CHECK_RAISES(NU_INVALID_OPERATION, "comparison involving NaN",
                 nu_decimal_cmp(nu_decimal_parse("NaN"), DEC(1)));
    CHECK_RAISES(NU_INVALID_OPERATION, "inf", nu_decimal_from_float(__builtin_inf()));
    CHECK_RAISES(NU_OVERFLOW_ERROR, "1E+30 does not fit", nu_decimal_to_int(DEC(1e30)));
}

static void floats_and_integers_come_by_their_digits(void)
{
    CHECK_STR(nu_decimal_str(nu_decimal_from_float(0.1)), "0.1");
    CHECK_STR(nu_decimal_str(nu_decimal_from_float(1e22)), "1E+22");
    CHECK_STR(nu_decimal_str(nu_decimal_from(INT64_MIN, 0)), "-9223372036854775808");
    CHECK_STR(nu_decimal_str(nu_decimal_from(15, -1)), "1.5");
    CHECK_STR(nu_decimal_str(DEC(0.015)), "0.015");
    CHECK_INT(nu_decimal_to_int(DEC(-9223372036854775808)), INT64_MIN);
    CHECK(nu_decimal_to_float(DEC(0.1)) == 0.1);
}

static void quantize_rounds_half_to_even(void)
{
    CHECK_STR(nu_decimal_str(nu_decimal_quantize(DEC(2.675), 2)), "2.68");
    CHECK_STR(nu_decimal_str(nu_decimal_quantize(DEC(2.665), 2)), "2.66");
    CHECK_STR(nu_decimal_str(nu_decimal_quantize(DEC(1234), -2)), "1.2E+3");
    CHECK_RAISES(NU_INVALID_OPERATION, "too many digits", nu_decimal_quantize(DEC(1), 28));
    CHECK_RAISES(NU_INVALID_OPERATION, "out of the range", nu_decimal_quantize(DEC(0), 40000));
}

HARNESS(results_are_those_of_python, thirty_eight_digits_fit_and_one_more_does_not,
        an_exponent_past_sixteen_bits_is_an_error, what_does_not_fit_leaves_the_nearest_number,
        null_is_refused_by_name, errors_say_what_was_wrong,
        floats_and_integers_come_by_their_digits, quantize_rounds_half_to_even)
