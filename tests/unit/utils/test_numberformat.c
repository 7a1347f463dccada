#include "utils/numberformat.h"

#include "harness.h"
#include "utils/ipv6.h"

#include <math.h>
#include <nuages/decimal.h>

static void numbers_are_grouped_and_filled_up(void)
{
    nu__numberformat format = { .decimal_separator = ",",
                                .thousand_separator = ".",
                                .grouping = { 3 },
                                .places = 2,
                                .group = true };

    CHECK_STR(nu__number_text(V(-1234567.891), &format), "-1.234.567,89");
    CHECK_STR(nu__number_text(V(12), &format), "12,00");
    CHECK_STR(nu__number_text(V(UINT64_MAX), &format), "18.446.744.073.709.551.615,00");
    format.grouping[1] = 2;
    CHECK_STR(nu__number_text(V("1234567890"), &format), "1.23.45.67.890,00");
}

/* The length of what is shown must not be the sender's to choose. */
static void huge_exponents_stay_short(void)
{
    nu__numberformat format = { .decimal_separator = ".", .thousand_separator = ",", .places = 2 };

    CHECK_STR(nu__number_text(V(nu_decimal_parse("1E+20")), &format), "100000000000000000000.00");
    CHECK_STR(nu__number_text(V(nu_decimal_parse("1.234E+300")), &format), "1.23e+300");
    CHECK_STR(nu__number_text(V(nu_decimal_parse("1E-300")), &format), "0.00");
    CHECK_STR(nu__number_text(V(1e-5), &format), "0.00");
}

static nu_str shown(nu_value number, nu_value arg)
{
    return nu_string(nu__floatformat(number, arg));
}

static void floats_are_rounded_half_up(void)
{
    CHECK_STR(shown(V(34.23234), V(-1)), "34.2");
    CHECK_STR(shown(V(34.0), V(-1)), "34");
    CHECK_STR(shown(V(34.0), V(3)), "34.000");
    CHECK_STR(shown(V(0.125), V(2)), "0.13");
    CHECK_STR(shown(V(nu_decimal_parse("-0.5")), V(0)), "-1");
    CHECK_STR(shown(V(9.99), V(1)), "10.0");
    CHECK_STR(shown(V(-0.001), V(2)), "0.00");
    CHECK_STR(shown(V("0e8"), V(2)), "0.00");
    CHECK_STR(shown(V(6666.6666), V("2g")), "6,666.67");
}

static void what_is_no_number_is_shown_as_it_is(void)
{
    CHECK_STR(shown(V("abc"), V(1)), "");
    CHECK_STR(shown(V(INFINITY), V(1)), "inf");
    CHECK_STR(shown(V(NAN), V(1)), "nan");
    CHECK_STR(shown(V(1.5), V("x")), "1.5");
    CHECK_STR(shown(V("1e1000"), V(2)), "1e1000");
    CHECK_STR(shown(V(1.5), V(100000)), "1.5");
}

static void sizes_have_units(void)
{
    CHECK_STR(nu__filesizeformat(1023, &nu__locale_en), "1023\u00a0bytes");
    CHECK_STR(nu__filesizeformat(1, &nu__locale_en), "1\u00a0byte");
    CHECK_STR(nu__filesizeformat(1024, &nu__locale_en), "1.0\u00a0KB");
    CHECK_STR(nu__filesizeformat(-1024LL * 1024 * 1024 * 1536, &nu__locale_en), "-1.5\u00a0TB");
    CHECK_STR(nu__filesizeformat(INT64_MIN, &nu__locale_en), "-8192.0\u00a0PB");
}

static void check_address(const char *text, bool unpack, const char *want)
{
    char got[NU__IPV6_TEXT];

    nu__clean_ipv6_address(got, nu_s(text), NU__IPV6_MAX_LENGTH, unpack);
    CHECK_STR((const char *)got, want);
}

static void addresses_take_their_shortest_form(void)
{
    check_address("2001:0DB8:0:0:0:0:0:1", false, "2001:db8::1");
    check_address("1:0:0:2:0:0:0:3", false, "1:0:0:2::3");
    check_address("1:0:2:3:4:5:6:7", false, "1:0:2:3:4:5:6:7");
    check_address("::", false, "::");
    check_address("::ffff:10.10.10.10", false, "::ffff:10.10.10.10");
    check_address("::ffff:0a0a:0a0a", true, "10.10.10.10");
    check_address("fe80::1%eth0", false, "fe80::1");
    check_address("1::2::3", false, "");
    check_address("12345::", false, "");
    check_address("1.2.3.4", false, "");
    check_address("", false, "");
    check_address("0000:0000:0000:0000:0000:0000:0000:00001", false, "");
}

HARNESS(numbers_are_grouped_and_filled_up, huge_exponents_stay_short, floats_are_rounded_half_up,
        what_is_no_number_is_shown_as_it_is, sizes_have_units, addresses_take_their_shortest_form)
