/* Decimals, floats, UUIDs and addresses: what is read is written and reads back as the same; floats
   and IPv6 addresses are those of the C library. */
#include "core/decimal.h"
#include "core/float.h"
#include "target.h"
#include "utils/ipv6.h"
#include "utils/numberformat.h"

#include <arpa/inet.h>
#include <math.h>
#include <nuages/decimal.h>
#include <nuages/uuid.h>
#include <stdlib.h>

static bool same_decimal(nu_decimal a, nu_decimal b)
{
    return a.hi == b.hi && a.lo == b.lo && a.exponent == b.exponent && a.kind == b.kind;
}

/* Half of one can be added without rounding. */
static bool is_short(nu_decimal number)
{
    return number.hi == 0 && number.exponent >= -5 && number.exponent <= 5;
}

static void check_arithmetic(nu_decimal number)
{
    nu_decimal half = nu_decimal_from(5, -1), *out = nu_alloc(nu_decimal);

    if (nu_decimal_is_nan(number))
        return;
    FUZZ_CHECK(nu_decimal_cmp(number, number) == 0);
    if (!nu_catch(NU_ARITHMETIC_ERROR, *out = nu_decimal_add(number, half)) && is_short(number))
        FUZZ_CHECK(nu_decimal_cmp(nu_decimal_sub(*out, half), number) == 0);
    FUZZ_MAY_RAISE(NU_ARITHMETIC_ERROR, nu_decimal_mul(number, number));
    FUZZ_MAY_RAISE(NU_ARITHMETIC_ERROR, nu_decimal_div(half, number));
    FUZZ_MAY_RAISE(NU_ARITHMETIC_ERROR, nu_decimal_quantize(number, 2));
    FUZZ_MAY_RAISE(NU_ARITHMETIC_ERROR, nu_decimal_to_int(number));
    nu_decimal_to_float(number);
}

static void check_decimal(nu_str text)
{
    nu_decimal number, again;
    nu_str written;

    if (!nu_decimal_try_parse(text, &number))
        return;
    written = nu_decimal_str(number);
    FUZZ_CHECK(written.len < NU__DECIMAL_TEXT);
    FUZZ_CHECK(nu_decimal_try_parse(fuzz_exact(written), &again));
    FUZZ_CHECK(same_decimal(number, again));
    check_arithmetic(number);
    FUZZ_UTF8(nu__number_format(nu_v_decimal(number), 2, &nu__locale_en, true));
}

/* Only what both read: digits, a point, an exponent. */
static void check_float(nu_str text)
{
    double number, again;
    char written[NU__FLOAT_TEXT];

    if (!nu__float_try_parse(text, &number))
        return;
    if (strspn(nu_copy(text).ptr, "0123456789.eE+-") == text.len)
        FUZZ_CHECK(number == strtod(nu_copy(text).ptr, NULL));
    if (isnan(number))
        return;
    FUZZ_CHECK(nu__float_try_parse((nu_str){ written, nu__float_text(written, number) }, &again));
    FUZZ_CHECK(memcmp(&number, &again, sizeof number) == 0);
    FUZZ_UTF8(nu__number_format(nu_v_float(number), -1, &nu__locale_en, true));
}

static void check_shown(nu_str text)
{
    static const char *const arguments[] = { "2", "-3", "0", "2g", "1u", "x" };

    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
        nu_value shown = nu__floatformat(nu_v_str(text), nu_v_str(nu_s(arguments[i])));

        FUZZ_UTF8(nu_string(shown));
        FUZZ_CHECK(nu_string(shown).len < text.len * 2 + 800);
    }
    FUZZ_UTF8(nu__number_format(nu_v_str(text), 3, &nu__locale_en, true));
}

static void check_uuid(nu_str text)
{
    nu_uuid uuid, again;

    if (!nu_uuid_try_parse(text, &uuid))
        return;
    FUZZ_CHECK(nu_uuid_try_parse(fuzz_exact(nu_uuid_str(uuid)), &again) && nu_uuid_eq(uuid, again));
}

static void check_address(nu_str text)
{
    char clean[NU__IPV6_TEXT];
    struct in6_addr address, again;
    bool valid = nu__is_valid_ipv6_address(text);

    if (!memchr(text.ptr, '\0', text.len) && !memchr(text.ptr, '%', text.len))
        FUZZ_CHECK(valid == (inet_pton(AF_INET6, nu_copy(text).ptr, &address) == 1));
    FUZZ_CHECK((nu__clean_ipv6_address(clean, text, NU__IPV6_MAX_LENGTH, false) > 0) == valid);
    if (valid && !memchr(text.ptr, '%', text.len)) {
        FUZZ_CHECK(inet_pton(AF_INET6, clean, &again) == 1);
        FUZZ_CHECK(memcmp(&address, &again, sizeof address) == 0);
    }
    nu__clean_ipv6_address(clean, text, NU__IPV6_MAX_LENGTH, true);
}

FUZZ_TARGET(numbers)
{
    nu_str text = fuzz_as_utf8(input);

    check_decimal(text);
    check_float(text);
    check_shown(text);
    check_uuid(text);
    check_address(text);
}
