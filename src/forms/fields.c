#include "forms/fields.h"

#include "core/decimal.h"
#include "core/object.h"
#include "core/time.h"
#include "files/images/images.h"
#include "forms/convert.h"

#include <nuages/decimal.h>
#include <nuages/json.h>

#include <string.h>

bool nu__form_value_empty(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        return true;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return !value.s.len;
    case NU_KIND_LIST:
        return !nu_list_len(value.list);
    case NU_KIND_DICT:
        return !nu_dict_len(value.dict);
    default:
        return false;
    }
}

void nu__form_field_error(const nu__form_field *field, nu_list *errors, const char *code,
                          nu_str message)
{
    nu_value own = field->error_messages ? nu_item(field->error_messages, code) : nu_null();

    if (own.kind != NU_KIND_NULL)
        message = nu_string(own);
    nu_list_append(errors, NU_DICT(("message", message), ("code", code)));
}

static bool refuse(const nu__form_field *field, nu_list *errors, const char *code, nu_str message)
{
    nu__form_field_error(field, errors, code, message);
    return false;
}

static bool invalid(const nu__form_field *field, nu_list *errors)
{
    return refuse(field, errors, "invalid", nu_s(field->type->invalid));
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
    return nu__form_url(out->s, out) || invalid(field, errors);
}

static bool address_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                              nu_list *errors)
{
    text_to_python(field, in, out, errors);
    if (nu__form_value_empty(*out))
        return true;
    return nu__form_ip_address(out->s, out) || invalid(field, errors);
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
CONVERTED(datetime)
CONVERTED(uuid)
CONVERTED(json)
#undef CONVERTED

static void run_validators(const nu__form_field *field, nu_value value, nu_list *errors);

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
    switch (nu__form_decimal(in, &number)) {
    case NU__DECIMAL_OK:
        *out = nu_v_decimal(number);
        return true;
    case NU__DECIMAL_NO_NUMBER:
        return invalid(field, errors);
    default:
        run_validators(field, nu_v_decimal(number), errors);
        if (nu_list_len(errors) == before)
            refuse(field, errors, "max_digits",
                   nu_fmt("Ensure that there are no more than {} digits in total.",
                          (int)NU__DECIMAL_DIGITS));
        return false;
    }
}

static bool duration_to_python(const nu__form_field *field, nu_value in, nu_value *out,
                               nu_list *errors)
{
    bool overflow = false;

    if (nu__form_value_empty(in)) {
        *out = nu_null();
        return true;
    }
    if (nu__form_duration(in, out, &overflow))
        return true;
    if (!overflow)
        return invalid(field, errors);
    return refuse(field, errors, "overflow",
                  S("The number of days must be between -999999999 and 999999999."));
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
        return refuse(field, errors, "invalid_list", S("Enter a list of values."));
    for (size_t i = 0; in.kind == NU_KIND_LIST && i < nu_list_len(in.list); i++)
        nu_list_append(texts, nu_string(nu_at(in.list, i)));
    *out = nu_v_list(texts);
    return true;
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
        return refuse(field, errors, "max_length",
                      nu_fmt("Ensure this filename has at most {} character{} (it has {}).",
                             field->max_length, field->max_length == 1 ? "" : "s",
                             nu__form_length(name)));
    if (!name.len)
        return invalid(field, errors);
    if (!field->allow_empty_file && !nu_file_size(file))
        return refuse(field, errors, "empty", S("The submitted file is empty."));
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
    return refuse(field, errors, "invalid_image",
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

        if (label.kind == NU_KIND_LIST ? among(label.list, text) : nu_eq(nu_string(value), text))
            return true;
    }
    return false;
}

static bool valid_choice(const nu__form_field *field, nu_value value, nu_list *errors)
{
    if (nu__form_value_empty(value) ||
        among(nu__choices_items((nu__choices *)&field->choices), value.s))
        return true;
    return refuse(field, errors, "invalid_choice",
                  nu_fmt("Select a valid choice. {} is not one of the available choices.", value));
}

static bool valid_choices(const nu__form_field *field, nu_value value, nu_list *errors)
{
    for (size_t i = 0; value.kind == NU_KIND_LIST && i < nu_list_len(value.list); i++)
        if (!valid_choice(field, nu_at(value.list, i), errors))
            return false;
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
      .invalid = "Enter a valid IPv4 or IPv6 address.",
      .text = true },
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
    { .name = "DurationField",
      .widget = "TextInput",
      .invalid = "Enter a valid duration.",
      .to_python = duration_to_python,
      .prepare = nu__form_duration_text },
    { .name = "BooleanField", .widget = "CheckboxInput", .to_python = boolean_to_python },
    { .name = "NullBooleanField",
      .widget = "NullBooleanSelect",
      .to_python = null_boolean_to_python },
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
      .to_python = choices_to_python,
      .validate = valid_choices,
      .choices = true },
    { .name = "TypedMultipleChoiceField",
      .widget = "SelectMultiple",
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
      .to_python = nu__form_rows,
      .prepare = prepare_rows,
      .choices = true },
    { .name = "FileField",
      .widget = "ClearableFileInput",
      .to_python = file_to_python,
      .bound = bound_file,
      .invalid = "No file was submitted. Check the encoding type on the form." },
    { .name = "ImageField",
      .widget = "ClearableFileInput",
      .to_python = image_to_python,
      .bound = bound_file,
      .check = nu__form_check_extension,
      .invalid = "No file was submitted. Check the encoding type on the form." },
};

const nu__form_field_type *nu__form_field_type_find(nu_str name)
{
    for (size_t i = 0; i < sizeof field_types / sizeof *field_types; i++)
        if (nu_eq(name, field_types[i].name))
            return &field_types[i];
    return NULL;
}

/* ---- making one ---------------------------------------------------------------------------- */

void nu__form_field_begin(nu__form_field *field, const nu__form_field_type *type, nu_str name)
{
    *field = (nu__form_field){ .type = type,
                               .name = name,
                               .required = true,
                               .strip = true,
                               .max_length = type->max_length ? type->max_length : -1,
                               .min_length = -1,
                               .max_digits = -1,
                               .decimal_places = -1 };
}

static void set_attr(nu__widget *widget, const char *name, nu_value value)
{
    if (value.kind != NU_KIND_NULL && nu_item(widget->attrs, name).kind == NU_KIND_NULL)
        nu_dict_set(widget->attrs, name, value);
}

/* The step of a number's arrows: 0.01 for two decimal places. */
static nu_value step_of(const nu__form_field *field)
{
    if (field->step_size.kind != NU_KIND_NULL)
        return field->step_size;
    if (nu_eq("IntegerField", field->type->name))
        return nu_null();
    if (field->decimal_places < 0)
        return nu_v_str(S("any"));
    return nu_v_str(nu_lower(nu_decimal_str(nu_decimal_from(1, -field->decimal_places))));
}

static void number_attrs(nu__form_field *field)
{
    set_attr(&field->widget, "min", field->min_value);
    set_attr(&field->widget, "max", field->max_value);
    set_attr(&field->widget, "step", step_of(field));
}

static void text_attrs(nu__form_field *field)
{
    if (nu__widget_is_hidden(&field->widget))
        return;
    if (field->max_length >= 0)
        set_attr(&field->widget, "maxlength", nu_v_str(nu_fmt("{}", field->max_length)));
    if (field->min_length >= 0)
        set_attr(&field->widget, "minlength", nu_v_str(nu_fmt("{}", field->min_length)));
}

void nu__form_field_finish(nu__form_field *field, const nu__widget_type *widget)
{
    if (!widget)
        widget = nu__widget_type_find(nu_s(field->type->widget));
    nu__widget_init(&field->widget, widget);
    field->widget.required = field->required;
    if (field->type->choices)
        field->widget.choices = &field->choices;
    for (size_t i = 0; field->override && i < 8 && field->override->attrs[i]; i++)
        nu__widget_set_attr(&field->widget, field->override->attrs[i]);
    if (field->type->number && nu_eq("NumberInput", widget->name))
        number_attrs(field);
    if (field->type->text)
        text_attrs(field);
    if (nu_eq("ImageField", field->type->name) && widget->file)
        set_attr(&field->widget, "accept", nu_v_str(S("image/*")));
}

/* ---- cleaning ------------------------------------------------------------------------------ */

static void check_lengths(const nu__form_field *field, nu_value value, nu_list *errors)
{
    int64_t length = nu__form_length(value.s);

    if (field->min_length >= 0 && length < field->min_length)
        nu__form_field_error(field, errors, "min_length",
                             nu_fmt("Ensure this value has at least {} character{} (it has {}).",
                                    field->min_length, field->min_length == 1 ? "" : "s", length));
    if (field->max_length >= 0 && length > field->max_length)
        nu__form_field_error(field, errors, "max_length",
                             nu_fmt("Ensure this value has at most {} character{} (it has {}).",
                                    field->max_length, field->max_length == 1 ? "" : "s", length));
    if (memchr(value.s.ptr, 0, value.s.len))
        nu__form_field_error(field, errors, "null_characters_not_allowed",
                             S("Null characters are not allowed."));
}

static void check_range(const nu__form_field *field, nu_value value, nu_list *errors)
{
    int order;

    if (field->max_value.kind != NU_KIND_NULL &&
        nu__value_compare(value, field->max_value, &order) && order > 0)
        nu__form_field_error(
            field, errors, "max_value",
            nu_fmt("Ensure this value is less than or equal to {}.", field->max_value));
    if (field->min_value.kind != NU_KIND_NULL &&
        nu__value_compare(value, field->min_value, &order) && order < 0)
        nu__form_field_error(
            field, errors, "min_value",
            nu_fmt("Ensure this value is greater than or equal to {}.", field->min_value));
    if (field->step_size.kind != NU_KIND_NULL)
        nu__form_check_step(field, value, errors);
    if (value.kind == NU_KIND_DECIMAL)
        nu__form_check_digits(field, *value.decimal, errors);
}

static void run_user_validator(const nu__form_field *field, const nu_validator *validator,
                               nu_value value, nu_list *errors)
{
    const nu_error *error = nu_catch(NU_VALIDATION_ERROR, validator->check(validator, value));

    if (error)
        nu__form_field_error(field, errors, error->code ? error->code : "invalid",
                             nu_copy(error->message));
}

static void run_validators(const nu__form_field *field, nu_value value, nu_list *errors)
{
    if (nu__form_value_empty(value))
        return;
    if (field->type->check)
        field->type->check(field, value, errors);
    if (field->type->text && value.kind == NU_KIND_STR)
        check_lengths(field, value, errors);
    if (field->type->number)
        check_range(field, value, errors);
    for (const nu_validator *v = field->validators; v && v->check; v++)
        run_user_validator(field, v, value, errors);
}

static bool missing(const nu__form_field *field, nu_value value)
{
    bool unticked = field->type->to_python == boolean_to_python && !value.b;

    return field->required && (nu__form_value_empty(value) || unticked);
}

static bool clean_value(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    size_t before = nu_list_len(errors);

    if (!field->type->to_python(field, in, out, errors))
        return false;
    if (missing(field, *out))
        return refuse(field, errors, "required", S("This field is required."));
    if (field->type->validate && !field->type->validate(field, *out, errors))
        return false;
    run_validators(field, *out, errors);
    if (nu_list_len(errors) != before)
        return false;
    if (field->coerce)
        *out = nu__form_coerce(field, *out);
    return true;
}

/* A file that is kept: nothing was sent and there is one, or the box to clear it is ticked. */
static bool clean_kept_file(const nu__form_field *field, nu_value *in, nu_value initial,
                            nu_value *out)
{
    if (in->kind == NU_KIND_BOOL) {
        *out = *in;
        if (!field->required)
            return true;
        *in = nu_null();
    }
    *out = initial;
    return in->kind == NU_KIND_NULL && nu__value_truth(initial);
}

bool nu__form_field_clean(const nu__form_field *field, nu_value in, nu_value initial, nu_value *out,
                          nu_list *errors)
{
    if (field->type->bound == bound_file) {
        if (in.kind == NU_KIND_STR && nu_eq(in.s, "contradiction"))
            return refuse(field, errors, "contradiction",
                          S("Please either submit a file or check the clear checkbox, not both."));
        if (clean_kept_file(field, &in, initial, out))
            return true;
    }
    return clean_value(field, in, out, errors);
}

bool nu__form_field_has_changed(const nu__form_field *field, nu_value initial, nu_value data)
{
    nu_value value, was = initial;

    if (field->disabled)
        return false;
    if (field->type->bound == bound_file)
        return data.kind != NU_KIND_NULL;
    if (!field->type->to_python(field, data, &value, nu_list_new()))
        return true;
    if (field->type->to_python == boolean_to_python)
        boolean_to_python(field, initial, &was, NULL);
    if (nu__form_value_empty(value) && nu__form_value_empty(was))
        return false;
    if (field->type->choices)
        return !nu_eq(nu_string(nu__form_field_prepare(field, value)),
                      nu_string(nu__form_field_prepare(field, was)));
    return !nu__value_equal(value, was);
}
