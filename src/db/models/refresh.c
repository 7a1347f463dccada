/* Reading members again, or those that were left out. */
#include "core/object.h"
#include "db/models/keys.h"
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

/* What the column holds and the member can't, with the member. */
static void take_assigned(const nu__field *field, nu_object *to, const nu_object *from)
{
    nu_value value;

    nu__assigned_drop(field, to);
    if (nu__assigned_find(field, from, &value))
        nu__assigned_keep(field, to, value);
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

/* ---- what was left out -------------------------------------------------------------------- */

/* In a scratch scope what is read dies before the instance: it counts as not read. */
static void take_member(const nu__field *field, nu_object *object, const nu_object *fresh)
{
    copy_member(field, object, fresh);
    take_assigned(field, object, fresh);
    if (nu__may_keep(object))
        nu__set_drop(&nu__row_of(object)->deferred, field->index);
}

static nu_query *only_field(const nu__field *field)
{
    const char *names[] = { field->attname.ptr, NULL };

    return nu_only_(nu__query_new(field->model), names);
}

static bool lacks(const nu_object *peer, const nu__field *field)
{
    return nu__set_has(&nu__row_of(peer)->deferred, field->index) && nu__pk_is_set(peer);
}

static nu_query *rows_lacking(const nu__peers *peers, const nu__field *field)
{
    nu__key_index seen = nu__key_index_new(peers->n);
    nu_list *keys = nu_list_new();
    nu_query *query = only_field(field);

    for (size_t i = 0; i < peers->n; i++) {
        nu_value key = nu__pk_of(peers->items[i]);
        void **at = lacks(peers->items[i], field) ? nu__key_index_at(&seen, key) : NULL;

        if (at && !*at)
            nu_list_append_(keys, key);
        if (at)
            *at = keys;
    }
    query->using = nu__router_db_for_read(field->model, peers->items[0]);
    query->fetch_mode = peers->mode;
    query = nu__query_where(query, S("pk__in"), nu_v_list(keys));
    nu__tree_clear_ordering(query->tree, true);
    return query;
}

/* For the peers that lack the field, in one statement. */
static void load_for_peers(const nu__peers *peers, const nu__field *field)
{
    nu_list *found = nu__query_results(rows_lacking(peers, field));
    nu__key_index fresh = nu__key_index_new(nu_list_len(found));

    for (size_t i = 0; i < nu_list_len(found); i++)
        *nu__key_index_at(&fresh, nu__pk_of(nu_at(found, i).object)) =
            (void *)nu_at(found, i).object;
    for (size_t i = 0; i < peers->n; i++) {
        const nu_object *row = nu__key_index_get(&fresh, nu__pk_of(peers->items[i]));

        if (row && lacks(peers->items[i], field))
            take_member(field, peers->items[i], row);
    }
}

void nu__load_deferred(nu_object *object, const nu__field *field)
{
    nu__row *row = nu__row_of(object);

    if (!nu__set_has(&row->deferred, field->index))
        return;
    nu__fetch_allowed(object, field->name);
    if (row->peers && row->peers->mode == FETCH_PEERS && row->peers->n > 1 && nu__may_keep(object))
        load_for_peers(row->peers, field);
    if (nu__set_has(&row->deferred, field->index))
        take_member(field, object, read_again(object, only_field(field), NULL));
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
        take_assigned(&info->fields[i], object, fresh);
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

    if (options->fields && !n)
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
