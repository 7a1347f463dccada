#include "harness.h"

#include "utils/regex.h"

#include <string.h>

static char error[96];

static nu__re *compiled(nu_str pattern, unsigned flags)
{
    nu__re *regex = nu__re_compile(pattern, flags, error);

    CHECK(regex != NULL);
    return regex;
}

static bool matches(nu_str pattern, unsigned flags, nu_str text)
{
    nu__re *regex = compiled(pattern, flags);
    bool found = regex && nu__re_test(regex, text);

    nu__re_free(regex);
    return found;
}

static void it_searches_anywhere_unless_told_to_match(void)
{
    CHECK(matches(S("b+"), 0, S("abbc")));
    CHECK(!matches(S("b+"), NU__RE_MATCH, S("abbc")));
    CHECK(matches(S("a"), NU__RE_MATCH, S("abbc")));
    CHECK(!matches(S("ab"), NU__RE_FULLMATCH, S("abbc")));
    CHECK(matches(S("ab+c"), NU__RE_FULLMATCH, S("abbc")));
    CHECK(matches(S(""), 0, S("")));
}

static void words_and_digits_are_those_of_unicode(void)
{
    CHECK(matches(S("^\\w+$"), 0, S("привет")));
    CHECK(matches(S("^\\d$"), 0, S("٣")));
    CHECK(!matches(S("^[0-9]$"), 0, S("٣")));
    CHECK(matches(S("^é$"), NU__RE_IGNORECASE, S("É")));
}

static void the_very_end_is_not_before_a_line_break(void)
{
    CHECK(matches(S("a$"), 0, S("a\n")));
    CHECK(!matches(S("a\\Z"), 0, S("a\n")));
    CHECK(matches(S("a\\Z"), 0, S("a")));
    CHECK(!matches(S("^.+$"), NU__RE_FULLMATCH, S("a\nb")));
    CHECK(matches(S("^.+$"), NU__RE_FULLMATCH | NU__RE_DOTALL, S("a\nb")));
    CHECK(matches(S("^.$"), 0, S("\r")));
}

static void a_quantifier_without_a_minimum_starts_at_zero(void)
{
    CHECK(matches(S("^a{,2}b\\Z"), 0, S("b")));
    CHECK(matches(S("^a{,2}b\\Z"), 0, S("aab")));
    CHECK(!matches(S("^a{,2}b\\Z"), 0, S("aaab")));
    CHECK(matches(S("^[{,2}]+\\Z"), 0, S("{,}")));
    CHECK(matches(S("^\\{,x\\}\\Z"), 0, S("{,x}")));
}

static void groups_have_numbers_and_names(void)
{
    nu__re *regex = compiled(S("(?P<year>[0-9]{4})-(x)?(?P<имя>\\w+)"), 0);
    nu__re_group groups[4];

    CHECK_INT(nu__re_groups(regex), 3);
    CHECK_STR(nu__re_group_name(regex, 1), "year");
    CHECK(nu__re_group_name(regex, 2).ptr == NULL);
    CHECK_STR(nu__re_group_name(regex, 3), "имя");
    CHECK(nu__re_match(regex, S("in 2024-мир!"), groups, 4));
    CHECK_STR(groups[0], "2024-мир");
    CHECK_STR(groups[1], "2024");
    CHECK(groups[2].ptr == NULL);
    CHECK_STR(groups[3], "мир");
    nu__re_free(regex);
}

static void a_wrong_pattern_says_why_and_where(void)
{
    CHECK(nu__re_compile(S("a(b"), 0, error) == NULL);
    CHECK(strstr(error, "missing closing parenthesis") && strstr(error, "position 3"));
}

static void text_that_is_no_utf8_never_matches(void)
{
    CHECK(!matches(S(".*"), 0, S("\xff\xfe")));
}

static void an_explosive_pattern_ends_without_a_match(void)
{

    CHECK(
        !matches(S("^(a+)+$"), 0, ((nu_str){ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 43 })));
}

HARNESS(it_searches_anywhere_unless_told_to_match, words_and_digits_are_those_of_unicode,
        the_very_end_is_not_before_a_line_break, a_quantifier_without_a_minimum_starts_at_zero,
        groups_have_numbers_and_names, a_wrong_pattern_says_why_and_where,
        text_that_is_no_utf8_never_matches, an_explosive_pattern_ends_without_a_match)
