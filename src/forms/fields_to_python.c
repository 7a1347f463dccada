/* What was sent, as a value of the field's class. Django: Field.to_python() */
#include "forms/fields_to_python.h"

#include "core/decimal.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "files/images/images.h"
#include "forms/convert.h"
#include "utils/translation.h"

#include <nuages/decimal.h>
#include <string.h>

static bool invalid(const nu__form_field *field, nu_list *errors)
{
    return nu__form_refuse(field, errors, "invalid", nu_s(field->type->invalid));
}

bool nu__text_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_str text = nu__field_value_empty(in) ? S("") : nu_string(in);

    (void)errors;
    if (field->strip)
        text = nu_trim(text);
    *out = !text.len && field->empty_null ? nu_null() : nu_v_str(text);
    return true;
}

/* Text fields whose text is then put into one form: URLs get a scheme, addresses are shortened. */
bool nu__url_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu__text_to_python(field, in, out, errors);
    if (nu__field_value_empty(*out))
        return true;
    *out = nu_v_str(nu__form_url(field, out->s));
    return true;
}

bool nu__address_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    if (in.kind != NU_KIND_STR && in.kind != NU_KIND_SAFE && !nu__field_value_empty(in))
        nu_raise(NU_ATTRIBUTE_ERROR, "an address is read from text, not from a {}",
                 nu__kind_name(in.kind));
    nu__text_to_python(field, in, out, errors);
    if (nu__field_value_empty(*out) || !memchr(out->s.ptr, ':', out->s.len))
        return true;
    return nu__form_ipv6_address(field, out->s, out) ||
           nu__form_refuse(field, errors, "invalid", S("This is not a valid IPv6 address."));
}

static bool converted(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors,
                      bool (*convert)(const nu__form_field *, nu_value, nu_value *))
{
    if (nu__field_value_empty(in)) {
        *out = nu_null();
        return true;
    }
    return convert(field, in, out) || invalid(field, errors);
}

#define CONVERTED(name)                                                                            \
    bool nu__##name##_to_python(const nu__form_field *field, nu_value in, nu_value *out,           \
                                nu_list *errors)                                                   \
    {                                                                                              \
        return converted(field, in, out, errors, nu__form_##name);                                 \
    }
CONVERTED(integer)
CONVERTED(float)
CONVERTED(date)
CONVERTED(time)
CONVERTED(json)
#undef CONVERTED

bool nu__uuid_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    if (in.kind == NU_KIND_STR || in.kind == NU_KIND_SAFE)
        in.s = nu_trim(in.s);
    return converted(field, in, out, errors, nu__form_uuid);
}

bool nu__datetime_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                            nu_list *errors)
{
    nu_value wall;

    if (nu__field_value_empty(in)) {
        *out = nu_null();
        return true;
    }
    if (nu__form_datetime(field, in, out, &wall))
        return true;
    return wall.kind == NU_KIND_NULL ? invalid(field, errors)
                                     : nu__form_refuse(field, errors, "ambiguous_timezone",
                                                       nu__form_ambiguous_text(wall));
}

/* A number with more digits than a decimal holds is judged by its first ones: it breaks the field's
   own limits, or else the one of all decimals. */
bool nu__decimal_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_decimal number;
    size_t before = nu_list_len(errors);

    *out = nu_null();
    if (nu__field_value_empty(in))
        return true;
    switch (nu__form_decimal(field, in, &number)) {
    case NU__DECIMAL_OK:
        *out = nu_v_decimal(number);
        return true;
    case NU__DECIMAL_NO_NUMBER:
        return invalid(field, errors);
    default:
        nu__form_run_validators(field, nu_v_decimal(number), errors);
        if (nu_list_len(errors) == before)
            nu__form_no_more(field, errors, "max_digits", NU__DECIMAL_DIGITS);
        return false;
    }
}

bool nu__duration_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                            nu_list *errors)
{
    bool overflow = false;
    nu_str words;

    if (nu__field_value_empty(in)) {
        *out = nu_null();
        return true;
    }
    if (nu__form_duration(in, out, &overflow))
        return true;
    if (!overflow)
        return invalid(field, errors);
    words = nu__gettext(S("The number of days must be between {min_days} and {max_days}."));
    words = nu__replace(words, S("{min_days}"), S("-999999999"));
    nu__form_field_tell(field, errors, "overflow",
                        nu__replace(words, S("{max_days}"), S("999999999")), NULL);
    return false;
}

/* One half of SplitDateTimeField by the rules of its own class; what is empty is null. */
static bool half_to_python(const nu__form_field *field, nu_value in, bool time, nu_value *out,
                           nu_list *errors)
{
    const char *code = time ? "invalid_time" : "invalid_date";
    nu_value own = field->error_messages ? nu_item(field->error_messages, code) : nu_null();
    nu__form_field half = *field;

    half.type = nu__form_field_type_find(time ? S("TimeField") : S("DateField"));
    half.error_messages = own.kind == NU_KIND_NULL ? NULL : NU_DICT(("invalid", own));
    if (time)
        half.input_formats = field->input_time_formats;
    return half.type->to_python(&half, in, out, errors);
}

bool nu__split_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_list *halves = in.kind == NU_KIND_LIST ? in.list : nu_list_new();
    nu_value date, time, wall;
    bool dated, timed;

    *out = nu_null();
    if (in.kind != NU_KIND_LIST && !nu__field_value_empty(in))
        return nu__form_refuse(field, errors, "invalid", S("Enter a list of values."));
    date = nu_at(halves, 0);
    time = nu_at(halves, 1);
    if (nu__field_value_empty(date) && nu__field_value_empty(time))
        return true;
    if (field->required && (nu__field_value_empty(date) || nu__field_value_empty(time)))
        return nu__form_refuse(field, errors, "required", S("This field is required."));
    dated = half_to_python(field, date, false, &date, errors);
    timed = half_to_python(field, time, true, &time, errors);
    if (!dated || !timed)
        return false;
    if (date.kind == NU_KIND_NULL)
        return nu__form_refuse(field, errors, "invalid_date", S("Enter a valid date."));
    if (time.kind == NU_KIND_NULL)
        return nu__form_refuse(field, errors, "invalid_time", S("Enter a valid time."));
    return nu__form_local_instant((nu_date){ (int32_t)date.i }, (nu_time){ time.i + 1 }, out,
                                  &wall) ||
           nu__form_refuse(field, errors, "ambiguous_timezone", nu__form_ambiguous_text(wall));
}

bool nu__boolean_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    (void)field;
    (void)errors;
    if (in.kind == NU_KIND_STR)
        *out = nu_v_bool(in.s.len && !nu_eq(nu_lower(in.s), "false") && !nu_eq(in.s, "0"));
    else
        *out = nu_v_bool(nu__value_truth(in));
    return true;
}

bool nu__null_boolean_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                                nu_list *errors)
{
    static const struct {
        const char *text;
        bool yes;
    } words[] = { { "True", true },   { "true", true },   { "1", true },
                  { "False", false }, { "false", false }, { "0", false } };

    (void)field;
    (void)errors;
    *out = in.kind == NU_KIND_BOOL ? in : nu_null();
    if (in.kind == NU_KIND_INT && (in.i == 0 || in.i == 1)) /* Python's 1 is True */
        *out = nu_v_bool(in.i);
    for (size_t i = 0; in.kind == NU_KIND_STR && i < sizeof words / sizeof *words; i++)
        if (nu_eq(in.s, words[i].text))
            *out = nu_v_bool(words[i].yes);
    return true;
}

bool nu__choice_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    (void)field;
    (void)errors;
    *out = nu_v_str(nu__field_value_empty(in) ? S("") : nu_string(in));
    return true;
}

bool nu__choices_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_list *texts = nu_list_new();

    if (in.kind != NU_KIND_LIST && !nu__field_value_empty(in))
        return nu__form_refuse(field, errors, "invalid_list", S("Enter a list of values."));
    for (size_t i = 0; in.kind == NU_KIND_LIST && i < nu_list_len(in.list); i++)
        nu_list_append(texts, nu_string(nu_at(in.list, i)));
    *out = nu_v_list(texts);
    return true;
}

static bool refuse_name(const nu__form_field *field, int64_t length, nu_list *errors)
{
    const nu__message_param *params =
        NU__PARAMS({ "max", V(field->max_length) }, { "length", V(length) });

    nu__form_field_tell(
        field, errors, "max_length",
        nu__message_counted(
            "Ensure this filename has at most %(max)d character (it has %(length)d).",
            "Ensure this filename has at most %(max)d characters (it has %(length)d).",
            field->max_length, params),
        params);
    return false;
}

bool nu__file_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    const nu_file *file = in.p;
    nu_str name;

    if (nu__field_value_empty(in)) {
        *out = nu_null();
        return true;
    }
    if (in.kind != NU_KIND_FILE)
        return invalid(field, errors);
    name = nu_file_name(file);
    if (field->max_length >= 0 && nu__form_length(name) > field->max_length)
        return refuse_name(field, nu__form_length(name), errors);
    if (!name.len)
        return invalid(field, errors);
    if (!field->allow_empty_file && !nu_file_size(file))
        return nu__form_refuse(field, errors, "empty", S("The submitted file is empty."));
    *out = in;
    return true;
}

bool nu__image_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    if (!nu__file_to_python(field, in, out, errors))
        return false;
    if (out->kind == NU_KIND_NULL || nu__image_valid((nu_file *)out->p))
        return true;
    return nu__form_refuse(
        field, errors, "invalid_image",
        S("Upload a valid image. The file you uploaded was either not an image or a "
          "corrupted image."));
}
