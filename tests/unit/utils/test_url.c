#include "utils/url.h"

#include "harness.h"

static void reserved_characters_are_quoted(void)
{
    CHECK_STR(nu__urlquote(S("a b/\u00e9~+"), "/"), "a%20b/%C3%A9~%2B");
    CHECK_STR(nu__urlquote(S("a/b"), ""), "a%2Fb");
    CHECK_STR(nu__iri_to_uri(S("/I \u2665 Django/?q=a%20b")), "/I%20%E2%99%A5%20Django/?q=a%20b");
    CHECK_STR(nu__escape_uri_path(S("/a;b?c=d")), "/a%3Bb%3Fc%3Dd");
    CHECK_STR(nu__filepath_to_uri(S("a\\b 'c'")), "a/b%20'c'");
}

static void escapes_become_characters(void)
{
    CHECK_STR(nu__unquote(S("a%20b%C3%A9+%zz%")), "a b\u00e9+%zz%");
    CHECK_STR(nu__unquote_plus(S("a+b%2B")), "a b+");
    CHECK_STR(nu__unquote(S("%FF%C3")), "\ufffd\ufffd");
    CHECK_STR(nu__uri_to_iri(S("/%E2%99%A5%2F%41%FF")), "/\u2665%2FA%FF");
}

static void pairs_are_joined(void)
{
    nu__buf buf = { 0 };

    nu__urlencode_pair(&buf, S("a b"), S("c&d"));
    nu__urlencode_pair(&buf, S("\u00e9"), S(""));
    CHECK_STR(nu__buf_str(&buf), "a+b=c%26d&%C3%A9=");
}

static nu_str parts(nu_str text)
{
    nu__url url;

    if (!nu__urlsplit(text, &url))
        return S("refused");
    return nu_fmt("{}|{}|{}|{}|{}", url.scheme, url.netloc, url.path, url.query, url.fragment);
}

static void urls_are_split_as_python_splits_them(void)
{
    CHECK_STR(parts(S("HTTP://User@a.com:80/p;x?q=1#f?g")), "http|User@a.com:80|/p;x|q=1|f?g");
    CHECK_STR(parts(S("//a.com?q")), "|a.com||q|");
    CHECK_STR(parts(S("mailto:a@b")), "mailto||a@b||");
    CHECK_STR(parts(S("1http://a")), "||1http://a||");
    CHECK_STR(parts(S("\x01 ht\ntp://a\t.com")), "http|a.com|||");
    CHECK_STR(parts(S("http://[::1]/")), "http|[::1]|/||");
    CHECK_STR(parts(S("http://[::1/")), "refused");
    CHECK_STR(parts(S("http://[v1.x]/")), "http|[v1.x]|/||");
    CHECK_STR(parts(S("http://[a.com]/")), "refused");
    CHECK_STR(parts(S("http://[1.2.3.4]/")), "refused");
    CHECK_STR(parts(S("http://a\uff03b/")), "refused"); /* normalises to # */
}

static void parts_are_put_together(void)
{
    nu__url url;

    CHECK(nu__urlsplit(S("http://a.com/p?q#f"), &url));
    CHECK_STR(nu__urlunsplit(&url), "http://a.com/p?q#f");
    CHECK(nu__urlsplit(S("p?#"), &url));
    CHECK_STR(nu__urlunsplit(&url), "p");
}

HARNESS(reserved_characters_are_quoted, escapes_become_characters, pairs_are_joined,
        urls_are_split_as_python_splits_them, parts_are_put_together)
