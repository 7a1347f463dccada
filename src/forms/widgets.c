#include "forms/widgets.h"

#include "core/object.h"
#include "forms/widget_types.h"
#include "utils/formats.h"
#include "utils/html.h"
#include "utils/numberformat.h"
#include "utils/strptime.h"

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

bool nu__is_empty_text(nu_value value)
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

    if (nu__is_empty_text(value)) /* what was sent as a date is shown again, even nothing */
        return format.ptr && value.kind != NU_KIND_NULL ? nu_v_str(S("")) : nu_null();
    if (value.kind == NU_KIND_SAFE)
        return value;
    if (format.ptr && (value.kind == NU_KIND_DATE || value.kind == NU_KIND_DATETIME ||
                       value.kind == NU_KIND_TIME))
        return nu_v_str(nu__strftime(value, format));
    return nu_v_str(widget->localized ? localized(value) : nu_string(value));
}

/* ---- widgets -------------------------------------------------------------------------------- */

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
    return nu__is_empty_text(nu_at(nu_as_list(nu_at(items, 0)), 0));
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
