#include "i18n/plural.h"

#include "harness.h"

#include <string.h>

static nu__plural_rule rule;

static bool parses(const char *header)
{
    return nu__plural_rule_parse(&rule, nu_s(header));
}

static void rules_of_real_languages_choose_as_python_does(void)
{
    CHECK(parses("nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%100>14) ? "
                 "1 : n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || (n%100>=12 && "
                 "n%100<=14) ? 2 : 3);"));
    CHECK_INT(nu__plural_form(&rule, 1), 0);
    CHECK_INT(nu__plural_form(&rule, 3), 1);
    CHECK_INT(nu__plural_form(&rule, 13), 2);
    CHECK_INT(nu__plural_form(&rule, 22), 1);
    CHECK(parses("nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
                 "n%100>=11 && n%100<=99 ? 4 : 5;"));
    CHECK_INT(nu__plural_form(&rule, 103), 3);
    CHECK_INT(nu__plural_form(&rule, 111), 4);
    CHECK_INT(nu__plural_form(&rule, 100), 5);
    CHECK(parses("nplurals=1; plural=0;"));
    CHECK_INT(nu__plural_form(&rule, 7), 0);
}

/* As Python's % gives it: -1 % 10 is 9. */
static void numbers_below_zero_have_a_form_too(void)
{
    CHECK(parses("nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2)"));
    CHECK_INT(nu__plural_form(&rule, -1), 1);
    CHECK_INT(nu__plural_form(&rule, -9), 0);
    CHECK_INT(nu__plural_form(&rule, INT64_MIN), 1);
}

static void operators_bind_as_in_c(void)
{
    CHECK(parses("nplurals=9; plural=n+1*2-6/3"));
    CHECK_INT(nu__plural_form(&rule, 5), 5);
    CHECK(parses("nplurals=2; plural=!n || n==2 && n<1"));
    CHECK_INT(nu__plural_form(&rule, 0), 1);
    CHECK_INT(nu__plural_form(&rule, 2), 0);
}

static void a_form_out_of_range_or_by_zero_is_the_first(void)
{
    CHECK(parses("nplurals=2; plural=n*5"));
    CHECK_INT(nu__plural_form(&rule, 3), 0);
    CHECK(parses("nplurals=2; plural=n/0"));
    CHECK_INT(nu__plural_form(&rule, 3), 0);
}

static void malformed_and_oversized_rules_are_refused(void)
{
    char deep[256] = "nplurals=2; plural=";

    for (size_t i = strlen(deep); i < 200; i++)
        deep[i] = '(';
    CHECK(!parses(deep));
    CHECK(!parses("nplurals=2; plural=n n"));
    CHECK(!parses("nplurals=2; plural=n ? 1"));
    CHECK(!parses("nplurals=0; plural=0"));
    CHECK(!parses("nplurals=99; plural=0"));
    CHECK(!parses("nplurals=2; plural=99999999999"));
    CHECK(!parses("plural=0"));
    CHECK(!parses(""));
    CHECK(!parses(
        "nplurals=2; plural="
        "n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n"
        "+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n+n"));
}

HARNESS(rules_of_real_languages_choose_as_python_does, numbers_below_zero_have_a_form_too,
        operators_bind_as_in_c, a_form_out_of_range_or_by_zero_is_the_first,
        malformed_and_oversized_rules_are_refused)
