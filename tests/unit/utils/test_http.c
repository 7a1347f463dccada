#include "utils/http.h"

#include "core/time.h"
#include "harness.h"

static void dates_are_written_for_headers(void)
{
    CHECK_STR(nu__http_date_str(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK_STR(nu__http_date_str(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK_STR(nu__http_date_str(-1), "Wed, 31 Dec 1969 23:59:59 GMT");
}

static void the_three_forms_of_dates_are_read(void)
{
    static const char *const forms[] = { "Sun, 06 Nov 1994 08:49:37 GMT",
                                         "Sunday, 06-Nov-94 08:49:37 GMT",
                                         "Sun Nov  6 08:49:37 1994" };
    static const char *const bad[] = { "",
                                       "Sun, 06 Nov 1994 08:49:37",
                                       "Sun, 31 Feb 1994 08:49:37 GMT",
                                       "Sun, 06 Xyz 1994 08:49:37 GMT",
                                       "Sun, 06 Nov 1994 24:49:37 GMT",
                                       "Sun, 06 Nov 1994 08:49:37 GMTx" };
    int64_t seconds;

    for (size_t i = 0; i < 3; i++)
        CHECK(nu__parse_http_date(nu_s(forms[i]), &seconds) && seconds == 784111777);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!nu__parse_http_date(nu_s(bad[i]), &seconds));
}

static void two_digits_mean_a_year_near_now(void)
{
    int64_t past, future;

    nu__clock_stop_at(nu_datetime_of(2024, 5, 17, 0, 0, 0));
    CHECK(nu__parse_http_date(S("Sunday, 06-Nov-75 08:49:37 GMT"), &past));
    CHECK(nu__parse_http_date(S("Sunday, 06-Nov-74 08:49:37 GMT"), &future));
    CHECK(past < 784111777 && future > 784111777);
    nu__clock_stop_at((nu_datetime){ 0 });
}

static void etags_keep_their_quotes(void)
{
    CHECK_INT(nu_list_len(nu__parse_etags(S("\"a\", W/\"b\", c, \"d\"e"))), 2);
    CHECK_STR(nu_string(nu_at(nu__parse_etags(S(" * ")), 0)), "*");
    CHECK_STR(nu__quote_etag(S("a")), "\"a\"");
    CHECK_STR(nu__quote_etag(S("W/\"a\"")), "W/\"a\"");
}

static bool may_go_to(nu_str url)
{
    static const nu_str hosts[] = { { "example.com", 11 } };

    return nu__url_has_allowed_host_and_scheme(url, hosts, 1, false);
}

static void redirects_stay_on_the_site(void)
{
    static const char *const good[] = { "/a", "a?b=//evil.com", "http://example.com/",
                                        "//example.com" };
    static const char *const bad[] = { "",
                                       "http://evil.com",
                                       "///evil.com",
                                       "//evil.com",
                                       "/\\evil.com",
                                       "\\\\evil.com",
                                       "http:\\\\evil.com",
                                       "javascript:alert(1)",
                                       "http:///example.com",
                                       "\x08//evil.com",
                                       "ftp://example.com",
                                       "http://example.com@evil.com",
                                       "http://[::1" };

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!CHECK(may_go_to(nu_s(good[i]))))
            printf("      %s\n", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!CHECK(!may_go_to(nu_s(bad[i]))))
            printf("      %s\n", bad[i]);
    CHECK_STR(nu__escape_leading_slashes(S("//evil.com")), "/%2Fevil.com");
}

static void domains_match_their_patterns(void)
{
    CHECK(nu__is_same_domain(S("a.example.com"), S(".Example.com")));
    CHECK(nu__is_same_domain(S("example.com"), S(".example.com")));
    CHECK(!nu__is_same_domain(S("badexample.com"), S(".example.com")));
    CHECK(!nu__is_same_domain(S("a.example.com"), S("example.com")));
}

static nu_str parameter(nu_str line, const char *name)
{
    nu_str type;
    nu_dict *params;

    if (!nu__parse_header_parameters(line, &type, &params))
        return S("refused");
    return nu_string(nu_item(params, name));
}

static void parameters_are_read_from_headers(void)
{
    CHECK_STR(parameter(S("form-data; name=\"a;\\\"b\\\"\"; x=1"), "name"), "a;\"b\"");
    CHECK_STR(parameter(S("x; Charset = UTF-8"), "charset"), "UTF-8");
    CHECK_STR(parameter(S("x; filename*=utf-8'en'%e2%82%ac%20r"), "filename"), "\u20ac r");
    CHECK_STR(parameter(S("x; f*1=b; f*0=a"), "f"), "ab");
    CHECK_STR(parameter(S("x; f*=nonsense''a"), "f"), "refused");
}

static void downloads_are_named_safely(void)
{
    CHECK_STR(nu__content_disposition_header(true, S("a \"b\".txt")),
              "attachment; filename=\"a \\\"b\\\".txt\"");
    CHECK_STR(nu__content_disposition_header(false, S("\u20ac.txt")),
              "inline; filename*=utf-8''%E2%82%AC.txt");
    CHECK_STR(nu__content_disposition_header(true, S("a\r\nX: y")),
              "attachment; filename*=utf-8''a%0D%0AX%3A%20y");
    CHECK(nu__content_disposition_header(false, S("")).ptr == NULL);
}

static void queries_are_encoded(void)
{
    CHECK_STR(nu__urlencode(V(NU_DICT(("a", 1), ("b", "x y"))), false), "a=1&b=x+y");
    CHECK_STR(nu__urlencode(V(NU_DICT(("a", NU_LIST(1, 2)))), true), "a=1&a=2");
    CHECK_RAISES(NU_TYPE_ERROR, "Cannot encode None for key 'a'",
                 nu__urlencode(V(NU_DICT(("a", nu_null()))), false));
}

HARNESS(dates_are_written_for_headers, the_three_forms_of_dates_are_read,
        two_digits_mean_a_year_near_now, etags_keep_their_quotes, redirects_stay_on_the_site,
        domains_match_their_patterns, parameters_are_read_from_headers, downloads_are_named_safely,
        queries_are_encoded)
