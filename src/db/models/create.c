/* Making instances: nu_new() and what goes on from it. */
#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/transaction.h>
#include <string.h>

/* The members of the initializer, and of the others the defaults. */
static void fill(nu__model_info *info, nu_object *object, nu_init init, const nu__given *given)
{
    size_t head = sizeof(nu_object);

    if (init.values && info->model->size)
        memcpy((char *)object + head, (const char *)init.values + head, info->size - head);
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (!nu__set_has(&given->fields, (uint32_t)i) && !field->auto_key)
            nu__field_set(field, object, nu__field_default(field));
    }
}

void *nu_new_(const nu_model *model, nu_init init)
{
    nu__model_info *info = nu__model_info_of(model);
    nu_object *object = nu__instance_new(info);

    fill(info, object, init, nu__given_parse(info, init.given));
    return object;
}

void *nu_create_(const nu_model *model, nu_init init)
{
    nu_object *object = nu_new_(model, init);

    nu__save(object, &(nu__saving){ .force_insert = true });
    return object;
}

/* Copy the named members of an initializer, foreign keys with what they lead to. */
static void assign(nu__model_info *info, nu_object *object, nu_init init, const nu__given *given)
{
    nu__row *row = nu__row_of(object);

    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];
        size_t size = nu__member_size(field->member);

        if (!nu__set_has(&given->fields, (uint32_t)i))
            continue;
        if (field->relation)
            size = (size + 7) / 8 * 8 + sizeof(void *);
        memcpy((char *)object + field->offset, (const char *)init.values + field->offset, size);
        nu__set_drop(&row->deferred, (uint32_t)i);
    }
}

void nu_assign_(nu_object *object, nu_init init)
{
    nu__model_info *info = nu__info_of(object);
    const nu__given *given = nu__given_parse(info, init.given);

    assign(info, object, init, given);
    nu__save(object, &(nu__saving){ .only = &given->fields });
}

/* ---- get or create ------------------------------------------------------------------------ */

/* The given members as conditions: `attname` is the value, null is IS NULL. */
static nu_query *lookup_query(nu__model_info *info, nu_init lookup, const nu__given *given)
{
    nu_cond *conditions = nu_alloc_array(nu_cond, info->n_fields + 1);
    nu_query *query = nu__query_new(info);
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++)
        if (nu__set_has(&given->fields, (uint32_t)i))
            conditions[n++] = (nu_cond){ .lookup = info->fields[i].attname.ptr,
                                         .value = nu__field_get(&info->fields[i], lookup.values) };
    query->using = nu__router_db_for_write(info, NULL);
    return nu__query_filter(query, conditions, false);
}

static const nu_cond no_conditions[1];

static void *create_from(nu__model_info *info, nu_init lookup, nu_init defaults)
{
    const nu__given *found_by = nu__given_parse(info, lookup.given);
    const nu__given *rest = nu__given_parse(info, defaults.given);
    nu_object *object = nu__instance_new(info);
    nu__given all = *found_by;

    for (size_t i = 0; i < sizeof(all.fields.bits) / sizeof(*all.fields.bits); i++)
        all.fields.bits[i] |= rest->fields.bits[i];
    fill(info, object, lookup, &all);
    assign(info, object, defaults, rest);
    nu__save(object, &(nu__saving){ .force_insert = true });
    return object;
}

/* A savepoint around the creation: when another made the row meanwhile, it is there to be read. */
static void *create_or_get(nu__model_info *info, nu_query *query, nu_init lookup, nu_init defaults,
                           bool *created)
{
    void *object = NULL, *other;
    const nu_error *error =
        nu_catch_atomic(NU_INTEGRITY_ERROR, object = create_from(info, lookup, defaults));

    if (created)
        *created = !error;
    if (!error)
        return object;
    other = nu_find_(query, info->model, no_conditions);
    if (!other)
        nu_reraise(error);
    return other;
}

void *nu_get_or_create_(const nu_model *model, nu_init lookup, nu_init defaults, bool *created)
{
    nu__model_info *info = nu__model_info_of(model);
    nu_query *query = lookup_query(info, lookup, nu__given_parse(info, lookup.given));
    void *object = nu_find_(query, model, no_conditions);

    if (!object)
        return create_or_get(info, query, lookup, defaults, created);
    if (created)
        *created = false;
    return object;
}

/* auto_now and the like are written along. */
static void add_own_fields(const nu__model_info *info, nu__field_bits *fields)
{
    for (size_t i = 0; i < info->n_fields; i++)
        if (info->fields[i].auto_now)
            nu__set_add(fields, (uint32_t)i);
}

void *nu_update_or_create_(const nu_model *model, nu_init lookup, nu_init defaults, bool *created)
{
    nu__model_info *info = nu__model_info_of(model);
    const nu__given *given = nu__given_parse(info, defaults.given);
    nu_query *query = lookup_query(info, lookup, nu__given_parse(info, lookup.given));
    nu__field_bits fields = given->fields;
    bool made = false;
    nu_object *object;

    nu_atomic_scope();
    object = nu_find_(nu_select_for_update(query), model, no_conditions);
    if (!object)
        object = create_or_get(info, query, lookup, defaults, &made);
    if (created)
        *created = made;
    if (!made) {
        assign(info, object, defaults, given);
        add_own_fields(info, &fields);
        nu__save(object, &(nu__saving){ .only = &fields });
    }
    return object;
}
