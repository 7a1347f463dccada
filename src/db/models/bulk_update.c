/* bulk_update(): many instances in few statements. */
#include "core/object.h"
#include "db/models/insert.h"
#include "db/models/queryset.h"
#include "db/sql/functions.h"
#include "db/sql/lookups.h"

#include <nuages/managers.h>
#include <nuages/transaction.h>

static const nu__field **fields_to_update(const nu__model_info *info, const char *const *names,
                                          nu__field_bits *bits, size_t *n)
{
    const nu__field **fields;

    for (*n = 0; names[*n];)
        ++*n;
    if (!*n)
        nu_raise(NU_VALUE_ERROR, "Field names must be given to bulk_update().");
    fields = nu_alloc_array(const nu__field *, *n);
    for (size_t i = 0; i < *n; i++) {
        nu_str name = nu_s(names[i]);
        bool relation = nu__model_many(info, name) || nu__model_reverse(info, name);

        fields[i] = nu_eq(name, "pk") ? NULL : nu__model_field(info, name);
        if (!fields[i] && relation)
            nu_raise(NU_VALUE_ERROR, "bulk_update() can only be used with concrete fields.");
        if (!fields[i])
            nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", info->name, name);
        nu__set_add(bits, fields[i]->index);
    }
    for (size_t i = 0; i < *n; i++)
        if (fields[i]->primary_key)
            nu_raise(NU_VALUE_ERROR, "bulk_update() cannot be used with primary key fields.");
    return fields;
}

/* A null is SQL's, for JSON too. */
static nu_expr *literal_of(const nu__field *field, nu_value value)
{
    if (value.kind == NU_KIND_NULL)
        return (nu_expr *)nu__literal_of(value, NULL);
    return (nu_expr *)nu__literal_of(nu__prepare(field, value), field);
}

/* CASE WHEN id = 1 THEN … WHEN id = 2 THEN … ELSE NULL END */
static nu_value case_of(const nu__field *field, nu_object *const *objects, size_t n, bool cast)
{
    nu_when *whens = nu_alloc_array(nu_when, n + 1);
    nu_expr *expr;

    for (size_t i = 0; i < n; i++) {
        nu_value value = nu__instance_value(field, objects[i]);

        whens[i].when = (nu_cond){ .lookup = "pk", .value = nu__pk_of(objects[i]) };
        whens[i].then = value.kind == NU_KIND_EXPR ? (nu_expr *)value.p : literal_of(field, value);
    }
    expr = nu_case_(whens);
    expr->output = field;
    return nu_v_expr(cast ? nu__cast_to(expr, field) : expr);
}

static int64_t update_batch(const nu_query *query, const nu__field *const *fields, size_t n_fields,
                            nu_object *const *objects, size_t n)
{
    nu_var *values = nu_alloc_array(nu_var, n_fields + 1);
    nu_list *keys = nu_list_new();
    bool cast = nu__query_connection(query)->backend->features->casts_case_in_updates;

    for (size_t i = 0; i < n; i++)
        nu_list_append_(keys, nu__pk_of(objects[i]));
    for (size_t i = 0; i < n_fields; i++)
        values[i] = (nu_var){ fields[i]->attname.ptr, case_of(fields[i], objects, n, cast) };
    return nu_update_(nu__query_where(query, S("pk__in"), nu_v_list(keys)), values);
}

int64_t nu_bulk_update_(nu_query *query, nu_object *const *objects, size_t n,
                        const char *const *names, int batch_size)
{
    nu__model_info *info = nu__query_tree(query)->model;
    nu_query *own = nu__query_clone(query);
    nu__field_bits bits = { { 0 } };
    const nu__field **fields;
    size_t n_fields, most;
    int64_t updated = 0;

    nu__check_batch_size(batch_size);
    nu__check_own_key(info, "bulk_update()");
    for (size_t i = 0; names[0] && i < n; i++)
        if (!nu__pk_is_set(objects[i]))
            nu_raise(NU_VALUE_ERROR, "All bulk_update() objects must have a primary key set.");
    fields = fields_to_update(info, names, &bits, &n_fields);
    if (!n)
        return 0;
    for (size_t i = 0; i < n; i++)
        nu__take_related_keys(info, objects[i], &bits, "bulk_update");
    own->using = nu__db_for_write(query);
    most = nu__connection_of(own->using)->backend->operations->bulk_batch_size(n_fields + 2, n);
    if (batch_size && (size_t)batch_size < most)
        most = (size_t)batch_size;
    nu_atomic_scope(.using = own->using, .no_savepoint = true);
    for (size_t at = 0; at < n; at += most)
        updated += update_batch(own, fields, n_fields, objects + at, n - at < most ? n - at : most);
    return updated;
}
