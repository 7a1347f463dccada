#include "harness.h"
#include "utils/html.h"

#include <nuages/strings.h>
#include <string.h>

static void the_five_characters_are_escaped(void)
{
    CHECK_STR(nu__escape(S("<a href=\"x\">'&'</a>")),
              "&lt;a href=&quot;x&quot;&gt;&#x27;&amp;&#x27;&lt;/a&gt;");
    CHECK_STR(nu__escape(S("&amp;")), "&amp;amp;");
    CHECK_STR(nu__escape(S("")), "");
    CHECK_STR(nu__escape((nu_str){ NULL, 0 }), "");
}

/* Sixteen bytes are looked at together: what is escaped may stand at any place of them. */
static void every_place_of_a_block_is_escaped(void)
{
    char text[48];

    for (size_t at = 0; at < sizeof text; at++) {
        nu_scratch_scope();
        nu_str escaped;

        memset(text, 'x', sizeof text);
        text[at] = '<';
        escaped = nu__escape((nu_str){ text, sizeof text });
        CHECK_INT(escaped.len, sizeof text + 3);
        CHECK(memcmp(escaped.ptr + at, "&lt;", 4) == 0);
    }
}

static nu_str conditional(nu_value value)
{
    nu__buf buf = { 0 };

    nu__conditional_escape_to(&buf, value);
    return nu__buf_str(&buf);
}

static void safe_text_is_left_as_it_is(void)
{
    nu_value safe = { .kind = NU_KIND_SAFE, .s = S("<b>") };

    CHECK_STR(conditional(safe), "<b>");
    CHECK_STR(conditional(V("<b>")), "&lt;b&gt;");
    CHECK_STR(conditional(V(1.5)), "1.5");
    CHECK_STR(nu__format_html("<p>{} {}</p>", safe, "<i>"), "<p><b> &lt;i&gt;</p>");
}

static void rows_are_joined(void)
{
    nu_list *rows = NU_LIST(NU_LIST("a&b", 1), NU_LIST("c", 2));

    CHECK_STR(nu__format_html_join(V("\n"), "<li>{}: {}</li>", rows),
              "<li>a&amp;b: 1</li>\n<li>c: 2</li>");
}

static void json_in_a_page_cannot_close_its_script(void)
{
    CHECK_STR(nu__json_script(V(NU_DICT(("a", "</script>&"))), V("d")),
              "<script id=\"d\" type=\"application/json\">"
              "{\"a\": \"\\u003C/script\\u003E\\u0026\"}</script>");
    CHECK_STR(nu__escapejs(S("';alert(\"x\")\n")), "\\u0027\\u003Balert(\\u0022x\\u0022)\\u000A");
}

static void lines_become_paragraphs(void)
{
    CHECK_STR(nu__linebreaks(S("a\r\nb\n\n\nc<d"), true), "<p>a<br>b</p>\n\n<p>c&lt;d</p>");
    CHECK_STR(nu__linebreaksbr(S("a\nb"), true), "a<br>b");
}

static void references_become_characters(void)
{
    CHECK_STR(nu__html_unescape(S("&lt;&gt;&amp;&quot;&#39;&#x27;")), "<>&\"''");
    CHECK_STR(nu__html_unescape(S("&eacute &notit; &notin; &CounterClockwiseContourIntegral;")),
              "\u00e9 \u00acit; \u2209 \u2233");
    CHECK_STR(nu__html_unescape(S("&#128;&#0;&#x110000;&#xD800;&#1;")), "\u20ac\ufffd\ufffd\ufffd");
    CHECK_STR(nu__html_unescape(S("& &; &# &#; &#x; &unknown; a&b")),
              "& &; &# &#; &#x; &unknown; a&b");
}

static void tags_are_stripped(void)
{
    CHECK_STR(nu__strip_tags(S("<p>Joel <b>is</b> a <button>slug</button> &amp; more</p>")),
              "Joel is a slug &amp; more");
    CHECK_STR(nu__strip_tags(S("<!-- c -->a<?pi?>b<![CDATA[c]]>d<!DOCTYPE html>e")), "abde");
    CHECK_STR(nu__strip_tags(S("a<script>if (a<b) {}</script>b")), "aif (a<b) {}b");
    CHECK_STR(nu__strip_tags(S("<b>&lt.com")), "&lt;.com");
    CHECK_STR(nu__strip_tags(S("1 < 2 and 3 > 2")), "1 < 2 and 3 > 2");
    CHECK_STR(nu__strip_spaces_between_tags(S("<p> \n <b>a b</b> </p>")), "<p><b>a b</b></p>");
}

/* CVE-2024-27351, CVE-2024-45230 and their like: input that takes quadratic time is refused. */
static void tags_that_never_close_are_refused(void)
{
    nu__buf buf = { 0 };

    for (int i = 0; i < 2000; i++)
        nu__buf_lit(&buf, "<a");
    nu__buf_lit(&buf, ">");
    CHECK_RAISES(NU_SUSPICIOUS_OPERATION, "strip_tags", nu__strip_tags(nu__buf_str(&buf)));
}

static void void_elements_are_known(void)
{
    CHECK(nu__is_void_element(S("br")));
    CHECK(!nu__is_void_element(S("b")));
}

HARNESS(the_five_characters_are_escaped, every_place_of_a_block_is_escaped,
        safe_text_is_left_as_it_is, rows_are_joined, json_in_a_page_cannot_close_its_script,
        lines_become_paragraphs, references_become_characters, tags_are_stripped,
        tags_that_never_close_are_refused, void_elements_are_known)
