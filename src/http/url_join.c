#include "http/url_join.h"

#include "core/buf.h"

#include <string.h>

static bool is_letter(char c)
{
    c |= 0x20;
    return c >= 'a' && c <= 'z';
}

static size_t scheme_length(nu_str url)
{
    size_t at = 0;

    if (!url.len || !is_letter(url.ptr[0]))
        return 0;
    while (at < url.len && (is_letter(url.ptr[at]) || (url.ptr[at] >= '0' && url.ptr[at] <= '9') ||
                            (url.ptr[at] && strchr("+-.", url.ptr[at]))))
        at++;
    return at < url.len && url.ptr[at] == ':' ? at : 0;
}

/* What comes before the first byte of `stops`; *text moves behind it. */
static nu_str take_until(nu_str *text, const char *stops)
{
    size_t len = 0;
    nu_str taken;

    while (len < text->len && (!text->ptr[len] || !strchr(stops, text->ptr[len])))
        len++;
    taken = (nu_str){ text->ptr, len };
    text->ptr += len;
    text->len -= len;
    return taken;
}

nu__url_parts nu__url_split(nu_str url)
{
    nu__url_parts parts = { S(""), S(""), S(""), S("") };
    size_t scheme = scheme_length(url);

    if (!url.len)
        return parts;
    if (scheme) {
        parts.scheme = (nu_str){ url.ptr, scheme };
        url = (nu_str){ url.ptr + scheme + 1, url.len - scheme - 1 };
    }
    if (url.len >= 2 && url.ptr[0] == '/' && url.ptr[1] == '/') {
        url = (nu_str){ url.ptr + 2, url.len - 2 };
        parts.netloc = take_until(&url, "/?#");
    }
    parts.path = take_until(&url, "?#");
    parts.rest = url;
    return parts;
}

bool nu__url_is_absolute(nu_str url)
{
    nu__url_parts parts = nu__url_split(url);

    return parts.scheme.len && parts.netloc.len;
}

static bool is_dots(nu_str segment, size_t n)
{
    return segment.len == n && memcmp(segment.ptr, "..", n) == 0;
}

/* Without its "." and ".." segments, whose slash stays when they come last. */
static nu_str without_dots(nu_str path)
{
    nu__buf out = { 0 };
    bool dir = false;

    while (path.len) {
        nu_str segment;

        path.ptr++; /* the slash */
        path.len--;
        segment = take_until(&path, "/");
        dir = is_dots(segment, 1) || is_dots(segment, 2);
        if (is_dots(segment, 2)) {
            while (out.len && out.data[out.len - 1] != '/')
                out.len--;
            out.len -= out.len > 0;
        } else if (!dir) {
            nu__buf_char(&out, '/');
            nu__buf_str_add(&out, segment);
        }
    }
    if (dir || !out.len)
        nu__buf_char(&out, '/');
    return nu__buf_str(&out);
}

static nu_str folder_of(nu_str path)
{
    while (path.len && path.ptr[path.len - 1] != '/')
        path.len--;
    return path;
}

nu_str nu__url_join(nu_str origin, nu_str path, nu_str reference)
{
    nu__url_parts parts = nu__url_split(reference);

    if (parts.scheme.len)
        return reference;
    if (parts.netloc.len) {
        nu__url_parts base = nu__url_split(origin);

        return nu_fmt("{}://{}{}{}", base.scheme, parts.netloc, parts.path, parts.rest);
    }
    if (!parts.path.len)
        return nu_fmt("{}{}{}", origin, path, parts.rest);
    if (parts.path.ptr[0] != '/')
        parts.path = nu_fmt("{}{}", folder_of(path), parts.path);
    return nu_fmt("{}{}{}", origin, without_dots(parts.path), parts.rest);
}
