/* INSERT and UPDATE of one instance. Django: Model.save_base() */
#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/signals.h>
#include <nuages/timezone.h>
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

/* An object that was saved after it was assigned has a key now. */
static void take_keys_of_relations(const nu__model_info *info, nu_object *object)
{
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];
        nu_object *other = field->relation ? *nu__field_cached(field, object) : NULL;

        if (!other || !other->type || !nu__field_is_null(field, object))
            continue;
        if (!nu__pk_is_set(other))
            nu_raise(NU_VALUE_ERROR,
                     "save() prohibited to prevent data loss due to unsaved related object '{}'.",
                     field->name);
        nu__field_set(field, object, nu_v_object(other));
    }
}

static void set_now(const nu__field *field, nu_object *object)
{
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

/* Field.pre_save(). */
static void prepare_field(const nu__field *field, nu_object *object, bool adding)
{
    if (field->auto_now || (field->auto_now_add && adding))
        set_now(field, object);
    if (field->populate_from && nu__field_value_empty(nu__field_get(field, object))) {
        const nu__field *from = nu__model_field(field->model, nu_s(field->populate_from));

        if (from)
            nu__field_set(field, object,
                          nu_v_str(nu_slugify(nu_string(nu__field_get(from, object)))));
    }
}

/* ---- the statements ----------------------------------------------------------------------- */

typedef struct statement {
    nu__buf sql;
    nu_value *params;
    size_t n;
} statement;

static void name_to(statement *out, const nu__connection *connection, nu_str name)
{
    connection->backend->operations->quote_name(&out->sql, name);
}

static void param_to(statement *out, const nu__connection *connection, const nu__field *field,
                     nu_value value)
{
    out->params[out->n++] = nu__field_db_value(field, value, connection->backend->dialect);
    connection->backend->operations->placeholder(&out->sql, (uint32_t)out->n);
}

static bool do_update(const nu__model_info *info, nu_object *object, const nu__field_bits *only,
                      nu__connection *connection)
{
    statement out = { .params = nu_alloc_array(nu_value, info->n_fields + 1) };

    nu__buf_lit(&out.sql, "UPDATE ");
    name_to(&out, connection, info->db_table);
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];
        nu_value value;

        if (field->primary_key || (only && !nu__set_has(only, (uint32_t)i)))
            continue;
        prepare_field(field, object, false);
        value = nu__field_get(field, object);
        nu__buf_str_add(&out.sql, memchr(out.sql.data, '=', out.sql.len) ? S(", ") : S(" SET "));
        name_to(&out, connection, field->column);
        nu__buf_lit(&out.sql, " = ");
        if (value.kind == NU_KIND_NULL)
            nu__buf_lit(&out.sql, "NULL");
        else
            param_to(&out, connection, field, value);
    }
    if (!memchr(out.sql.data, '=', out.sql.len)) /* nothing but a key: it is enough to be there */
        return only || nu_exists(nu__query_where(nu__query_new((nu__model_info *)info), S("pk"),
                                                 nu__pk_of(object)));
    nu__buf_lit(&out.sql, " WHERE ");
    name_to(&out, connection, info->db_table);
    nu__buf_lit(&out.sql, ".");
    name_to(&out, connection, info->pk->column);
    nu__buf_lit(&out.sql, " = ");
    param_to(&out, connection, info->pk, nu__pk_of(object));
    return nu__db_execute(connection, nu__buf_str(&out.sql), (nu_values){ out.params, out.n },
                          NULL) > 0;
}

static void columns_to(statement *out, const nu__connection *connection, const nu__model_info *info,
                       bool with_key)
{
    bool first = true;

    nu__buf_lit(&out->sql, " (");
    for (size_t i = 0; i < info->n_fields; i++) {
        if (info->fields[i].primary_key && !with_key)
            continue;
        if (!first)
            nu__buf_lit(&out->sql, ", ");
        first = false;
        name_to(out, connection, info->fields[i].column);
    }
    nu__buf_lit(&out->sql, ")");
}

static void values_to(statement *out, const nu__connection *connection, const nu__model_info *info,
                      nu_object *object, bool with_key)
{
    bool first = true;

    nu__buf_lit(&out->sql, " VALUES (");
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (field->primary_key && !with_key)
            continue;
        prepare_field(field, object, true);
        if (!first)
            nu__buf_lit(&out->sql, ", ");
        first = false;
        param_to(out, connection, field, nu__field_get(field, object));
    }
    nu__buf_lit(&out->sql, ")");
}

static void do_insert(const nu__model_info *info, nu_object *object, nu__connection *connection)
{
    bool counted = info->pk->auto_key, with_key = !counted || nu__pk_is_set(object);
    statement out = { .params = nu_alloc_array(nu_value, info->n_fields + 1) };
    int64_t key = 0;

    nu__buf_lit(&out.sql, "INSERT INTO ");
    name_to(&out, connection, info->db_table);
    if (info->n_fields == 1 && !with_key) {
        nu__buf_lit(&out.sql, " (");
        name_to(&out, connection, info->pk->column);
        nu__buf_lit(&out.sql, ") VALUES (NULL)");
    } else {
        columns_to(&out, connection, info, with_key);
        values_to(&out, connection, info, object, with_key);
    }
    if (counted && connection->backend->features->can_return_from_insert) {
        nu__rows *rows;

        nu__buf_lit(&out.sql, " RETURNING ");
        name_to(&out, connection, info->db_table);
        nu__buf_lit(&out.sql, ".");
        name_to(&out, connection, info->pk->column);
        rows = nu__db_query(connection, nu__buf_str(&out.sql), (nu_values){ out.params, out.n });
        if (nu__rows_next(rows))
            key = rows->cells[0].i;
        nu__rows_close(rows);
    } else {
        nu__db_execute(connection, nu__buf_str(&out.sql), (nu_values){ out.params, out.n },
                       counted ? &key : NULL);
    }
    if (counted)
        nu__field_set(info->pk, object, nu_v_int(key));
}

/* ---- which of them ------------------------------------------------------------------------ */

static void set_default_key(const nu__model_info *info, nu_object *object)
{
    if (!nu__pk_is_set(object) && nu__field_has_default(info->pk))
        nu__field_set(info->pk, object, nu__field_default(info->pk));
}

/* True when the row was inserted. */
static bool save_table(const nu__model_info *info, nu_object *object, const nu__saving *how,
                       const nu__field_bits *only, nu__connection *connection)
{
    bool adding = !nu__row_of(object)->db;
    bool forced = how->force_update || only;

    set_default_key(info, object);
    if (!nu__pk_is_set(object) && forced && !how->force_insert)
        nu_raise(NU_VALUE_ERROR, "Cannot force an update in save() with no primary key.");
    if (nu__pk_is_set(object) && !how->force_insert &&
        (forced || !adding || !nu__field_has_default(info->pk))) {
        if (do_update(info, object, only, connection))
            return false;
        if (how->force_update)
            nu_raise(NU_DATABASE_ERROR, "Forced update did not affect any rows.");
        if (only)
            nu_raise(NU_DATABASE_ERROR, "Save with update_fields did not affect any rows.");
    }
    do_insert(info, object, connection);
    return true;
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

void nu__save(nu_object *object, const nu__saving *how)
{
    nu__model_info *info = nu__info_of(object);
    const char *using = alias_of(object, how);
    nu__field_bits loaded = { { 0 } };
    const nu__field_bits *only = how->only;
    bool created, adding = !nu__row_of(object)->db;

    if (info->model->before_save && !info->model->before_save(object, adding))
        return;
    check_relations(info, object);
    take_keys_of_relations(info, object);
    if (!only && !how->force_insert)
        only = loaded_fields(info, object, using, &loaded);
    nu_signal_send(.signal = NU_PRE_SAVE, .sender = info->model, .instance = object,
                   .update_fields = how->names, .using = using);
    created = save_table(info, object, how, only, nu__connection_of(using));
    nu__row_of(object)->db = using;
    nu_signal_send(.signal = NU_POST_SAVE, .sender = info->model, .instance = object,
                   .created = created, .update_fields = how->names, .using = using);
}

/* ---- the public face ---------------------------------------------------------------------- */

static nu__field_bits named_fields(const nu__model_info *info, const char *const *names)
{
    nu__field_bits only = { { 0 } };

    for (; *names; names++) {
        const nu__field *field = nu__model_field(info, nu_s(*names));

        if (!field || field->primary_key)
            nu_raise(NU_VALUE_ERROR,
                     "The following fields do not exist in this model, are m2m fields, primary "
                     "keys, or are non-concrete fields: {}",
                     *names);
        nu__set_add(&only, field->index);
    }
    return only;
}

void nu_save_(nu_object *object, const char *const *names)
{
    nu__field_bits only;

    if (!names) {
        nu__save(object, &(nu__saving){ 0 });
        return;
    }
    if (!*names)
        return;
    only = named_fields(nu__info_of(object), names);
    nu__save(object, &(nu__saving){ .only = &only, .names = names });
}
