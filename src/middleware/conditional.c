#include "middleware/conditional.h"

#include "http/message.h"
#include "utils/crypto.h"
#include "utils/http.h"

#include <nuages/logging.h>
#include <nuages/middleware.h>
#include <string.h>

/* ---- answers -----------------------------------------------------------------------------------
 */

static nu_response *precondition_failed(nu_request *req)
{
    nu_info("Precondition Failed: {}", req->path);
    return nu_http_response(.status = 412);
}

/* 304 with the headers and cookies that RFC 9110 wants kept. */
static nu_response *not_modified(const nu_response *response)
{
    static const char *const kept[] = { "Cache-Control", "Content-Location", "ETag",
                                        "Expires",       "Last-Modified",    "Vary" };
    nu_response *made = nu__response_new(304, (nu_str){ 0 }, S(""));

    for (size_t i = 0; response && i < sizeof(kept) / sizeof(kept[0]); i++) {
        nu_str value = nu_response_header(response, kept[i]);

        if (value.ptr)
            nu_set_header(made, kept[i], value);
    }
    if (response) {
        made->cookies = response->cookies;
        made->n_cookies = response->n_cookies;
        made->cookies_cap = response->cookies_cap;
    }
    return made;
}

/* ---- conditions --------------------------------------------------------------------------------
 */

static bool is_any(const nu_list *tags)
{
    return nu_list_len(tags) == 1 && nu_eq(nu_at(tags, 0).s, "*");
}

/* A tag without the mark of a weak one. */
static nu_str bare(nu_str tag)
{
    while (tag.len && (*tag.ptr == 'W' || *tag.ptr == '/'))
        tag = (nu_str){ tag.ptr + 1, tag.len - 1 };
    return tag;
}

static bool has_tag(const nu_list *tags, nu_str tag, bool weakly)
{
    for (size_t i = 0; i < nu_list_len(tags); i++) {
        nu_str each = nu_at(tags, i).s;

        if (nu_eq_(weakly ? bare(each) : each, weakly ? bare(tag) : tag))
            return true;
    }
    return false;
}

static bool if_match_passes(nu_str etag, const nu_list *tags)
{
    if (!etag.len)
        return false;
    return is_any(tags) || (!nu_starts_with(etag, S("W/")) && has_tag(tags, etag, false));
}

static bool if_none_match_passes(nu_str etag, const nu_list *tags)
{
    return !etag.len || (!is_any(tags) && !has_tag(tags, etag, true));
}

/* The date of a header, 0 when there is none that can be read. */
static int64_t header_date(nu_request *req, const char *name)
{
    nu_str text = nu_request_header(req, name);
    int64_t seconds;

    return text.len && nu__parse_http_date(text, &seconds) ? seconds : 0;
}

static nu_list *header_tags(nu_request *req, const char *name)
{
    nu_str text = nu_request_header(req, name);

    return text.len ? nu__parse_etags(text) : NULL;
}

static bool is_given(const nu_list *tags)
{
    return tags && nu_list_len(tags);
}

nu_response *nu__conditional_response(nu_request *req, nu_str etag, int64_t modified,
                                      nu_response *response)
{
    bool safe = req->method == GET || req->method == HEAD;
    nu_list *match, *none_match;
    int64_t date;

    if (response && (response->status < 200 || response->status >= 300))
        return response;
    match = header_tags(req, "If-Match");
    none_match = header_tags(req, "If-None-Match");
    date = header_date(req, "If-Unmodified-Since");
    if (is_given(match) ? !if_match_passes(etag, match) : date && !(modified && modified <= date))
        return precondition_failed(req);
    date = header_date(req, "If-Modified-Since");
    if (is_given(none_match)) {
        if (!if_none_match_passes(etag, none_match))
            return safe ? not_modified(response) : precondition_failed(req);
    } else if (date && modified && modified <= date && safe) {
        return not_modified(response);
    }
    return response;
}

/* ---- ConditionalGetMiddleware -------------------------------------------------------------------
 */

static bool is_stored_nowhere(const nu_response *response)
{
    nu_str header = nu_lower(nu_response_header(response, "Cache-Control"));

    return header.len && memmem(header.ptr, header.len, "no-store", 8);
}

static nu_str body_etag(const nu_response *response)
{
    return nu_fmt("\"{}\"", nu__hex(nu__digest_of("md5", response->body)));
}

/* Gives each page an ETag, and answers 304 to a browser that has it already. */
nu_response *ConditionalGetMiddleware(nu_request *req, const nu_next *next)
{
    nu_response *response = nu_next_call(next, req);
    nu_str etag, date;
    int64_t modified = 0;

    if (req->method != GET)
        return response;
    etag = nu_response_header(response, "ETag");
    if (!etag.ptr && response->kind == NU__BODY_TEXT && response->body.len &&
        !is_stored_nowhere(response)) {
        etag = body_etag(response);
        nu_set_header(response, "ETag", etag);
    }
    date = nu_response_header(response, "Last-Modified");
    if (date.len && !nu__parse_http_date(date, &modified))
        modified = 0;
    return etag.len || modified ? nu__conditional_response(req, etag, modified, response)
                                : response;
}
