/* copy.copy() and copy.deepcopy() of instances. */
#include "cli/shell/orm/instance_methods.h"
#include "cli/shell/orm/json_members.h"

#include <nuages/managers.h>

static nu_object *copied_object(nu_object *object, nu__py_dict *memo)
{
    return nu__orm_object(nu__py_copied(nu__orm_instance(object), memo));
}

/* A JSON field's list or dict is shared, or copied too. */
static void copy_json(nu_object *from, nu_object *to, nu__py_dict *memo)
{
    const nu__model_info *info = nu__info_of(from);
    nu__py value;

    for (size_t i = 0; i < info->n_fields; i++)
        if (nu__orm_json_member(from, info->fields[i].name, &value))
            nu__orm_json_assigned(to, info->fields[i].name, nu__py_copied(value, memo));
}

static nu_list *copied_list(const nu_list *list, nu__py_dict *memo)
{
    nu_list *out = nu_list_new();

    for (size_t i = 0; i < nu_list_len(list); i++)
        nu_list_append(out, nu_v_object(copied_object((nu_object *)nu_at(list, i).object, memo)));
    return out;
}

/* What relations led to: the instance's own from now on. */
static void copy_related(nu_object *object, nu__py_dict *memo)
{
    const nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < info->n_fields; i++) {
        void **cached =
            info->fields[i].relation ? nu__field_cached(&info->fields[i], object) : NULL;

        if (cached && *cached)
            *cached = copied_object(*cached, memo);
    }
    for (nu__kept *kept = nu__row_of(object)->kept; kept; kept = kept->next) {
        if (kept->object)
            kept->object = copied_object(kept->object, memo);
        if (kept->list)
            kept->list = copied_list(kept->list, memo);
    }
}

nu__py nu__orm_instance_copy(nu__py self, nu__py_dict *memo)
{
    nu_object *copy;
    nu__py out;

    nu__orm_json_back(self.p);
    copy = nu_copy_of_(self.p);
    out = nu__orm_instance(copy);
    nu__py_copied_as(memo, self, out);
    copy_json(self.p, copy, memo);
    if (memo)
        copy_related(copy, memo);
    return out;
}
