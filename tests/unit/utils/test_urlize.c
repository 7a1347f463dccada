#include "harness.h"
#include "utils/html.h"

static nu_str links(nu_str text)
{
    return nu__urlize_text(text, &(nu__urlize){ .autoescape = true, .nofollow = true });
}

static void addresses_become_links(void)
{
    CHECK_STR(links(S("see http://a.com/x?y=1&z=2.")),
              "see <a href=\"http://a.com/x?y=1&amp;z=2\" rel=\"nofollow\">"
              "http://a.com/x?y=1&amp;z=2</a>.");
    CHECK_STR(links(S("www.b.org")), "<a href=\"http://www.b.org\" rel=\"nofollow\">www.b.org</a>");
    CHECK_STR(links(S("cc.net/p, d.xyz")),
              "<a href=\"http://cc.net/p\" rel=\"nofollow\">cc.net/p</a>, d.xyz");
    CHECK_STR(links(S("me@example.com")), "<a href=\"mailto:me@example.com\">me@example.com</a>");
}

static void punctuation_around_them_stays_outside(void)
{
    CHECK_STR(links(S("(www.b.org/a_(b))")),
              "(<a href=\"http://www.b.org/a_(b)\" rel=\"nofollow\">www.b.org/a_(b)</a>)");
    CHECK_STR(links(S("[www.b.org]!")),
              "[<a href=\"http://www.b.org\" rel=\"nofollow\">www.b.org</a>]!");
}

/* Django counts characters there: cutting bytes would leave half of one. */
static void brackets_are_trimmed_by_characters(void)
{
    CHECK_STR(links(S("www.b.org)\u00e9)")),
              "<a href=\"http://www.b.org)\" rel=\"nofollow\">www.b.org)</a>\u00e9)");
}

static void markup_around_them_is_escaped(void)
{
    CHECK_STR(links(S("<script>www.b.org")),
              "&lt;script&gt;<a href=\"http://www.b.org\" rel=\"nofollow\">www.b.org</a>");
}

static void the_text_of_long_links_is_cut(void)
{
    CHECK_STR(nu__urlize_text(S("http://example.com/long"),
                              &(nu__urlize){ .trim = true, .trim_limit = 10 }),
              "<a href=\"http://example.com/long\">http://ex\u2026</a>");
}

/* CVE-2024-38875, CVE-2024-45230: brackets and semicolons by the thousand. */
static void long_runs_of_punctuation_take_no_time(void)
{
    nu__buf buf = { 0 };

    nu__buf_lit(&buf, "www.b.org");
    nu__buf_fill(&buf, ')', 100000);
    nu__buf_fill(&buf, ';', 100000);
    nu__buf_fill(&buf, '(', 100000);
    CHECK(links(nu__buf_str(&buf)).len > 300000);
}

static void urls_are_quoted_once(void)
{
    CHECK_STR(nu__smart_urlquote(S("http://\u00f6.com/a b?x=\u00e9&y=%26#f")),
              "http://%C3%B6.com/a%20b?x=%C3%A9&y=%26#f");
    CHECK_STR(nu__smart_urlquote(S("http://a.com/%C3%A9%20")), "http://a.com/%C3%A9%20");
}

HARNESS(addresses_become_links, punctuation_around_them_stays_outside,
        brackets_are_trimmed_by_characters, markup_around_them_is_escaped,
        the_text_of_long_links_is_cut, long_runs_of_punctuation_take_no_time, urls_are_quoted_once)
