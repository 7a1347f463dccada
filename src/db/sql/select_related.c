/* Which columns make which objects: select_related(), only(), defer(). */
#include "db/sql/select.h"

#include <string.h>

/* ---- only() and defer() ------------------------------------------------------------------- */

struct nu__mask {
    nu_str name;
    bool only;
    nu__mask *children, *next;
};

const nu__mask *nu__mask_of(const nu__tree *tree)
{
    nu__mask *root;

    if (!tree->n_deferred)
        return NULL;
    root = nu_alloc(nu__mask);
    root->only = tree->only;
    for (uint32_t i = 0; i < tree->n_deferred; i++) {
        nu__names names = nu__names_split(tree->deferred[i]);
        nu__mask *level = root;

        for (uint32_t k = 0; k < names.n; k++) {
            nu__mask **at = &level->children;

            while (*at && !nu_eq((*at)->name, names.items[k]))
                at = &(*at)->next;
            if (!*at) {
                *at = nu_alloc(nu__mask);
                (*at)->name = names.items[k];
                (*at)->only = tree->only;
            }
            level = *at;
        }
    }
    return root;
}

static const nu__mask *mask_named(const nu__mask *mask, const nu__field *field)
{
    for (const nu__mask *child = mask->children; child; child = child->next)
        if (nu_eq(child->name, field->name) || nu_eq(child->name, field->attname) ||
            (field->primary_key && nu_eq(child->name, "pk")))
            return child;
    return NULL;
}

bool nu__mask_loads(const nu__mask *mask, const nu__field *field)
{
    const nu__mask *named;

    if (!mask || !mask->children || field->primary_key)
        return true;
    named = mask_named(mask, field);
    return mask->only ? named != NULL : !named || named->children;
}

const nu__mask *nu__mask_below(const nu__mask *mask, const nu__field *field)
{
    const nu__mask *named = mask && mask->children ? mask_named(mask, field) : NULL;

    return named && named->children ? named : NULL;
}

/* Of the model that a way back leads to. */
static const nu__mask *mask_back(const nu__mask *mask, nu_str name)
{
    for (const nu__mask *child = mask ? mask->children : NULL; child; child = child->next)
        if (nu_eq(child->name, name) && child->children)
            return child;
    return NULL;
}

/* The model that a name leads to; NULL: it is a column. */
static const nu__model_info *model_behind(const nu__name *name)
{
    if (!name || !name->relation)
        return NULL;
    return name->kind == NU__NAME_REVERSE ? name->relation->from : name->relation->to;
}

/* "pk" is a name for only(), of the query's own model. */
static void check_mask(const nu__mask *mask, const nu__model_info *model, bool key)
{
    for (const nu__mask *child = mask ? mask->children : NULL; child; child = child->next) {
        const nu__name *name = nu__model_name(model, child->name);

        if (!name && !(key && nu_eq(child->name, "pk")))
            nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", model->name,
                     child->name);
        if (name && child->children && !name->relation)
            nu_raise(NU_FIELD_ERROR, "{}", child->children->name);
        if (child->children && model_behind(name))
            check_mask(child, model_behind(name), false);
    }
}

/* The table of a field: that of the model, or of a parent, joined by the child's key. */
static int table_of(nu__tree *tree, nu__model_info *model, int join, const nu__field *field)
{
    nu__model_info *concrete = model->concrete;

    if (!field->origin || field->origin->model->concrete == concrete)
        return join;
    for (size_t i = 0; i < concrete->n_parents; i++) {
        nu__model_info *parent = concrete->parents[i];
        nu__step step = { model, parent, concrete->parent_links[i], true, false };

        if (nu__model_is_a(parent, field->origin->model))
            return table_of(tree, parent, nu__tree_join(tree, join, &step, NULL), field);
    }
    return join;
}

void nu__select_model(nu__select *select, nu__class_info *info, int join, const nu__mask *mask)
{
    check_mask(mask, info->model, mask && mask->only);
    info->first = select->items.n;
    info->join = join;
    info->fields = nu_alloc_array(const nu__field *, info->model->n_fields);
    for (size_t i = 0; i < info->model->n_fields; i++) {
        const nu__field *field = &info->model->fields[i];

        if (!nu__mask_loads(mask, field))
            continue;
        info->fields[info->n_fields++] = field;
        nu__items_add(
            &select->items,
            nu__col_of(table_of(select->out->query, info->model, join, field), field, NULL),
            (nu_str){ 0 });
    }
}

/* ---- select_related() --------------------------------------------------------------------- */

static nu_str choices(const nu__model_info *model)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < model->n_fields; i++)
        if (model->fields[i].relation)
            nu__buf_fmt(&out, "{}{}", out.len ? ", " : "", model->fields[i].name);
    for (size_t i = 0; i < model->n_reverse; i++)
        if (!model->reverse[i]->hidden && model->reverse[i]->one_to_one)
            nu__buf_fmt(&out, "{}{}", out.len ? ", " : "", model->reverse[i]->query_name);
    return out.len ? nu__buf_str(&out) : S("(none)");
}

static const nu__name *followed(const nu__model_info *model, const nu__related *related)
{
    const nu__name *name = nu__model_name(model, related->name);
    bool one =
        name && (name->kind == NU__NAME_FIELD ||
                 (name->kind == NU__NAME_REVERSE && name->relation && name->relation->one_to_one));

    if (name && name->kind == NU__NAME_FIELD &&
        (!name->relation || !nu_eq(name->field->name, related->name)))
        nu_raise(NU_FIELD_ERROR,
                 "Non-relational field given in select_related: '{}'. Choices are: {}",
                 related->name, choices(model));
    if (!one)
        nu_raise(NU_FIELD_ERROR,
                 "Invalid field name(s) given in select_related: '{}'. Choices are: {}",
                 related->name, choices(model));
    return name;
}

static void add_related(nu__select *select, nu__class_info *parent, int join,
                        const nu__related *related, const nu__mask *mask);

static void add_info(nu__class_info *parent, nu__class_info *info)
{
    nu__class_info **last = &parent->children;

    while (*last)
        last = &(*last)->next;
    *last = info;
}

static void add_one(nu__select *select, nu__class_info *parent, int join, const nu__name *name,
                    const nu__related *related, const nu__mask *mask)
{
    bool reverse = name->kind == NU__NAME_REVERSE;
    const nu__relation *relation = name->relation;
    nu__class_info *info = nu_alloc(nu__class_info);
    nu__names names = { .items = (nu_str[]){ related->name }, .n = 1 };
    nu__joined joined;

    if (!reverse && !nu__mask_loads(mask, relation->field))
        nu_raise(NU_FIELD_ERROR,
                 "Field {}.{} cannot be both deferred and traversed using select_related at the "
                 "same time.",
                 parent->model->name, relation->field->name);
    nu__tree_join_path(select->out->query, &names, parent->model, join, NULL, true, &joined);
    info->model = reverse ? relation->from : relation->to;
    info->relation = relation;
    info->reverse = reverse;
    mask = reverse ? mask_back(mask, related->name) : nu__mask_below(mask, relation->field);
    nu__select_model(select, info, joined.joins[1], mask);
    add_info(parent, info);
    add_related(select, info, joined.joins[1], related->children, mask);
}

/* A FilteredRelation of the query's, by its alias: all of its steps lead to one object. */
static void add_filtered(nu__select *select, nu__class_info *parent, int join,
                         const nu__related *related)
{
    nu__class_info *info = nu_alloc(nu__class_info);
    nu__names names = { .items = (nu_str[]){ related->name }, .n = 1 };
    nu__joins any = ~(nu__joins)0;
    const nu__step *step;
    nu__joined joined;

    nu__tree_join_path(select->out->query, &names, parent->model, join, &any, true, &joined);
    step = &joined.path.steps[joined.path.n_steps - 1];
    *info = (nu__class_info){ .model = step->to,
                              .relation = step->key->relation,
                              .reverse = !step->direct,
                              .attribute = related->name,
                              .near = joined.path.n_steps == 1 };
    nu__select_model(select, info, joined.joins[joined.n_joins - 1], NULL);
    add_info(parent, info);
    add_related(select, info, info->join, related->children, NULL);
}

static bool is_filtered(const nu__select *select, const nu__class_info *parent,
                        const nu__related *related)
{
    return parent == select->base && nu__tree_filtered(select->out->query, related->name);
}

/* Foreign keys in the order of the fields, then one-to-one ways back, then aliases. */
static void add_related(nu__select *select, nu__class_info *parent, int join,
                        const nu__related *related, const nu__mask *mask)
{
    const nu__model_info *model = parent->model;

    for (const nu__related *one = related; one; one = one->next)
        if (!is_filtered(select, parent, one))
            followed(model, one);
    for (size_t i = 0; i < model->n_fields; i++)
        for (const nu__related *one = related; one; one = one->next)
            if (nu_eq(one->name, model->fields[i].name))
                add_one(select, parent, join, followed(model, one), one, mask);
    for (size_t i = 0; i < model->n_reverse; i++)
        for (const nu__related *one = related; one; one = one->next)
            if (!model->reverse[i]->hidden && nu_eq(one->name, model->reverse[i]->query_name) &&
                !nu__model_field(model, one->name))
                add_one(select, parent, join, followed(model, one), one, mask);
    for (const nu__related *one = related; one; one = one->next)
        if (is_filtered(select, parent, one))
            add_filtered(select, parent, join, one);
}

void nu__select_related(nu__select *select)
{
    nu__tree *query = select->out->query;

    add_related(select, select->base, 0, query->related, nu__mask_of(query));
}
