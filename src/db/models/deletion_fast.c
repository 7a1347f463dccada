/* What refers to rows that are deleted, and what of it goes by one statement. */
#include "db/models/deletion_int.h"

#include <nuages/signals.h>
#include <string.h>

bool nu__deletion_refers(const nu__relation *relation)
{
    return !relation->many_to_many && relation->on_delete != DO_NOTHING;
}

bool nu__deletion_heard(const nu__model_info *info)
{
    return nu_signal_has_listeners(NU_PRE_DELETE, info->model) ||
           nu_signal_has_listeners(NU_POST_DELETE, info->model);
}

bool nu__can_fast_delete(const nu__model_info *info, const nu__relation *from)
{
    if ((from && from->on_delete != CASCADE) || nu__deletion_heard(info) ||
        info->n_generic_relations || info->concrete->n_parents)
        return false;
    info = info->concrete;
    for (size_t i = 0; i < info->n_reverse; i++)
        if (nu__deletion_refers(info->reverse[i]))
            return false;
    return true;
}

nu_query *nu__deletion_referring(const nu__collector *c, const nu__relation *relation,
                                 nu_list *objects)
{
    nu_query *query = nu__query_new(relation->from);

    query->using = c->using;
    return nu__query_where(query, nu_fmt("{}__in", relation->field->name), nu_v_list(objects));
}

nu_list *nu__deletion_batch(const nu_list *objects, size_t from, size_t n)
{
    nu_list *batch = nu_list_new();

    for (size_t i = from; i < from + n && i < nu_list_len(objects); i++)
        nu_list_append_(batch, nu_at(objects, i));
    return batch;
}

size_t nu__deletion_batch_size(const nu__collector *c, size_t n_fields, size_t n)
{
    size_t most = c->connection->backend->operations->bulk_batch_size(n_fields, n);

    return most ? most : 1;
}

/* One statement a model, though several of its foreign keys may refer to the rows. */
static nu_query *referring_by_any(const nu__collector *c, nu__relation *const *relations, size_t n,
                                  nu_list *objects)
{
    nu_cond *any = nu_alloc_array(nu_cond, n + 1), either[2] = { { 0 } };
    nu_query *query = nu__query_new(relations[0]->from);

    if (n == 1)
        return nu__deletion_referring(c, relations[0], objects);
    for (size_t i = 0; i < n; i++)
        any[i] = (nu_cond){ .lookup = nu_fmt("{}__in", relations[i]->field->name).ptr,
                            .value = nu_v_list(objects) };
    either[0] = nu_or_(any);
    query->using = c->using;
    return nu_filter_(query, either);
}

bool nu__deletes_fast(const nu__relation *relation)
{
    return nu__deletion_refers(relation) && nu__can_fast_delete(relation->from, relation);
}

static bool came_before(const nu__model_info *info, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (info->reverse[k]->from == info->reverse[i]->from && nu__deletes_fast(info->reverse[k]))
            return true;
    return false;
}

void nu__add_fast_deletes(nu__collector *c, const nu__model_info *info, nu_list *fresh)
{
    nu__relation **same = nu_alloc_array(nu__relation *, info->n_reverse + 1);

    for (size_t i = 0; i < info->n_reverse; i++) {
        size_t n = 0, most;

        if (!nu__deletes_fast(info->reverse[i]) || came_before(info, i))
            continue;
        for (size_t k = i; k < info->n_reverse; k++)
            if (info->reverse[k]->from == info->reverse[i]->from &&
                nu__deletes_fast(info->reverse[k]))
                same[n++] = info->reverse[k];
        most = nu__deletion_batch_size(c, n, nu_list_len(fresh));
        for (size_t at = 0; at < nu_list_len(fresh); at += most)
            NU__LIST_ADD(c->fast,
                         referring_by_any(c, same, n, nu__deletion_batch(fresh, at, most)));
    }
}
