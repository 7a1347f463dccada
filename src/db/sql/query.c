/* The query tree: making, cloning, ordering, slicing, embedding. */
#include "db/sql/lookups.h"

#include "core/object.h"

#include <string.h>

static void begin_tree(nu__tree *zeroed, nu__model_info *model, nu_expr *where)
{
    zeroed->model = model;
    zeroed->where = where;
    zeroed->default_cols = true;
    zeroed->default_ordering = true;
    zeroed->high = -1;
    zeroed->prefixes = 1;
}

nu__tree *nu__tree_new(nu__model_info *model)
{
    nu__tree *tree = nu_alloc(nu__tree);

    begin_tree(tree, model, nu__where_new(NU__AND, false));
    return tree;
}

/* Byte for byte, so that whatever a call may change is compared, and padding too: who takes a
   whole one for another loses only time. */
bool nu__tree_is_whole(const nu__tree *tree)
{
    nu__tree anew;

    memset(&anew, 0, sizeof anew);
    begin_tree(&anew, tree->model, tree->where);
    return !memcmp(tree, &anew, sizeof anew) && tree->where->klass == &nu__where &&
           !tree->where->n_args && !tree->where->flags && tree->where->connector == NU__AND;
}

bool nu__tree_selects_whole(const nu__tree *tree)
{
    const nu__whole_row *whole = &tree->model->whole;

    return tree->select && tree->select == whole->columns && tree->select_names == whole->names;
}

uint32_t nu__tree_depth(const nu__tree *tree)
{
    uint32_t depth = tree->where->depth;

    for (uint32_t i = 0; i < tree->n_annotations; i++)
        if (depth < tree->annotations[i].expr->depth)
            depth = tree->annotations[i].expr->depth;
    for (uint32_t i = 0; i < tree->n_combined; i++) {
        uint32_t part = nu__tree_depth(tree->combined[i]) + 1;

        depth = depth < part ? part : depth;
    }
    return depth;
}

nu__tree *nu__tree_clone(const nu__tree *tree)
{
    nu__tree *copy = nu_alloc(nu__tree);

    *copy = *tree;
    copy->joins = NU__COPY_ITEMS(nu__join, tree->joins, tree->n_joins, tree->cap_joins);
    copy->where = nu__expr_copy(tree->where);
    copy->annotations = NU__COPY_ITEMS(nu__annotation, tree->annotations, tree->n_annotations,
                                       tree->cap_annotations);
    copy->selected =
        NU__COPY_ITEMS(nu__selected, tree->selected, tree->n_selected, tree->n_selected);
    copy->combined = NU__COPY_ITEMS(nu__tree *, tree->combined, tree->n_combined, tree->n_combined);
    copy->sticky = false;
    if (!tree->sticky)
        copy->used = 0;
    return copy;
}

/* ---- ordering and slicing ----------------------------------------------------------------- */

static bool is_aggregate_order(const nu__order *item)
{
    return item->expr && nu__has_aggregate(item->expr);
}

void nu__tree_order(nu__tree *tree, const nu__order *items, size_t n)
{
    nu__order *grown = nu_alloc_array(nu__order, tree->n_order + n + 1);

    for (size_t i = 0; i < n; i++) {
        nu_str name = items[i].name;
        nu__names names;
        nu__path path;

        if (is_aggregate_order(&items[i]))
            nu_raise(NU_FIELD_ERROR,
                     "Using an aggregate in order_by() without also including it "
                     "in annotate() is not allowed: {}",
                     nu__expr_str(items[i].expr));
        if (items[i].expr || nu_eq(name, "?"))
            continue;
        if (name.len && name.ptr[0] == '-')
            name = (nu_str){ name.ptr + 1, name.len - 1 };
        if (nu__tree_annotation(tree, name) || nu__own_column(tree->model, name))
            continue;
        names = nu__names_split(name);
        nu__tree_path(tree, &names, tree->model, true, &path);
    }
    if (!n) {
        tree->default_ordering = false;
        return;
    }
    if (tree->n_order)
        memcpy(grown, tree->order_by, tree->n_order * sizeof(*grown));
    memcpy(grown + tree->n_order, items, n * sizeof(*grown));
    tree->order_by = grown;
    tree->n_order += (uint32_t)n;
}

bool nu__tree_sliced(const nu__tree *tree)
{
    return tree->low || tree->high >= 0;
}

void nu__tree_clear_ordering(nu__tree *tree, bool force)
{
    if (!force && (nu__tree_sliced(tree) || tree->n_distinct_on || tree->lock))
        return; /* there it says which rows */
    tree->n_order = 0;
    tree->default_ordering = false;
}

void nu__tree_slice(nu__tree *tree, int64_t low, int64_t high)
{
    if (high >= 0) {
        int64_t end;

        if (__builtin_add_overflow(tree->low, high, &end))
            end = INT64_MAX;
        tree->high = tree->high >= 0 && tree->high < end ? tree->high : end;
    }
    if (low > 0) {
        int64_t start;

        if (__builtin_add_overflow(tree->low, low, &start))
            start = INT64_MAX;
        tree->low = tree->high >= 0 && tree->high < start ? tree->high : start;
    }
    if (tree->low == tree->high)
        nu__tree_set_empty(tree);
}

void nu__tree_set_empty(nu__tree *tree)
{
    nu__where_add(tree->where, nu__expr_new(&nu__nothing, 0), NU__AND);
    tree->matches_nothing = true;
}

/* ---- as part of another query ------------------------------------------------------------- */

static nu__tree *exists_of(const nu__tree *tree, bool limit)
{
    nu__tree *copy = nu__tree_clone(tree);

    if (!(copy->distinct && nu__tree_sliced(copy))) {
        if (copy->group_by == NU__GROUP_ALL)
            nu__tree_group_by_all(copy);
        nu__tree_clear_select(copy);
    }
    for (uint32_t i = 0; i < copy->n_combined && copy->combinator == NU__UNION; i++)
        copy->combined[i] = exists_of(copy->combined[i], false);
    nu__tree_clear_ordering(copy, true);
    if (limit)
        nu__tree_slice(copy, 0, 1);
    nu__tree_annotate(copy, S("a"), nu__literal_of(nu_v_int(1), NULL), true);
    return copy;
}

nu__tree *nu__tree_exists(const nu__tree *tree)
{
    return exists_of(tree, true);
}

/* The lookups of a WHERE tree resolved against the outer query; the nodes stay what they are. */
static nu_expr *resolve_where(const nu_expr *where, const nu__resolver *with)
{
    nu_expr *copy = nu__expr_copy(where);

    for (uint32_t i = 0; i < where->n_args; i++)
        copy->args[i] = where->args[i]->klass == &nu__where
                            ? resolve_where(where->args[i], with)
                            : (nu_expr *)nu__expr_resolve(where->args[i], with);
    return nu__expr_done(copy);
}

nu__tree *nu__tree_embed(const nu__tree *tree, const nu__resolver *outer)
{
    nu__tree *copy = nu__tree_clone(tree);
    nu__resolver with = *outer;

    with.depth++;
    nu__tree_bump_prefix(copy, outer->query);
    copy->subquery = true;
    copy->where = resolve_where(copy->where, &with);
    for (uint32_t i = 0; i < copy->n_combined; i++)
        copy->combined[i] = nu__tree_embed(copy->combined[i], outer);
    for (uint32_t i = 0; i < copy->n_annotations; i++)
        copy->annotations[i].expr = nu__expr_resolve(copy->annotations[i].expr, &with);
    return copy;
}

const nu__field *nu__tree_output(const nu__tree *tree)
{
    const nu_expr *only = NULL;
    uint32_t n = tree->n_select;

    if (n == 1)
        return nu__expr_output(tree->select[0]);
    for (uint32_t i = 0; i < tree->n_annotations && !n; i++)
        if (tree->annotations[i].selected) {
            if (only)
                return NULL;
            only = tree->annotations[i].expr;
        }
    return only ? nu__expr_output(only) : NULL;
}
