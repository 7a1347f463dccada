/* Making instances: nu_new() and what goes on from it. */
#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/managers.h>
#include <nuages/signals.h>
#include <string.h>

/* The members of the initializer, and of the others the defaults. */
static void fill(nu__model_info *info, nu_object *object, nu_init init, const nu__given *given)
{
    size_t head = sizeof(nu_object);

    if (init.values && info->model->size)
        memcpy((char *)object + head, (const char *)init.values + head, info->size - head);
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (!nu__set_has(&given->fields, (uint32_t)i) && !field->auto_key && !field->parent_link &&
            !nu__leave_to_database(field, object))
            nu__field_set(field, object, nu__field_default(field));
    }
}

void *nu_new_(const nu_model *model, nu_init init)
{
    nu__model_info *info = nu__model_info_of(model);
    nu_object *object = nu__instance_new(info);

    nu__init_signal(object, NU_PRE_INIT);
    fill(info, object, init, nu__given_parse(info, init.given));
    nu__init_signal(object, NU_POST_INIT);
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

void nu_fill_(nu_object *object, nu_init init)
{
    nu__model_info *info = nu__info_of(object);

    assign(info, object, init, nu__given_parse(info, init.given));
}

void nu_assign_(nu_object *object, nu_init init)
{
    nu__model_info *info = nu__info_of(object);
    const nu__given *given = nu__given_parse(info, init.given);

    assign(info, object, init, given);
    nu__save(object, &(nu__saving){ .only = &given->fields });
}

/* ---- by lookup ---------------------------------------------------------------------------- */

/* The named members as values, for what works by names. */
static nu_var *named_values(nu__model_info *info, nu_init init)
{
    const nu__given *given = nu__given_parse(info, init.given);
    nu_var *values = nu_alloc_array(nu_var, info->n_fields + 1);
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];
        const nu_object *other = NULL;

        if (!nu__set_has(&given->fields, (uint32_t)i))
            continue;
        if (field->relation)
            other = *nu__field_cached(field, init.values);
        if (other && other->type)
            values[n++] = (nu_var){ field->name.ptr, nu_v_object(other) };
        else
            values[n++] = (nu_var){ field->attname.ptr, nu__field_get(field, init.values) };
    }
    return values;
}

void *nu_get_or_create_(const nu_model *model, nu_init lookup, nu_init defaults, bool *created)
{
    nu__model_info *info = nu__model_info_of(model);

    return nu_get_or_create_in_(nu__query_new(info), named_values(info, lookup),
                                named_values(info, defaults), created);
}

void *nu_update_or_create_(const nu_model *model, nu_init lookup, nu_init defaults, bool *created)
{
    nu__model_info *info = nu__model_info_of(model);

    return nu_update_or_create_in_(nu__query_new(info), named_values(info, lookup),
                                   named_values(info, defaults), NULL, created);
}
