/* What templates see of the messages of a field, or of a form. Django: ErrorList */
#include "forms/form.h"

#include <nuages/template.h>

static nu_value error_list_text(const nu_object *self)
{
    nu__buf out = { 0 };

    nu__error_list_render((const nu__error_list *)self, &out);
    return nu_safe(nu__buf_str(&out));
}

static nu_list *error_list_items(const nu_object *self)
{
    const nu__error_list *list = (const nu__error_list *)self;
    nu_list *messages = nu_list_new();

    for (size_t i = 0; i < nu_list_len(list->items); i++)
        nu_list_append(messages, nu_item(nu_at(list->items, i).dict, "message"));
    return messages;
}

static int64_t error_list_length(const nu_object *self)
{
    return (int64_t)nu_list_len(((const nu__error_list *)self)->items);
}

static bool error_list_at(const nu_object *self, int64_t index, nu_value *out)
{
    if (index < 0 || index >= error_list_length(self))
        return false;
    *out = nu_at(error_list_items(self), (size_t)index);
    return true;
}

static nu_value error_list_as_text(const nu_object *self)
{
    nu_list *messages = error_list_items(self);
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_list_len(messages); i++)
        nu__buf_fmt(&out, "{}* {}", i ? "\n" : "", nu_at(messages, i));
    return nu_v_str(nu__buf_str(&out));
}

static bool error_list_get(const nu_object *self, nu_str name, nu_value *out)
{
    if (nu_eq(name, "as_ul"))
        *out = error_list_text(self);
    else if (nu_eq(name, "as_text"))
        *out = error_list_as_text(self);
    else if (nu_eq(name, "field_id"))
        *out = nu_v_str(((const nu__error_list *)self)->field_id);
    else
        return false;
    return true;
}

static const nu_object_ops error_list_ops = {
    .kind = "error list",
    .get = error_list_get,
    .text = error_list_text,
    .items = error_list_items,
    .length = error_list_length,
    .at = error_list_at,
};
const nu_class nu__error_list_class = { &error_list_ops, "ErrorList" };
