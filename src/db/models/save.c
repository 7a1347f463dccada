/* INSERT and UPDATE of one instance. Django: Model.save_base() */
#include "core/object.h"
#include "db/models/generic.h"
#include "db/models/insert.h"
#include "db/models/order.h"
#include "db/models/queryset.h"
#include "db/sql/lookups.h"
#include "db/transaction.h"

#include <nuages/managers.h>
#include <nuages/signals.h>
#include <nuages/timezone.h>
#include <nuages/transaction.h>
#include <string.h>

/* A new instance is written where those are that it refers to. */
static const nu_object *neighbour(const nu__model_info *info, const nu_object *object)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];
        const nu_object *other = field->relation ? *nu__field_cached(field, object) : NULL;

        if (other && other->type && nu__row_of(other)->db)
            return other;
    }
    return object;
}

static const char *alias_of(const nu_object *object, const nu__saving *how)
{
    const nu__model_info *info = nu__info_of(object);

    if (how->using)
        return how->using;
    return nu__router_db_for_write(info, nu__row_of(object)->db ? object : neighbour(info, object));
}

/* ---- before ------------------------------------------------------------------------------- */

static void check_relations(const nu__model_info *info, nu_object *object)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];
        nu_object *other = field->relation ? *nu__field_cached(field, object) : NULL;

        if (other && other->type && !nu__router_allow_relation(other, object))
            nu_raise(NU_VALUE_ERROR,
                     "Cannot assign \"{!r}\": the current database router prevents this relation.",
                     nu_v_object(other));
    }
}

static bool is_among(const nu__field *field, const nu__field_bits *only)
{
    return !only || nu__set_has(only, field->index);
}

void nu__take_related_keys(const nu__model_info *info, nu_object *object,
                           const nu__field_bits *only, const char *operation)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];
        nu_object *other = field->relation ? *nu__field_cached(field, object) : NULL;

        if (!other || !other->type || !is_among(field, only))
            continue;
        if (!nu__pk_is_set(other))
            nu_raise(NU_VALUE_ERROR,
                     "{}() prohibited to prevent data loss due to unsaved related object '{}'.",
                     operation, field->name);
        if (nu__field_is_null(field, object))
            nu__field_set(field, object, nu_v_object(other));
        else if (!nu__value_equal(nu__referred_value(field->relation, other),
                                  nu__field_get(field, object)))
            *nu__field_cached(field, object) = NULL;
    }
    nu__generic_check(info, object, operation);
}

static void set_now(const nu__field *field, nu_object *object)
{
    nu__assigned_drop(field, object);
    nu_datetime now = nu_now();

    switch (field->type->type) {
    case NU_DATETIME_FIELD:
        nu__field_set(field, object, nu_v_datetime(now));
        break;
    case NU_DATE_FIELD:
        nu__field_set(field, object, nu_v_date(nu_today()));
        break;
    default:
        nu__field_set(field, object,
                      nu_v_time((nu_time){ now.us % (86400 * INT64_C(1000000)) + 1 }));
    }
}

static void set_slug(const nu__field *field, nu_object *object)
{
    const nu__field *from = nu__model_field(field->model, nu_s(field->populate_from));

    if (from && nu__field_value_empty(nu__instance_value(field, object)))
        nu__instance_set(field, object,
                         nu_v_str(nu_slugify(nu_string(nu__instance_value(from, object)))));
}

bool nu__saving_fills(const nu__field *field)
{
    switch (field->type->type) {
    case NU_DATE_FIELD:
    case NU_DATETIME_FIELD:
    case NU_TIME_FIELD:
    case NU_FILE_FIELD:
    case NU_IMAGE_FIELD:
        return !field->primary_key;
    default:
        return field->populate_from && !field->primary_key;
    }
}

/* A query set stands for its only row's only value. */
static nu_value writable(const nu__field *field, nu_value value)
{
    if (value.kind == NU_KIND_EXPR)
        return value;
    if (value.kind == NU_KIND_QUERY)
        return nu_v_expr(Subquery((nu_query *)value.p));
    return nu__prepare(field, value);
}

bool nu__saves_its_member(const nu__field *field)
{
    return !field->auto_now && !field->auto_now_add && !field->populate_from &&
           field->def->db_default.kind == NU_KIND_NULL;
}

nu_value nu__pre_save(const nu__field *field, nu_object *object, bool adding)
{
    const nu__row *row = object->extra;
    nu_value value;

    if ((field->auto_now || (field->auto_now_add && adding)) && !(row && row->raw))
        set_now(field, object);
    if (field->populate_from && !(row && row->raw))
        set_slug(field, object);
    if (nu__assigned_find(field, object, &value))
        return writable(field, value);
    if (adding && nu__takes_db_default(field, object))
        return nu_v_expr((nu_expr *)(uintptr_t)nu__db_default_of(field));
    return nu__field_get(field, object);
}

/* ---- the statements ----------------------------------------------------------------------- */

/* A field as its table knows it; NULL: it lies in the table of another of the model's bases. */
static const nu__field *in_table(const nu__field *field, const nu__model_info *table)
{
    if (field->model->model->proxy || !field->origin)
        return field->model == table ? field : NULL;
    return field->origin->model == table ? field->origin : NULL;
}

/* The key of the row that an instance has in a table: its own, or its parent's. */
static const nu__field *key_in(const nu__model_info *table, const nu_object *object)
{
    const nu__model_info *info = nu__info_of(object);

    return table == info ? info->pk : nu__model_field(info, table->pk->name);
}

/* By its key, which is a column of the table: there is no name to look up and nothing to join. */
static nu_query *own_row(nu__model_info *info, const nu_object *object,
                         const nu__connection *connection)
{
    nu_query *query = nu__query_new(info);
    nu_value value = nu__field_get(key_in(info, object), object);
    const nu_expr *key = nu__col_of(nu__tree_base(query->tree), info->pk, NULL);
    nu__names exact = { .n = 0 };

    query->using = connection->alias;
    nu__where_add(query->tree->where, nu__build_lookup(&exact, 0, key, NULL, value), NU__AND);
    return query;
}

static size_t assignments_of(const nu__model_info *table, nu_object *object,
                             const nu__field_bits *only, nu__assignment *out)
{
    const nu__model_info *info = nu__info_of(object);
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i], *own = in_table(field, table);
        nu_value value;

        if (!own || own->primary_key || field->def->expression || !is_among(field, only))
            continue;
        value = nu__pre_save(field, object, false);
        out[n++] = (nu__assignment){ own, value.kind == NU_KIND_EXPR ? value.p : NULL, value };
    }
    return n;
}

/* False: there is no such row. */
static bool do_update(nu__model_info *info, nu_object *object, const nu__field_bits *only,
                      bool forced, nu__connection *connection)
{
    nu__assignment *items = nu_alloc_array(nu__assignment, nu__info_of(object)->n_fields + 1);
    size_t n = assignments_of(info, object, only, items);
    nu_query *row = own_row(info, object, connection);
    nu__compiled update;

    if (!n) /* nothing but a key: it is enough to be there */
        return only || nu_exists(row);
    if (info->model->select_on_save && !forced && !nu_exists(row))
        return false;
    update = nu__compile_update(row->tree, connection->backend, items, n);
    if (nu__db_execute(connection, update.sql, update.params, NULL) > 0)
        return true;
    return info->model->select_on_save && !forced && nu_exists(row);
}

/* What a member can't hold is a key too: the database says what is wrong with it. */
static bool has_no_key(const nu__field *key, const nu_object *object)
{
    return nu__instance_value(key, object).kind == NU_KIND_NULL;
}

static void do_insert(nu__model_info *table, nu_object *object, nu__connection *connection)
{
    const nu__model_info *info = nu__info_of(object);
    const nu__field **fields = nu_alloc_array(const nu__field *, info->n_fields + 1);
    nu_value *values = nu_alloc_array(nu_value, info->n_fields + 1);
    nu_value *returned = nu_alloc_array(nu_value, info->n_fields + 1);
    bool counted = table->pk->auto_key;
    bool with_key = !counted || !has_no_key(key_in(table, object), object);
    nu__insert insert = { .info = table, .fields = fields };
    int64_t last_id;

    nu__take_last_place(table, object, connection->alias);
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i], *own = in_table(field, table);

        if (!own || (field->auto_key && !with_key) || field->def->expression)
            continue;
        values[insert.n_fields] = nu__pre_save(field, object, true);
        fields[insert.n_fields++] = own;
    }
    if (connection->backend->features->can_return_from_insert)
        insert.returning = nu__returned_fields(table, &insert.n_returning);
    last_id = nu__insert_rows(connection, &insert, values, 1, insert.n_returning ? returned : NULL);
    for (size_t i = 0; i < insert.n_returning; i++)
        nu__instance_set(nu__model_field(info, insert.returning[i]->name), object, returned[i]);
    if (counted && !insert.n_returning)
        nu__instance_set(key_in(table, object), object, nu_v_int(last_id));
}

/* ---- which of them ------------------------------------------------------------------------ */

void nu__set_default_key(const nu__model_info *info, nu_object *object)
{
    if (nu__field_has_default(info->pk) && !nu__pk_is_set(object))
        nu__field_set(info->pk, object, nu__field_default(info->pk));
}

/* True when the row was inserted. */
static bool save_table(nu__model_info *info, nu_object *object, const nu__saving *how,
                       const nu__field_bits *only, nu__connection *connection)
{
    const nu__field *key = key_in(info, object);
    bool adding = nu_is_adding_(object), keyed;
    bool forced = how->force_update || only;

    if (has_no_key(key, object) && nu__field_has_default(info->pk))
        nu__field_set(key, object, nu__field_default(info->pk));
    keyed = !has_no_key(key, object);
    if (!keyed && forced)
        nu_raise(NU_VALUE_ERROR, "Cannot force an update in save() with no primary key.");
    if (!keyed || how->force_insert || (adding && info->model->shared_key) ||
        (adding && !how->force_update && nu__field_has_default(info->pk))) {
        do_insert(info, object, connection);
        return true;
    }
    nu__check_own_key(info, "save()");
    if (do_update(info, object, only, forced, connection))
        return false;
    if (how->force_update)
        nu_raise(NU_DATABASE_ERROR, "Forced update did not affect any rows.");
    if (only)
        nu_raise(NU_DATABASE_ERROR, "Save with update_fields did not affect any rows.");
    do_insert(info, object, connection);
    return true;
}

/* The rows of the parents come first; then their keys are known. True: one was inserted. */
static bool save_parents(nu__model_info *info, nu_object *object, const nu__saving *how,
                         const nu__field_bits *only, nu__connection *connection)
{
    nu__saving parents = *how;
    bool inserted = false;

    parents.force_insert = false;
    for (size_t i = 0; i < info->n_parents; i++) {
        nu__model_info *parent = info->parents[i];
        const nu__field *link = nu__model_field(nu__info_of(object), info->parent_links[i]->name);

        save_parents(parent, object, how, only, connection);
        inserted |= save_table(parent, object, &parents, only, connection);
        nu__field_set(link, object, nu__field_get(key_in(parent, object), object));
    }
    return inserted;
}

static bool save_tables(nu__model_info *info, nu_object *object, const nu__saving *how,
                        const nu__field_bits *only, nu__connection *connection)
{
    nu__saving own = *how;

    if (!info->concrete->n_parents)
        return save_table(info, object, how, only, connection);
    nu_atomic_scope(.using = connection->alias, .no_savepoint = true);
    own.force_insert |= save_parents(info->concrete, object, how, only, connection);
    return save_table(info->concrete, object, &own, only, connection);
}

/* Only what was read is written back, where it was read. */
static const nu__field_bits *loaded_fields(const nu__model_info *info, const nu_object *object,
                                           const char *using, nu__field_bits *out)
{
    const nu__row *row = nu__row_of(object);
    bool some = false;

    for (size_t i = 0; i < info->n_fields; i++) {
        if (nu__set_has(&row->deferred, (uint32_t)i))
            some = true;
        else if (!info->fields[i].primary_key)
            nu__set_add(out, (uint32_t)i);
    }
    return some && row->db && !strcmp(row->db, using) ? out : NULL;
}

/* An error of the database leaves the block around it unusable, whoever catches it. */
static bool save_marking(nu__model_info *info, nu_object *object, const nu__saving *how,
                         const nu__field_bits *only, nu__connection *connection)
{
    nu__mark_for_rollback_on_error(connection);
    return save_tables(info, object, how, only, connection);
}

void nu__save(nu_object *object, const nu__saving *how)
{
    nu__model_info *info = nu__info_of(object);
    const char *using = alias_of(object, how);
    nu__field_bits loaded = { { 0 } };
    const nu__field_bits *only = how->only;
    bool created, adding = nu_is_adding_(object), raw = nu__row_of(object)->raw;

    if (info->model->before_save && !raw && !info->model->before_save(object, adding))
        return;
    check_relations(info, object);
    nu__take_related_keys(info, object, NULL, "save");
    if (how->force_insert && (how->force_update || only))
        nu_raise(NU_VALUE_ERROR, "Cannot force both insert and updating in model saving.");
    if (!only && !how->force_insert)
        only = loaded_fields(info, object, using, &loaded);
    nu_signal_send(.signal = NU_PRE_SAVE, .sender = info->model, .instance = object, .raw = raw,
                   .update_fields = how->names, .using = using);
    created = save_marking(info, object, how, only, nu__connection_of(using));
    nu__row_of(object)->db = using;
    nu__row_of(object)->adding = 0;
    nu_signal_send(.signal = NU_POST_SAVE, .sender = info->model, .instance = object,
                   .created = created, .raw = raw, .update_fields = how->names, .using = using);
}

/* ---- the public face ---------------------------------------------------------------------- */

static nu__field_bits named_fields(const nu__model_info *info, const char *const *names)
{
    nu__field_bits only = { { 0 } };
    nu__buf wrong = { 0 };

    for (; *names; names++) {
        const nu__field *field = nu__model_field(info, nu_s(*names));

        if (!field || field->primary_key)
            nu__buf_fmt(&wrong, "{}{}", wrong.len ? ", " : "", *names);
        else
            nu__set_add(&only, field->index);
    }
    if (wrong.len)
        nu_raise(NU_VALUE_ERROR,
                 "The following fields do not exist in this model, are m2m fields, primary keys, "
                 "or are non-concrete fields: {}",
                 nu__buf_str(&wrong));
    return only;
}

void nu_save_with_(nu_object *object, const nu_saving *options)
{
    const char *const *names = options->update_fields;
    nu__saving how = { NULL, names, options->force_insert, options->force_update, options->using };
    nu__field_bits only;

    if (names && !*names) {
        nu__take_related_keys(nu__info_of(object), object, NULL, "save");
        return;
    }
    if (names) {
        only = named_fields(nu__info_of(object), names);
        how.only = &only;
    }
    nu__save(object, &how);
}

void nu_save_(nu_object *object, const char *const *names)
{
    nu_save_with_(object, &(nu_saving){ .update_fields = names });
}
