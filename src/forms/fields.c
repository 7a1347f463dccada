/* The classes of form fields: a row each. */
#include "forms/fields.h"

#include "core/object.h"
#include "forms/convert.h"
#include "forms/fields_to_python.h"
#include "forms/postgres_fields.h"

static bool invalid(const nu__form_field *field, nu_list *errors)
{
    return nu__form_refuse(field, errors, "invalid", nu_s(field->type->invalid));
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
    return nu__field_value_empty(value) || is_choice(field, value) ||
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
        .name = n, .widget = look, .to_python = nu__text_to_python, .text = true, __VA_ARGS__      \
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
      .to_python = nu__url_to_python,
      .text = true,
      .check = nu__form_check_url },
    { .name = "GenericIPAddressField",
      .widget = "TextInput",
      .to_python = nu__address_to_python,
      .max_length = 39,
      .check = nu__form_check_ip_address,
      .text = true },
    TEXT("RegexField", "TextInput", .keeps_spaces = true),
    { .name = "UUIDField",
      .widget = "TextInput",
      .invalid = "Enter a valid UUID.",
      .to_python = nu__uuid_to_python },
    { .name = "JSONField",
      .widget = "Textarea",
      .invalid = "Enter a valid JSON.",
      .to_python = nu__json_to_python,
      .bound = bound_json,
      .prepare = prepare_json },
    NUMBER("IntegerField", nu__integer_to_python, "Enter a whole number."),
    NUMBER("FloatField", nu__float_to_python, "Enter a number.", .validate = finite_number),
    NUMBER("DecimalField", nu__decimal_to_python, "Enter a number."),
    { .name = "DateField",
      .widget = "DateInput",
      .invalid = "Enter a valid date.",
      .to_python = nu__date_to_python },
    { .name = "TimeField",
      .widget = "TimeInput",
      .invalid = "Enter a valid time.",
      .to_python = nu__time_to_python },
    { .name = "DateTimeField",
      .widget = "DateTimeInput",
      .invalid = "Enter a valid date/time.",
      .to_python = nu__datetime_to_python,
      .prepare = prepare_datetime },
    { .name = "SplitDateTimeField",
      .widget = "SplitDateTimeWidget",
      .hidden_widget = "SplitHiddenDateTimeWidget",
      .to_python = nu__split_to_python },
    { .name = "DurationField",
      .widget = "TextInput",
      .invalid = "Enter a valid duration.",
      .to_python = nu__duration_to_python,
      .prepare = nu__form_duration_text },
    { .name = "BooleanField",
      .widget = "CheckboxInput",
      .to_python = nu__boolean_to_python,
      .tick = true },
    { .name = "NullBooleanField",
      .widget = "NullBooleanSelect",
      .to_python = nu__null_boolean_to_python,
      .never_missing = true },
    { .name = "ChoiceField",
      .widget = "Select",
      .to_python = nu__choice_to_python,
      .validate = valid_choice,
      .choices = true },
    { .name = "TypedChoiceField",
      .widget = "Select",
      .to_python = nu__choice_to_python,
      .validate = valid_choice,
      .choices = true },
    { .name = "MultipleChoiceField",
      .widget = "SelectMultiple",
      .hidden_widget = "MultipleHiddenInput",
      .to_python = nu__choices_to_python,
      .validate = valid_choices,
      .choices = true },
    { .name = "TypedMultipleChoiceField",
      .widget = "SelectMultiple",
      .hidden_widget = "MultipleHiddenInput",
      .to_python = nu__choices_to_python,
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
      .to_python = nu__file_to_python,
      .bound = bound_file,
      .file = true,
      .invalid = "No file was submitted. Check the encoding type on the form." },
    { .name = "ImageField",
      .widget = "ClearableFileInput",
      .to_python = nu__image_to_python,
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
