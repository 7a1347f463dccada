/* Reading members again, or those that were left out. */
#include "core/object.h"
#include "db/models/queryset.h"

#include <nuages/managers.h>
#include <string.h>

static void copy_member(const nu__field *field, nu_object *to, const nu_object *from)
{
    size_t size = nu__member_size(field->member);

    if (field->relation)
        size = (size + 7) / 8 * 8 + sizeof(void *);
    memcpy((char *)to + field->offset, (const char *)from + field->offset, size);
}

static nu_object *read_again(const nu_object *object, nu_query *query, const char *using)
{
    nu__model_info *info = nu__info_of(object);
    nu_cond conditions[] = { { .lookup = "pk", .value = nu__pk_of(object) }, { 0 } };

    query = nu__query_clone(query);
    if (using)
        query->using = using;
    if (!query->using)
        query->using = nu__router_db_for_read(info, object);
    return nu_get_(query, info->model, conditions);
}

void nu__load_deferred(nu_object *object, const nu__field *field)
{
    nu__row *row = nu__row_of(object);
    const char *names[] = { field->attname.ptr, NULL };

    if (!nu__set_has(&row->deferred, field->index))
        return;
    copy_member(field, object,
                read_again(object, nu_only_(nu__query_new(field->model), names), NULL));
    nu__set_drop(&row->deferred, field->index);
}

/* ---- again -------------------------------------------------------------------------------- */

/* The fields to read, as names that end with NULL; prefetched relations among them are forgotten.
   NULL: all. */
static const char **fields_to_read(nu_object *object, const char *const *given, size_t *n)
{
    const nu__model_info *info = nu__info_of(object);
    const nu__row *row = nu__row_of(object);
    const char **names;

    *n = 0;
    for (size_t i = 0; given && given[i];)
        i++, ++*n;
    names = nu_alloc_array(const char *, *n + info->n_fields + 1);
    *n = 0;
    for (; given && *given; given++) {
        if (strstr(*given, "__"))
            nu_raise(NU_VALUE_ERROR,
                     "Found \"__\" in fields argument. Relations and transforms are not allowed in "
                     "fields.");
        if (nu__kept_find(object, nu_s(*given)))
            nu__kept_drop(object, nu_s(*given));
        else
            names[(*n)++] = *given;
    }
    for (size_t i = 0; !given && i < info->n_fields; i++)
        if (!nu__set_has(&row->deferred, (uint32_t)i))
            names[(*n)++] = info->fields[i].attname.ptr;
    return names;
}

static void take_fresh(nu_object *object, const nu_object *fresh)
{
    const nu__model_info *info = nu__info_of(object);
    nu__row *row = nu__row_of(object), *from = nu__row_of(fresh);

    for (size_t i = 0; i < info->n_fields; i++) {
        if (nu__set_has(&from->deferred, (uint32_t)i))
            continue;
        copy_member(&info->fields[i], object, fresh);
        nu__assigned_drop(&info->fields[i], object);
        nu__set_drop(&row->deferred, (uint32_t)i);
    }
    row->db = from->db;
}

void nu_refresh_with_(nu_object *object, const nu_refreshing *options)
{
    nu__model_info *info = nu__info_of(object);
    size_t n;
    const char **names = fields_to_read(object, options->fields, &n);
    nu_query *query = options->from_queryset ? nu__query_over(options->from_queryset, info->model)
                                             : nu__query_new(info);

    if (options->fields && options->fields[0] && !n)
        return;
    if (n < info->n_fields)
        query = nu_only_(query, names);
    take_fresh(object, read_again(object, query, options->using));
    if (!options->fields)
        nu__row_of(object)->kept = NULL;
}

void nu_refresh_(nu_object *object)
{
    nu_refresh_with_(object, &(nu_refreshing){ 0 });
}

void nu_update_object_(nu_object *object, const nu_var *values)
{
    nu__model_info *info = nu__info_of(object);
    nu_query *query = nu__query_new(info);

    query->using = nu__router_db_for_write(info, object);
    nu_update_(nu__query_where(query, S("pk"), nu__pk_of(object)), values);
    nu_refresh_(object);
}
