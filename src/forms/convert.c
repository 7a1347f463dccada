#include "forms/convert.h"

#include "core/json.h"
#include "core/text.h"
#include "core/uuid.h"
#include "utils/ipv6.h"
#include "utils/url.h"

#include <nuages/uuid.h>
#include <string.h>

int64_t nu__form_length(nu_str text)
{
    return (int64_t)nu__utf8_count(text);
}

/* Python's UUID(): "urn:uuid:" and hyphens anywhere, braces around. */
static nu_str uuid_digits(nu_str text)
{
    nu_str hex = nu__replace(nu__replace(text, S("urn:"), S("")), S("uuid:"), S(""));

    while (hex.len && strchr("{}", hex.ptr[0]))
        hex = (nu_str){ hex.ptr + 1, hex.len - 1 };
    while (hex.len && strchr("{}", hex.ptr[hex.len - 1]))
        hex.len--;
    return nu__replace(hex, S("-"), S(""));
}

bool nu__form_uuid(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu_uuid uuid;

    (void)field;
    if (in.kind != NU_KIND_UUID && !nu_uuid_try_parse(uuid_digits(nu_trim(nu_string(in))), &uuid))
        return false;
    *out = in.kind == NU_KIND_UUID ? in : nu_v_uuid(uuid);
    return true;
}

bool nu__form_json(const nu__form_field *field, nu_value in, nu_value *out)
{
    nu__json_error error;

    *out = in;
    if (in.kind != NU_KIND_STR)
        return true;
    return field->model_field ? nu__json_try_read(in.s, out, &error) /* columns hold no NaN */
                              : nu__json_try_loads(in.s, out, &error);
}

nu_str nu__form_json_text(nu_value value)
{
    static const nu__json_style style = { .spaced = true, .nan = true };
    nu__buf out = { 0 };

    nu__json_value(&out, value, &style);
    return nu__buf_str(&out);
}

/* Text without a scheme in front gets one; "//example.com" is relative to it. */
nu_str nu__form_url(const nu__form_field *field, nu_str text)
{
    const char *scheme = field->assume_scheme ? field->assume_scheme : "http";
    const char *colon = memchr(text.ptr, ':', text.len);
    size_t len = colon ? (size_t)(colon - text.ptr) : 0;
    bool letter = len && ((text.ptr[0] | 0x20) >= 'a' && (text.ptr[0] | 0x20) <= 'z');

    if (letter && !memchr(text.ptr, '/', len))
        return text;
    return nu_fmt("{}{}{}", scheme, nu_starts_with(text, S("//")) ? ":" : "://", text);
}

bool nu__form_ipv6_address(const nu__form_field *field, nu_str text, nu_value *out)
{
    char shortest[NU__IPV6_TEXT];
    size_t longest = field->max_length >= 0 ? (size_t)field->max_length : NU__IPV6_MAX_LENGTH;
    size_t len = nu__clean_ipv6_address(shortest, text, longest, field->unpack_ipv4);

    *out = nu_v_str(nu_copy((nu_str){ shortest, len }));
    return len > 0;
}

bool nu__form_coerce(const nu__form_field *field, nu_value value, nu_value *out)
{
    const nu_error *error = nu_catch(NU_EXCEPTION, *out = field->coerce(field, value));

    if (error && error->klass != NU_VALUE_ERROR && error->klass != NU_TYPE_ERROR &&
        error->klass != NU_VALIDATION_ERROR)
        nu_raise(NU_RUNTIME_ERROR, "a choice's conversion fails: {}", error->message);
    return !error;
}
