/* A Cookie header gives the same cookies however they are looked up; a cookie that is set comes
   back as it was, and can put nothing else into the response's head. */
#include "http/cookies.h"
#include "target.h"

static void check_request(nu_str input)
{
    nu__header header = { S("Cookie"), input };
    nu_request *req = nu__request_new(NULL), *other = nu__request_new(NULL);
    nu_dict *cookies;

    req->headers = other->headers = (nu__headers){ .items = &header, .len = 1 };
    cookies = nu__request_cookies(req);
    for (size_t i = 0; i < nu_dict_len(cookies); i++) {
        nu_str name = nu_dict_key(cookies, i), value = nu_dict_value(cookies, i).s;
        nu_str c_name = nu_copy(name);

        FUZZ_UTF8(name);
        FUZZ_UTF8(value);
        if (!memchr(c_name.ptr, '\0', c_name.len)) {
            FUZZ_SAME(nu_request_cookie(other, c_name.ptr), value);
            FUZZ_SAME(nu_request_cookie(req, c_name.ptr), value);
        }
    }
}

static void check_line(nu_str head)
{
    FUZZ_CHECK(nu_starts_with(head, S("Set-Cookie: ")) && nu_ends_with(head, S("\r\n")));
    for (size_t i = 0; i < head.len - 2; i++)
        FUZZ_CHECK((uint8_t)head.ptr[i] >= 0x20 && head.ptr[i] != 0x7f);
}

/* What the browser sends back: name=value without the attributes. */
static void check_sent_back(nu_str line, nu_str name, nu_str value)
{
    nu_str rest = nu__sub(line, sizeof "Set-Cookie: " - 1, line.len - 2);
    nu_dict *cookies = nu__cookies_parse(fuzz_exact(fuzz_take(&rest, ';')));

    FUZZ_CHECK(nu_dict_len(cookies) == 1);
    FUZZ_SAME(nu_dict_key(cookies, 0), name);
    FUZZ_SAME(nu_dict_value(cookies, 0).s, value);
}

static void check_set(nu_str input)
{
    nu_str rest = fuzz_as_utf8(input), name = nu_copy(fuzz_take(&rest, '='));
    nu_response *response = nu__response_new(200, S("text/html"), S(""));
    nu_str line;

    if (memchr(name.ptr, '\0', name.len) ||
        nu_catch(NU_COOKIE_ERROR, nu_set_cookie(response, name.ptr, rest, .max_age = 60)))
        return;
    line = nu__cookies_write(response);
    check_line(line);
    check_sent_back(line, name, rest);
    nu_delete_cookie(response, name.ptr);
    check_line(nu__cookies_write(response));
}

/* Whoever lets a client choose a path or domain gives no header away. */
static void check_attributes(nu_str input)
{
    nu_str text = nu_copy(fuzz_as_utf8(input));
    nu_response *response = nu__response_new(200, S("text/html"), S(""));
    nu_str line;

    if (nu_catch(NU_VALUE_ERROR,
                 nu_set_cookie(response, "sessionid", "x", .path = text.ptr, .domain = text.ptr)))
        return;
    line = nu__cookies_write(response);
    if (line.len)
        check_line(line);
}

FUZZ_TARGET(cookies)
{
    check_request(input);
    check_set(input);
    check_attributes(input);
}
