/* A field with its form: its value, id, label, errors, and the HTML made of them. */
#include "core/text.h"
#include "forms/form.h"
#include "utils/html.h"
#include "utils/translation.h"

#include <string.h>

nu_value nu__bound_field_data(const nu__bound_field *bound)
{
    const nu__widget *widget = &bound->field->widget;

    return widget->type->from_data(widget, &bound->form->data,
                                   nu__form_html_name(bound->form, bound->field->name));
}

nu_value nu__bound_field_value(const nu__bound_field *bound)
{
    const nu__form_field *field = bound->field;
    nu_value value = nu__form_initial(bound->form, field);

    if (bound->form->bound && !field->disabled) {
        nu_value data = nu__bound_field_data(bound);

        value = field->type->bound ? field->type->bound(field, data, value) : data;
    }
    return nu__form_field_prepare(field, value);
}

nu_str nu__bound_field_id(const nu__bound_field *bound)
{
    nu_str name = nu__form_html_name(bound->form, bound->field->name),
           pattern = bound->form->auto_id;
    char *hole = pattern.ptr ? memmem(pattern.ptr, pattern.len, "{}", 2) : NULL;

    if (!pattern.len)
        return S("");
    if (!hole)
        return name;
    return nu_fmt("{}{}{}", ((nu_str){ pattern.ptr, (size_t)(hole - pattern.ptr) }), name,
                  ((nu_str){ hole + 2, (size_t)(pattern.ptr + pattern.len - hole - 2) }));
}

/* The widget's own id wins over the form's. */
nu_str nu__bound_field_own_id(const nu__bound_field *bound)
{
    nu_value own = nu_item(bound->field->widget.attrs, "id");

    return own.kind == NU_KIND_NULL ? nu__bound_field_id(bound) : nu_string(own);
}

/* "first_name" is "First name". */
static nu_str pretty_name(nu_str name)
{
    return nu__capfirst(nu_lower(nu__replace(name, S("_"), S(" "))));
}

nu_str nu__bound_field_label(const nu__bound_field *bound)
{
    const nu__form_field *field = bound->field;

    return field->has_label ? field->label : pretty_name(field->name);
}

static nu__error_list *error_list(nu_list *items, const char *error_class, nu_str field_id)
{
    nu__error_list *list = nu_alloc(nu__error_list);

    *list = (nu__error_list){ .object = { .type = &nu__error_list_class },
                              .items = items,
                              .error_class = error_class,
                              .field_id = field_id };
    return list;
}

static nu_list *items_of(nu_form *form, nu_str name)
{
    nu_value items;

    return nu_dict_find(nu__form_errors(form), name, &items) ? items.list : nu_list_new();
}

nu__error_list *nu__bound_field_errors(const nu__bound_field *bound)
{
    return error_list(items_of(bound->form, bound->field->name), "errorlist",
                      nu__bound_field_id(bound));
}

nu__error_list *nu__form_non_field_errors(nu_form *form)
{
    return error_list(items_of(form, S("__all__")), "errorlist nonfield", (nu_str){ NULL, 0 });
}

nu_str nu__bound_field_describedby(const nu__bound_field *bound)
{
    nu_str id = nu__bound_field_id(bound);
    nu__buf out = { 0 };

    if (nu_item(bound->field->widget.attrs, "aria-describedby").kind != NU_KIND_NULL || !id.len ||
        nu__widget_is_hidden(&bound->field->widget))
        return (nu_str){ NULL, 0 };
    if (bound->field->help_text.len)
        nu__buf_fmt(&out, "{}_helptext", id);
    if (nu_list_len(items_of(bound->form, bound->field->name)))
        nu__buf_fmt(&out, "{}{}_error", out.len ? " " : "", id);
    return out.len ? nu__buf_str(&out) : (nu_str){ NULL, 0 };
}

/* The box beside a file, ticked in the data. */
static bool clear_was_ticked(const nu__bound_field *bound)
{
    nu_str name = nu__form_html_name(bound->form, bound->field->name);

    return bound->form->bound &&
           nu__form_data_get(&bound->form->data, nu_fmt("{}-clear", name)).kind != NU_KIND_NULL;
}

nu_dict *nu__bound_field_attrs(const nu__bound_field *bound, const nu__widget *widget)
{
    const nu__form_field *field = bound->field;
    nu_dict *attrs = nu_dict_new();
    nu_str described = nu__bound_field_describedby(bound), id = nu__bound_field_id(bound);

    if (field->required && bound->form->use_required_attribute &&
        nu__widget_may_require(widget, nu__form_initial(bound->form, field)))
        nu_dict_set(attrs, "required", true);
    if (field->disabled)
        nu_dict_set(attrs, "disabled", true);
    if (!nu__widget_is_hidden(widget) && nu_list_len(items_of(bound->form, field->name)))
        nu_dict_set(attrs, "aria-invalid", "true");
    if (described.ptr && !field->widget.type->fieldset)
        nu_dict_set(attrs, "aria-describedby", described);
    if (id.len && nu_item(widget->attrs, "id").kind == NU_KIND_NULL)
        nu_dict_set(attrs, "id", id);
    if (widget->type->file && clear_was_ticked(bound))
        nu_dict_set(attrs, "checked", true);
    return attrs;
}

void nu__bound_field_render(const nu__bound_field *bound, nu__buf *out, const nu__widget *widget)
{
    nu__widget_render(widget, out, nu__form_html_name(bound->form, bound->field->name),
                      nu__bound_field_value(bound), nu__bound_field_attrs(bound, widget));
}

/* ---- the hidden first value ------------------------------------------------------------------ */

static nu_str initial_name(const nu__bound_field *bound)
{
    return nu_fmt("initial-{}", nu__form_html_name(bound->form, bound->field->name));
}

/* The first value that came with the data; null when none did. */
static nu_value sent_initial(const nu__bound_field *bound)
{
    return bound->form->bound ? nu__form_data_get(&bound->form->data, initial_name(bound))
                              : nu_null();
}

/* What the field looks like where nobody shall see it. */
const nu__widget_type *nu__bound_field_hidden_widget(const nu__form_field *field)
{
    const char *own = field->type->hidden_widget;

    return nu__widget_type_find(own ? nu_s(own) : S("HiddenInput"));
}

static void hidden_initial(const nu__bound_field *bound, nu__buf *out)
{
    nu__widget widget;
    nu_value value = sent_initial(bound);
    nu_str id = nu__bound_field_id(bound);
    nu_dict *attrs;

    nu__widget_init(&widget, nu__bound_field_hidden_widget(bound->field));
    attrs = nu__bound_field_attrs(bound, &widget);
    if (id.len)
        nu_dict_set(attrs, "id", nu_fmt("initial-{}", id));
    nu__widget_render(&widget, out, initial_name(bound),
                      value.kind == NU_KIND_NULL ? nu__bound_field_value(bound) : value, attrs);
}

void nu__bound_field_text(const nu__bound_field *bound, nu__buf *out)
{
    nu__bound_field_render(bound, out, &bound->field->widget);
    if (bound->field->show_hidden_initial)
        hidden_initial(bound, out);
}

nu_value nu__bound_field_initial(const nu__bound_field *bound)
{
    nu_value sent = bound->field->show_hidden_initial ? sent_initial(bound) : nu_null();

    return sent.kind == NU_KIND_NULL ? nu__form_initial(bound->form, bound->field) : sent;
}

/* Translators may name further marks: those of their script have several bytes. */
static bool ends_with_punctuation(nu_str label)
{
    const char *end = label.ptr + label.len, *last = end - 1;

    while (last > label.ptr && (*last & 0xC0) == 0x80)
        last--;
    return nu__find(nu__gettext(S(":?.!")), (nu_str){ last, (size_t)(end - last) }) >= 0;
}

void nu__bound_field_label_tag(const nu__bound_field *bound, nu__buf *out, const char *tag)
{
    nu_str label = nu__bound_field_label(bound), id = nu__bound_field_own_id(bound), target;
    const char *class = bound->field->required ? bound->form->required_css_class : NULL;

    if (id.len) {
        target = nu__widget_id_for_label(&bound->field->widget, id);
        nu__buf_fmt(out, "<{}", tag);
        if (target.len)
            nu__buf_fmt(out, " for=\"{}\"", target);
        if (class)
            nu__buf_fmt(out, " class=\"{}\"", class);
        nu__buf_char(out, '>');
    }
    nu__escape_to(out, label);
    if (label.len && !ends_with_punctuation(label))
        nu__escape_to(out, bound->form->label_suffix);
    if (id.len)
        nu__buf_fmt(out, "</{}>", tag);
}
