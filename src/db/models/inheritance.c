/* Where a model's fields come from: abstract bases, parents with tables of their own, proxies.
 *
 *     abstract   its fields become the model's own, at the place of their members
 *     parent     its fields are copied, with `origin`: they lie in the parent's table, which the
 *                model's key refers to (`place_ptr`, whose member is that of the parent's key)
 *     proxy      its fields are copied: the table is the same
 */
#include "db/models/order.h"
#include "db/models/registry.h"

#include <string.h>

static bool is_same(const char *a, const char *b)
{
    return a && b && nu_eq(nu_lower(nu_s(a)), nu_lower(nu_s(b)));
}

/* A base of a historical model, by "app.Model". */
static const nu_model *given_named(const nu__registry *registry, const nu__model_info *info,
                                   const char *label)
{
    for (size_t i = 0; registry->given[i]; i++) {
        const nu_model *model = registry->given[i];

        if (is_same(nu_fmt("{}.{}", model->app_label, model->name).ptr, label))
            return model;
    }
    nu_raise(NU_IMPROPERLY_CONFIGURED, "{}: there is no model {} that it could come from",
             info->label, label);
}

nu_base nu__base_of(const nu__model_info *info, size_t i)
{
    const nu_model *model = info->model;

    if (i >= 4 || (!model->bases[i].model && !model->bases_by_name[i]))
        return (nu_base){ 0 };
    if (model->bases[i].model)
        return model->bases[i];
    return (nu_base){ .model = given_named(info->registry, info, model->bases_by_name[i]) };
}

/* ---- fields ------------------------------------------------------------------------------- */

static void copy_field(nu__field *to, const nu__field *from, nu__model_info *info, size_t index,
                       ptrdiff_t shift)
{
    *to = *from;
    to->model = info;
    to->index = (uint32_t)index;
    to->offset = (size_t)((ptrdiff_t)from->offset + shift);
    to->target = to;
    to->relation = NULL;
    to->origin = from->origin ? from->origin : from;
}

static void copy_fields(nu__model_info *info, const nu__model_info *parent, ptrdiff_t shift)
{
    for (size_t i = 0; i < parent->n_fields; i++) {
        nu__field *field = &info->fields[info->n_fields];

        copy_field(field, &parent->fields[i], info, info->n_fields++, shift);
        field->primary_key = info->model->proxy && field->primary_key;
        if (field->primary_key)
            info->pk = field;
    }
    for (size_t i = 0; i < parent->n_many; i++) {
        copy_field(&info->many[info->n_many], &parent->many[i], info, info->n_many, shift);
        info->n_many++;
    }
}

static const nu_field *declared_link(const nu__model_info *info, const nu__model_info *parent)
{
    for (size_t i = 0; i < 128 && info->model->fields[i]; i++) {
        const nu_field *field = info->model->fields[i];
        const char *label = parent->label.ptr;

        if (field->type == NU_ONE_TO_ONE_FIELD && ((const nu_relation_field *)field)->parent_link &&
            (field->to == parent->model || is_same(field->to_name, label)))
            return field;
    }
    return NULL;
}

/* The key that no one declared: `place_ptr`. */
static const nu_field *made_link(const nu__model_info *info, const nu__model_info *parent)
{
    nu_relation_field *link = nu_alloc(nu_relation_field);

    link->base.name = nu_fmt("{}_ptr", parent->model_name).ptr;
    link->base.type = NU_ONE_TO_ONE_FIELD;
    link->base.to_name = parent->label.ptr;
    link->base.primary_key = info->n_parents == 0;
    link->base.read_only = true;
    link->on_delete = CASCADE;
    link->parent_link = true;
    return &link->base;
}

/* The link's member is the parent's key, as it lies in this struct. */
static void add_link(nu__model_info *info, nu__model_info *parent, ptrdiff_t shift)
{
    const nu_field *declared = declared_link(info, parent);
    nu__field *link =
        nu__registry_add_field(info, declared ? declared : made_link(info, parent), 0);

    link->parent_link = true;
    link->implicit = !declared;
    link->offset = (size_t)((ptrdiff_t)parent->pk->offset + shift);
    info->parents[info->n_parents] = parent;
    info->parent_links[info->n_parents++] = link;
}

static bool declares(const nu_model *model, const char *name)
{
    for (size_t i = 0; i < 128 && model->fields[i]; i++)
        if (!strcmp(model->fields[i]->name, name))
            return true;
    return false;
}

/* An abstract base's fields, but those that the model declares anew; its own bases' first. */
static void add_abstract(nu__model_info *info, const nu_model *base, ptrdiff_t shift)
{
    for (size_t i = 0; i < 4 && base->bases[i].model; i++)
        add_abstract(info, base->bases[i].model, shift + base->bases[i].shift);
    for (size_t i = 0; i < 128 && base->fields[i]; i++)
        if (!declares(info->model, base->fields[i]->name))
            nu__registry_add_field(info, base->fields[i], shift);
}

void nu__inherit_fields(nu__model_info *info)
{
    nu_base base;

    for (size_t i = 0; (base = nu__base_of(info, i)).model; i++) {
        nu__model_info *parent;

        if (base.model->abstract) {
            add_abstract(info, base.model, base.shift);
            continue;
        }
        parent = nu__registry_ensure(info->registry, base.model);
        copy_fields(info, parent, base.shift);
        if (info->model->proxy)
            info->concrete = parent->concrete;
        else
            add_link(info, parent, base.shift);
    }
}

static size_t abstract_count(const nu_model *model)
{
    size_t n = 0;

    while (n < 128 && model->fields[n])
        n++;
    for (size_t i = 0; i < 4 && model->bases[i].model; i++)
        n += abstract_count(model->bases[i].model);
    return n;
}

size_t nu__inherited_count(const nu__model_info *info)
{
    nu_base base;
    size_t n = 0;

    for (size_t i = 0; (base = nu__base_of(info, i)).model; i++) {
        const nu__model_info *parent =
            base.model->abstract ? NULL : nu__registry_ensure(info->registry, base.model);

        n += parent ? parent->n_fields + parent->n_many + 1 : abstract_count(base.model);
    }
    return n;
}

/* ---- relations ---------------------------------------------------------------------------- */

static void take_from_origin(nu__field *field)
{
    const nu__field *origin = field->origin;

    field->relation = origin->relation;
    field->target = origin->target == origin ? field : origin->target;
    field->member = origin->member;
    field->max_length = origin->max_length;
}

void nu__inherit_relations(nu__model_info *info)
{
    for (size_t i = 0; i < info->n_fields; i++)
        if (info->fields[i].origin)
            take_from_origin(&info->fields[i]);
    for (size_t i = 0; i < info->n_many; i++)
        if (info->many[i].origin)
            take_from_origin(&info->many[i]);
}

/* ---- what a model is ---------------------------------------------------------------------- */

bool nu__model_is_a(const nu__model_info *info, const nu__model_info *other)
{
    if (info->concrete == other->concrete)
        return true;
    for (size_t i = 0; i < info->concrete->n_parents; i++)
        if (nu__model_is_a(info->concrete->parents[i], other))
            return true;
    return false;
}

static const nu_model *ordered_base(const nu_model *model)
{
    const nu_model *found = NULL;

    if (model->ordering[0])
        return model;
    for (size_t i = 0; i < 4 && model->bases[i].model && !found; i++)
        found = ordered_base(model->bases[i].model);
    return found;
}

const char *const *nu__model_ordering(const nu__model_info *info)
{
    const nu_model *model = ordered_base(info->model);

    if (info->model->order_with_respect_to)
        return nu__own_order();
    return model ? model->ordering : info->model->ordering;
}
