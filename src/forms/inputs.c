/* Widgets of one element: <input> of every type, and <textarea>. */
#include "core/object.h"
#include "forms/widget_types.h"
#include "utils/html.h"
#include "utils/translation.h"

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

void nu__render_input(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                      const nu_dict *attrs)
{
    nu__input_render(out, widget->input_type, name, nu__widget_format_value(widget, value), attrs);
}

void nu__render_password(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                         const nu_dict *attrs)
{
    nu__render_input(widget, out, name, widget->render_value ? value : nu_null(), attrs);
}

void nu__render_textarea(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
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
void nu__render_checkbox(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                         const nu_dict *attrs)
{
    bool plain = value.kind == NU_KIND_BOOL || nu__is_empty_text(value);

    if (!nu__is_empty_text(value) && !(value.kind == NU_KIND_BOOL && !value.b)) {
        nu_dict *checked = nu__attrs_merged(attrs, NULL);

        nu_dict_set(checked, "checked", true);
        attrs = checked;
    }
    nu__input_render(out, widget->input_type, name,
                     plain ? nu_null() : nu__widget_format_value(widget, value), attrs);
}

void nu__render_file(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                     const nu_dict *attrs)
{
    (void)value;
    nu__input_render(out, widget->input_type, name, nu_null(), attrs);
}

/* The file that is kept, with a link and a box to clear it, before the input for another. */
void nu__render_clearable_file(const nu__widget *widget, nu__buf *out, nu_str name, nu_value value,
                               const nu_dict *attrs)
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
    nu__render_file(widget, out, name, nu_null(), attrs);
}
