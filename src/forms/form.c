#include "forms/form.h"

#include "core/suggest.h"
#include "http/message.h"
#include "utils/translation.h"

#include <string.h>

/* ---- making and binding -------------------------------------------------------------------- */

nu_form *nu__form_new(nu_str name, size_t n)
{
    nu_form *form = nu_alloc(nu_form);

    *form = (nu_form){ .object = { .type = &nu__form_class },
                       .name = name,
                       .auto_id = S("id_{}"),
                       .label_suffix = nu__gettext(S(":")),
                       .use_required_attribute = true,
                       .n_fields = n,
                       .initial = nu_dict_new() };
    form->fields = nu_alloc_array(nu__form_field, n);
    form->data.fields = nu_querydict_new();
    return form;
}

void nu__form_ready(nu_form *form)
{
    form->bound_fields = nu_alloc_array(nu__bound_field, form->n_fields);
    for (size_t i = 0; i < form->n_fields; i++)
        form->bound_fields[i] = (nu__bound_field){ .object = { .type = &nu__bound_field_class },
                                                   .form = form,
                                                   .field = &form->fields[i] };
}

static nu_file *request_file(void *request, nu_str name)
{
    return nu_request_file(request, nu_copy(name).ptr);
}

void nu__form_bind(nu_form *form, nu_request *req, bool query)
{
    if (query) {
        form->data = (nu__form_data){ .fields = nu_request_get(req) };
        form->bound = true;
    } else if (req && (nu_request_method(req) & (POST | PUT))) {
        form->data = (nu__form_data){ nu_request_post(req), request_file, req };
        form->bound = true;
    }
}

nu__form_field *nu__form_field_named(const nu_form *form, nu_str name)
{
    for (size_t i = 0; i < form->n_fields; i++)
        if (nu_eq(form->fields[i].name, name))
            return &form->fields[i];
    return NULL;
}

nu_str nu__form_html_name(const nu_form *form, nu_str name)
{
    return form->prefix.len ? nu_fmt("{}-{}", form->prefix, name) : name;
}

nu_value nu__form_initial(const nu_form *form, const nu__form_field *field)
{
    nu_value value;

    if (nu_dict_find(form->initial, field->name, &value))
        return value;
    return field->initial_call ? field->initial_call() : field->initial;
}

/* ---- errors -------------------------------------------------------------------------------- */

static nu_list *errors_of(nu_form *form, nu_str name)
{
    nu_value list;

    if (nu_dict_find(form->errors, name, &list))
        return list.list;
    list = nu_v_list(nu_list_new());
    nu_dict_set_str(form->errors, name, list);
    return list.list;
}

static void check_name(const nu_form *form, nu_str name)
{
    const char *names[64];
    size_t n = 0;

    if (nu_eq(name, "__all__") || nu__form_field_named(form, name))
        return;
    for (; n < form->n_fields && n < 64; n++)
        names[n] = nu_copy(form->fields[n].name).ptr;
    nu_raise(NU_VALUE_ERROR, "'{}' has no field named '{}'.{}", form->name, name,
             nu__suggestion(name, names, n));
}

void nu__form_add_error(nu_form *form, nu_str field, nu_str message, const char *code)
{
    nu_str name = field.ptr ? field : S("__all__");

    check_name(form, name);
    if (!form->errors)
        nu__form_errors(form);
    nu_list_append(errors_of(form, name), NU_DICT(("message", message), ("code", code)));
    if (form->cleaned)
        nu_dict_remove(form->cleaned, name);
}

void nu_form_error_(nu_form *form, const char *field, const char *format, nu_values args)
{
    nu__form_add_error(form, nu_s(field), nu_fmt_(format, args), "invalid");
}

/* What a clean function raised: one message, or messages by field. */
static void add_raised(nu_form *form, nu_str field, const nu_error *error)
{
    nu_dict *detail = error->detail;

    if (!detail) {
        nu__form_add_error(form, field, nu_copy(error->message),
                           error->code ? error->code : "invalid");
        return;
    }
    for (size_t i = 0; i < nu_dict_len(detail); i++) {
        nu_value messages = nu_dict_value(detail, i);
        nu_str name = nu_dict_key(detail, i);
        nu_list *list = messages.kind == NU_KIND_LIST ? messages.list : NU_LIST(messages);

        for (size_t j = 0; j < nu_list_len(list); j++)
            nu__form_add_error(form, nu_eq(name, "__all__") ? (nu_str){ NULL, 0 } : name,
                               nu_string(nu_at(list, j)), "invalid");
    }
}

/* ---- cleaning ------------------------------------------------------------------------------ */

static void clean_by_override(nu_form *form, nu__form_field *field)
{
    const nu_error *error;
    nu_value still;

    if (!field->override || !field->override->clean)
        return;
    error = nu_catch(NU_VALIDATION_ERROR, field->override->clean(form, form->target));
    if (error)
        add_raised(form, field->name, error);
    else if (form->read && nu_dict_find(form->cleaned, field->name, &still))
        nu_dict_set_str(form->cleaned, field->name, form->read(form, field));
}

static void clean_field(nu_form *form, nu__bound_field *bound)
{
    nu__form_field *field = bound->field;
    nu_value initial = nu__form_initial(form, field), value;
    nu_value in = field->disabled ? initial : nu__bound_field_data(bound);
    nu_list *errors = nu_list_new();

    if (!nu__form_field_clean(field, in, initial, &value, errors)) {
        nu_dict_set_str(form->errors, field->name, nu_v_list(errors));
        return;
    }
    nu_dict_set_str(form->cleaned, field->name, value);
    if (form->write)
        form->write(form, field, value);
    clean_by_override(form, field);
}

static void full_clean(nu_form *form)
{
    const nu_error *error;

    form->errors = nu_dict_new();
    if (!form->bound)
        return;
    form->cleaned = nu_dict_new();
    if (form->empty_permitted && !nu_list_len(nu__form_changed(form)))
        return;
    for (size_t i = 0; i < form->n_fields; i++)
        clean_field(form, &form->bound_fields[i]);
    if (form->clean) {
        error = nu_catch(NU_VALIDATION_ERROR, form->clean(form, form->target));
        if (error)
            add_raised(form, (nu_str){ NULL, 0 }, error);
    }
    if (form->post_clean)
        form->post_clean(form);
}

nu_dict *nu__form_errors(nu_form *form)
{
    if (!form->errors)
        full_clean(form);
    return form->errors;
}

nu_list *nu__form_changed(nu_form *form)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < form->n_fields; i++) {
        nu__bound_field *bound = &form->bound_fields[i];

        if (nu__form_field_has_changed(bound->field, nu__bound_field_initial(bound),
                                       nu__bound_field_data(bound)))
            nu_list_append(names, bound->field->name);
    }
    return names;
}

/* ---- the public face ----------------------------------------------------------------------- */

bool nu_form_valid(nu_form *form)
{
    return form->bound && !nu_dict_len(nu__form_errors(form));
}

nu_dict *nu_form_errors(nu_form *form)
{
    nu_dict *errors = nu__form_errors(form), *messages = nu_dict_new();

    for (size_t i = 0; i < nu_dict_len(errors); i++) {
        nu_list *from = nu_dict_value(errors, i).list, *to = nu_list_new();

        for (size_t j = 0; j < nu_list_len(from); j++)
            nu_list_append(to, nu_item(nu_at(from, j).dict, "message"));
        nu_dict_set_str(messages, nu_dict_key(errors, i), nu_v_list(to));
    }
    return messages;
}

bool nu_form_cleaned(const nu_form *form, const char *field)
{
    nu_value value;

    return form->cleaned && nu_dict_find(form->cleaned, nu_s(field), &value);
}

nu_value nu_form_value(const nu_form *form, const char *field)
{
    return form->cleaned ? nu_item(form->cleaned, field) : nu_null();
}
