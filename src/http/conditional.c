#include "http/conditional.h"

#include "core/text.h"
#include "utils/crypto.h"
#include "utils/http.h"

typedef struct conditions {
    nu_list *if_match, *if_none_match;
    int64_t unmodified_since, modified_since; /* 0: absent or no date */
} conditions;

static nu_list *etags(nu_request *req, const char *name)
{
    nu_str header = nu_request_header(req, name);

    return header.len ? nu__parse_etags(header) : NULL;
}

static int64_t date(nu_request *req, const char *name)
{
    int64_t seconds = 0;
    nu_str header = nu_request_header(req, name);

    return header.len && nu__parse_http_date(header, &seconds) ? seconds : 0;
}

static bool given(const nu_list *list)
{
    return list && nu_list_len(list);
}

static bool is_star(const nu_list *list)
{
    return nu_list_len(list) == 1 && nu_eq(nu_at(list, 0).s, "*");
}

static bool if_match_passes(nu_str etag, const nu_list *list)
{
    if (!etag.len)
        return false;
    if (is_star(list))
        return true;
    if (nu_starts_with(etag, S("W/")))
        return false;
    for (size_t i = 0; i < nu_list_len(list); i++)
        if (nu_eq_(nu_at(list, i).s, etag))
            return true;
    return false;
}

/* A weak comparison: the same but for W/. */
static bool if_none_match_passes(nu_str etag, const nu_list *list)
{
    if (!etag.len)
        return true;
    if (is_star(list))
        return false;
    etag = nu__strip_chars(etag, "W/");
    for (size_t i = 0; i < nu_list_len(list); i++)
        if (nu_eq_(nu__strip_chars(nu_at(list, i).s, "W/"), etag))
            return false;
    return true;
}

static nu_response *precondition_failed(nu_request *req)
{
    return nu__response_new(412, req->settings->default_content_type, S(""));
}

static nu_response *not_modified(const nu_response *response)
{
    static const char *const kept[] = { "Cache-Control", "Content-Location", "ETag",
                                        "Expires",       "Last-Modified",    "Vary" };
    nu_response *answer = nu__response_new(304, (nu_str){ 0 }, (nu_str){ 0 });

    if (!response)
        return answer;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        nu_str value = nu__headers_get(&response->headers, nu_s(kept[i]));

        if (value.ptr)
            nu__headers_add(&answer->headers, nu_s(kept[i]), value);
    }
    answer->cookies = response->cookies;
    answer->n_cookies = response->n_cookies;
    answer->cookies_cap = response->cookies_cap;
    return answer;
}

static bool is_safe(const nu_request *req)
{
    return req->method == GET || req->method == HEAD;
}

nu_response *nu__conditional_response(nu_request *req, nu_str etag, int64_t last_modified,
                                      nu_response *response)
{
    conditions c;

    if (response && (response->status < 200 || response->status >= 300))
        return response;
    c.if_match = etags(req, "If-Match");
    c.if_none_match = etags(req, "If-None-Match");
    c.unmodified_since = date(req, "If-Unmodified-Since");
    c.modified_since = date(req, "If-Modified-Since");
    if (given(c.if_match) && !if_match_passes(etag, c.if_match))
        return precondition_failed(req);
    if (!given(c.if_match) && c.unmodified_since &&
        !(last_modified && last_modified <= c.unmodified_since))
        return precondition_failed(req);
    if (given(c.if_none_match) && !if_none_match_passes(etag, c.if_none_match))
        return is_safe(req) ? not_modified(response) : precondition_failed(req);
    if (!given(c.if_none_match) && c.modified_since &&
        !(!last_modified || last_modified > c.modified_since) && is_safe(req))
        return not_modified(response);
    return response;
}

bool nu__was_modified_since(nu_str if_modified_since, int64_t mtime)
{
    int64_t seconds;

    return !if_modified_since.ptr || !nu__parse_http_date(if_modified_since, &seconds) ||
           mtime > seconds;
}

nu_str nu__response_etag(const nu_response *response)
{
    nu_str body = nu_body(response);

    return body.len ? nu_fmt("\"{}\"", nu__hex(nu__digest_of("md5", body))) : (nu_str){ 0 };
}
