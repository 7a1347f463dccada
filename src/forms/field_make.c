/* Making a field: its row, its widget and attributes. */
#include "core/object.h"
#include "forms/fields.h"

#include <nuages/decimal.h>

void nu__form_field_begin(nu__form_field *field, const nu__form_field_type *type, nu_str name)
{
    *field = (nu__form_field){ .type = type,
                               .name = name,
                               .required = !type->base, /* a range may be left empty */
                               .strip = !type->keeps_spaces,
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

/* The field of a range's ends. */
static nu__form_field *end_of_range(const nu__form_field *field)
{
    nu__form_field *end = nu_alloc(nu__form_field);

    nu__form_field_begin(end, nu__form_field_type_find(nu_s(field->type->base)), field->name);
    end->required = false;
    nu__form_field_finish(end, NULL);
    return end;
}

/* The items' own widget; of a range's ends the class alone, without what their field adds to it. */
static void repeat_widget(nu__form_field *field)
{
    nu__widget one = field->base->widget;

    if (field->type->base)
        nu__widget_init(&one, one.type);
    nu__widget_repeat(&field->widget, &one, field->type->base ? 2 : field->size);
}

void nu__form_field_finish(nu__form_field *field, const nu__widget_type *widget)
{
    bool plain_number = !widget && field->type->number && field->localize;

    if (!widget)
        widget = nu__widget_type_find(plain_number ? S("TextInput") : nu_s(field->type->widget));
    nu__widget_init(&field->widget, widget);
    if (field->type->base && !field->base)
        field->base = end_of_range(field);
    if (widget->repeats && field->base)
        repeat_widget(field);
    field->widget.localized = field->localize;
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
