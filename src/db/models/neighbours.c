/* The rows before and after one. Django: get_next_by_FOO(), get_previous_by_FOO() */
#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/managers.h>

bool nu__has_neighbours(const nu__field *field)
{
    return field && !field->null &&
           (field->type->type == NU_DATE_FIELD || field->type->type == NU_DATETIME_FIELD);
}

/* field = value and pk > key, or field > value */
static nu_query *beyond(nu_query *query, const nu_object *object, const nu__field *field, bool next)
{
    nu_value value = nu__field_get(field, object);
    const char *further = nu_fmt("{}__{}", field->name, next ? "gt" : "lt").ptr;
    nu_cond same[] = { { .lookup = field->name.ptr, .value = value },
                       { .lookup = next ? "pk__gt" : "pk__lt", .value = nu__pk_of(object) },
                       { 0 } };
    nu_cond either[] = { nu_and_(same), { .lookup = further, .value = value }, { 0 } };
    nu_cond condition[] = { nu_or_(either), { 0 } };

    return nu_filter_(query, condition);
}

void *nu_neighbour_by_(const nu_object *object, const char *name, bool next,
                       const nu_cond *conditions)
{
    nu__model_info *info = nu__info_of(object);
    const nu__field *field = nu__model_field(info, nu_s(name));
    nu_query *query = nu__query_new(info);
    const char *order[] = { nu_fmt("{}{}", next ? "" : "-", name).ptr, next ? "pk" : "-pk", NULL };
    nu_list *found;

    if (!nu__has_neighbours(field))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'get_{}_by_{}'", info->name,
                 next ? "next" : "previous", name);
    if (!nu__pk_is_set(object))
        nu_raise(NU_VALUE_ERROR, "get_next/get_previous cannot be used on unsaved objects.");
    query->using = nu__row_of(object)->db;
    if (conditions->lookup || conditions->op)
        query = nu_filter_(query, conditions);
    query = nu_slice(nu_order_by_(beyond(query, object, field, next), order), 0, 1);
    found = nu__query_results(query);
    if (!nu_list_len(found))
        nu_raise(NU_DOES_NOT_EXIST, "{} matching query does not exist.", info->name);
    return (void *)nu_at(found, 0).object;
}
