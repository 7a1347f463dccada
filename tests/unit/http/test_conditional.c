/* Conditional requests, Cache-Control, Range and Accept. */
#include "harness.h"
#include "http/accept.h"
#include "http/cache_headers.h"
#include "http/client_request.h"
#include "http/conditional.h"
#include "http/range.h"

enum { CHANGED = 1167616461 }; /* Mon, 01 Jan 2007 01:54:21 GMT */

static int answer(nu_method method, const char *name, const char *value)
{
    nu__header header = { nu_s(name), nu_s(value) };
    nu_request *req = nu__client_request(
        &(nu__client_options){ .method = method, .headers = &header, .n_headers = 1 });

    return nu_status(
        nu__conditional_response(req, S("\"v1\""), CHANGED, nu_http_response(.body = S("x"))));
}

static void an_unchanged_page_is_not_sent_again(void)
{
    CHECK_INT(answer(GET, "If-None-Match", "\"v1\""), 304);
    CHECK_INT(answer(GET, "If-None-Match", "W/\"v1\", \"v0\""), 304);
    CHECK_INT(answer(GET, "If-None-Match", "*"), 304);
    CHECK_INT(answer(GET, "If-None-Match", "\"v0\""), 200);
    CHECK_INT(answer(GET, "If-Modified-Since", "Mon, 01 Jan 2007 01:54:21 GMT"), 304);
    CHECK_INT(answer(GET, "If-Modified-Since", "Mon, 01 Jan 2007 01:54:20 GMT"), 200);
    CHECK_INT(answer(GET, "If-Modified-Since", "yesterday"), 200);
}

static void a_page_changed_by_others_is_not_overwritten(void)
{
    CHECK_INT(answer(PUT, "If-Match", "\"v1\""), 200);
    CHECK_INT(answer(PUT, "If-Match", "\"v0\""), 412);
    CHECK_INT(answer(PUT, "If-None-Match", "*"), 412);
    CHECK_INT(answer(PUT, "If-Unmodified-Since", "Mon, 01 Jan 2007 01:54:20 GMT"), 412);
}

static void a_304_keeps_what_caches_need(void)
{
    nu__header header = { S("If-None-Match"), S("\"v1\"") };
    nu_request *req =
        nu__client_request(&(nu__client_options){ .headers = &header, .n_headers = 1 });
    nu_response *response = nu_http_response(.body = S("x"));

    nu_set_header(response, "ETag", "\"v1\"");
    nu_set_header(response, "Vary", "Cookie");
    nu_set_cookie(response, "a", "b");
    response = nu__conditional_response(req, S("\"v1\""), 0, response);
    CHECK_STR(nu_response_header(response, "ETag"), "\"v1\"");
    CHECK_STR(nu_response_header(response, "Vary"), "Cookie");
    CHECK(nu_response_header(response, "Content-Type").ptr == NULL);
    CHECK_INT(response->n_cookies, 1);
    CHECK_INT(nu_body(response).len, 0);
}

static void the_etag_of_a_body_is_its_hash(void)
{
    CHECK_STR(nu__response_etag(nu_http_response(.body = S("x"))),
              "\"9dd4e461268c8034f5c8564e155c67a6\"");
    CHECK(nu__response_etag(nu_http_response(.body = S(""))).ptr == NULL);
}

/* ---- Cache-Control ------------------------------------------------------------------------ */

static void cache_directives_are_merged(void)
{
    nu_response *response = nu_http_response(.status = 200);
    nu__cache_directive more[] = { { "max-age", S("50") }, { "private", { 0 } } };
    int64_t age;

    nu_set_header(response, "Cache-Control", "public, max-age=100");
    nu__patch_cache_control(response, more, 2);
    CHECK_STR(nu_response_header(response, "Cache-Control"), "max-age=50, private");
    CHECK(nu__cache_max_age(response, &age));
    CHECK_INT(age, 50);
}

static void never_cached_means_every_directive(void)
{
    nu_response *response = nu_http_response(.status = 200);

    nu__add_never_cache_headers(response);
    CHECK_STR(nu_response_header(response, "Cache-Control"),
              "max-age=0, no-cache, no-store, must-revalidate, private");
    CHECK(nu_response_header(response, "Expires").ptr != NULL);
}

/* ---- Range -------------------------------------------------------------------------------- */

static nu_str range(const char *header, int64_t size)
{
    int64_t first = 0, length = 0;

    switch (nu__range_parse(nu_s(header), size, &first, &length)) {
    case NU__RANGE_PART:
        return nu_fmt("{}+{}", first, length);
    case NU__RANGE_UNSATISFIABLE:
        return S("416");
    default:
        return S("whole");
    }
}

static void one_range_of_bytes_is_understood(void)
{
    CHECK_STR(range("bytes=0-4", 10), "0+5");
    CHECK_STR(range("Bytes=5-", 10), "5+5");
    CHECK_STR(range("bytes=-3", 10), "7+3");
    CHECK_STR(range("bytes=-30", 10), "0+10");
    CHECK_STR(range("bytes=5-100", 10), "5+5");
    CHECK_STR(range("bytes=9-9", 10), "9+1");
    CHECK_STR(range("bytes=9-99999999999999999999", 10), "9+1");
}

static void a_range_behind_the_end_is_unsatisfiable(void)
{
    CHECK_STR(range("bytes=10-", 10), "416");
    CHECK_STR(range("bytes=-0", 10), "416");
    CHECK_STR(range("bytes=0-", 0), "416");
    CHECK_STR(range("bytes=99999999999999999999-", 10), "416");
}

static void other_ranges_are_passed_over(void)
{
    static const char *const odd[] = { "",           "bytes",      "bytes=",        "bytes=-",
                                       "bytes=a-b",  "bytes=5-3",  "bytes=1-2,4-5", "lines=1-2",
                                       "bytes= 1-2", "bytes=1 -2", "bytes=--1" };

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        CHECK_STR(range(odd[i], 10), "whole");
}

/* ---- Accept ------------------------------------------------------------------------------- */

static nu_request *accepting(const char *value)
{
    nu__header header = { S("Accept"), nu_s(value) };

    return nu__client_request(&(nu__client_options){ .headers = &header, .n_headers = 1 });
}

static void the_client_says_what_it_takes(void)
{
    static const char *const types[] = { "application/json", "text/html", NULL };
    nu_request *req = accepting("text/html, application/json;q=0.5, image/*");

    CHECK(nu_request_accepts(req, "image/png"));
    CHECK(!nu_request_accepts(req, "text/plain"));
    CHECK_STR(nu_request_preferred_type(req, types), "text/html");
    CHECK(nu_request_accepts(nu__client_request(&(nu__client_options){ 0 }), "a/b"));
    CHECK(!nu_request_accepts(accepting("text/html;q=0"), "text/html"));
    CHECK(nu_request_preferred_type(accepting("image/png"), types).ptr == NULL);
}

HARNESS(an_unchanged_page_is_not_sent_again, a_page_changed_by_others_is_not_overwritten,
        a_304_keeps_what_caches_need, the_etag_of_a_body_is_its_hash, cache_directives_are_merged,
        never_cached_means_every_directive, one_range_of_bytes_is_understood,
        a_range_behind_the_end_is_unsatisfiable, other_ranges_are_passed_over,
        the_client_says_what_it_takes)
