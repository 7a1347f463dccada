/* What templates see of a field. */
#include "forms/form.h"

#include <nuages/template.h>

static nu_value safe(nu__buf *out)
{
    return nu_safe(nu__buf_str(out));
}

static const nu__bound_field *self_of(const nu_object *self)
{
    return (const nu__bound_field *)self;
}

static nu_value get_name(const nu__bound_field *b)
{
    return nu_v_str(b->field->name);
}

static nu_value get_label(const nu__bound_field *b)
{
    return nu_v_str(nu__bound_field_label(b));
}

static nu_value get_help_text(const nu__bound_field *b)
{
    return nu_v_str(b->field->help_text.ptr ? b->field->help_text : S(""));
}

static nu_value get_errors(const nu__bound_field *b)
{
    return nu_v_object(&nu__bound_field_errors(b)->object);
}

static nu_value get_html_name(const nu__bound_field *b)
{
    return nu_v_str(nu__form_html_name(b->form, b->field->name));
}

static nu_value get_auto_id(const nu__bound_field *b)
{
    return nu_v_str(nu__bound_field_id(b));
}

static nu_value get_id_for_label(const nu__bound_field *b)
{
    nu_str id = nu__widget_id_for_label(&b->field->widget, nu__bound_field_own_id(b));

    return nu_v_str(id.ptr ? id : S(""));
}

static nu_value get_data(const nu__bound_field *b)
{
    return nu__bound_field_data(b);
}

static nu_value get_initial(const nu__bound_field *b)
{
    return nu__form_initial(b->form, b->field);
}

static nu_value get_is_hidden(const nu__bound_field *b)
{
    return nu_v_bool(nu__widget_is_hidden(&b->field->widget));
}

static nu_value get_use_fieldset(const nu__bound_field *b)
{
    return nu_v_bool(b->field->widget.type->fieldset);
}

static nu_value get_describedby(const nu__bound_field *b)
{
    nu_str text = nu__bound_field_describedby(b);

    return nu_v_str(text.ptr ? text : S(""));
}

static nu_value get_form(const nu__bound_field *b)
{
    return nu_v_form(b->form);
}

/* field.field.required: the form field under the bound one. */
static nu_value get_field(const nu__bound_field *b)
{
    const nu__form_field *f = b->field;

    return nu_v_dict(NU_DICT(("required", f->required), ("disabled", f->disabled),
                             ("label", nu__bound_field_label(b)),
                             ("help_text", f->help_text.ptr ? f->help_text : S("")),
                             ("widget", NU_DICT(("input_type", f->widget.input_type),
                                                ("is_hidden", nu__widget_is_hidden(&f->widget)),
                                                ("attrs", f->widget.attrs)))));
}

static nu_value get_label_tag(const nu__bound_field *b)
{
    nu__buf out = { 0 };

    nu__bound_field_label_tag(b, &out, "label");
    return safe(&out);
}

static nu_value get_legend_tag(const nu__bound_field *b)
{
    nu__buf out = { 0 };

    nu__bound_field_label_tag(b, &out, "legend");
    return safe(&out);
}

static nu_value as_other(const nu__bound_field *b, const char *widget_name)
{
    nu__widget widget;
    nu__buf out = { 0 };

    nu__widget_init(&widget, nu__widget_type_find(nu_s(widget_name)));
    nu__bound_field_render(b, &out, &widget);
    return safe(&out);
}

static nu_value get_as_hidden(const nu__bound_field *b)
{
    return as_other(b, nu__bound_field_hidden_widget(b->field)->name);
}

static nu_value get_as_text(const nu__bound_field *b)
{
    return as_other(b, "TextInput");
}

static nu_value get_as_textarea(const nu__bound_field *b)
{
    return as_other(b, "Textarea");
}

static nu_value get_as_widget(const nu__bound_field *b)
{
    nu__buf out = { 0 };

    nu__bound_field_render(b, &out, &b->field->widget);
    return safe(&out);
}

static nu_value get_group(const nu__bound_field *b)
{
    return nu_safe(nu__bound_field_group(b));
}

/* The widget's class without "input" or "widget", in lower case. */
static nu_value get_widget_type(const nu__bound_field *b)
{
    nu_str name = nu_lower(nu_s(b->field->widget.type->name));

    if (nu_ends_with(name, S("input")))
        name.len -= 5;
    return nu_v_str(name);
}

static nu_value get_css_classes(const nu__bound_field *b)
{
    const nu_form *form = b->form;
    bool wrong = nu_list_len(nu__bound_field_errors(b)->items) && form->error_css_class;
    bool must = b->field->required && form->required_css_class;

    return nu_v_str(nu_fmt("{}{}{}", wrong ? form->error_css_class : "", wrong && must ? " " : "",
                           must ? form->required_css_class : ""));
}

static nu_list *subwidgets(const nu_object *self)
{
    const nu__bound_field *b = self_of(self);
    nu__buf out = { 0 };

    if (b->field->widget.choices)
        return nu__widget_options(&b->field->widget, nu__form_html_name(b->form, b->field->name),
                                  nu__bound_field_value(b),
                                  nu__bound_field_attrs(b, &b->field->widget));
    nu__bound_field_render(b, &out, &b->field->widget);
    return NU_LIST(safe(&out));
}

static nu_value get_subwidgets(const nu__bound_field *b)
{
    return nu_v_list(subwidgets(&b->object));
}

static const struct {
    const char *name;
    nu_value (*get)(const nu__bound_field *bound);
} attributes[] = {
    { "name", get_name },
    { "label", get_label },
    { "help_text", get_help_text },
    { "errors", get_errors },
    { "html_name", get_html_name },
    { "auto_id", get_auto_id },
    { "id_for_label", get_id_for_label },
    { "data", get_data },
    { "value", nu__bound_field_value },
    { "initial", get_initial },
    { "is_hidden", get_is_hidden },
    { "use_fieldset", get_use_fieldset },
    { "aria_describedby", get_describedby },
    { "form", get_form },
    { "field", get_field },
    { "label_tag", get_label_tag },
    { "legend_tag", get_legend_tag },
    { "as_hidden", get_as_hidden },
    { "as_text", get_as_text },
    { "as_textarea", get_as_textarea },
    { "as_widget", get_as_widget },
    { "as_field_group", get_group },
    { "widget_type", get_widget_type },
    { "css_classes", get_css_classes },
    { "subwidgets", get_subwidgets },
};

static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (!nu_eq(name, attributes[i].name))
            continue;
        *out = attributes[i].get(self_of(self));
        return true;
    }
    return false;
}

static nu_value text(const nu_object *self)
{
    nu__buf out = { 0 };

    nu__bound_field_text(self_of(self), &out);
    return safe(&out);
}

static bool truth(const nu_object *self)
{
    (void)self;
    return true;
}

static const nu_object_ops bound_field_ops = {
    .kind = "bound field",
    .get = get,
    .text = text,
    .truth = truth,
    .items = subwidgets,
};
const nu_class nu__bound_field_class = { &bound_field_ops, "BoundField" };
