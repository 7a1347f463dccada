#include "core/text.h"
#include "utils/percent.h"
#include "utils/url.h"

/* Reserved and unreserved characters of RFC 3986, and the percent sign. */
#define IRI_SAFE "/#%[]=:;$&()+,!?*@'~"

nu_str nu__iri_to_uri(nu_str iri)
{
    return nu__urlquote(iri, IRI_SAFE);
}

nu_str nu__escape_uri_path(nu_str path)
{
    return nu__urlquote(path, "/:@&+$,-_.!~*'()");
}

nu_str nu__filepath_to_uri(nu_str path)
{
    return nu__urlquote(nu__replace(path, S("\\"), S("/")), "/~!*()'");
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What an escape may become: an unreserved character, or a byte of a longer one. */
static bool is_plain(int byte)
{
    return byte >= 0x80 || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte > 0 && strchr("-._~", byte));
}

nu_str nu__uri_to_iri(nu_str uri)
{
    nu__buf buf = { 0 };

    for (size_t i = 0; i < uri.len; i++) {
        int high = uri.len - i > 2 && uri.ptr[i] == '%' ? hex_value(uri.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_value(uri.ptr[i + 2]) : -1;

        if (low >= 0 && is_plain(high << 4 | low)) {
            nu__buf_char(&buf, (char)(high << 4 | low));
            i += 2;
        } else {
            nu__buf_char(&buf, uri.ptr[i]);
        }
    }
    return nu__utf8_repercent(nu__buf_str(&buf));
}
