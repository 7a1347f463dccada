/* .order_with_respect_to: the rows of one parent in an order of their own, kept in `_order`. */
#include "db/models/order.h"

#include "db/models/queryset.h"

#include <nuages/managers.h>
#include <nuages/transaction.h>

static const char by_order[] = "_order";

const char *const *nu__own_order(void)
{
    static const char *const ordering[9] = { by_order };

    return ordering;
}

/* The rows that have the same parent as this one. */
static nu_query *siblings(const nu_object *object, const char *alias)
{
    const nu__model_info *info = nu__model_info_of((const nu_model *)object->type);
    const nu__field *parent = nu__model_field(info, nu_s(info->model->order_with_respect_to));
    nu_query *all = nu_using(nu__base_manager((nu__model_info *)info), alias);

    return nu__query_where(all, parent->attname, nu__field_get(parent, object));
}

static bool places_are_known(const nu__model_info *info)
{
    return info->model->order_with_respect_to && nu__model_field(info, nu_s(by_order));
}

void nu__take_last_place(const nu__model_info *info, nu_object *object, const char *alias)
{
    size_t n;
    const int64_t *last;

    if (!places_are_known(info))
        return;
    last = nu_flat(int64_t, nu_slice(nu_order_by(siblings(object, alias), "-_order"), 0, 1),
                   by_order, &n);
    nu__field_set(nu__model_field(info, nu_s(by_order)), object, nu_v_int(n ? last[0] + 1 : 0));
}

nu_query *nu_order_of_(const nu_object *parent, const char *accessor)
{
    return nu_order_by(nu_related_(parent, accessor), "_order");
}

void nu_set_order_(const nu_object *parent, const char *accessor, const nu_list *keys)
{
    nu_atomic_scope();
    for (size_t i = 0; i < nu_list_len(keys); i++)
        nu_update(nu__query_where(nu_related_(parent, accessor), S("pk"), nu_at(keys, i)),
                  (by_order, (int64_t)i));
}

nu_object *nu_in_order_(const nu_object *object, int step)
{
    const nu__model_info *info = nu__model_info_of((const nu_model *)object->type);
    int64_t at;
    nu_query *rows;

    if (!places_are_known(info))
        nu_raise(NU_TYPE_ERROR, "{} has no .order_with_respect_to", info->label);
    at = nu__field_get(nu__model_field(info, nu_s(by_order)), object).i;
    rows = nu__query_where(siblings(object, NULL), step > 0 ? S("_order__gt") : S("_order__lt"),
                           nu_v_int(at));
    rows = step > 0 ? nu_order_by(rows, "_order") : nu_order_by(rows, "-_order");
    return nu_first_(rows, info->model);
}
