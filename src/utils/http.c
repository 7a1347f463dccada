#include "utils/http.h"

#include "core/text.h"
#include "utils/url.h"

#include <utf8proc.h>

/* ---- entity tags -------------------------------------------------------------------------- */

static bool is_etag(nu_str tag)
{
    if (nu_starts_with(tag, S("W/")))
        tag = nu__sub(tag, 2, tag.len);
    return tag.len >= 2 && tag.ptr[0] == '"' && tag.ptr[tag.len - 1] == '"' &&
           !memchr(tag.ptr + 1, '"', tag.len - 2);
}

nu_list *nu__parse_etags(nu_str header)
{
    nu_list *tags = nu_list_new();

    if (nu_eq(nu_trim(header), "*")) {
        nu_list_append(tags, S("*"));
        return tags;
    }
    while (header.ptr) {
        ptrdiff_t comma = nu__find(header, S(","));
        nu_str tag = nu_trim(comma < 0 ? header : nu__sub(header, 0, (size_t)comma));

        if (is_etag(tag))
            nu_list_append(tags, tag);
        header = comma < 0 ? (nu_str){ NULL, 0 } : nu__sub(header, (size_t)comma + 1, header.len);
    }
    return tags;
}

nu_str nu__quote_etag(nu_str tag)
{
    return is_etag(tag) ? tag : nu_fmt("\"{}\"", tag);
}

/* ---- hosts -------------------------------------------------------------------------------- */

bool nu__is_same_domain(nu_str host, nu_str pattern)
{
    if (!pattern.len)
        return false;
    pattern = nu_lower(pattern);
    if (pattern.ptr[0] == '.' &&
        (nu_ends_with(host, pattern) || nu_eq(host, nu__sub(pattern, 1, pattern.len))))
        return true;
    return nu_eq(host, pattern);
}

enum { URL_CAP = 2048 };

/* Some browsers skip control characters in front, so that what follows may be a host. */
static bool begins_with_control(nu_str url)
{
    const char *at = url.ptr;
    utf8proc_category_t category = utf8proc_category((int)nu__utf8_next(&at, nu__str_end(url)));

    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
           category == UTF8PROC_CATEGORY_CS || category == UTF8PROC_CATEGORY_CO ||
           category == UTF8PROC_CATEGORY_CN;
}

static bool is_allowed_host(nu_str netloc, const nu_str *hosts, size_t n_hosts)
{
    for (size_t i = 0; i < n_hosts; i++)
        if (nu_eq(netloc, hosts[i]))
            return true;
    return netloc.len == 0;
}

static bool is_allowed(nu_str url, const nu_str *hosts, size_t n_hosts, bool require_https)
{
    nu__url parts;

    if (nu_starts_with(url, S("///")) || nu__utf8_count(url) > URL_CAP)
        return false;
    if (!nu__urlsplit(url, &parts) || (!parts.netloc.len && parts.scheme.len))
        return false;
    if (begins_with_control(url))
        return false;
    if (!parts.scheme.len && parts.netloc.len)
        parts.scheme = S("http");
    return is_allowed_host(parts.netloc, hosts, n_hosts) &&
           (!parts.scheme.len || nu_eq(parts.scheme, "https") ||
            (!require_https && nu_eq(parts.scheme, "http")));
}

/* Chrome takes a backslash for a slash, others do not: the URL must be right either way. */
bool nu__url_has_allowed_host_and_scheme(nu_str url, const nu_str *hosts, size_t n_hosts,
                                         bool require_https)
{
    url = nu_trim(url);
    if (!url.len)
        return false;
    return is_allowed(url, hosts, n_hosts, require_https) &&
           is_allowed(nu__replace(url, S("\\"), S("/")), hosts, n_hosts, require_https);
}

nu_str nu__escape_leading_slashes(nu_str url)
{
    if (!nu_starts_with(url, S("//")))
        return url;
    return nu_fmt("/%2F{}", nu__sub(url, 2, url.len));
}

/* ---- content disposition ------------------------------------------------------------------ */

/* What a quoted string may hold, quotes and backslashes escaped. A newline at the end slips through
   Django's pattern as well, so it is kept out by the percent form here. */
static bool is_quotable(nu_str filename)
{
    for (size_t i = 0; i < filename.len; i++) {
        char c = filename.ptr[i];

        if (c != '\t' && (c < ' ' || c > '~'))
            return false;
    }
    return true;
}

static nu_str quoted(nu_str filename)
{
    return nu__replace(nu__replace(filename, S("\\"), S("\\\\")), S("\""), S("\\\""));
}

nu_str nu__content_disposition_header(bool as_attachment, nu_str filename)
{
    nu_str disposition = as_attachment ? S("attachment") : S("inline");

    if (!filename.len)
        return as_attachment ? disposition : (nu_str){ NULL, 0 };
    if (is_quotable(filename))
        return nu_fmt("{}; filename=\"{}\"", disposition, quoted(filename));
    return nu_fmt("{}; filename*=utf-8''{}", disposition, nu__urlquote(filename, "/"));
}

/* ---- query strings ------------------------------------------------------------------------ */

static nu_str query_text(nu_str key, nu_value value)
{
    if (value.kind == NU_KIND_NULL)
        nu_raise(NU_TYPE_ERROR,
                 "Cannot encode None for key '{}' in a query string. Did you mean to pass an empty "
                 "string or omit the value?",
                 key);
    return nu_string(value);
}

static void put_query(nu__buf *buf, nu_str key, nu_value value, bool doseq)
{
    if (!doseq || value.kind != NU_KIND_LIST) {
        nu__urlencode_pair(buf, key, query_text(key, value));
        return;
    }
    for (size_t i = 0; i < nu_list_len(value.list); i++)
        nu__urlencode_pair(buf, key, query_text(key, nu_at(value.list, i)));
}

nu_str nu__urlencode(nu_value query, bool doseq)
{
    nu__buf buf = { 0 };

    if (query.kind == NU_KIND_DICT) {
        for (size_t i = 0; i < nu_dict_len(query.dict); i++)
            put_query(&buf, nu_dict_key(query.dict, i), nu_dict_value(query.dict, i), doseq);
        return nu__buf_str(&buf);
    }
    for (size_t i = 0; i < nu_list_len(nu_as_list(query)); i++) {
        nu_list *pair = nu_as_list(nu_at(query.list, i));

        put_query(&buf, nu_string(nu_at(pair, 0)), nu_at(pair, 1), doseq);
    }
    return nu__buf_str(&buf);
}
