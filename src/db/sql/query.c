/* The query tree: making, cloning, selecting, grouping, slicing, embedding. */
#include "db/sql/lookups.h"

#include "core/object.h"

#include <string.h>
#include <utf8proc.h>

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

#define CLONE(T, items, n, cap)                                                                    \
    ({                                                                                             \
        T *nu__copy = (cap) ? nu_alloc_array(T, (cap)) : NULL;                                     \
        if (n)                                                                                     \
            memcpy(nu__copy, (items), (n) * sizeof(T));                                            \
        nu__copy;                                                                                  \
    })

nu__tree *nu__tree_clone(const nu__tree *tree)
{
    nu__tree *copy = nu_alloc(nu__tree);

    *copy = *tree;
    copy->joins = CLONE(nu__join, tree->joins, tree->n_joins, tree->cap_joins);
    copy->where = nu__expr_copy(tree->where);
    copy->annotations =
        CLONE(nu__annotation, tree->annotations, tree->n_annotations, tree->cap_annotations);
    copy->selected = CLONE(nu__selected, tree->selected, tree->n_selected, tree->n_selected);
    copy->combined = CLONE(nu__tree *, tree->combined, tree->n_combined, tree->n_combined);
    copy->sticky = false;
    if (!tree->sticky)
        copy->used = 0;
    return copy;
}

/* ---- annotations -------------------------------------------------------------------------- */

/* Python's \s beyond ASCII, and the second range of control characters. */
static bool is_space_or_control(utf8proc_int32_t c)
{
    return (c >= 0x80 && c <= 0xa0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool is_forbidden(nu_str name, size_t i)
{
    unsigned char c = (unsigned char)name.ptr[i], next = 0;
    utf8proc_int32_t wide;

    if (i + 1 < name.len)
        next = (unsigned char)name.ptr[i + 1];
    if (c >= 0x80)
        return utf8proc_iterate((const utf8proc_uint8_t *)name.ptr + i,
                                (utf8proc_ssize_t)(name.len - i), &wide) > 0 &&
               is_space_or_control(wide);
    return c <= ' ' || c == 0x7f || strchr("'`\"][;#", c) || (c == '-' && next == '-') ||
           (c == '/' && next == '*') || (c == '*' && next == '/');
}

void nu__check_alias(nu_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (is_forbidden(name, i))
            nu_raise(NU_VALUE_ERROR,
                     "Column aliases cannot contain whitespace characters, hashes, control "
                     "characters, quotation marks, semicolons, or SQL comments.");
}

nu__annotation *nu__tree_annotation(const nu__tree *tree, nu_str name)
{
    for (uint32_t i = 0; i < tree->n_annotations; i++)
        if (nu_eq(tree->annotations[i].name, name))
            return &tree->annotations[i];
    return NULL;
}

bool nu__tree_selects(const nu__tree *tree, nu_str name)
{
    const nu__annotation *annotation = nu__tree_annotation(tree, name);

    return annotation && annotation->selected;
}

static void append_selected(nu__tree *tree, nu_str name, int32_t column)
{
    nu__selected *grown =
        CLONE(nu__selected, tree->selected, tree->n_selected, tree->n_selected + 1);

    grown[tree->n_selected++] = (nu__selected){ name, column };
    tree->selected = grown;
}

static void add_selected(nu__tree *tree, nu_str name, int32_t column)
{
    for (uint32_t i = 0; i < tree->n_selected; i++)
        if (nu_eq(tree->selected[i].name, name)) {
            tree->selected[i].column = column;
            return;
        }
    append_selected(tree, name, column);
}

void nu__tree_put_annotation(nu__tree *tree, nu_str name, const nu_expr *expr, bool select)
{
    nu__annotation *annotation = nu__tree_annotation(tree, name);

    if (!annotation) {
        if (tree->n_annotations == tree->cap_annotations) {
            tree->cap_annotations = tree->cap_annotations ? 2 * tree->cap_annotations : 4;
            tree->annotations = CLONE(nu__annotation, tree->annotations, tree->n_annotations,
                                      tree->cap_annotations);
        }
        annotation = &tree->annotations[tree->n_annotations++];
    }
    *annotation = (nu__annotation){ name, expr, select };
}

void nu__tree_annotate(nu__tree *tree, nu_str name, const nu_expr *expr, bool select)
{
    nu__resolver with = { .query = tree, .allow_joins = true };

    if (expr->klass == &nu__filtered_relation) {
        nu__tree_add_filtered(tree, name, expr);
        return;
    }
    nu__check_alias(name);
    nu__tree_put_annotation(tree, name, nu__expr_resolve(expr, &with), select);
    if (select && tree->has_selected)
        add_selected(tree, name, -1);
}

void nu__tree_select_annotation(nu__tree *tree, nu_str name)
{
    add_selected(tree, name, -1);
}

/* Only these stay selected. */
void nu__tree_mask_annotations(nu__tree *tree, const nu_str *names, size_t n)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < tree->n_annotations; i++) {
        tree->annotations[i].selected = false;
        for (size_t k = 0; k < n; k++)
            tree->annotations[i].selected |= nu_eq(tree->annotations[i].name, names[k]);
    }
    for (uint32_t i = 0; i < tree->n_selected; i++)
        if (tree->selected[i].column >= 0 || nu__tree_selects(tree, tree->selected[i].name))
            tree->selected[kept++] = tree->selected[i];
    tree->n_selected = kept;
}

/* ---- selecting ---------------------------------------------------------------------------- */

static void clear_select_fields(nu__tree *tree)
{
    tree->select = NULL;
    tree->select_names = NULL;
    tree->n_select = 0;
    tree->selected = NULL;
    tree->n_selected = 0;
    tree->has_selected = false;
}

void nu__tree_clear_select(nu__tree *tree)
{
    clear_select_fields(tree);
    tree->default_cols = false;
    tree->related = NULL;
    nu__tree_mask_annotations(tree, NULL, 0);
}

static NU_NORETURN void bad_field(const nu__tree *tree, const nu__names *names,
                                  const nu__joined *joined)
{
    nu__path whole = joined->path;

    nu__tree_no_field(tree, names, &whole);
}

static const nu_expr *column_at_path(nu__tree *tree, nu_str name)
{
    nu__names names = nu__names_split(name);
    nu__joined joined;
    const nu_expr *column;
    const nu__field *target;

    nu__tree_join_path(tree, &names, tree->model, nu__tree_base(tree), NULL, true, &joined);
    tree->joins[joined.joins[0]].refs--;
    target = nu__tree_trim(tree, &joined);
    column = nu__col_of(joined.joins[joined.n_joins - 1], target, NULL);
    for (uint32_t i = joined.path.n_names; i < names.n; i++) {
        if (!nu__has_transform(joined.path.final, names.items[i]))
            bad_field(tree, &names, &joined);
        column = nu__transform_of(column, names.items[i], &names, i);
    }
    return column;
}

static const nu_expr *column_named(nu__tree *tree, nu_str name)
{
    const nu__field *own = nu__own_column(tree->model, name);

    return own ? nu__col_of(0, own, NULL) : column_at_path(tree, name);
}

static void select_columns(nu__tree *tree, const nu_expr **columns, size_t n)
{
    if (!n)
        return;
    tree->default_cols = false;
    tree->select = columns;
    tree->n_select = (uint32_t)n;
}

void nu__tree_add_fields(nu__tree *tree, const nu_str *names, size_t n)
{
    const nu_expr **columns = nu_alloc_array(const nu_expr *, n + 1);

    nu__tree_base(tree);
    for (size_t i = 0; i < n; i++)
        columns[i] = column_named(tree, names[i]);
    select_columns(tree, columns, n);
}

static nu_str *add_fields_by_path(nu__tree *tree)
{
    size_t n = tree->model->n_fields;
    nu_str *names = nu_alloc_array(nu_str, n + 1);
    const nu_expr **columns = nu_alloc_array(const nu_expr *, n + 1);

    for (size_t i = 0; i < n; i++) {
        const nu__field *field = &tree->model->fields[i];
        const nu__field *own = nu__own_target(field, tree->model);

        names[i] = field->attname;
        columns[i] = own ? nu__col_of(0, own, NULL) : column_at_path(tree, field->attname);
    }
    select_columns(tree, columns, n);
    return names;
}

static bool is_own_column(const nu_expr *expr)
{
    return expr->klass == &nu__col && expr->join == 0;
}

/* Keep what was selected for the queries to come, where all of it is in the model's own table. */
static void keep_whole_row(const nu__tree *tree, const nu_str *names)
{
    nu__whole_row *whole = &tree->model->whole;
    size_t n = tree->model->n_fields;
    const nu_expr **columns = nu__models_try_alloc(n, sizeof(*columns));
    nu_str *kept_names = nu__models_try_alloc(n, sizeof(*kept_names));
    nu_expr *kept = nu__models_try_alloc(n, sizeof(*kept));

    whole->made = true;
    if (!columns || !kept_names || !kept)
        return;
    for (size_t i = 0; i < n; i++) {
        if (!is_own_column(tree->select[i]))
            return;
        kept[i] = *tree->select[i];
        columns[i] = &kept[i];
        kept_names[i] = names[i];
    }
    whole->columns = columns;
    whole->names = kept_names;
}

/* All that the model has, by their attribute's names, which are given. */
static nu_str *add_model_fields(nu__tree *tree)
{
    const nu__whole_row *whole = &tree->model->whole;
    nu_str *names;

    nu__tree_base(tree);
    if (whole->columns) {
        select_columns(tree, whole->columns, tree->model->n_fields);
        return whole->names;
    }
    names = add_fields_by_path(tree);
    if (!whole->made && nu__model_is_lasting(tree->model))
        keep_whole_row(tree, names);
    return names;
}

/* GROUP BY's references to annotations that are not selected any more become what they stand
   for. */
static void loosen_group_by(nu__tree *tree)
{
    nu__exprs loose = { 0 };

    for (uint32_t i = 0; i < tree->group_exprs.n; i++) {
        const nu_expr *expr = tree->group_exprs.items[i];
        bool named = false;

        for (uint32_t k = 0; k < tree->n_selected && expr->klass == &nu__ref; k++)
            named |= nu_eq(tree->selected[k].name, expr->name);
        nu__exprs_add(&loose, expr->klass == &nu__ref && !named ? expr->args[0] : expr);
    }
    tree->group_exprs = loose;
}

static void group_by_all_columns(nu__tree *tree)
{
    add_model_fields(tree);
    nu__tree_set_group_by(tree, false);
    tree->select = NULL;
    tree->n_select = 0;
}

/* Which of the names are columns and which annotations. */
static size_t sort_names(nu__tree *tree, const nu_str *names, size_t n, nu_str *fields,
                         nu_str *annotations, size_t *n_annotations)
{
    size_t n_fields = 0;

    for (size_t i = 0; i < n; i++) {
        const nu__annotation *annotation = nu__tree_annotation(tree, names[i]);

        if (annotation && !annotation->selected)
            nu_raise(NU_FIELD_ERROR, "Cannot select the '{}' alias. Use annotate() to promote it.",
                     names[i]);
        if (annotation) {
            annotations[(*n_annotations)++] = names[i];
            append_selected(tree, names[i], -1);
        } else {
            append_selected(tree, names[i], (int32_t)n_fields);
            fields[n_fields++] = names[i];
        }
    }
    return n_fields;
}

void nu__tree_set_values(nu__tree *tree, const nu_str *names, size_t n)
{
    size_t n_fields = 0, n_annotations = 0;
    nu_str *fields = nu_alloc_array(nu_str, n + 1);
    nu_str *annotations = nu_alloc_array(nu_str, n + 1);
    nu__selected *selected;
    uint32_t n_selected;

    tree->related = NULL;
    tree->n_deferred = 0;
    tree->only = false;
    clear_select_fields(tree);
    for (size_t i = 0; i < n; i++)
        nu__check_alias(names[i]);
    if (n) {
        n_fields = sort_names(tree, names, n, fields, annotations, &n_annotations);
        if (tree->n_annotations) {
            tree->default_cols = false;
            nu__tree_mask_annotations(tree, annotations, n_annotations);
        }
    }
    selected = tree->selected;
    n_selected = tree->n_selected;
    if (tree->group_by == NU__GROUP_ALL)
        group_by_all_columns(tree);
    else if (tree->group_by == NU__GROUP_BY)
        loosen_group_by(tree);
    tree->selected = selected;
    tree->n_selected = n_selected;
    if (n)
        nu__tree_add_fields(tree, fields, n_fields);
    tree->select_names = n ? fields : add_model_fields(tree);
    tree->default_cols = false;
    tree->has_selected = n > 0;
}

/* ---- grouping ----------------------------------------------------------------------------- */

/* Computed columns of values() become annotations, so that GROUP BY can name them. */
static void name_computed_columns(nu__tree *tree)
{
    const nu_expr **columns = nu_alloc_array(const nu_expr *, tree->n_select + 1);
    nu_str *names = nu_alloc_array(nu_str, tree->n_select + 1);
    uint32_t n = 0;

    for (uint32_t i = 0; i < tree->n_select; i++) {
        if (tree->select[i]->klass == &nu__col) {
            columns[n] = tree->select[i];
            names[n++] = tree->select_names[i];
            continue;
        }
        nu__tree_put_annotation(tree, tree->select_names[i], tree->select[i], true);
        if (tree->has_selected)
            add_selected(tree, tree->select_names[i], -1);
    }
    tree->select = columns;
    tree->select_names = names;
    tree->n_select = n;
    for (uint32_t i = 0; tree->has_selected && i < n; i++)
        add_selected(tree, names[i], (int32_t)i);
}

void nu__tree_set_group_by(nu__tree *tree, bool allow_aliases)
{
    nu__exprs group = { 0 };

    if (allow_aliases && tree->select_names)
        name_computed_columns(tree);
    for (uint32_t i = 0; i < tree->n_select; i++)
        nu__exprs_add(&group, tree->select[i]);
    for (uint32_t i = 0; i < tree->n_annotations; i++) {
        const nu__annotation *annotation = &tree->annotations[i];
        nu__exprs own = { 0 };

        if (!annotation->selected)
            continue;
        nu__expr_group_by(annotation->expr, &own);
        if (own.n && allow_aliases && !nu__has_aggregate(annotation->expr))
            nu__exprs_add(&group, nu__ref_to(annotation->name, annotation->expr));
        else
            for (uint32_t k = 0; k < own.n; k++)
                nu__exprs_add(&group, own.items[k]);
    }
    tree->group_by = NU__GROUP_BY;
    tree->group_exprs = group;
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

/* ---- as part of another query ------------------------------------------------------------- */

static nu__tree *exists_of(const nu__tree *tree, bool limit)
{
    nu__tree *copy = nu__tree_clone(tree);

    if (!(copy->distinct && nu__tree_sliced(copy))) {
        if (copy->group_by == NU__GROUP_ALL)
            group_by_all_columns(copy);
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
