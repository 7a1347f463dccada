#include "forms/fields.h"

#include "core/decimal.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "files/images/images.h"
#include "forms/convert.h"
#include "forms/postgres_fields.h"
#include "utils/translation.h"

#include <nuages/decimal.h>
#include <nuages/json.h>

#include <string.h>

static bool invalid(const nu__form_field *field, nu_list *errors)
{
    return nu__form_refuse(field, errors, "invalid", nu_s(field->type->invalid));
}

/* ---- to_python ----------------------------------------------------------------------------- */

static bool text_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_str text = nu__form_value_empty(in) ? S("") : nu_string(in);

    (void)errors;
    if (field->strip)
        text = nu_trim(text);
    *out = !text.len && field->empty_null ? nu_null() : nu_v_str(text);
    return true;
}

/* Text fields whose text is then put into one form: URLs get a scheme, addresses are shortened. */
static bool url_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    text_to_python(field, in, out, errors);
    if (nu__form_value_empty(*out))
        return true;
    *out = nu_v_str(nu__form_url(field, out->s));
    return true;
}

static bool address_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                              nu_list *errors)
{
    if (in.kind != NU_KIND_STR && in.kind != NU_KIND_SAFE && !nu__form_value_empty(in))
        nu_raise(NU_ATTRIBUTE_ERROR, "an address is read from text, not from a {}",
                 nu__kind_name(in.kind));
    text_to_python(field, in, out, errors);
    if (nu__form_value_empty(*out) || !memchr(out->s.ptr, ':', out->s.len))
        return true;
    return nu__form_ipv6_address(field, out->s, out) ||
           nu__form_refuse(field, errors, "invalid", S("This is not a valid IPv6 address."));
}

static bool converted(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors,
                      bool (*convert)(const nu__form_field *, nu_value, nu_value *))
{
    if (nu__form_value_empty(in)) {
        *out = nu_null();
        return true;
    }
    return convert(field, in, out) || invalid(field, errors);
}

#define CONVERTED(name)                                                                            \
    static bool name##_to_python(const nu__form_field *field, nu_value in, nu_value *out,          \
                                 nu_list *errors)                                                  \
    {                                                                                              \
        return converted(field, in, out, errors, nu__form_##name);                                 \
    }
CONVERTED(integer)
CONVERTED(float)
CONVERTED(date)
CONVERTED(time)
CONVERTED(json)
#undef CONVERTED

static bool uuid_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    if (in.kind == NU_KIND_STR || in.kind == NU_KIND_SAFE)
        in.s = nu_trim(in.s);
    return converted(field, in, out, errors, nu__form_uuid);
}

static bool datetime_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                               nu_list *errors)
{
    nu_value wall;

    if (nu__form_value_empty(in)) {
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
static bool decimal_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                              nu_list *errors)
{
    nu_decimal number;
    size_t before = nu_list_len(errors);

    *out = nu_null();
    if (nu__form_value_empty(in))
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

static bool duration_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                               nu_list *errors)
{
    bool overflow = false;
    nu_str words;

    if (nu__form_value_empty(in)) {
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

static bool split_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                            nu_list *errors)
{
    nu_list *halves = in.kind == NU_KIND_LIST ? in.list : nu_list_new();
    nu_value date, time, wall;
    bool dated, timed;

    *out = nu_null();
    if (in.kind != NU_KIND_LIST && !nu__form_value_empty(in))
        return nu__form_refuse(field, errors, "invalid", S("Enter a list of values."));
    date = nu_at(halves, 0);
    time = nu_at(halves, 1);
    if (nu__form_value_empty(date) && nu__form_value_empty(time))
        return true;
    if (field->required && (nu__form_value_empty(date) || nu__form_value_empty(time)))
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

static bool boolean_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                              nu_list *errors)
{
    (void)field;
    (void)errors;
    if (in.kind == NU_KIND_STR)
        *out = nu_v_bool(in.s.len && !nu_eq(nu_lower(in.s), "false") && !nu_eq(in.s, "0"));
    else
        *out = nu_v_bool(nu__value_truth(in));
    return true;
}

static bool null_boolean_to_python(const nu__form_field *field, nu_value in, nu_value *out,
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

static bool choice_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                             nu_list *errors)
{
    (void)field;
    (void)errors;
    *out = nu_v_str(nu__form_value_empty(in) ? S("") : nu_string(in));
    return true;
}

static bool choices_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                              nu_list *errors)
{
    nu_list *texts = nu_list_new();

    if (in.kind != NU_KIND_LIST && !nu__form_value_empty(in))
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

static bool file_to_python(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    const nu_file *file = in.p;
    nu_str name;

    if (nu__form_value_empty(in)) {
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

static bool image_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                            nu_list *errors)
{
    if (!file_to_python(field, in, out, errors))
        return false;
    if (out->kind == NU_KIND_NULL || nu__image_valid((nu_file *)out->p))
        return true;
    return nu__form_refuse(
        field, errors, "invalid_image",
        S("Upload a valid image. The file you uploaded was either not an image or a "
          "corrupted image."));
}

/* ---- validate ------------------------------------------------------------------------------ */

static bool finite_number(const nu__form_field *field, nu_value value, nu_list *errors)
{
    if (value.kind == NU_KIND_FLOAT && (value.f != value.f || value.f - value.f != 0))
        return invalid(field, errors);
    return true;
}

static bool among(nu_list *items, nu_str text)
{
    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_list *pair = nu_as_list(nu_at(items, i));
        nu_value label = nu_at(pair, 1), value = nu_at(pair, 0);

        if (label.kind == NU_KIND_LIST
                ? among(label.list, text)
                : nu_eq(value.kind == NU_KIND_NULL ? S("None") : nu_string(value), text))
            return true;
    }
    return false;
}

static bool is_choice(const nu__form_field *field, nu_value value)
{
    return among(nu__choices_items((nu__choices *)&field->choices), value.s);
}

static bool valid_choice(const nu__form_field *field, nu_value value, nu_list *errors)
{
    return nu__form_value_empty(value) || is_choice(field, value) ||
           nu__form_invalid_choice(field, value, errors);
}

static bool valid_choices(const nu__form_field *field, nu_value value, nu_list *errors)
{
    for (size_t i = 0; value.kind == NU_KIND_LIST && i < nu_list_len(value.list); i++)
        if (!is_choice(field, nu_at(value.list, i)))
            return nu__form_invalid_choice(field, nu_at(value.list, i), errors);
    return true;
}

/* ---- prepare ------------------------------------------------------------------------------- */

/* JSON that could not be read is shown again as it was sent: bytes, which no JSON value is. */
static nu_value bound_json(const nu__form_field *field, nu_value data, nu_value initial)
{
    nu_value value;

    (void)initial;
    if (data.kind != NU_KIND_STR || nu__form_json(field, data, &value))
        return data.kind == NU_KIND_STR ? value : data;
    return (nu_value){ .kind = NU_KIND_BYTES, .s = data.s };
}

static nu_value prepare_json(const nu__form_field *field, nu_value value)
{
    (void)field;
    if (value.kind == NU_KIND_BYTES)
        return nu_v_str(value.s);
    return nu_v_str(nu__form_json_text(value));
}

static nu_value bound_file(const nu__form_field *field, nu_value data, nu_value initial)
{
    (void)field;
    (void)data;
    return initial;
}

static nu_value prepare_datetime(const nu__form_field *field, nu_value value)
{
    (void)field;
    return value.kind == NU_KIND_DATETIME ? nu__form_local_datetime(value) : value;
}

/* The key of a row, for choices that are rows. */
static nu_value prepare_rows(const nu__form_field *field, nu_value value)
{
    nu_value key = value;
    nu_list *keys, *rows;

    if (value.kind == NU_KIND_OBJECT)
        return nu__value_get(value, S("pk"), &key) ? key : value;
    if (value.kind != NU_KIND_LIST && value.kind != NU_KIND_QUERY)
        return value;
    keys = nu_list_new();
    rows = nu__value_items(value);
    for (size_t i = 0; i < nu_list_len(rows); i++)
        nu_list_append(keys, prepare_rows(field, nu_at(rows, i)));
    return nu_v_list(keys);
}

nu_value nu__form_field_prepare(const nu__form_field *field, nu_value value)
{
    return field->type->prepare ? field->type->prepare(field, value) : value;
}

/* ---- the rows ------------------------------------------------------------------------------ */

#define NUMBER(n, convert, words, ...)                                                             \
    {                                                                                              \
        .name = n, .widget = "NumberInput", .invalid = words, .to_python = convert,                \
        .number = true, __VA_ARGS__                                                                \
    }
#define TEXT(n, look, ...)                                                                         \
    {                                                                                              \
        .name = n, .widget = look, .to_python = text_to_python, .text = true, __VA_ARGS__          \
    }

#define RANGE(n, of, words)                                                                        \
    {                                                                                              \
        .name = n, .widget = "RangeWidget", .hidden_widget = "HiddenRangeWidget", .base = of,      \
        .invalid = words, .clean = nu__form_clean_range, .changed = nu__form_range_changed,        \
        .prepare = nu__form_prepare_range                                                          \
    }

static const nu__form_field_type field_types[] = {
    TEXT("CharField", "TextInput"),
    TEXT("EmailField", "EmailInput", .max_length = 320, .check = nu__form_check_email),
    TEXT("SlugField", "TextInput", .check = nu__form_check_slug),
    { .name = "URLField",
      .widget = "URLInput",
      .invalid = "Enter a valid URL.",
      .to_python = url_to_python,
      .text = true,
      .check = nu__form_check_url },
    { .name = "GenericIPAddressField",
      .widget = "TextInput",
      .to_python = address_to_python,
      .max_length = 39,
      .check = nu__form_check_ip_address,
      .text = true },
    TEXT("RegexField", "TextInput", .keeps_spaces = true),
    { .name = "UUIDField",
      .widget = "TextInput",
      .invalid = "Enter a valid UUID.",
      .to_python = uuid_to_python },
    { .name = "JSONField",
      .widget = "Textarea",
      .invalid = "Enter a valid JSON.",
      .to_python = json_to_python,
      .bound = bound_json,
      .prepare = prepare_json },
    NUMBER("IntegerField", integer_to_python, "Enter a whole number."),
    NUMBER("FloatField", float_to_python, "Enter a number.", .validate = finite_number),
    NUMBER("DecimalField", decimal_to_python, "Enter a number."),
    { .name = "DateField",
      .widget = "DateInput",
      .invalid = "Enter a valid date.",
      .to_python = date_to_python },
    { .name = "TimeField",
      .widget = "TimeInput",
      .invalid = "Enter a valid time.",
      .to_python = time_to_python },
    { .name = "DateTimeField",
      .widget = "DateTimeInput",
      .invalid = "Enter a valid date/time.",
      .to_python = datetime_to_python,
      .prepare = prepare_datetime },
    { .name = "SplitDateTimeField",
      .widget = "SplitDateTimeWidget",
      .hidden_widget = "SplitHiddenDateTimeWidget",
      .to_python = split_to_python },
    { .name = "DurationField",
      .widget = "TextInput",
      .invalid = "Enter a valid duration.",
      .to_python = duration_to_python,
      .prepare = nu__form_duration_text },
    { .name = "BooleanField",
      .widget = "CheckboxInput",
      .to_python = boolean_to_python,
      .tick = true },
    { .name = "NullBooleanField",
      .widget = "NullBooleanSelect",
      .to_python = null_boolean_to_python,
      .never_missing = true },
    { .name = "ChoiceField",
      .widget = "Select",
      .to_python = choice_to_python,
      .validate = valid_choice,
      .choices = true },
    { .name = "TypedChoiceField",
      .widget = "Select",
      .to_python = choice_to_python,
      .validate = valid_choice,
      .choices = true },
    { .name = "MultipleChoiceField",
      .widget = "SelectMultiple",
      .hidden_widget = "MultipleHiddenInput",
      .to_python = choices_to_python,
      .validate = valid_choices,
      .choices = true },
    { .name = "TypedMultipleChoiceField",
      .widget = "SelectMultiple",
      .hidden_widget = "MultipleHiddenInput",
      .to_python = choices_to_python,
      .validate = valid_choices,
      .choices = true },
    { .name = "ModelChoiceField",
      .widget = "Select",
      .to_python = nu__form_row,
      .prepare = prepare_rows,
      .choices = true,
      .invalid = "Select a valid choice. That choice is not one of the available choices." },
    { .name = "ModelMultipleChoiceField",
      .widget = "SelectMultiple",
      .hidden_widget = "MultipleHiddenInput",
      .to_python = nu__form_rows,
      .prepare = prepare_rows,
      .choices = true },
    { .name = "FileField",
      .widget = "ClearableFileInput",
      .to_python = file_to_python,
      .bound = bound_file,
      .file = true,
      .invalid = "No file was submitted. Check the encoding type on the form." },
    { .name = "ImageField",
      .widget = "ClearableFileInput",
      .to_python = image_to_python,
      .bound = bound_file,
      .file = true,
      .check = nu__form_check_extension,
      .invalid = "No file was submitted. Check the encoding type on the form." },
    { .name = "SimpleArrayField",
      .widget = "TextInput",
      .to_python = nu__form_simple_array,
      .validate = nu__form_validate_items,
      .check = nu__form_check_count,
      .check_items = nu__form_check_items,
      .settle = nu__form_clean_items,
      .prepare = nu__form_prepare_array },
    { .name = "SplitArrayField",
      .widget = "SplitArrayWidget",
      .to_python = nu__form_split_array,
      .clean = nu__form_clean_split },
    { .name = "HStoreField",
      .widget = "Textarea",
      .to_python = nu__form_hstore,
      .prepare = nu__form_prepare_hstore,
      .converts_initial = true },
    RANGE("IntegerRangeField", "IntegerField", "Enter two whole numbers."),
    RANGE("DecimalRangeField", "DecimalField", "Enter two numbers."),
    RANGE("DateRangeField", "DateField", "Enter two valid dates."),
    RANGE("DateTimeRangeField", "DateTimeField", "Enter two valid date/times."),
};

const nu__form_field_type *nu__form_field_type_find(nu_str name)
{
    for (size_t i = 0; i < sizeof field_types / sizeof *field_types; i++)
        if (nu_eq(name, field_types[i].name))
            return &field_types[i];
    return NULL;
}
