/* What escapes leaves nothing that opens a tag or ends an attribute; what strips, cuts or links
   gives valid text, and links put no other tag into it. */
#include "target.h"
#include "utils/html.h"
#include "utils/text.h"

static bool holds_any(nu_str text, const char *bytes)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] && strchr(bytes, text.ptr[i]))
            return true;
    return false;
}

static void check_escapes(nu_str text)
{
    nu_str escaped = nu__escape(text), script = nu__escapejs(text);

    FUZZ_UTF8(escaped);
    FUZZ_CHECK(!holds_any(escaped, "<>\"'"));
    FUZZ_UTF8(script);
    FUZZ_CHECK(!holds_any(script, "<>&\"'`=;\n\r"));
    FUZZ_UTF8(nu__html_unescape(text));
    FUZZ_CHECK(nu_starts_with(nu__json_script(nu_v_str(text), nu_v_str(text)), S("<script ")));
    if (!memchr(text.ptr, '&', text.len))
        FUZZ_SAME(nu__html_unescape(fuzz_exact(escaped)), text);
}

/* Each tag is one of those that `allowed` lists, written in full or up to its first attribute. */
static void check_tags(nu_str html, const char *const *allowed)
{
    for (size_t i = 0; i < html.len; i++) {
        nu_str rest = nu__sub(html, i, html.len);
        bool known = false;

        if (html.ptr[i] != '<')
            continue;
        for (const char *const *tag = allowed; *tag; tag++)
            known |= nu_starts_with(rest, nu_s(*tag));
        FUZZ_CHECK(known);
    }
}

static void check_links(nu_str text)
{
    static const char *const tags[] = { "<a href=\"", "</a>", NULL };
    nu_str linked = nu__urlize_text(text, &(nu__urlize){ .autoescape = true, .nofollow = true });

    FUZZ_UTF8(linked);
    check_tags(linked, tags);
    linked =
        nu__urlize_text(text, &(nu__urlize){ .autoescape = true, .trim = true, .trim_limit = 5 });
    FUZZ_UTF8(linked);
    check_tags(linked, tags);
    FUZZ_UTF8(nu__urlize_text(text, &(nu__urlize){ .safe_input = true, .trim = true }));
    FUZZ_UTF8(nu__smart_urlquote(text));
}

static void check_lines(nu_str text)
{
    static const char *const tags[] = { "<p>", "</p>", "<br>", NULL };

    FUZZ_UTF8(nu__linebreaks(text, true));
    check_tags(nu__linebreaks(text, true), tags);
    check_tags(nu__linebreaksbr(text, true), tags);
}

static void check_stripped(nu_str text)
{
    nu_str *stripped = nu_alloc(nu_str);

    if (!nu_catch(NU_SUSPICIOUS_OPERATION, *stripped = nu__strip_tags(text)))
        FUZZ_UTF8(*stripped);
    FUZZ_UTF8(nu__strip_spaces_between_tags(text));
}

static void check_cut(nu_str text)
{
    static const int64_t lengths[] = { 0, 1, 2, 7, 40, INT64_MAX };

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        FUZZ_UTF8(nu__truncate_html_chars(text, lengths[i], (nu_str){ 0 }));
        FUZZ_UTF8(nu__truncate_html_words(text, lengths[i], S(" [more]")));
    }
}

FUZZ_TARGET(html)
{
    nu_str text = fuzz_as_utf8(input);

    check_escapes(text);
    check_links(text);
    check_lines(text);
    check_stripped(text);
    check_cut(text);
}
