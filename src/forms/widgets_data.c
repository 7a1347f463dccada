/* The value of a widget in what was sent. Django: Widget.value_from_datadict() */
#include "forms/widget_types.h"

#include "core/object.h"
#include "files/file.h"
#include "utils/translation.h"

nu_value nu__text_data(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    if (widget->type->multiple)
        return nu_v_list(nu_querydict_list(data->fields, name));
    return nu__form_data_get(data, name);
}

nu_value nu__checkbox_data(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    nu_value value = nu__form_data_get(data, name);

    (void)widget;
    if (value.kind == NU_KIND_NULL)
        return nu_v_bool(false);
    return nu_v_bool(value.s.len && !nu_eq(nu_lower(value.s), "false"));
}

/* The words that stand for yes and no in a NullBooleanSelect; 2 and 3 as old pages sent them. */
static nu_value null_boolean(nu_value value)
{
    static const struct {
        const char *text;
        bool yes;
    } words[] = { { "True", true },   { "true", true },   { "2", true },
                  { "False", false }, { "false", false }, { "3", false } };

    for (size_t i = 0; value.kind == NU_KIND_STR && i < sizeof words / sizeof *words; i++)
        if (nu_eq(value.s, words[i].text))
            return nu_v_bool(words[i].yes);
    if (value.kind == NU_KIND_INT && (value.i == 0 || value.i == 1)) /* Python's 1 is True */
        return nu_v_bool(value.i);
    return value.kind == NU_KIND_BOOL ? value : nu_null();
}

nu_value nu__null_boolean_choice(nu_value value)
{
    bool words = (value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE) &&
                 (nu_eq(value.s, "True") || nu_eq(value.s, "False")); /* of Python, not of HTML */
    nu_value known = words ? nu_null() : null_boolean(value);

    return nu_v_str(known.kind == NU_KIND_NULL ? S("unknown") : known.b ? S("true") : S("false"));
}

void nu__null_boolean_init(nu__widget *widget)
{
    widget->choices = nu_alloc(nu__choices);
    widget->choices->items = NU_LIST(NU_LIST(S("unknown"), nu__gettext(S("Unknown"))),
                                     NU_LIST(S("true"), nu__gettext(S("Yes"))),
                                     NU_LIST(S("false"), nu__gettext(S("No"))));
}

nu_value nu__null_boolean_data(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    (void)widget;
    return null_boolean(nu__form_data_get(data, name));
}

nu_value nu__file_data(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    nu_file *file = data->file ? data->file(data->self, name) : NULL;

    (void)widget;
    return file ? nu__file_value(file) : nu_null();
}

/* false: the file that is kept shall go; the text "contradiction": and another was sent too. */
nu_value nu__clearable_file_data(const nu__widget *widget, const nu__form_data *data, nu_str name)
{
    nu_value file = nu__file_data(widget, data, name);
    nu_value clear = nu__checkbox_data(widget, data, nu_fmt("{}-clear", name));

    if (widget->required || !clear.b)
        return file;
    return file.kind == NU_KIND_NULL ? nu_v_bool(false) : nu_v_str(S("contradiction"));
}
