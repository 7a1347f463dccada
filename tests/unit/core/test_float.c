#include "core/buf.h"
#include "core/float.h"
#include "table.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double by_bits(nu_str hex)
{
    uint64_t bits = strtoull(hex.ptr, NULL, 16);
    double number;

    memcpy(&number, &bits, sizeof number);
    return number;
}

static bool check_row(const nu_str cells[TABLE_CELLS], size_t n)
{
    double number = by_bits(cells[0]), again = 0;
    char text[NU__FLOAT_TEXT];

    (void)n;
    nu__float_text(text, number);
    if (!CHECK_STR((const char *)text, cells[1]))
        return false;
    return CHECK(nu__float_try_parse(cells[1], &again) &&
                 (memcmp(&number, &again, sizeof number) == 0 || isnan(number)));
}

static void every_double_is_its_shortest_text_and_back(void)
{
    table_each("float/cases.txt", check_row);
}

static void text_is_what_python_takes_for_a_float(void)
{
    static const char *const good[] = { "1",   " 1 ",  "+.5", "5.",       "1e5",      "1_0e1_0",
                                        "INF", "-inf", "nan", "Infinity", "1_000.5_0" };
    static const char *const bad[] = {
        "",    ".",    " ",     "1__0", "_1",  "1_",   "e5",   "1e",
        "1e+", "0x10", "1.5.2", "+-1",  ".e5", "1e_5", "infi", "1 2"
    };
    double number;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!CHECK(nu__float_try_parse(nu_s(good[i]), &number)))
            printf("      %s\n", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!CHECK(!nu__float_try_parse(nu_s(bad[i]), &number)))
            printf("      %s\n", bad[i]);
}

static void digits_without_end_are_rounded_once(void)
{
    /* A hair above the middle between two doubles, the hair 900 digits away. */
    nu__buf buf = { 0 };

    nu__buf_lit(&buf, "9007199254740993.");
    nu__buf_fill(&buf, '0', 900);
    CHECK(nu__float_parse(buf.data, buf.len) == 9007199254740992.0);
    nu__buf_char(&buf, '1');
    CHECK(nu__float_parse(buf.data, buf.len) == 9007199254740994.0);
}

static void the_locale_of_the_program_does_not_matter(void)
{
    double number = 0;

    setlocale(LC_ALL, "de_DE.UTF-8"); /* where the machine has it */
    CHECK(nu__float_try_parse(S("1234567890.12345678901e-3"), &number));
    CHECK(number == 1234567.89012345678901);
    setlocale(LC_ALL, "C");
}

HARNESS(every_double_is_its_shortest_text_and_back, text_is_what_python_takes_for_a_float,
        digits_without_end_are_rounded_once, the_locale_of_the_program_does_not_matter)
