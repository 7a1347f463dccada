/* The Cookie header. */
#include "harness.h"
#include "http/cookies.h"

static nu_request *request_with(nu__header *header)
{
    nu_request *req = nu__request_new(NULL);

    req->headers = (nu__headers){ .items = header, .len = 1 };
    return req;
}

static void cookies_are_text_whatever_the_client_sent(void)
{
    nu__header header = { S("Cookie"), S("a=\xe9; b=\xc3\xa9") };
    nu_request *req = request_with(&header);

    CHECK_STR(nu_request_cookie(req, "a"), "\xef\xbf\xbd");
    CHECK_STR(nu_item(nu__request_cookies(req), "a").s, "\xef\xbf\xbd");
    CHECK_STR(nu_request_cookie(req, "b"), "\xc3\xa9");
}

HARNESS(cookies_are_text_whatever_the_client_sent)
