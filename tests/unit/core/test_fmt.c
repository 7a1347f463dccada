#include "harness.h"

#include <nuages/decimal.h>

static void arguments_fill_the_fields_in_order(void)
{
    CHECK_STR(nu_fmt("{} and {}", "a", 2), "a and 2");
    CHECK_STR(nu_fmt("no field"), "no field");
    CHECK_STR(nu_fmt("{{{}}}", 1), "{1}");
    CHECK_STR(nu_fmt("{}{}{}", true, nu_null(), 1.0), "TrueNone1.0");
    CHECK_STR(nu_fmt("{}", S("a\0b")), S("a\0b"));
}

static void text_is_padded_by_characters(void)
{
    CHECK_STR(nu_fmt("{:5}|{:>5}|{:^5}|{:*<5}", "é", "é", "é", "é"), "é    |    é|  é  |é****");
    CHECK_STR(nu_fmt("{:…^7}", "abc"), "……abc……");
    CHECK_STR(nu_fmt("{:.2}|{:5.1s}|", "héé", "xy"), "hé|x    |");
    CHECK_STR(nu_fmt("{!r} {!r:>6}", "it", "a"), "'it'    'a'");
}

static void integers_take_pythons_specifications(void)
{
    CHECK_STR(nu_fmt("{:5}|{:<5}|{:05}|{:+}|{: }", 42, 42, -42, 42, 42),
              "   42|42   |-0042|+42| 42");
    CHECK_STR(nu_fmt("{:x} {:X} {:#x} {:o} {:b}", 255, 255, 255, 8, 5), "ff FF 0xff 10 101");
    CHECK_STR(nu_fmt("{:,} {:,} {:_}", 1234567, -999, 1234567), "1,234,567 -999 1_234_567");
    CHECK_STR(nu_fmt("{:010,}", 1234), "00,001,234");
    CHECK_STR(nu_fmt("{} {}", INT64_MIN, UINT64_MAX), "-9223372036854775808 18446744073709551615");
    CHECK_STR(nu_fmt("{:.1f} {:%}", 3, 1), "3.0 100.000000%");
    CHECK_STR(nu_fmt("{:d}", true), "1");
}

static void floats_take_pythons_specifications(void)
{
    CHECK_STR(nu_fmt("{} {} {} {}", 0.1, 1e16, 1e-5, 1e15), "0.1 1e+16 1e-05 1000000000000000.0");
    CHECK_STR(nu_fmt("{:.2f} {:.0f} {:f}", 2.675, 0.5, 1.5), "2.67 0 1.500000");
    CHECK_STR(nu_fmt("{:8.3f}|{:<8.1f}|{:+.1f}", 3.14159, 2.5, -0.0), "   3.142|2.5     |-0.0");
    CHECK_STR(nu_fmt("{:.1e} {:g} {:.0%}", 12345.6, 1e20, 0.256), "1.2e+04 1e+20 26%");
    CHECK_STR(nu_fmt("{:,.2f}", 1234567.891), "1,234,567.89");
    CHECK_STR(nu_fmt("{:.1f} {:5}", 1.0 / 0.0, -1.0 / 0.0), "inf  -inf");
}

static void decimals_are_rounded_exactly(void)
{
    CHECK_STR(nu_fmt("{} {:.2f}", DEC(1.20), DEC(2.675)), "1.20 2.68");
    CHECK_STR(nu_fmt("{:.1f} {:.0f}", DEC(0.05), DEC(-1.5)), "0.0 -2");
    CHECK_STR(nu_fmt("{:.3f} {:f}", DEC(5), DEC(0.00001)), "5.000 0.00001");
    CHECK_STR(nu_fmt("{:,.2f} {:>8}", DEC(1234567.891), DEC(3.50)), "1,234,567.89     3.50");
}

static void a_format_that_does_not_fit_is_a_value_error(void)
{
    CHECK_RAISES(NU_VALUE_ERROR, "'{} {}': more fields than arguments", nu_fmt("{} {}", 1));
    CHECK_RAISES(NU_VALUE_ERROR, "more arguments than fields", nu_fmt("{}", 1, 2));
    CHECK_RAISES(NU_VALUE_ERROR, "a { without its }", nu_fmt("{", 1));
    CHECK_RAISES(NU_VALUE_ERROR, "a } alone", nu_fmt("}"));
    CHECK_RAISES(NU_VALUE_ERROR, "none of", nu_fmt("{name}", 1));
    CHECK_RAISES(NU_VALUE_ERROR, "none of", nu_fmt("{:>9999999999999999999}", 1));
    CHECK_RAISES(NU_VALUE_ERROR, "no number", nu_fmt("{:d}", "x"));
    CHECK_RAISES(NU_VALUE_ERROR, "no number", nu_fmt("{:,}", "x"));
    CHECK_RAISES(NU_VALUE_ERROR, "an integer has not", nu_fmt("{:.2}", 5));
    CHECK_RAISES(NU_VALUE_ERROR, "a float has not", nu_fmt("{:x}", 1.5));
    CHECK_RAISES(NU_VALUE_ERROR, "{:.2f}", nu_fmt("{:.2}", 1.5));
    CHECK_RAISES(NU_VALUE_ERROR, "a decimal has not", nu_fmt("{:x}", DEC(1)));
    CHECK_RAISES(NU_VALUE_ERROR, "38 digits", nu_fmt("{:.60f}", DEC(1)));
}

HARNESS(arguments_fill_the_fields_in_order, text_is_padded_by_characters,
        integers_take_pythons_specifications, floats_take_pythons_specifications,
        decimals_are_rounded_exactly, a_format_that_does_not_fit_is_a_value_error)
