#include "forms/widgets.h"

#include "core/object.h"
#include "core/time.h"
#include "forms/widget_types.h"
#include "utils/formats.h"
#include "utils/html.h"
#include "utils/numberformat.h"
#include "utils/strptime.h"
#include "utils/translation.h"

#include <nuages/template.h>

#include <string.h>

/* ---- attributes ---------------------------------------------------------------------------- */

void nu__attrs_render(nu__buf *out, const nu_dict *attrs)
{
    for (size_t i = 0; attrs && i < nu_dict_len(attrs); i++) {
        nu_value value = nu_dict_value(attrs, i);

        if (value.kind == NU_KIND_BOOL && !value.b)
            continue;
        nu__buf_char(out, ' ');
        nu__buf_str_add(out, nu_dict_key(attrs, i));
        if (value.kind == NU_KIND_BOOL)
            continue;
        nu__buf_lit(out, "=\"");
        nu__conditional_escape_to(out, value);
        nu__buf_char(out, '"');
    }
}

nu_dict *nu__attrs_merged(const nu_dict *own, const nu_dict *more)
{
    nu_dict *all = nu_dict_new();

    for (size_t i = 0; own && i < nu_dict_len(own); i++)
        nu_dict_set_str(all, nu_dict_key(own, i), nu_dict_value(own, i));
    for (size_t i = 0; more && i < nu_dict_len(more); i++)
        nu_dict_set_str(all, nu_dict_key(more, i), nu_dict_value(more, i));
    return all;
}

void nu__widget_set_attr(nu__widget *widget, const char *attribute)
{
    const char *equals = strchr(attribute, '=');
    size_t len = equals ? (size_t)(equals - attribute) : strlen(attribute);
    nu_str name = { attribute, len };
    nu_value value = equals ? nu_v_cstr(equals + 1) : nu_v_bool(true);

    nu__widget_set(widget, name, value);
}

void nu__widget_set(nu__widget *widget, nu_str name, nu_value value)
{
    bool input = widget->type->input_type && !widget->type->choices && !widget->type->omitted;

    if (nu_eq(name, "type") && input)
        widget->input_type = nu_string(value);
    else
        nu_dict_set_str(widget->attrs, name, value);
}

/* ---- values -------------------------------------------------------------------------------- */

static bool is_empty_text(nu_value value)
{
    return value.kind == NU_KIND_NULL ||
           ((value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE) && !value.s.len);
}

/* strftime's letters for the widget's dates; {NULL, 0}: it shows none. */
static nu_str format_of(const nu__widget *widget)
{
    const nu__locale *locale = nu__locale_current();

    if (widget->date_format.ptr)
        return widget->date_format;
    switch (widget->type->format) {
    case NU__FORMAT_DATE:
        return nu_s(locale->date_input_formats[0]);
    case NU__FORMAT_TIME:
        return nu_s(locale->time_input_formats[0]);
    case NU__FORMAT_DATETIME:
        return nu_s(locale->datetime_input_formats[0]);
    default:
        return (nu_str){ NULL, 0 };
    }
}

/* formats.localize_input() without a format: numbers and dates as they are read again. */
static nu_str localized(nu_value value)
{
    const nu__locale *locale = nu__locale_current();

    switch (value.kind) {
    case NU_KIND_INT:
    case NU_KIND_FLOAT:
    case NU_KIND_DECIMAL:
        return nu__number_format(value, -1, locale, false);
    case NU_KIND_DATE:
        return nu__strftime(value, nu_s(locale->date_input_formats[0]));
    case NU_KIND_TIME:
        return nu__strftime(value, nu_s(locale->time_input_formats[0]));
    case NU_KIND_DATETIME:
        return nu__strftime(value, nu_s(locale->datetime_input_formats[0]));
    default:
        return nu_string(value);
    }
}

nu_value nu__widget_format_value(const nu__widget *widget, nu_value value)
{
    nu_str format = format_of(widget);

    if (is_empty_text(value)) /* what was sent as a date is shown again, even nothing */
        return format.ptr && value.kind != NU_KIND_NULL ? nu_v_str(S("")) : nu_null();
    if (value.kind == NU_KIND_SAFE)
        return value;
    if (format.ptr && (value.kind == NU_KIND_DATE || value.kind == NU_KIND_DATETIME ||
                       value.kind == NU_KIND_TIME))
        return nu_v_str(nu__strftime(value, format));
    return nu_v_str(widget->localized ? localized(value) : nu_string(value));
}

void nu__input_render(nu__buf *out, nu_str type, nu_str name, nu_value value, const nu_dict *attrs)
{
    nu__buf_lit(out, "<input type=\"");
    nu__escape_to(out, type);
    nu__buf_lit(out, "\" name=\"");
    nu__escape_to(out, name);
    nu__buf_char(out, '"');
    if (value.kind != NU_KIND_NULL) {
        nu__buf_lit(out, " value=\"");
        nu__conditional_escape_to(out, value);
        nu__buf_char(out, '"');
    }
    nu__attrs_render(out, attrs);
    nu__buf_char(out, '>');
}

static void render_input(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                         const nu_dict *attrs)
{
    nu__input_render(out, widget->input_type, name, nu__widget_format_value(widget, value), attrs);
}

static void render_password(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    render_input(widget, out, name, widget->render_value ? value : nu_null(), attrs);
}

static void render_textarea(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    nu__buf_lit(out, "<textarea name=\"");
    nu__escape_to(out, name);
    nu__buf_char(out, '"');
    nu__attrs_render(out, attrs);
    nu__buf_lit(out, ">\n");
    value = nu__widget_format_value(widget, value);
    if (value.kind != NU_KIND_NULL)
        nu__conditional_escape_to(out, value);
    nu__buf_lit(out, "</textarea>");
}

/* CheckboxInput: a value that is not plain true or false is shown as the box's own. */
static void render_checkbox(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                            const nu_dict *attrs)
{
    bool plain = value.kind == NU_KIND_BOOL || is_empty_text(value);

    if (!is_empty_text(value) && !(value.kind == NU_KIND_BOOL && !value.b)) {
        nu_dict *checked = nu__attrs_merged(attrs, NULL);

        nu_dict_set(checked, "checked", true);
        attrs = checked;
    }
    nu__input_render(out, widget->input_type, name,
                     plain ? nu_null() : nu__widget_format_value(widget, value), attrs);
}

static void render_file(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                        const nu_dict *attrs)
{
    (void)value;
    nu__input_render(out, widget->input_type, name, nu_null(), attrs);
}

/* The file that is kept, with a link and a box to clear it, before the input for another. */
static void render_clearable_file(const nu__widget *widget, nu__buf *out, nu_str name,
                                  nu_value value, const nu_dict *attrs)
{
    nu_value url = nu_null();

    if (value.kind == NU_KIND_OBJECT && nu__value_truth(value) &&
        nu__value_get(value, S("url"), &url) && nu__value_truth(url)) {
        nu__buf_fmt(out, "{}: <a href=\"", nu__gettext(S("Currently")));
        nu__conditional_escape_to(out, url);
        nu__buf_lit(out, "\">");
        nu__conditional_escape_to(out, value);
        nu__buf_lit(out, "</a>");
        if (!widget->required)
            nu__buf_fmt(out,
                        "\n<input type=\"checkbox\" name=\"{}-clear\" id=\"{}-clear_id\"{}{}>\n"
                        "<label for=\"{}-clear_id\">{}</label>",
                        name, name, nu__value_truth(nu_item(attrs, "disabled")) ? " disabled" : "",
                        nu__value_truth(nu_item(attrs, "checked")) ? " checked" : "", name,
                        nu__gettext(S("Clear")));
        nu__buf_fmt(out, "<br>\n{}:\n", nu__gettext(S("Change")));
    }
    render_file(widget, out, name, nu_null(), attrs);
}

/* ---- the rows ------------------------------------------------------------------------------ */

#define INPUT(n, t, ...)                                                                           \
    {                                                                                              \
        .name = n, .input_type = t, .render = render_input, .from_data = nu__text_data,            \
        __VA_ARGS__                                                                                \
    }
#define CHOICES(n, t, draw, ...)                                                                   \
    {                                                                                              \
        .name = n, .input_type = t, .render = draw, .from_data = nu__text_data, .choices = true,   \
        __VA_ARGS__                                                                                \
    }

static const nu__widget_type widget_types[] = {
    INPUT("TextInput", "text"),
    INPUT("NumberInput", "number"),
    INPUT("EmailInput", "email"),
    INPUT("URLInput", "url"),
    INPUT("ColorInput", "color"),
    INPUT("SearchInput", "search"),
    INPUT("TelInput", "tel"),
    INPUT("HiddenInput", "hidden"),
    INPUT("DateInput", "text", .format = NU__FORMAT_DATE),
    INPUT("DateTimeInput", "text", .format = NU__FORMAT_DATETIME),
    INPUT("TimeInput", "text", .format = NU__FORMAT_TIME),
    { .name = "PasswordInput",
      .input_type = "password",
      .render = render_password,
      .from_data = nu__text_data },
    { .name = "Textarea",
      .render = render_textarea,
      .from_data = nu__text_data,
      .default_attrs = { "cols=40", "rows=10" } },
    { .name = "CheckboxInput",
      .input_type = "checkbox",
      .render = render_checkbox,
      .from_data = nu__checkbox_data },
    { .name = "FileInput",
      .input_type = "file",
      .render = render_file,
      .from_data = nu__file_data,
      .file = true },
    { .name = "ClearableFileInput",
      .input_type = "file",
      .render = render_clearable_file,
      .from_data = nu__clearable_file_data,
      .file = true },
    CHOICES("Select", "select", nu__render_select),
    CHOICES("SelectMultiple", "select", nu__render_select, .multiple = true),
    { .name = "NullBooleanSelect",
      .input_type = "select",
      .render = nu__render_select,
      .from_data = nu__null_boolean_data,
      .choices = true,
      .init = nu__null_boolean_init,
      .as_choice = nu__null_boolean_choice },
    { .name = "MultipleHiddenInput",
      .input_type = "hidden",
      .render = nu__render_hidden_list,
      .from_data = nu__text_data,
      .multiple = true },
    { .name = "MultiWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .fieldset = true },
    { .name = "SplitDateTimeWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .init = nu__split_init,
      .decompress = nu__split_decompress,
      .fieldset = true },
    { .name = "SplitHiddenDateTimeWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .init = nu__split_hidden_init,
      .decompress = nu__split_decompress,
      .fieldset = true },
    { .name = "RangeWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .decompress = nu__range_decompress,
      .repeats = true,
      .fieldset = true },
    { .name = "HiddenRangeWidget",
      .render = nu__render_parts,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .init = nu__hidden_range_init,
      .decompress = nu__range_decompress,
      .fieldset = true },
    { .name = "SplitArrayWidget",
      .render = nu__render_split_array,
      .from_data = nu__parts_data,
      .omitted = nu__parts_omitted,
      .repeats = true },
    { .name = "SelectDateWidget",
      .input_type = "select",
      .render = nu__render_select_date,
      .from_data = nu__select_date_data,
      .omitted = nu__select_date_omitted,
      .fieldset = true },
    CHOICES("RadioSelect", "radio", nu__render_boxes, .fieldset = true, .numbered = true),
    CHOICES("CheckboxSelectMultiple", "checkbox", nu__render_boxes, .multiple = true,
            .fieldset = true, .numbered = true),
};
enum { WIDGET_TYPES = sizeof widget_types / sizeof *widget_types };

const nu__widget_type *nu__widget_type_find(nu_str name)
{
    for (size_t i = 0; i < WIDGET_TYPES; i++)
        if (nu_eq(name, widget_types[i].name))
            return &widget_types[i];
    return NULL;
}

const char *const *nu__widget_names(size_t *count)
{
    static const char *names[WIDGET_TYPES];

    for (size_t i = 0; i < WIDGET_TYPES; i++)
        names[i] = widget_types[i].name;
    *count = WIDGET_TYPES;
    return names;
}

void nu__widget_init(nu__widget *widget, const nu__widget_type *type)
{
    *widget =
        (nu__widget){ .type = type, .input_type = nu_s(type->input_type), .attrs = nu_dict_new() };
    for (size_t i = 0; i < 2 && type->default_attrs[i]; i++)
        nu__widget_set_attr(widget, type->default_attrs[i]);
    if (type->init)
        type->init(widget);
}

bool nu__widget_is_hidden(const nu__widget *widget)
{
    for (size_t i = 0; i < widget->n_parts; i++)
        if (!nu__widget_is_hidden(&widget->parts[i].widget))
            return false;
    return widget->n_parts || nu_eq(widget->input_type, "hidden");
}

/* HTML wants the first option of a required select to be the empty one. */
static bool first_choice_is_empty(const nu__widget *widget)
{
    nu_list *items = widget->choices ? nu__choices_items(widget->choices) : NULL;

    if (!items || !nu_list_len(items))
        return false;
    return is_empty_text(nu_at(nu_as_list(nu_at(items, 0)), 0));
}

bool nu__widget_may_require(const nu__widget *widget, nu_value initial)
{
    if (nu__widget_is_hidden(widget))
        return false;
    if (widget->type->file)
        return !nu__value_truth(initial);
    if (widget->type->render == nu__render_select && !widget->type->multiple)
        return first_choice_is_empty(widget);
    return !(widget->type->render == nu__render_boxes && widget->type->multiple);
}

nu_str nu__widget_id_for_label(const nu__widget *widget, nu_str id)
{
    if (widget->type->render == nu__render_select_date)
        return nu__select_date_id_for_label(id);
    if (widget->type->render == nu__render_split_array && id.len)
        return nu_fmt("{}_0", id);
    return widget->type->fieldset ? (nu_str){ NULL, 0 } : id;
}

bool nu__widget_omitted(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    if (widget->type->omitted)
        return widget->type->omitted(widget, data, name);
    if (widget->type->file)
        return !(data->file && data->file(data->self, name)) &&
               !(widget->type->from_data == nu__clearable_file_data &&
                 nu_querydict_has(data->fields, nu_fmt("{}-clear", name)));
    if (widget->type->from_data == nu__checkbox_data ||
        (widget->type->multiple && widget->type->choices))
        return false; /* browsers send nothing for a box that is not ticked */
    return !nu_querydict_has(data->fields, name);
}

void nu__widget_render(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                       const nu_dict *attrs)
{
    widget->type->render(widget, out, name, value, nu__attrs_merged(widget->attrs, attrs));
}
