/* The value of a header, as each of the parsers that may meet it reads it. */
#include "http/conditional.h"
#include "http/host.h"
#include "http/range.h"
#include "target.h"
#include "utils/base64.h"
#include "utils/baseconv.h"
#include "utils/http.h"

static void check_params(nu_str text)
{
    nu_str type;
    nu_dict *params;

    if (!nu__parse_header_parameters(text, &type, &params))
        return;
    FUZZ_UTF8(type);
    FUZZ_SAME(nu_lower(type), type);
    for (size_t i = 0; i < nu_dict_len(params); i++) {
        FUZZ_UTF8(nu_dict_key(params, i));
        FUZZ_UTF8(nu_dict_value(params, i).s);
    }
}

static void check_disposition(nu_str text)
{
    nu_str value = nu__content_disposition_header(true, text), type, back;
    nu_dict *params;

    FUZZ_CHECK(nu__is_ascii(value));
    if (!text.len || nu_trim(text).len != text.len)
        return;
    FUZZ_CHECK(nu__parse_header_parameters(fuzz_exact(value), &type, &params));
    back = nu_item(params, "filename").s;
    FUZZ_SAME(type, S("attachment"));
    FUZZ_SAME(back, text);
}

static void check_etags(nu_str text)
{
    nu_list *tags = nu__parse_etags(text);

    for (size_t i = 0; i < nu_list_len(tags); i++) {
        nu_str tag = nu_at(tags, i).s;

        FUZZ_CHECK(nu_eq(tag, "*") || nu_ends_with(tag, S("\"")));
        FUZZ_SAME(nu__quote_etag(tag), nu_eq(tag, "*") ? S("\"*\"") : tag);
    }
}

static void check_host(nu_str text)
{
    static const char *const domains[] = { ".example.com", NULL };
    nu__host host = nu__host_split(text);

    FUZZ_UTF8(host.domain);
    for (size_t i = 0; i < host.port.len; i++)
        FUZZ_CHECK(host.port.ptr[i] >= '0' && host.port.ptr[i] <= '9');
    for (size_t i = 0; i < host.domain.len; i++)
        FUZZ_CHECK((uint8_t)host.domain.ptr[i] > 0x20 && !strchr("/?#@\\<>", host.domain.ptr[i]));
    if (nu__host_allowed(host.domain, domains))
        FUZZ_CHECK(nu_ends_with(host.domain, S("example.com")));
}

static void check_date(nu_str text)
{
    char written[NU__HTTP_DATE_LEN + 1];
    int64_t seconds, again;

    if (!nu__parse_http_date(text, &seconds))
        return;
    nu__http_date(written, seconds);
    FUZZ_CHECK(nu__parse_http_date(nu_s(written), &again) && again == seconds);
}

static void check_range(nu_str text)
{
    static const int64_t sizes[] = { 0, 1, 1000, INT64_MAX };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int64_t first = -1, length = -1;

        if (nu__range_parse(text, sizes[i], &first, &length) == NU__RANGE_PART)
            FUZZ_CHECK(first >= 0 && length > 0 && length <= sizes[i] - first);
    }
}

static void check_conditions(nu_str text)
{
    nu__header headers[] = { { S("If-None-Match"), text },
                             { S("If-Modified-Since"), text },
                             { S("If-Match"), text },
                             { S("If-Unmodified-Since"), text } };

    for (uint32_t i = 0; i < 4; i++) {
        nu_request *req = nu__request_new(NULL);
        nu_response *response;

        req->method = GET;
        req->headers = (nu__headers){ .items = headers + i, .len = 1 };
        response = nu__conditional_response(req, S("\"a\""), 1715949045, NULL);
        FUZZ_CHECK(!response || nu_status(response) == 304 || nu_status(response) == 412);
    }
}

static nu_str as_text(nu_bytes bytes)
{
    return (nu_str){ (const char *)bytes.ptr, bytes.len };
}

static void check_base64(nu_str text)
{
    nu_bytes bytes, again;
    nu_str written;

    if (nu__base64_decode(text, NU__BASE64, &bytes)) {
        written = fuzz_exact(nu__base64_encode(bytes, NU__BASE64));
        FUZZ_CHECK(nu__base64_decode(written, NU__BASE64, &again));
        FUZZ_SAME(as_text(again), as_text(bytes));
    }
    nu__base64_decode_unpadded(text, &bytes);
    nu__urlsafe_base64_decode(text, &bytes);
}

static void check_numbers(nu_str text)
{
    char written[NU__BASECONV_TEXT];
    int64_t number, same;

    if (nu__base62_parse(text, &number)) {
        nu__base62_text(written, number);
        FUZZ_CHECK(nu__base62_parse(nu_s(written), &same) && same == number);
    }
    nu__base36_parse(text, &number);
}

/* What is no UTF-8 comes this far too: headers are bytes. */
static void check_any_bytes(nu_str bytes)
{
    int64_t seconds;

    nu__host_split(bytes);
    nu__parse_etags(bytes);
    nu__parse_http_date(bytes, &seconds);
    nu__was_modified_since(bytes, 0);
}

FUZZ_TARGET(headers)
{
    nu_str text = fuzz_as_utf8(input);

    check_params(text);
    check_disposition(text);
    check_etags(text);
    check_host(text);
    check_date(text);
    check_range(text);
    check_conditions(input);
    check_base64(text);
    check_numbers(text);
    check_any_bytes(input);
}
