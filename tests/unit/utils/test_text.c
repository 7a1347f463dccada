#include "utils/text.h"

#include "core/text.h"
#include "harness.h"

static void newlines_become_one_kind(void)
{
    CHECK_STR(nu__normalize_newlines(S("a\r\nb\rc\n\r")), "a\nb\nc\n\n");
}

static void names_of_classes_become_words(void)
{
    CHECK_STR(nu__camel_case_to_spaces(S("StudentReport")), "student report");
    CHECK_STR(nu__camel_case_to_spaces(S("HTMLParser")), "html parser");
    CHECK_STR(nu__camel_case_to_spaces(S("aBC")), "a bc");
}

static void file_names_lose_what_could_lead_elsewhere(void)
{
    CHECK_STR(nu__get_valid_filename(S(" john's portrait in 2004.jpg ")),
              "johns_portrait_in_2004.jpg");
    CHECK_STR(nu__get_valid_filename(S("../../etc/passwd")), "....etcpasswd");
    CHECK_RAISES(NU_SUSPICIOUS_FILE_OPERATION, "Could not derive file name from '/..'",
                 nu__get_valid_filename(S("/..")));
}

static void phones_lists_and_slugs(void)
{
    CHECK_STR(nu__phone2numeric(S("1-800-COLLECT")), "1-800-2655328");
    CHECK_STR(nu__get_text_list(NU_LIST("a", "b", "c"), S("or")), "a, b or c");
    CHECK_STR(nu__get_text_list(NU_LIST("a"), S("or")), "a");
    CHECK_STR(nu__slugify_unicode(S(" Spam -- \u00c9gg \u4f60\u597d! ")),
              "spam-\u00e9gg-\u4f60\u597d");
}

static void lines_are_wrapped_at_words(void)
{
    CHECK_STR(nu__wrap(S("1234 67 9"), 8), "1234 67\n9");
    CHECK_STR(nu__wrap(S("short\na longerword"), 5), "short\na\nlongerword");
    CHECK_STR(nu__wrap(S("keep  two\n   \nend\n"), 40), "keep  two\n   \nend\n");
    CHECK_STR(nu__wrap(S("\u00e9\u00e9 \u00e9\u00e9"), 5), "\u00e9\u00e9 \u00e9\u00e9");
    CHECK_RAISES(NU_VALUE_ERROR, "invalid width 0", nu__wrap(S("a"), 0));
}

static nu_str split(nu_str text)
{
    return nu__join(S("|"), nu__smart_split(text));
}

static void quotes_hold_words_together(void)
{
    CHECK_STR(split(S("This is \"a person\\'s\" test.")), "This|is|\"a person\\'s\"|test.");
    CHECK_STR(split(S("a='b c'd 'e")), "a='b c'd|'e");
    CHECK_STR(split(S("  \"unclosed quote")), "\"unclosed|quote");
}

static void literals_lose_their_quotes(void)
{
    nu_str text;

    CHECK(nu__unescape_string_literal(S("\"a \\\"b\\\" \\\\\""), &text));
    CHECK_STR(text, "a \"b\" \\");
    CHECK(!nu__unescape_string_literal(S("abc"), &text));
    CHECK(!nu__unescape_string_literal(S("'a\""), &text));
    CHECK(!nu__unescape_string_literal(S(""), &text));
}

static const nu_str ellipsis = { NULL, 0 };

static void text_is_cut_by_characters_and_words(void)
{
    CHECK_STR(nu__truncate_chars(S("The quick brown"), 9, ellipsis), "The quic\u2026");
    CHECK_STR(nu__truncate_chars(S("The quick"), 9, ellipsis), "The quick");
    CHECK_STR(nu__truncate_chars(S("The quick"), 4, S("...")), "T...");
    CHECK_STR(nu__truncate_chars(S("100%% sure"), 6, ellipsis), "100%%…");
    CHECK_STR(nu__truncate_words(S("a b c"), 2, S("[%(truncated_text)s] 50%%")), "[a b] 50%");
    CHECK_STR(nu__truncate_chars(S("e\u0301e\u0301e\u0301e\u0301"), 3, ellipsis),
              "\u00e9\u00e9\u2026");
    CHECK_STR(nu__truncate_words(S(" The  quick\nbrown fox"), 2, ellipsis), "The quick\u2026");
    CHECK_STR(nu__truncate_words(S("a b"), 0, ellipsis), "");
}

static void cut_html_is_closed(void)
{
    CHECK_STR(
        nu__truncate_html_words(S("<p>The <strong>quick brown</strong> fox</p>"), 2, ellipsis),
        "<p>The <strong>quick\u2026</strong></p>");
    CHECK_STR(nu__truncate_html_chars(S("<p>a&eacute;b<br>cd</p>"), 3, ellipsis),
              "<p>a\u00e9\u2026</p>");
    CHECK_STR(nu__truncate_html_chars(S("<p>abc</p>"), 4, ellipsis), "<p>abc</p>");
}

/* CVE-2023-43665, CVE-2024-27351: HTML that once took quadratic time. */
static void long_html_takes_no_time(void)
{
    nu__buf buf = { 0 };

    for (int i = 0; i < 100000; i++)
        nu__buf_lit(&buf, "<p>a</x>&lt;");
    CHECK(nu__truncate_html_words(nu__buf_str(&buf), 90000, ellipsis).len > 0);
    buf = (nu__buf){ 0 };
    for (int i = 0; i < 100000; i++)
        nu__buf_lit(&buf, "</p");
    CHECK_STR(nu__truncate_html_chars(nu__buf_str(&buf), 5, ellipsis), "");
}

HARNESS(newlines_become_one_kind, names_of_classes_become_words,
        file_names_lose_what_could_lead_elsewhere, phones_lists_and_slugs,
        lines_are_wrapped_at_words, quotes_hold_words_together, literals_lose_their_quotes,
        text_is_cut_by_characters_and_words, cut_html_is_closed, long_html_takes_no_time)
