#include "conformance.h"
#include "utils/base64.h"
#include "utils/http.h"
#include "utils/url.h"
#include "utils_ops.h"

#define TEXT_OP(op, call)                                                                          \
    static nu_value op(const conf_case *c)                                                         \
    {                                                                                              \
        return V(call(conf_text(c, 0)));                                                           \
    }
TEXT_OP(iri_to_uri, nu__iri_to_uri)
TEXT_OP(uri_to_iri, nu__uri_to_iri)
TEXT_OP(escape_uri_path, nu__escape_uri_path)
TEXT_OP(filepath_to_uri, nu__filepath_to_uri)
TEXT_OP(quote_etag, nu__quote_etag)
TEXT_OP(parse_etags, nu__parse_etags)
TEXT_OP(escape_leading_slashes, nu__escape_leading_slashes)

static nu_value http_date(const conf_case *c)
{
    return V(nu__http_date_str((int64_t)nu_float(conf_arg(c, 0))));
}

static nu_value parse_http_date(const conf_case *c)
{
    int64_t seconds;

    if (!nu__parse_http_date(conf_text(c, 0), &seconds))
        nu_raise(NU_VALUE_ERROR, "no HTTP date");
    return V(seconds);
}

static nu_value parse_http_date_safe(const conf_case *c)
{
    int64_t seconds;

    return nu__parse_http_date(conf_text(c, 0), &seconds) ? V(seconds) : nu_null();
}

static nu_value urlsafe_base64_encode(const conf_case *c)
{
    return V(nu__base64_encode(conf_arg(c, 0).bytes, NU__BASE64_URL));
}

static nu_value urlsafe_base64_decode(const conf_case *c)
{
    nu_bytes bytes;

    if (!nu__urlsafe_base64_decode(conf_text(c, 0), &bytes))
        nu_raise(NU_VALUE_ERROR, "no base64");
    return V(bytes);
}

static nu_value is_same_domain(const conf_case *c)
{
    return conf_bool(nu__is_same_domain(conf_text(c, 0), conf_text(c, 1)));
}

/* None, one host or a list of them. */
static size_t hosts_of(nu_value allowed, nu_str hosts[16])
{
    size_t n = 0;

    if (allowed.kind == NU_KIND_STR)
        hosts[n++] = allowed.s;
    for (size_t i = 0; allowed.kind == NU_KIND_LIST && i < nu_list_len(allowed.list); i++)
        hosts[n++] = nu_string(nu_at(allowed.list, i));
    return n;
}

static nu_value url_has_allowed_host_and_scheme(const conf_case *c)
{
    nu_value https = conf_kwarg(c, "require_https");
    nu_str hosts[16];
    size_t n = hosts_of(conf_kwarg(c, "allowed_hosts"), hosts);

    return conf_bool(nu__url_has_allowed_host_and_scheme(conf_text(c, 0), hosts, n,
                                                         https.kind == NU_KIND_BOOL && https.b));
}

static nu_value parse_header_parameters(const conf_case *c)
{
    nu_str type;
    nu_dict *params;

    if (!nu__parse_header_parameters(conf_text(c, 0), &type, &params))
        nu_raise(NU_VALUE_ERROR, "unknown charset");
    return V(NU_LIST(type, params));
}

static nu_value content_disposition_header(const conf_case *c)
{
    nu_str header = nu__content_disposition_header(conf_arg(c, 0).b, conf_text(c, 1));

    return header.ptr ? V(header) : nu_null();
}

static nu_value urlencode(const conf_case *c)
{
    nu_value doseq = conf_kwarg(c, "doseq");

    return V(nu__urlencode(conf_arg(c, 0), doseq.kind == NU_KIND_INT && doseq.i));
}

const conf_op conf_utils_http[] = {
    { "iri_to_uri", iri_to_uri },
    { "uri_to_iri", uri_to_iri },
    { "escape_uri_path", escape_uri_path },
    { "filepath_to_uri", filepath_to_uri },
    { "quote_etag", quote_etag },
    { "parse_etags", parse_etags },
    { "escape_leading_slashes", escape_leading_slashes },
    { "http_date", http_date },
    { "parse_http_date", parse_http_date },
    { "parse_http_date_safe", parse_http_date_safe },
    { "urlsafe_base64_encode", urlsafe_base64_encode },
    { "urlsafe_base64_decode", urlsafe_base64_decode },
    { "is_same_domain", is_same_domain },
    { "url_has_allowed_host_and_scheme", url_has_allowed_host_and_scheme },
    { "parse_header_parameters", parse_header_parameters },
    { "content_disposition_header", content_disposition_header },
    { "urlencode", urlencode },
    { 0 },
};
