/* URLs come apart and together as the same; quoting is undone by unquoting; what may be redirected
   to leads to no other host. */
#include "http/url_join.h"
#include "target.h"
#include "utils/http.h"
#include "utils/url.h"

static void check_split(nu_str text)
{
    nu__url url, again;
    nu_str whole;

    if (!nu__urlsplit(text, &url) || (!url.netloc.len && nu_starts_with(url.path, S("//"))))
        return; /* Python 3.11 does not write what keeps such a path from being read as a host */
    whole = nu__urlunsplit(&url);
    FUZZ_UTF8(whole);
    if (!nu__urlsplit(fuzz_exact(whole), &again))
        return;
    FUZZ_SAME(nu__urlunsplit(&again), whole);
}

static void check_quotes(nu_str text)
{
    nu_str quoted = nu__urlquote(text, "/");
    nu__buf plus = { 0 }, pair = { 0 };

    FUZZ_CHECK(nu__is_ascii(quoted));
    FUZZ_SAME(nu__unquote(fuzz_exact(quoted)), text);
    nu__urlquote_plus_to(&plus, text, "");
    FUZZ_SAME(nu__unquote_plus(fuzz_exact(nu__buf_str(&plus))), text);
    nu__urlencode_pair(&pair, text, text);
    FUZZ_CHECK(nu__is_ascii(nu__buf_str(&pair)));
    FUZZ_UTF8(nu__unquote(text));
    FUZZ_UTF8(nu__unquote_plus(text));
}

static void check_iris(nu_str text)
{
    nu_str uri = nu__iri_to_uri(text);

    FUZZ_CHECK(nu__is_ascii(uri));
    FUZZ_SAME(nu__iri_to_uri(uri), uri);
    FUZZ_UTF8(nu__uri_to_iri(text));
    FUZZ_CHECK(nu__is_ascii(nu__escape_uri_path(text)));
    FUZZ_CHECK(nu__is_ascii(nu__filepath_to_uri(text)));
}

/* As a browser reads it: controls and spaces at the ends are dropped, tabs and line ends anywhere,
   and a backslash is a slash. */
static nu_str as_browser(nu_str text)
{
    char *out = nu__alloc_raw(text.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        if (!strchr("\t\r\n", text.ptr[i]) || !text.ptr[i])
            out[n++] = text.ptr[i] == '\\' ? '/' : text.ptr[i];
    while (n && (uint8_t)out[n - 1] <= 0x20)
        n--;
    while (n && (uint8_t)*out <= 0x20) {
        out++;
        n--;
    }
    return (nu_str){ out, n };
}

static void check_redirect(nu_str text)
{
    static const nu_str hosts[] = { { "good.example", 12 } };
    nu_str browser = as_browser(text), lower = nu_lower(browser);

    if (nu__url_has_allowed_host_and_scheme(text, hosts, 1, false)) {
        FUZZ_CHECK(!nu_starts_with(lower, S("javascript:")) && !nu_starts_with(lower, S("data:")));
        if (nu_starts_with(lower, S("//")) || nu_starts_with(lower, S("http:")) ||
            nu_starts_with(lower, S("https:")))
            FUZZ_CHECK(nu__find(lower, S("good.example")) >= 0);
    }
    FUZZ_CHECK(!nu_starts_with(nu__escape_leading_slashes(text), S("//")));
    FUZZ_UTF8(nu__escape_leading_slashes(text));
}

static void check_join(nu_str text)
{
    nu_str joined = nu__url_join(S("https://example.com"), S("/a/b"), text);

    FUZZ_UTF8(joined);
    if (!nu__url_is_absolute(text) && text.len && text.ptr[0] != '/' && text.ptr[0] != '\\' &&
        !nu__url_split(text).scheme.len)
        FUZZ_CHECK(nu_starts_with(joined, S("https://example.com")));
}

FUZZ_TARGET(url)
{
    nu_str text = fuzz_as_utf8(input);

    check_split(text);
    check_quotes(text);
    check_iris(text);
    check_redirect(text);
    check_join(text);
}
