#include "harness.h"

#include "core/text.h"

static void case_follows_unicode_with_its_special_cases(void)
{
    CHECK_STR(nu_upper(S("straße ŉ ﬁ")), "STRASSE ʼN FI");
    CHECK_STR(nu_lower(S("İSTANBUL É")), "i̇stanbul é");
    CHECK_STR(nu_lower(S("ΟΔΥΣΣΕΥΣ ΣΑΣ.")), "οδυσσευς σας.");
    CHECK_STR(nu_lower(S("Σ")), "σ");
    CHECK_STR(nu__title(S("ßa they're ǆ ΟΔΟΣ x1y")), "Ssa They'Re ǅ Οδος X1Y");
    CHECK_STR(nu__casefold(S("Straße ΣΑΣ")), "strasse σασ");
    CHECK_STR(nu__capfirst(S("éa B")), "Éa B");
    CHECK_STR(nu_upper(S("plain ASCII, 1")), "PLAIN ASCII, 1");
    CHECK_STR(nu_lower(S("Plain ASCII @[`{")), "plain ascii @[`{");
}

static void null_text_stays_null_through_case(void)
{
    CHECK(!nu_upper((nu_str){ 0 }).ptr && !nu_lower((nu_str){ 0 }).ptr);
    CHECK(!nu_copy((nu_str){ 0 }).ptr && nu_copy(S("")).ptr);
}

static void trimming_takes_the_spaces_that_python_takes(void)
{
    CHECK_STR(nu_trim(S(" \t\n\r\f\v\x1c\x1f\xC2\x85\u00a0\u2003\u3000 a b\u2028 ")), "a b");
    CHECK_STR(nu_trim(S("\u200ba\u200b")), "\u200ba\u200b"); /* zero-width space is none */
    CHECK_STR(nu_trim(S("  ")), "");
    CHECK_STR(nu_trim(S("")), "");
    CHECK_STR(nu_trim((nu_str){ 0 }), "");
    CHECK_STR(nu__strip_chars(S("--a-b_-"), "-_"), "a-b");
}

static void slugs_are_djangos(void)
{
    CHECK_STR(nu_slugify(S("Hello, World!")), "hello-world");
    CHECK_STR(nu_slugify(S(" -- Ça & là_ --")), "ca-la");
    CHECK_STR(nu_slugify(S("un éléphant à l'orée du bois")), "un-elephant-a-loree-du-bois");
    CHECK_STR(nu_slugify(S("ﬁ ½ 日本")), "fi-12");
    CHECK_STR(nu_slugify(S("日本")), "");
}

static void truncating_words_is_djangos(void)
{
    CHECK_STR(nu_truncate_words(S("one  two\nthree four"), 2), "one two…");
    CHECK_STR(nu_truncate_words(S("one  two"), 2), "one two");
    CHECK_STR(nu_truncate_words(S("one"), 0), "");
    CHECK_STR(nu_truncate_words(S("one two"), -1), "");
}

static void repr_is_pythons(void)
{
    CHECK_STR(nu__repr_str(S("a")), "'a'");
    CHECK_STR(nu__repr_str(S("it's")), "\"it's\"");
    CHECK_STR(nu__repr_str(S("it's \"it\"")), "'it\\'s \"it\"'");
    CHECK_STR(nu__repr_str(S("\\\n\r\t\x1b\x7f")), "'\\\\\\n\\r\\t\\x1b\\x7f'");
    CHECK_STR(nu__repr_str(S("é\u00a0\u00ad\u2028\U000E0001€😀")),
              "'é\\xa0\\xad\\u2028\\U000e0001€😀'");
}

static void valid_utf8_is_told_from_invalid(void)
{
    static const struct {
        nu_str text;
        size_t valid;
    } cases[] = {
        { { "", 0 }, 0 },
        { { "ascii", 5 }, 5 },
        { { "é€😀", 9 }, 9 },
        { { "a\x80", 2 }, 1 },
        { { "\xC0\x80", 2 }, 0 },                  /* overlong */
        { { "\xE0\x9F\xBF", 3 }, 0 },              /* overlong */
        { { "\xED\xA0\x80", 3 }, 0 },              /* surrogate */
        { { "\xED\x9F\xBF", 3 }, 3 },              /* before the surrogates */
        { { "\xF0\x8F\xBF\xBF", 4 }, 0 },          /* overlong */
        { { "\xF4\x8F\xBF\xBF", 4 }, 4 },          /* the last one */
        { { "\xF4\x90\x80\x80", 4 }, 0 },          /* past it */
        { { "\xF5\x80\x80\x80", 4 }, 0 },          /* never a lead */
        { { "ab\xE2\x82", 4 }, 2 },                /* cut off */
        { { "0123456789abcdef0\xFF", 18 }, 17 },   /* past a vector's width */
        { { "0123456789abcde\xC3\xA9", 17 }, 17 }, /* over its edge */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK_INT(nu__utf8_valid_prefix(cases[i].text), cases[i].valid);
        CHECK(nu__utf8_valid(cases[i].text) == (cases[i].valid == cases[i].text.len));
    }
}

static void iteration_gives_every_wrong_byte_a_character(void)
{
    nu_str text = S("a\xE2\x82z\xFF€");
    uint32_t want[] = { 'a', 0xFFFD, 0xFFFD, 'z', 0xFFFD, 0x20AC };
    const char *at = text.ptr;

    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
        CHECK_INT(nu__utf8_next(&at, nu__str_end(text)), want[i]);
    CHECK(at == nu__str_end(text));
    CHECK_INT(nu__utf8_count(text), 6);
}

static void every_character_survives_encoding(void)
{
    for (uint32_t c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 37) {
        char bytes[NU__UTF8_MAX];
        const char *at = bytes;
        int len = nu__utf8_encode(c, bytes);

        if (c >= 0xD800 && c < 0xE000)
            continue;
        if (nu__utf8_next(&at, bytes + len) != c || at != bytes + len)
            CHECK_INT(c, -1);
    }
}

static void slices_count_characters(void)
{
    CHECK_STR(nu__utf8_slice(S("aé€😀b"), 1, 4), "é€😀");
    CHECK_STR(nu__utf8_slice(S("aé"), 1, 100), "é");
    CHECK_STR(nu__utf8_slice(S("aé"), 5, 9), "");
    CHECK_STR(nu__utf8_cut(S("aé€"), 2), "a");
    CHECK_STR(nu__utf8_cut(S("aé€"), 3), "aé");
    CHECK_STR(nu__utf8_cut(S("aé€"), 100), "aé€");
}

static void texts_split_and_join_as_in_python(void)
{
    CHECK_STR(nu_string(V(nu__split_space(S("  a b\u3000c\n")))), "['a', 'b', 'c']");
    CHECK_STR(nu_string(V(nu__split(S(",a,,b"), S(",")))), "['', 'a', '', 'b']");
    CHECK_STR(nu_string(V(nu__split(S(""), S(",")))), "['']");
    CHECK_STR(nu__join(S(", "), NU_LIST("a", 1, 2.5)), "a, 1, 2.5");
    CHECK_STR(nu__replace(S("aXXbXX"), S("XX"), S("-")), "a-b-");
    CHECK_INT(nu__find(S("hello"), S("lo")), 3);
    CHECK_INT(nu__find(S("hello"), S("x")), -1);
    CHECK_INT(nu__find(S("hello"), S("")), 0);
}

static void order_is_by_code_points(void)
{
    CHECK(nu__str_compare(S("a"), S("b")) < 0);
    CHECK(nu__str_compare(S("a"), S("aa")) < 0);
    CHECK(nu__str_compare(S("\uFFFF"), S("\U00010000")) < 0);
    CHECK(nu__str_compare(S("Z"), S("a")) < 0);
    CHECK_INT(nu__str_compare(S(""), (nu_str){ 0 }), 0);
}

static void prefixes_and_suffixes(void)
{
    CHECK(nu_starts_with(S("/static/x"), S("/static/")) && nu_starts_with(S("x"), S("")));
    CHECK(!nu_starts_with(S("/st"), S("/static/")));
    CHECK(nu_ends_with(S("a.html"), S(".html")) && !nu_ends_with(S("html"), S(".html")));
    CHECK(nu_eq("a", S("a")) && !nu_eq(S("a"), "b") && nu_eq((nu_str){ 0 }, ""));
    CHECK(nu__eq_ignore_ascii_case(S("Content-Type"), S("content-type")));
}

static void normalization_composes(void)
{
    CHECK_STR(nu__normalize_c(S("e\u0301")), "é");
    CHECK_STR(nu__normalize_kc(S("ﬁ①")), "fi1");
    CHECK_STR(nu__normalize_c(S("e\u0301\xFF")), "é\uFFFD");
}

/* Under e, dots stand below before accents stand above. */
static void any_number_of_marks_is_put_in_order(void)
{
    nu__buf marked = { 0 }, ordered = { 0 };

    nu__buf_lit(&marked, "e");
    nu__buf_lit(&ordered, "\u1eb9");
    for (int i = 0; i < 5000; i++)
        nu__buf_lit(&marked, "\u0301\u0323");
    for (int i = 1; i < 5000; i++)
        nu__buf_lit(&ordered, "\u0323");
    for (int i = 0; i < 5000; i++)
        nu__buf_lit(&ordered, "\u0301");
    CHECK_STR(nu__normalize_c(nu__buf_str(&marked)), nu__buf_str(&ordered));
}

HARNESS(any_number_of_marks_is_put_in_order, case_follows_unicode_with_its_special_cases,
        null_text_stays_null_through_case, trimming_takes_the_spaces_that_python_takes,
        slugs_are_djangos, truncating_words_is_djangos, repr_is_pythons,
        valid_utf8_is_told_from_invalid, iteration_gives_every_wrong_byte_a_character,
        every_character_survives_encoding, slices_count_characters,
        texts_split_and_join_as_in_python, order_is_by_code_points, prefixes_and_suffixes,
        normalization_composes)
