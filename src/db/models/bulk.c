/* bulk_create(): an array of structs in few statements. */
#include "core/object.h"
#include "db/models/insert.h"
#include "db/models/queryset.h"

#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <string.h>

/* What a plain struct left out: null members take the default. */
static void complete(nu__model_info *info, nu_object *object, const char *using)
{
    nu__row *row;

    if (!object->type) {
        object->type = info->model;
        object->extra = NULL;
        for (size_t i = 0; i < info->n_fields; i++) {
            const nu__field *field = &info->fields[i];

            if (!field->auto_key && nu__field_is_null(field, object))
                nu__field_set(field, object, nu__field_default(field));
        }
    }
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (!field->auto_now && !field->auto_now_add)
            continue;
        if (field->type->type == NU_DATETIME_FIELD)
            nu__field_set(field, object, nu_v_datetime(nu_now()));
        else if (field->type->type == NU_DATE_FIELD)
            nu__field_set(field, object, nu_v_date(nu_today()));
    }
    row = nu__row_of(object);
    row->db = using;
}

/* An object that was saved after it was assigned has a key now. */
static nu_value value_of(const nu__field *field, const nu_object *object)
{
    nu_value value = nu__field_get(field, object);
    const nu_object *other = field->relation ? *nu__field_cached(field, object) : NULL;

    return value.kind == NU_KIND_NULL && other && other->type ? nu__pk_of(other) : value;
}

static const nu__field **named(const nu__model_info *info, const char *const names[8])
{
    const nu__field **fields = nu_alloc_array(const nu__field *, 9);

    for (int i = 0; i < 8 && names[i]; i++) {
        fields[i] = nu__model_field(info, nu_s(names[i]));
        if (!fields[i])
            nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", info->name, names[i]);
    }
    return fields;
}

/* Rows that have a key already, and those that get one, are inserted apart. */
static void insert_some(nu__model_info *info, char *items, size_t n, bool with_key,
                        nu__insert *insert, nu__connection *connection, size_t most)
{
    size_t size = info->model->size, count = 0;
    nu_object **objects = nu_alloc_array(nu_object *, n + 1);
    const nu__field **fields = nu_alloc_array(const nu__field *, info->n_fields + 1);
    nu_value *values;
    int64_t *keys;

    for (size_t i = 0; i < n; i++)
        if (nu__pk_is_set((nu_object *)(items + i * size)) == with_key)
            objects[count++] = (nu_object *)(items + i * size);
    insert->n_fields = 0;
    for (size_t i = 0; i < info->n_fields; i++)
        if (with_key || !info->fields[i].auto_key)
            fields[insert->n_fields++] = &info->fields[i];
    insert->fields = fields;
    insert->returning = !with_key && info->pk->auto_key && !insert->ignore_conflicts &&
                        connection->backend->features->can_return_from_insert;
    keys = nu_alloc_array(int64_t, count + 1);
    values = nu_alloc_array(nu_value, count * insert->n_fields + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < insert->n_fields; k++)
            values[i * insert->n_fields + k] = value_of(fields[k], objects[i]);
    for (size_t at = 0; at < count; at += most) {
        insert->keys = keys + at;
        nu__insert_rows(connection, insert, values + at * insert->n_fields,
                        count - at < most ? count - at : most);
    }
    for (size_t i = 0; i < count && insert->returning; i++)
        nu__field_set(info->pk, objects[i], nu_v_int(keys[i]));
}

void nu_bulk_create_(const nu_model *model, void *items, size_t n, const nu_bulk *options)
{
    nu__model_info *info = nu__model_info_of(model);
    const char *using = options->using ? options->using : nu__router_db_for_write(info, NULL);
    nu__connection *connection = nu__connection_of(using);
    nu__insert insert = { .info = info,
                          .ignore_conflicts = options->ignore_conflicts,
                          .update = named(info, options->update_fields),
                          .unique = named(info, options->unique_fields) };
    size_t most = options->batch_size > 0 ? (size_t)options->batch_size : n;

    if (insert.ignore_conflicts && insert.update[0])
        nu_raise(NU_VALUE_ERROR, "ignore_conflicts and update_conflicts are mutually exclusive.");
    if (insert.update[0] && !insert.unique[0])
        nu_raise(NU_VALUE_ERROR, "Unique fields that can trigger the upsert must be provided.");
    if (!n)
        return;
    for (size_t i = 0; i < n; i++)
        complete(info, (nu_object *)((char *)items + i * model->size), using);
    nu_atomic_scope(.using = using, .no_savepoint = true);
    insert_some(info, items, n, true, &insert, connection, most);
    insert_some(info, items, n, false, &insert, connection, most);
}
