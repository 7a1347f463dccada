/* The methods of query sets that read. */
#include "cli/shell/orm/query_methods.h"
#include "core/object.h"

#include <string.h>

/* ---- one row --------------------------------------------------------------------------------- */

static NU_NORETURN void missing(nu__model_info *info)
{
    nu__py_raise(nu__orm_error_of(info, NU_DOES_NOT_EXIST), "{} matching query does not exist.",
                 info->name);
}

/* The only row; rows of values as well as objects. */
nu__py nu__orm_get(nu__py self, const nu__py *args)
{
    nu_query *query = nu__orm_self(self);
    nu__model_info *info = nu__query_model(query);
    nu__py rows;

    rows = nu__orm_rows(
        nu__orm_derived(self, nu__query_to_get(query, nu__orm_conditions(args[0], args[1]))));
    if (!rows.list->len)
        missing(info);
    if (rows.list->len > 1)
        nu__py_raise(nu__orm_error_of(info, NU_MULTIPLE_OBJECTS_RETURNED),
                     "get() returned more than one {} -- it returned {}!", info->name,
                     rows.list->len < NU__MAX_GET_RESULTS ? nu_fmt("{}", rows.list->len)
                                                          : S("more than 20"));
    return rows.list->items[0];
}

static nu__py end_of(nu__py self, bool last)
{
    nu_query *query = nu__orm_self(self);
    nu__py rows;

    rows = nu__orm_rows(nu__orm_derived(self, nu__query_end(query, last)));
    return rows.list->len ? rows.list->items[0] : nu__py_none();
}

nu__py nu__orm_first(nu__py self, const nu__py *args)
{
    (void)args;
    return end_of(self, false);
}

nu__py nu__orm_last(nu__py self, const nu__py *args)
{
    (void)args;
    return end_of(self, true);
}

static nu_values latest_by(const nu_model *model)
{
    nu_value *items = nu_alloc_array(nu_value, 4);
    size_t n = 0;

    for (; n < 4 && model->get_latest_by[n]; n++)
        items[n] = nu_v_cstr(model->get_latest_by[n]);
    return (nu_values){ items, n };
}

static nu__py outermost(nu__py self, nu__py fields, bool latest)
{
    nu_query *query = nu__orm_self(self);
    nu__model_info *info = nu__query_model(query);
    nu_values order = nu__orm_values(fields);
    nu__py rows;

    if (!order.len)
        order = latest_by(info->model);
    if (!order.len)
        nu_raise(NU_VALUE_ERROR, "earliest() and latest() require either fields as positional "
                                 "arguments or 'get_latest_by' in the model's Meta.");
    if (nu__tree_sliced(nu__query_tree(query)))
        nu_raise(NU_TYPE_ERROR, "Cannot change a query once a slice has been taken.");
    query = nu_order_by_expr_(query, order);
    if (latest)
        query = nu_reversed(query);
    rows = nu__orm_rows(nu__orm_derived(self, nu_slice(query, 0, 1)));
    if (!rows.list->len)
        missing(info);
    return rows.list->items[0];
}

nu__py nu__orm_earliest(nu__py self, const nu__py *args)
{
    return outermost(self, args[0], false);
}

nu__py nu__orm_latest(nu__py self, const nu__py *args)
{
    return outermost(self, args[0], true);
}

/* ---- how many
 * ------------------------------------------------------------------------------------ */

nu__py nu__orm_count(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_int(nu_count(nu__orm_self(self)));
}

nu__py nu__orm_exists(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_bool(nu_exists(nu__orm_self(self)));
}

nu__py nu__orm_contains(nu__py self, const nu__py *args)
{
    nu_query *query = nu__orm_self(self);
    nu_object *object = nu__orm_object(args[0]);

    nu__query_not_combined(query, "contains");
    if (query->shape != NU__SHAPE_OBJECTS)
        nu_raise(NU_TYPE_ERROR,
                 "Cannot call QuerySet.contains() after .values() or .values_list().");
    if (!object)
        nu_raise(NU_TYPE_ERROR, "'obj' must be a model instance.");
    if (nu__info_of(object) != nu__query_model(query))
        return nu__py_bool(false);
    if (!nu__pk_is_set(object))
        nu_raise(NU_VALUE_ERROR, "QuerySet.contains() cannot be used on unsaved objects.");
    if (query->results)
        return nu__py_bool(nu__py_contains(nu__orm_rows(self), args[0]));
    return nu__py_bool(nu_exists(nu__query_where(query, S("pk"), nu__pk_of(object))));
}

/* ---- many rows
 * ----------------------------------------------------------------------------------- */

nu__py nu__orm_in_bulk(nu__py self, const nu__py *args)
{
    nu_query *query = nu__orm_self(self);
    nu_str name = nu__py_given(args[1]) ? nu__py_as_str(args[1], "field_name") : S("pk");
    const nu_list *ids = nu__orm_is_none(args[0])
                             ? NULL
                             : nu__py_to_value(nu__py_collect(args[0], &nu__py_list_type)).list;
    const nu_list *rows = nu_in_bulk_(query, ids, nu_copy(name).ptr);
    const nu__field *field = nu__model_field(nu__query_model(query), name);
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    for (size_t i = 0; i < nu_list_len(rows); i++) {
        nu_value row = nu_at(rows, i);

        nu__py_dict_set(out.dict, nu__py_of(nu__field_get(field, row.object)), nu__py_of(row));
    }
    return out;
}

nu__py nu__orm_aggregate(nu__py self, const nu__py *args)
{
    nu_query *query = nu__orm_self(self);
    const nu_var *items = nu__orm_expressions(args[0], args[1], true);
    nu__py out = nu__py_dict_new(&nu__py_dict_type);
    nu_value *values;
    size_t n = 0;

    while (items[n].key)
        n++;
    if (!n)
        return out;
    values = nu__aggregate_all(query, items, n);
    for (size_t i = 0; i < n; i++)
        nu__py_dict_set(out.dict, nu__py_str(nu_s(items[i].key)), nu__py_of(values[i]));
    return out;
}

nu__py nu__orm_iterator(nu__py self, const nu__py *args)
{
    nu_query *query = nu__orm_self(self);
    nu__py rows;

    if (nu__orm_is_none(args[0])) {
        if (query->prefetches)
            nu_raise(NU_VALUE_ERROR, "chunk_size must be provided when using QuerySet.iterator() "
                                     "after prefetch_related().");
    } else if (nu__py_as_int(args[0], "chunk_size") <= 0) {
        nu_raise(NU_VALUE_ERROR, "Chunk size must be strictly positive.");
    }
    rows = nu__orm_derived(self, nu__query_clone(query));
    return nu__py_iterate(nu__orm_rows(rows));
}

/* ---- days and times
 * ------------------------------------------------------------------------------- */

nu__py nu__orm_dates(nu__py self, const nu__py *args)
{
    return nu__orm_queryset(nu_dates_(nu__orm_self(self), nu__orm_cstr(args[0], "dates()"),
                                      nu__orm_cstr(args[1], "kind"),
                                      nu__orm_cstr(args[2], "order")));
}

nu__py nu__orm_datetimes(nu__py self, const nu__py *args)
{
    const nu_timezone *zone = nu__orm_zone(args[3]);

    return nu__orm_queryset(nu_datetimes_(nu__orm_self(self), nu__orm_cstr(args[0], "datetimes()"),
                                          nu__orm_cstr(args[1], "kind"),
                                          nu__orm_cstr(args[2], "order"), zone));
}

nu__py nu__orm_explain(nu__py self, const nu__py *args)
{
    return nu__py_str(nu_explain_(nu__orm_self(self), nu__orm_cstr(args[0], "format"),
                                  nu__py_to_value(args[1]).dict));
}
