/* Responses: headers, cookies, redirects. */
#include "core/buf.h"
#include "harness.h"
#include "http/cookies.h"
#include "http/message.h"
#include "http/redirect.h"
#include "utils/signing.h"

static nu_response *plain(void)
{
    return nu_http_response(.body = S("x"));
}

static void a_response_is_html_in_utf_8_unless_told_otherwise(void)
{
    nu_response *response = plain();

    CHECK_INT(nu_status(response), 200);
    CHECK_STR(nu_response_header(response, "content-type"), "text/html; charset=utf-8");
    CHECK_STR(nu_body(response), "x");
    response = nu_http_response(.status = 404, .content_type = "text/plain");
    CHECK_INT(nu_status(response), 404);
    CHECK_STR(nu_response_header(response, "Content-Type"), "text/plain");
    CHECK_RAISES(NU_VALUE_ERROR, "100 to 599", (void)nu_http_response(.status = 99));
    CHECK_RAISES(NU_VALUE_ERROR, "100 to 599", nu_set_status(response, 600));
}

static void json_responses_hold_an_object(void)
{
    nu_response *response = nu_json(201, ("a", 1), ("b", "é"));

    CHECK_INT(nu_status(response), 201);
    CHECK_STR(nu_response_header(response, "Content-Type"), "application/json");
    CHECK_STR(nu_body(response), "{\"a\": 1, \"b\": \"\\u00e9\"}");
}

static void not_allowed_names_the_methods(void)
{
    nu_response *response = nu_not_allowed(nu__request_new(NULL), GET | POST | HEAD);

    CHECK_INT(nu_status(response), 405);
    CHECK_STR(nu_response_header(response, "Allow"), "GET, POST, HEAD");
}

static void a_header_replaces_the_one_of_its_name(void)
{
    nu_response *response = plain();

    nu_set_header(response, "X-A", "1");
    nu_set_header(response, "x-a", "2");
    CHECK_STR(nu_response_header(response, "X-A"), "2");
    nu_delete_header(response, "X-a");
    CHECK(nu_response_header(response, "X-A").ptr == NULL);
}

static void line_breaks_in_headers_are_refused(void)
{
    nu_response *response = plain();

    CHECK_RAISES(NU_VALUE_ERROR, "can't contain newlines",
                 nu_set_header(response, "X", "a\r\nSet-Cookie: b"));
    CHECK_RAISES(NU_VALUE_ERROR, "can't contain newlines", nu_set_header(response, "X", "a\nb"));
    CHECK_RAISES(NU_VALUE_ERROR, "can't contain newlines", nu_set_header(response, "X\r\nY", "a"));
    CHECK_RAISES(NU_VALUE_ERROR, "no name of a header", nu_set_header(response, "X Y", "a"));
}

static void headers_past_ascii_are_latin_1_or_mime_encoded(void)
{
    nu_response *response = plain();

    nu_set_header(response, "X", "é");
    CHECK_STR(nu__headers_get(&response->headers, S("X")), "\xe9");
    CHECK_STR(nu_response_header(response, "X"), "é");
    nu_set_header(response, "X", "日本");
    CHECK_STR(nu_response_header(response, "X"), "=?utf-8?b?5pel5pys?=");
}

static void vary_is_patched_without_repetition(void)
{
    nu_response *response = plain();

    nu_patch_vary(response, "Cookie");
    nu_patch_vary(response, "Accept-Language, cookie");
    CHECK_STR(nu_response_header(response, "Vary"), "Cookie, Accept-Language");
    nu_patch_vary(response, "*");
    CHECK_STR(nu_response_header(response, "Vary"), "*");
}

static void redirects_go_to_addresses_of_the_web_only(void)
{
    CHECK_STR(nu_response_header(nu__response_redirect(302, S("/é/?a=b")), "Location"),
              "/%C3%A9/?a=b");
    CHECK_RAISES(NU_DISALLOWED_REDIRECT, "protocol 'javascript'",
                 nu__response_redirect(302, S("javascript:alert(1)")));
    CHECK_RAISES(NU_DISALLOWED_REDIRECT, "protocol 'data'",
                 nu__response_redirect(302, S("data:text/html,x")));
}

/* ---- cookies ------------------------------------------------------------------------------ */

static nu_str cookies_of(const nu_response *response)
{
    return nu__cookies_write(response);
}

static void cookies_are_written_with_their_attributes(void)
{
    nu_response *response = plain();

    nu_set_cookie(response, "a", "b");
    nu_set_cookie(response, "c", "d e", .path = "/x", .secure = true, .httponly = true,
                  .samesite = "Lax", .domain = "example.com");
    CHECK_STR(cookies_of(response), "Set-Cookie: a=b; Path=/\r\n"
                                    "Set-Cookie: c=\"d e\"; Domain=example.com; HttpOnly; Path=/x; "
                                    "SameSite=Lax; Secure\r\n");
}

static void a_cookie_that_is_set_twice_is_sent_once(void)
{
    nu_response *response = plain();

    nu_set_cookie(response, "a", "1");
    nu_set_cookie(response, "a", "2");
    CHECK_STR(cookies_of(response), "Set-Cookie: a=2; Path=/\r\n");
}

static void a_deleted_cookie_has_ended_already(void)
{
    nu_response *response = plain();

    nu_delete_cookie(response, "__Secure-a");
    CHECK_STR(cookies_of(response),
              "Set-Cookie: __Secure-a=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; "
              "Path=/; Secure\r\n");
}

static void illegal_cookies_are_refused(void)
{
    nu_response *response = plain();

    CHECK_RAISES(NU_COOKIE_ERROR, "Illegal key", nu_set_cookie(response, "a b", "c"));
    CHECK_RAISES(NU_COOKIE_ERROR, "Illegal key", nu_set_cookie(response, "", "c"));
    CHECK_RAISES(NU_COOKIE_ERROR, "reserved key", nu_set_cookie(response, "Path", "c"));
    CHECK_RAISES(NU_VALUE_ERROR, "samesite", nu_set_cookie(response, "a", "b", .samesite = "x"));
}

static void a_cookie_cannot_add_a_line(void)
{
    nu_response *response = plain();

    nu_set_cookie(response, "a", "b\r\nX: y");
    nu_set_cookie(response, "c", "d", .path = "/\r\nX: y");
    CHECK_STR(cookies_of(response), "Set-Cookie: a=\"b\\015\\012X: y\"; Path=/\r\n");
}

static void signed_cookies_come_back_unless_they_were_changed(void)
{
    nu_response *response = plain();
    nu_request *req = nu__request_new(NULL);
    nu__header cookie = { .name = S("Cookie") };
    nu__buf line = { 0 };

    nu__signing_set_keys(S("a secret key"), NULL, 0);
    nu_set_signed_cookie(response, "id", "five", "salt");
    nu__buf_fmt(&line, "id={}", response->cookies[0].value);
    cookie.value = nu__buf_str(&line);
    req->headers = (nu__headers){ .items = &cookie, .len = 1 };
    CHECK_STR(nu_request_signed_cookie(req, "id", "salt", 60), "five");
    CHECK_RAISES(NU_BAD_SIGNATURE, "", nu_request_signed_cookie(req, "id", "other", 60));
    CHECK_RAISES(NU_KEY_ERROR, "no cookie “x”", nu_request_signed_cookie(req, "x", "salt", 60));
    cookie.value = nu_fmt("{}x", cookie.value);
    CHECK_RAISES(NU_BAD_SIGNATURE, "", nu_request_signed_cookie(req, "id", "salt", 60));
}

HARNESS(a_response_is_html_in_utf_8_unless_told_otherwise, json_responses_hold_an_object,
        not_allowed_names_the_methods, a_header_replaces_the_one_of_its_name,
        line_breaks_in_headers_are_refused, headers_past_ascii_are_latin_1_or_mime_encoded,
        vary_is_patched_without_repetition, redirects_go_to_addresses_of_the_web_only,
        cookies_are_written_with_their_attributes, a_cookie_that_is_set_twice_is_sent_once,
        a_deleted_cookie_has_ended_already, illegal_cookies_are_refused, a_cookie_cannot_add_a_line,
        signed_cookies_come_back_unless_they_were_changed)
