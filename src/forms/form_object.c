/* What templates see of a form and of its errors. */
#include "forms/form.h"

#include "core/suggest.h"
#include "utils/html.h"

#include <nuages/template.h>

/* ---- the errors of a form: field -> error list --------------------------------------------- */

typedef struct error_dict {
    nu_object object;
    nu_form *form;
} error_dict;

static nu_form *form_of_errors(const nu_object *self)
{
    return ((const error_dict *)self)->form;
}

static nu__error_list *list_named(nu_form *form, nu_str name)
{
    nu__form_field *field = nu__form_field_named(form, name);

    return field ? nu__bound_field_errors(&form->bound_fields[field - form->fields])
                 : nu__form_non_field_errors(form);
}

static nu_list *error_dict_pairs(const nu_object *self)
{
    nu_form *form = form_of_errors(self);
    nu_dict *errors = nu__form_errors(form);
    nu_list *pairs = nu_list_new();

    for (size_t i = 0; i < nu_dict_len(errors); i++)
        nu_list_append(pairs,
                       NU_LIST(nu_dict_key(errors, i),
                               nu_v_object(&list_named(form, nu_dict_key(errors, i))->object)));
    return pairs;
}

static nu_list *error_dict_keys(const nu_object *self)
{
    nu_dict *errors = nu__form_errors(form_of_errors(self));
    nu_list *keys = nu_list_new();

    for (size_t i = 0; i < nu_dict_len(errors); i++)
        nu_list_append(keys, nu_dict_key(errors, i));
    return keys;
}

static int64_t error_dict_length(const nu_object *self)
{
    return (int64_t)nu_dict_len(nu__form_errors(form_of_errors(self)));
}

static nu_value error_dict_text(const nu_object *self)
{
    nu_list *pairs = error_dict_pairs(self);
    nu__buf out = { 0 };

    if (nu_list_len(pairs))
        nu__buf_lit(&out, "<ul class=\"errorlist\">");
    for (size_t i = 0; i < nu_list_len(pairs); i++) {
        nu_list *pair = nu_at(pairs, i).list;

        nu__buf_lit(&out, "<li>");
        nu__conditional_escape_to(&out, nu_at(pair, 0));
        nu__error_list_render((const nu__error_list *)nu_at(pair, 1).object, &out);
        nu__buf_lit(&out, "</li>");
    }
    if (nu_list_len(pairs))
        nu__buf_lit(&out, "</ul>");
    return nu_safe(nu__buf_str(&out));
}

static bool error_dict_get(const nu_object *self, nu_str name, nu_value *out)
{
    nu_form *form = form_of_errors(self);
    nu_value items;

    if (nu_dict_find(nu__form_errors(form), name, &items))
        *out = nu_v_object(&list_named(form, name)->object);
    else if (nu_eq(name, "items"))
        *out = nu_v_list(error_dict_pairs(self));
    else if (nu_eq(name, "as_ul"))
        *out = error_dict_text(self);
    else
        return false;
    return true;
}

static const nu_object_ops error_dict_ops = {
    .kind = "form errors",
    .get = error_dict_get,
    .text = error_dict_text,
    .items = error_dict_keys,
    .length = error_dict_length,
};
static const nu_class error_dict_class = { &error_dict_ops, "ErrorDict" };

/* ---- forms --------------------------------------------------------------------------------- */

static nu_form *form_of(const nu_object *self)
{
    return (nu_form *)self;
}

static nu_list *fields_where(const nu_object *self, bool hidden, bool visible)
{
    nu_form *form = form_of(self);
    nu_list *fields = nu_list_new();

    for (size_t i = 0; i < form->n_fields; i++)
        if (nu__widget_is_hidden(&form->fields[i].widget) ? hidden : visible)
            nu_list_append(fields, nu_v_object(&form->bound_fields[i].object));
    return fields;
}

static nu_list *form_items(const nu_object *self)
{
    return fields_where(self, true, true);
}

static nu_value get_visible(const nu_object *self)
{
    return nu_v_list(fields_where(self, false, true));
}

static nu_value get_hidden(const nu_object *self)
{
    return nu_v_list(fields_where(self, true, false));
}

static nu_value get_errors(const nu_object *self)
{
    error_dict *errors = nu_alloc(error_dict);

    *errors = (error_dict){ .object = { .type = &error_dict_class }, .form = form_of(self) };
    return nu_v_object(&errors->object);
}

static nu_value get_non_field_errors(const nu_object *self)
{
    return nu_v_object(&nu__form_non_field_errors(form_of(self))->object);
}

static nu_value get_is_bound(const nu_object *self)
{
    return nu_v_bool(form_of(self)->bound);
}

static nu_value get_is_valid(const nu_object *self)
{
    return nu_v_bool(nu_form_valid(form_of(self)));
}

static nu_value get_is_multipart(const nu_object *self)
{
    nu_form *form = form_of(self);

    for (size_t i = 0; i < form->n_fields; i++)
        if (form->fields[i].widget.type->file)
            return nu_v_bool(true);
    return nu_v_bool(false);
}

static nu_value get_instance(const nu_object *self)
{
    return nu_v_object(form_of(self)->instance);
}

static nu_value get_cleaned_data(const nu_object *self)
{
    nu_dict *cleaned = form_of(self)->cleaned;

    return cleaned ? nu_v_dict(cleaned) : nu_null();
}

static nu_value get_changed_data(const nu_object *self)
{
    return nu_v_list(nu__form_changed(form_of(self)));
}

static nu_value get_prefix(const nu_object *self)
{
    return nu_v_str(form_of(self)->prefix);
}

static nu_value get_media(const nu_object *self)
{
    (void)self;
    return nu_safe(S("")); /* no widget of ours brings files along */
}

static const struct {
    const char *name;
    nu_value (*get)(const nu_object *self);
} attributes[] = {
    { "errors", get_errors },
    { "non_field_errors", get_non_field_errors },
    { "visible_fields", get_visible },
    { "hidden_fields", get_hidden },
    { "is_bound", get_is_bound },
    { "is_valid", get_is_valid },
    { "is_multipart", get_is_multipart },
    { "instance", get_instance },
    { "cleaned_data", get_cleaned_data },
    { "changed_data", get_changed_data },
    { "prefix", get_prefix },
    { "media", get_media },
};

/* A field's name comes before the form's own attributes, as form["name"] does in Django. */
static bool form_get(const nu_object *self, nu_str name, nu_value *out)
{
    nu_form *form = form_of(self);
    nu__form_field *field = nu__form_field_named(form, name);
    const nu__form_layout *layout = nu__form_layout_find(name);

    if (field) {
        *out = nu_v_object(&form->bound_fields[field - form->fields].object);
        return true;
    }
    if (layout) {
        *out = nu_safe(nu__form_render(form, layout));
        return true;
    }
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (!nu_eq(name, attributes[i].name))
            continue;
        *out = attributes[i].get(self);
        return true;
    }
    return false;
}

static nu_value form_text(const nu_object *self)
{
    return nu_safe(nu__form_render(form_of(self), nu__form_layout_find(S("as_div"))));
}

static bool form_truth(const nu_object *self)
{
    (void)self;
    return true;
}

static const nu_object_ops form_ops = {
    .kind = "form",
    .get = form_get,
    .text = form_text,
    .truth = form_truth,
    .items = form_items,
};
const nu_class nu__form_class = { &form_ops, "Form" };
