/* The columns of a query: annotations, values(), and what they are grouped by. */
#include "db/sql/lookups.h"

#include <string.h>
#include <utf8proc.h>

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
        NU__COPY_ITEMS(nu__selected, tree->selected, tree->n_selected, tree->n_selected + 1);

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
            tree->annotations = NU__COPY_ITEMS(nu__annotation, tree->annotations,
                                               tree->n_annotations, tree->cap_annotations);
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

void nu__tree_group_by_all(nu__tree *tree)
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
        nu__tree_group_by_all(tree);
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
