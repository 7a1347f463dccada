/* What select_related() asks for, as a tree of names. */
#include "db/sql/query.h"

static nu__related *related_copy(const nu__related *related)
{
    nu__related *copy = NULL;

    if (related) {
        copy = nu_alloc(nu__related);
        copy->name = related->name;
        copy->children = related_copy(related->children);
        copy->next = related_copy(related->next);
    }
    return copy;
}

/* Foreign keys that are never null, of a model and of what they lead to. */
static nu__related *never_null(const nu__model_info *model, int depth)
{
    nu__related *first = NULL, **last = &first;

    for (size_t i = 0; i < model->n_fields && depth > 0; i++) {
        const nu__field *field = &model->fields[i];

        if (!field->relation || field->null)
            continue;
        *last = nu_alloc(nu__related);
        (*last)->name = field->name;
        (*last)->children = never_null(field->relation->to, depth - 1);
        last = &(*last)->next;
    }
    return first;
}

void nu__tree_select_all_related(nu__tree *tree)
{
    tree->related = never_null(tree->model, NU__RELATED_DEPTH);
}

void nu__tree_select_related(nu__tree *tree, const nu__names *names)
{
    nu__related **level = &tree->related;

    tree->related = related_copy(tree->related);
    for (uint32_t i = 0; i < names->n; i++) {
        nu__related **at = level, *node;

        while (*at && !nu_eq((*at)->name, names->items[i]))
            at = &(*at)->next;
        if (!*at) {
            *at = nu_alloc(nu__related);
            (*at)->name = names->items[i];
        }
        node = *at;
        level = &node->children;
    }
}
