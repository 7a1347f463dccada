/* bulk_create(): many instances in few statements. */
#include "core/object.h"
#include "db/models/insert.h"
#include "db/models/queryset.h"

#include <nuages/managers.h>
#include <nuages/transaction.h>

/* Most fields have none: their members need not be looked at. */
static bool default_is_null(const nu__field *field)
{
    return !nu__field_has_default(field) && (field->null || !field->target->type->empty_strings);
}

/* Those that a plain struct may have left out; end with NULL. */
static const nu__field **fields_to_complete(const nu__model_info *info)
{
    const nu__field **fields = nu_alloc_array(const nu__field *, info->n_fields + 1);
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (!field->auto_key && !field->parent_link && !default_is_null(field))
            fields[n++] = field;
    }
    return fields;
}

/* What a plain struct left out: null members take the default. */
static void complete(const nu_model *model, const nu__field *const *fields, nu_object *object)
{
    if (object->type)
        return;
    object->type = model;
    object->extra = NULL;
    for (; *fields; fields++)
        if (nu__field_is_null(*fields, object) && !nu__leave_to_database(*fields, object))
            nu__field_set(*fields, object, nu__field_default(*fields));
}

/* Only the unique ones may be told by "pk". */
static const nu__field **named(const nu__model_info *info, const char *const names[8],
                               const char *option, bool may_be_pk)
{
    const nu__field **fields = nu_alloc_array(const nu__field *, 9);

    for (int i = 0; i < 8 && names[i]; i++) {
        nu_str name = nu_s(names[i]);

        if (nu__model_many(info, name) || nu__model_reverse(info, name))
            nu_raise(NU_VALUE_ERROR, "bulk_create() can only be used with concrete fields in {}.",
                     option);
        if (may_be_pk || !nu_eq(name, "pk"))
            fields[i] = nu__model_field(info, name);
        if (!fields[i])
            nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", info->name, name);
    }
    return fields;
}

static void check_conflicts(const nu__insert *insert, const nu_bulk *options, bool targets)
{
    bool update = insert->update[0] || options->update_conflicts;

    if (insert->ignore_conflicts && update)
        nu_raise(NU_VALUE_ERROR, "ignore_conflicts and update_conflicts are mutually exclusive.");
    if (!update)
        return;
    if (!insert->update[0])
        nu_raise(NU_VALUE_ERROR, "Fields that will be updated when a row insertion fails on "
                                 "conflicts must be provided.");
    if (insert->unique[0] && !targets)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "This database backend does not support updating conflicts with specifying unique "
                 "fields that can trigger the upsert.");
    if (!insert->unique[0] && targets)
        nu_raise(NU_VALUE_ERROR, "Unique fields that can trigger the upsert must be provided.");
    for (size_t i = 0; insert->update[i]; i++)
        if (insert->update[i]->primary_key)
            nu_raise(NU_VALUE_ERROR,
                     "bulk_create() cannot be used with primary keys in update_fields.");
}

static size_t columns_of(const nu__model_info *info, bool with_key, const nu__field **fields)
{
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++)
        if ((with_key || !info->fields[i].auto_key) && !info->fields[i].def->expression)
            fields[n++] = &info->fields[i];
    return n;
}

/* Instances that have a key already, or those that get one: they are inserted apart. */
typedef struct group {
    nu_object **objects;
    size_t n;
    bool with_key;
} group;

static void take_returned(const nu__insert *insert, const group *group, size_t at, size_t n,
                          const nu_value *returned)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < insert->n_returning; k++, returned++)
            if (!insert->returning[k]->primary_key ||
                (!group->with_key && returned->kind != NU_KIND_NULL))
                nu__instance_set(insert->returning[k], group->objects[at + i], *returned);
}

static bool *plain_members(const nu__insert *insert)
{
    bool *plain = nu_alloc_array(bool, insert->n_fields + 1);

    for (size_t k = 0; k < insert->n_fields; k++)
        plain[k] = nu__saves_its_member(insert->fields[k]);
    return plain;
}

static void fill_values(const nu__insert *insert, const bool *plain, nu_object *const *objects,
                        size_t n, nu_value *out)
{
    for (size_t i = 0; i < n; i++) {
        const nu__row *row = objects[i]->extra;
        bool as_held = !row || !row->assigned;

        for (size_t k = 0; k < insert->n_fields; k++)
            *out++ = as_held && plain[k] ? nu__field_get(insert->fields[k], objects[i])
                                         : nu__pre_save(insert->fields[k], objects[i], true);
    }
}

/* Instances are made into values so many at a time, in whole statements, so that a hundred thousand
   do not lie in memory twice. */
enum { PIECE = 4096 };

static void insert_group(const group *group, nu__insert *insert, nu__connection *connection)
{
    const nu__field **fields = nu_alloc_array(const nu__field *, insert->info->n_fields + 1);
    nu_value *values, *returned = NULL;
    size_t most, piece;
    const bool *plain;

    if (!group->n)
        return;
    insert->n_fields = columns_of(insert->info, group->with_key, fields);
    insert->fields = fields;
    plain = plain_members(insert);
    most = nu__insert_most(connection, insert, group->n);
    piece = group->n < PIECE ? group->n : (PIECE / most + 1) * most;
    values = nu_alloc_array(nu_value, piece * insert->n_fields + 1);
    if (insert->n_returning)
        returned = nu_alloc_array(nu_value, piece * insert->n_returning + 1);
    for (size_t at = 0; at < group->n; at += piece) {
        size_t part = group->n - at < piece ? group->n - at : piece;

        fill_values(insert, plain, group->objects + at, part, values);
        nu__insert_rows(connection, insert, values, part, returned);
        if (returned)
            take_returned(insert, group, at, part, returned);
        /* of rows that may have been there, no one knows which */
        for (size_t i = 0; i < part && (group->with_key || returned); i++)
            nu__row_of(group->objects[at + i])->db = connection->alias;
    }
}

static void complete_keys(nu__model_info *info, nu_object *const *objects, size_t n, group *keyed,
                          group *unkeyed)
{
    *keyed = (group){ nu_alloc_array(nu_object *, n + 1), 0, true };
    *unkeyed = (group){ nu_alloc_array(nu_object *, n + 1), 0, false };
    for (size_t i = 0; i < n; i++) {
        group *group;

        nu__set_default_key(info, objects[i]);
        nu__take_related_keys(info, objects[i], NULL, "bulk_create");
        group = nu__pk_is_set(objects[i]) ? keyed : unkeyed;
        group->objects[group->n++] = objects[i];
    }
}

static void insert_all(nu__model_info *info, nu_object *const *objects, size_t n,
                       const nu_bulk *options, const char *using)
{
    nu__connection *connection = nu__connection_of(using);
    nu__insert insert = { .info = info,
                          .batch_size = (size_t)options->batch_size,
                          .ignore_conflicts = options->ignore_conflicts,
                          .update = named(info, options->update_fields, "update_fields", false),
                          .unique = named(info, options->unique_fields, "unique_fields", true) };
    group keyed, unkeyed;

    if (info->concrete->n_parents)
        nu_raise(NU_VALUE_ERROR, "Can't bulk create a multi-table inherited model");
    check_conflicts(&insert, options,
                    connection->backend->features->supports_update_conflicts_with_target);
    if (!insert.ignore_conflicts && connection->backend->features->can_return_from_insert)
        insert.returning = nu__returned_fields(info, &insert.n_returning);
    complete_keys(info, objects, n, &keyed, &unkeyed);
    nu_atomic_scope(.using = using, .no_savepoint = true);
    insert_group(&keyed, &insert, connection);
    insert_group(&unkeyed, &insert, connection);
}

void nu__check_batch_size(int batch_size)
{
    if (batch_size < 0)
        nu_raise(NU_VALUE_ERROR, "Batch size must be a positive integer.");
}

void nu_bulk_create_in_(nu_query *query, nu_object *const *objects, size_t n,
                        const nu_bulk *options)
{
    nu__model_info *info = nu__query_tree(query)->model;

    nu__check_batch_size(options->batch_size);
    if (n)
        insert_all(info, objects, n, options,
                   options->using ? options->using : nu__db_for_write(query));
}

void nu_bulk_create_(const nu_model *model, void *items, size_t n, const nu_bulk *options)
{
    nu__model_info *info = nu__model_info_of(model);
    nu_object **objects = nu_alloc_array(nu_object *, n + 1);
    const nu__field **fields = fields_to_complete(info);

    for (size_t i = 0; i < n; i++) {
        objects[i] = (nu_object *)((char *)items + i * model->size);
        complete(model, fields, objects[i]);
    }
    nu_bulk_create_in_(nu__query_new(info), objects, n, options);
}
