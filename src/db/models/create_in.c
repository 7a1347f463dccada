/* Creating through a query, with names known at run time. Django: QuerySet.create(),
   get_or_create(), update_or_create() */
#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/managers.h>
#include <nuages/transaction.h>
#include <stdlib.h>
#include <string.h>

static const nu_var nothing[1];
static const nu_cond anything[1];

/* ---- values and conditions ------------------------------------------------------------------ */

static size_t count(const nu_var *values)
{
    size_t n = 0;

    while (values[n].key)
        n++;
    return n;
}

static bool is_lookup(const char *name)
{
    return strstr(name, "__") != NULL;
}

nu_value nu__value_called(nu_value value)
{
    const nu__callable *callable = value.p;

    return value.kind == NU_KIND_CALLABLE ? callable->call(callable->self) : value;
}

static void put(nu_var *params, size_t *n, const nu_var *item)
{
    for (size_t i = 0; i < *n; i++)
        if (!strcmp(params[i].key, item->key)) {
            params[i].value = item->value;
            return;
        }
    params[(*n)++] = *item;
}

static bool may_be_given(const nu__model_info *info, nu_str name)
{
    return nu__model_field(info, name) || nu__model_many(info, name) ||
           nu__model_reverse(info, name) || nu__model_generic_key(info, name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const nu_var *)a)->key, ((const nu_var *)b)->key);
}

static void check_names(const nu__model_info *info, const nu_var *params)
{
    nu_var *wrong = nu_alloc_array(nu_var, count(params) + 1);
    nu__buf names = { 0 };
    size_t n = 0;

    for (; params->key; params++)
        if (!may_be_given(info, nu_s(params->key)))
            wrong[n++] = *params;
    if (!n)
        return;
    qsort(wrong, n, sizeof(*wrong), by_name);
    for (size_t i = 0; i < n; i++)
        nu__buf_fmt(&names, "{}{}", i ? "', '" : "", wrong[i].key);
    nu_raise(NU_FIELD_ERROR, "Invalid field name(s) for model {}: '{}'.", info->name,
             nu__buf_str(&names));
}

/* What a new row is made of: the lookup's plain names and the defaults over them. */
static nu_var *params_of(const nu__model_info *info, const nu_var *lookup, const nu_var *defaults)
{
    nu_var *params = nu_alloc_array(nu_var, count(lookup) + count(defaults) + 1);
    size_t n = 0;

    for (; lookup->key; lookup++)
        if (!is_lookup(lookup->key))
            put(params, &n, lookup);
    for (; defaults->key; defaults++)
        put(params, &n, defaults);
    check_names(info, params);
    return params;
}

/* Keywords are put in order, as Django's Q does. */
static nu_query *matching(nu_query *query, const nu_var *lookup)
{
    size_t n = count(lookup);
    nu_var *sorted = nu_alloc_array(nu_var, n + 1);
    nu_cond *conditions = nu_alloc_array(nu_cond, n + 1);

    if (n)
        memcpy(sorted, lookup, n * sizeof(*sorted));
    qsort(sorted, n, sizeof(*sorted), by_name);
    for (size_t i = 0; i < n; i++)
        conditions[i] = (nu_cond){ .lookup = sorted[i].key, .value = sorted[i].value };
    return n ? nu_filter_(query, conditions) : query;
}

/* ---- create ------------------------------------------------------------------------------- */

nu_query *nu__query_over(nu_query *query, const nu_model *model)
{
    const nu__model_info *info = nu__query_model(query);

    if (!info || info->model != model)
        nu_raise(NU_TYPE_ERROR, "this query is over {}, not {}", info ? info->label : S("rows"),
                 model->name);
    return query;
}

/* Reads and writes of one call are about one database. */
static nu_query *for_writing(const nu_query *query)
{
    nu_query *copy = nu__query_clone(query);

    nu__query_tree(query);
    copy->using = nu__db_for_write(query);
    return copy;
}

static void no_reverse_names(const nu__model_info *info, const nu_var *values)
{
    for (; values->key; values++) {
        const nu__relation *relation = nu__model_reverse(info, nu_s(values->key));

        if (relation && relation->one_to_one && !nu__model_field(info, nu_s(values->key)))
            nu_raise(NU_VALUE_ERROR, "The following fields do not exist in this model: {}",
                     values->key);
    }
}

nu_object *nu_create_in_(nu_query *query, const nu_var *values)
{
    const nu__model_info *info = nu__query_tree(query)->model;
    nu_object *object;

    no_reverse_names(info, values);
    object = nu_new_by_name(info->model, values);
    nu__save(object, &(nu__saving){ .force_insert = true, .using = nu__db_for_write(query) });
    return object;
}

/* ---- get or create ------------------------------------------------------------------------ */

static nu_object *create_called(nu_query *query, nu_var *params)
{
    nu_atomic_scope(.using = query->using);
    for (nu_var *item = params; item->key; item++)
        item->value = nu__value_called(item->value);
    return nu_create_in_(query, params);
}

/* Another may have made the row since it was looked for: then it is there to be read. */
static nu_object *create_or_get(nu_query *query, const nu_var *lookup, const nu_var *defaults,
                                bool *created)
{
    const nu_model *model = nu__query_tree(query)->model->model;
    nu_var *params = params_of(query->tree->model, lookup, defaults);
    nu_object *object = NULL;
    const nu_error *error = nu_catch(NU_INTEGRITY_ERROR, object = create_called(query, params));

    *created = !error;
    if (!error)
        return object;
    object = nu_find_(matching(query, lookup), model, anything);
    if (!object)
        nu_reraise(error);
    return object;
}

nu_object *nu_get_or_create_in_(nu_query *query, const nu_var *lookup, const nu_var *defaults,
                                bool *created)
{
    nu_query *own = for_writing(query);
    nu_object *object = nu_find_(matching(own, lookup), own->tree->model->model, anything);
    bool made = false;

    if (!object)
        object = create_or_get(own, lookup, defaults ? defaults : nothing, &made);
    if (created)
        *created = made;
    return object;
}

/* ---- update or create ----------------------------------------------------------------------- */

/* The fields to write with the given ones: what saving fills. False: a name is no column, so that
   all is written. */
static bool fields_to_write(const nu__model_info *info, const nu_var *values, nu__field_bits *out)
{
    for (; values->key; values++) {
        const nu__field *field = nu__model_field(info, nu_s(values->key));

        if (!field || field->primary_key)
            return false;
        nu__set_add(out, field->index);
    }
    for (size_t i = 0; i < info->n_fields; i++)
        if (nu__saving_fills(&info->fields[i]))
            nu__set_add(out, (uint32_t)i);
    return true;
}

static void update_found(const nu__model_info *info, nu_object *object, const nu_var *values,
                         const char *using)
{
    nu__field_bits fields = { { 0 } };
    bool some = fields_to_write(info, values, &fields);
    size_t n = 0;
    const char **names = nu_alloc_array(const char *, info->n_fields + 1);

    for (const nu_var *item = values; item->key; item++)
        nu_field_set_(object, item->key, nu__value_called(item->value));
    for (size_t i = 0; some && i < info->n_fields; i++)
        if (nu__set_has(&fields, (uint32_t)i))
            names[n++] = info->fields[i].name.ptr;
    nu_save_with_(object, &(nu_saving){ .update_fields = some ? names : NULL, .using = using });
}

nu_object *nu_update_or_create_in_(nu_query *query, const nu_var *lookup, const nu_var *defaults,
                                   const nu_var *create_defaults, bool *created)
{
    nu_query *own = for_writing(query);
    bool made = false;
    nu_object *object;

    if (!defaults)
        defaults = nothing;
    nu_atomic_scope(.using = own->using);
    object = nu_get_or_create_in_(nu_select_for_update(own), lookup,
                                  create_defaults ? create_defaults : defaults, &made);
    if (!made)
        update_found(own->tree->model, object, defaults, own->using);
    if (created)
        *created = made;
    return object;
}
