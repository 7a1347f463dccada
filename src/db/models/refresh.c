/* Reading members again, or those that were left out. */
#include "core/object.h"
#include "db/models/queryset.h"

#include <string.h>

static void copy_member(const nu__field *field, nu_object *to, const nu_object *from)
{
    size_t size = nu__member_size(field->member);

    if (field->relation)
        size = (size + 7) / 8 * 8 + sizeof(void *);
    memcpy((char *)to + field->offset, (const char *)from + field->offset, size);
}

static nu_object *read_again(const nu_object *object, nu_query *query)
{
    nu__model_info *info = nu__info_of(object);
    nu_cond conditions[] = { { .lookup = "pk", .value = nu__pk_of(object) }, { 0 } };

    query->using = nu__router_db_for_read(info, object);
    return nu_get_(query, info->model, conditions);
}

void nu__load_deferred(nu_object *object, const nu__field *field)
{
    nu__row *row = nu__row_of(object);
    const char *names[] = { field->attname.ptr, NULL };

    if (!nu__set_has(&row->deferred, field->index))
        return;
    copy_member(field, object, read_again(object, nu_only_(nu__query_new(field->model), names)));
    nu__set_drop(&row->deferred, field->index);
}

void nu_refresh_(nu_object *object)
{
    nu__model_info *info = nu__info_of(object);
    nu__row *row = nu__row_of(object);
    const char **names = nu_alloc_array(const char *, info->n_fields + 1);
    nu_query *query = nu__query_new(info);
    const nu_object *fresh;
    size_t n = 0;

    for (size_t i = 0; i < info->n_fields; i++)
        if (!nu__set_has(&row->deferred, (uint32_t)i))
            names[n++] = info->fields[i].attname.ptr;
    if (n < info->n_fields)
        query = nu_only_(query, names);
    fresh = read_again(object, query);
    for (size_t i = 0; i < info->n_fields; i++)
        if (!nu__set_has(&row->deferred, (uint32_t)i))
            copy_member(&info->fields[i], object, fresh);
    row->kept = NULL;
    row->db = nu__row_of(fresh)->db;
}

void nu_update_object_(nu_object *object, const nu_var *values)
{
    nu__model_info *info = nu__info_of(object);
    nu_query *query = nu__query_new(info);

    query->using = nu__router_db_for_write(info, object);
    nu_update_(nu__query_where(query, S("pk"), nu__pk_of(object)), values);
    nu_refresh_(object);
}
