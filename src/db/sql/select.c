/* SELECT: putting the parts together. Django: SQLCompiler.as_sql() */
#include "db/sql/select.h"

#include "core/object.h"
#include "db/sql/compiled_cache.h"
#include "db/sql/functions.h"

#include <string.h>

void nu__items_add(nu__items *items, const nu_expr *expr, nu_str alias)
{
    if (items->n == items->cap) {
        uint32_t cap = items->cap ? 2 * items->cap : 16;
        nu__item *grown = nu_alloc_array(nu__item, cap);

        if (items->n)
            memcpy(grown, items->items, items->n * sizeof(*grown));
        items->items = grown;
        items->cap = cap;
    }
    items->items[items->n++] = (nu__item){ .expr = expr, .alias = alias };
}

/* ---- what is selected --------------------------------------------------------------------- */

static void select_default(nu__select *select)
{
    nu__tree *query = select->out->query;

    select->base = nu_alloc(nu__class_info);
    select->base->model = query->model;
    nu__select_model(select, select->base, 0, nu__mask_of(query));
}

static void select_named(nu__select *select)
{
    nu__tree *query = select->out->query;

    for (uint32_t i = 0; i < query->n_selected; i++) {
        const nu__selected *one = &query->selected[i];

        nu__items_add(&select->items,
                      one->column >= 0 ? query->select[one->column]
                                       : nu__tree_annotation(query, one->name)->expr,
                      one->name);
    }
}

static void select_rest(nu__select *select)
{
    nu__tree *query = select->out->query;

    for (uint32_t i = 0; i < query->n_select && !query->default_cols; i++)
        nu__items_add(&select->items, query->select[i], (nu_str){ 0 });
    for (uint32_t i = 0; i < query->n_annotations; i++)
        if (query->annotations[i].selected)
            nu__items_add(&select->items, query->annotations[i].expr, query->annotations[i].name);
}

/* A column that matches nothing and has no value of nothing is a condition that is never met. */
static nu__fragment column_sql(nu__select *select, const nu_expr *expr)
{
    nu_expr *one[] = { (nu_expr *)expr };
    nu__fragment piece;

    if (nu__compile_list_apart(one, 1, S(""), select->out, &piece) == NU__SQL_OK)
        return piece;
    return (nu__fragment){ S("0"), { 0 } };
}

/* "col1", …: what a column is called that has no name of its own. */
static nu_str numbered(uint32_t number)
{
    nu__buf out = { 0 };

    nu__buf_reserve(&out, 16);
    nu__buf_lit(&out, "col");
    nu__buf_uint(&out, number);
    return nu__buf_str(&out);
}

static void compile_items(nu__select *select)
{
    uint32_t n_named = 0;

    for (uint32_t i = 0; i < select->items.n; i++) {
        nu__item *item = &select->items.items[i];

        if (item->expr->klass != &nu__col)
            (void)nu__expr_output(item->expr); /* FieldError where it has not one type */
        if (item->expr->klass == &nu__literal && !select->out->outer)
            nu__expr_type(item->expr); /* the same where nobody could read what comes back */
        item->sql = column_sql(select, item->expr);
        item->label = item->alias;
        if (!item->alias.ptr)
            item->label = numbered(++n_named);
        item->labelled = item->alias.ptr || select->name_columns;
    }
    select->n_own = select->items.n;
}

static void setup_select(nu__select *select)
{
    nu__tree *query = select->out->query;
    bool used = false;

    for (uint32_t i = 0; i < query->n_joins; i++)
        used |= query->joins[i].refs > 0;
    if (!used && !query->no_table)
        nu__tree_base(query);
    if (query->extra.expr)
        nu__items_add(&select->items, query->extra.expr, query->extra.name);
    if (query->default_cols)
        select_default(select);
    if (query->has_selected)
        select_named(select);
    else
        select_rest(select);
    if (query->related && select->base)
        nu__select_related(select);
    compile_items(select);
}

/* DISTINCT needs what it is ordered by among its columns. */
static bool same_fragment(nu__fragment a, nu__fragment b)
{
    if (!nu_eq(a.text, b.text) || a.params.len != b.params.len)
        return false;
    for (size_t i = 0; i < a.params.len; i++)
        if (a.params.items[i].kind != b.params.items[i].kind ||
            !nu__value_equal(a.params.items[i], b.params.items[i]))
            return false;
    return true;
}

static bool needs_order_columns(const nu__tree *query)
{
    return query->distinct && !query->n_distinct_on;
}

static void select_order_columns(nu__select *select)
{
    for (uint32_t i = 0; i < select->n_order && needs_order_columns(select->out->query); i++) {
        const nu__ordering *order = &select->order[i];
        bool there = order->selected;

        for (uint32_t k = 0; k < select->n_own && !there; k++)
            there = same_fragment(select->items.items[k].sql, order->source);
        if (there)
            continue;
        nu__items_add(&select->items, order->expr, (nu_str){ 0 });
        select->items.items[select->items.n - 1].sql = order->source;
    }
}

/* ---- FROM --------------------------------------------------------------------------------- */

static void table_sql(const nu__join *join, nu__compiler *out)
{
    nu__sql_name(out, join->model->db_table);
    if (!nu_eq(join->alias, join->model->db_table)) {
        nu__sql_text(out, S(" "));
        nu__sql_text(out, join->alias);
    }
}

static void column_of(const nu__join *join, const nu__field *field, nu__compiler *out)
{
    if (nu_eq(join->alias, join->model->db_table))
        nu__sql_name(out, join->alias);
    else
        nu__sql_text(out, join->alias);
    nu__sql_text(out, S("."));
    nu__sql_name(out, field->column);
}

/* The condition of a FilteredRelation. One that matches nothing leaves no row to join. */
static void filter_sql(const nu_expr *condition, nu__compiler *out)
{
    nu__fragment piece;
    nu__sql_result result = nu__compile_apart(condition, out, &piece);

    if (result == NU__SQL_EMPTY)
        piece = (nu__fragment){ S("0 = 1"), { 0 } };
    if (result != NU__SQL_FULL)
        nu__sql_template(out, " AND (%s)", &piece, 1);
}

static void join_sql(const nu__join *join, nu__compiler *out)
{
    const nu__join *parent = &out->query->joins[join->parent];
    const nu__field *target = join->key->relation->to_field;

    nu__sql_text(out, join->type == NU__INNER ? S("INNER JOIN ") : S("LEFT OUTER JOIN "));
    table_sql(join, out);
    nu__sql_text(out, S(" ON ("));
    column_of(parent, join->direct ? join->key : target, out);
    nu__sql_text(out, S(" = "));
    column_of(join, join->direct ? target : join->key, out);
    if (join->condition)
        filter_sql(join->condition, out);
    nu__sql_text(out, S(")"));
}

static void table_in_from(const nu__join *join, bool *first, nu__compiler *out)
{
    if (join->refs <= 0)
        return;
    nu__sql_text(out, *first ? S(" FROM ") : S(" "));
    *first = false;
    if (join->type == NU__BASE)
        table_sql(join, out);
    else
        join_sql(join, out);
}

/* A condition in ON names tables before it alone: such a join stands behind those. */
static void from_sql(nu__compiler *out)
{
    const nu__tree *query = out->query;
    bool first = true;

    for (uint32_t i = 0; i < query->n_joins; i++) {
        if (!query->joins[i].behind)
            table_in_from(&query->joins[i], &first, out);
        for (uint32_t k = 0; k < i; k++)
            if (query->joins[k].behind == (int16_t)i)
                table_in_from(&query->joins[k], &first, out);
    }
}

static bool stands_in_from(const nu__tree *query, nu_str table)
{
    for (uint32_t i = 0; i < query->n_joins; i++)
        if (query->joins[i].refs > 0 && nu_eq(query->joins[i].alias, table))
            return true;
    return false;
}

/* Tables of extra(), but for those that a join has put there already. */
static void extra_from_sql(nu__compiler *out)
{
    const nu_list *tables = out->query->extra_tables;

    for (size_t i = 0; i < nu_list_len(tables); i++) {
        nu_str table = nu_string(nu_at(tables, i));

        if (stands_in_from(out->query, table))
            continue;
        nu__sql_text(out, S(" , "));
        nu__sql_name(out, table);
    }
}

/* ---- the statement ------------------------------------------------------------------------ */

static void list_sql(nu__compiler *out, nu_str head, uint32_t i, nu__fragment piece)
{
    nu__sql_text(out, i ? S(", ") : head);
    nu__sql_piece(out, piece);
}

/* "SELECT DISTINCT ON (a, b) " */
static void head_sql(nu__select *select)
{
    nu__compiler *out = select->out;

    nu__sql_text(out, out->query->distinct ? S("SELECT DISTINCT ") : S("SELECT "));
    for (uint32_t i = 0; i < out->query->n_distinct_on; i++)
        list_sql(out, S("ON ("), i, select->distinct[i]);
    if (out->query->n_distinct_on)
        nu__sql_text(out, S(") "));
}

static void columns_sql(nu__select *select)
{
    nu__compiler *out = select->out;

    for (uint32_t i = 0; i < select->items.n; i++) {
        const nu__item *item = &select->items.items[i];

        if (!i)
            head_sql(select);
        list_sql(out, S(""), i, item->sql);
        if (item->labelled) {
            nu__sql_text(out, S(" AS "));
            nu__sql_name(out, item->label);
        }
    }
    if (!select->items.n)
        nu__sql_text(out, S("SELECT "));
}

static nu__sql_result condition_sql(nu__select *select, const nu_expr *condition, nu_str head)
{
    nu__fragment piece;
    nu__sql_result result =
        condition ? nu__compile_apart(condition, select->out, &piece) : NU__SQL_FULL;

    if (result == NU__SQL_EMPTY && !select->always)
        return result;
    if (result == NU__SQL_EMPTY)
        piece = (nu__fragment){ S("0 = 1"), { 0 } };
    if (result != NU__SQL_FULL)
        list_sql(select->out, head, 0, piece);
    return NU__SQL_OK;
}

static void limit_sql(nu__compiler *out)
{
    const nu__tree *query = out->query;

    if (query->high >= 0)
        nu__sql_text(out, nu_fmt(" LIMIT {}", query->high - query->low));
    else if (query->low)
        nu__sql_text(out, nu_s(out->backend->operations->no_limit));
    if (query->low)
        nu__sql_text(out, nu_fmt(" OFFSET {}", query->low));
}

static void order_sql(nu__select *select)
{
    bool sorts = select->out->backend->features->sorts_groups && select->n_group;

    if (sorts && !select->n_order && !select->meta_ordering)
        nu__sql_text(select->out, S(" ORDER BY NULL"));
    for (uint32_t i = 0; i < select->n_order; i++)
        list_sql(select->out, S(" ORDER BY "), i, select->order[i].sql);
}

/* A subquery must not have the columns that were added for its order: select the others of it. */
static void hide_order_columns(nu__select *select, nu__sql_mark start)
{
    nu__compiler *out = select->out;
    nu__fragment whole = { nu_copy((nu_str){ out->sql->text.data + start.text,
                                             out->sql->text.len - start.text }),
                           { 0 } };
    size_t n = out->sql->n_params - start.params;
    nu_value *params = nu_alloc_array(nu_value, n + 1);

    if (n)
        memcpy(params, out->sql->params + start.params, n * sizeof(*params));
    whole.params = (nu_values){ params, n };
    nu__sql_mark_release(out, start);
    for (uint32_t i = 0; i < select->n_own; i++) {
        const nu__item *item = &select->items.items[i];

        nu__sql_text(out, i ? S(", ") : S("SELECT "));
        nu__sql_name(out, S("subquery"));
        nu__sql_text(out, S("."));
        nu__sql_name(out, item->labelled || item->expr->klass != &nu__col
                              ? item->label
                              : item->expr->field->column);
    }
    nu__sql_template(out, " FROM (%s) subquery", &whole, 1);
}

static nu__sql_result plain_sql(nu__select *select)
{
    nu__compiler *out = select->out;
    nu__sql_result result;

    nu__select_distinct(select);
    if (select->distinct && select->n_group)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "annotate() + distinct(fields) is not implemented.");
    columns_sql(select);
    select->columns_end = out->sql->n_params ? 0 : out->sql->text.len;
    from_sql(out);
    extra_from_sql(out);
    result = condition_sql(select, select->where, S(" WHERE "));
    if (result != NU__SQL_OK)
        return result;
    for (uint32_t i = 0; i < select->n_group; i++)
        list_sql(out, S(" GROUP BY "), i, select->group[i]);
    if (select->n_group && select->meta_ordering)
        select->n_order = 0;
    return condition_sql(select, select->having, S(" HAVING "));
}

/* ---- unions ------------------------------------------------------------------------------- */

static nu__sql_result select_into(nu__compiler *out, bool always, bool name_columns,
                                  nu__select *select);

static void check_compound(const nu__tree *part)
{
    if (nu__tree_sliced(part))
        nu_raise(NU_DATABASE_ERROR,
                 "LIMIT/OFFSET not allowed in subqueries of compound statements.");
    if (part->n_order || (part->default_ordering && nu__model_ordering(part->model)[0]))
        nu_raise(NU_DATABASE_ERROR, "ORDER BY not allowed in subqueries of compound statements.");
}

const char *nu__combinator_name(nu__combinator combinator)
{
    static const char *const names[] = { "union", "intersection", "difference" };

    return names[combinator];
}

/* The query's values() are those of a part that has none. */
static nu__tree *part_of(const nu__tree *query, uint32_t i)
{
    nu__tree *part = nu__tree_clone(query->combined[i]);
    nu_str *names;

    if (!query->has_selected || part->has_selected)
        return part;
    names = nu_alloc_array(nu_str, query->n_selected + 1);
    for (uint32_t k = 0; k < query->n_selected; k++)
        names[k] = query->selected[k].name;
    nu__tree_set_values(part, names, query->n_selected);
    return part;
}

static nu__sql_result part_sql(const nu__compiler *out, nu__tree *part, bool always)
{
    nu__compiler inner = { part, out->backend, out->outer, out->sql, NULL };
    const nu__features *features = out->backend->features;
    bool nested = part->n_combined && !features->supports_parentheses_in_compound;
    bool braces = !nested && (features->supports_order_in_compound ||
                              (part->n_combined && features->supports_parentheses_in_compound));
    nu__select ignored;
    nu__sql_result result;

    nu__sql_text(&inner, nested ? S("SELECT * FROM (") : braces ? S("(") : S(""));
    result = select_into(&inner, always, true, &ignored);
    nu__sql_text(&inner, nested || braces ? S(")") : S(""));
    return result;
}

static nu_str operator_of(const nu__tree *query)
{
    switch (query->combinator) {
    case NU__INTERSECTION:
        return S(" INTERSECT ");
    case NU__DIFFERENCE:
        return S(" EXCEPT ");
    default:
        return query->union_all ? S(" UNION ALL ") : S(" UNION ");
    }
}

/* A part that matches nothing is left out of a union, and is no part to subtract. */
static nu__sql_result compound_sql(nu__select *select)
{
    nu__compiler *out = select->out;
    const nu__features *features = out->backend->features;
    const nu__tree *query = out->query;
    nu__tree *empty = NULL;
    int written = 0;

    for (uint32_t i = 0; i < query->n_combined && !features->supports_order_in_compound; i++)
        check_compound(query->combined[i]);
    for (uint32_t i = 0; i < query->n_combined; i++) {
        nu__tree *part = part_of(query, i);
        nu__sql_mark before = nu__sql_mark_take(out);

        if (written)
            nu__sql_text(out, operator_of(query));
        if (part_sql(out, part, false) == NU__SQL_OK) {
            written++;
            continue;
        }
        nu__sql_mark_release(out, before);
        if (query->combinator == NU__INTERSECTION ||
            (query->combinator == NU__DIFFERENCE && !written))
            return NU__SQL_EMPTY;
        empty = part;
    }
    /* A sliced union of one part could have two limits. */
    if (written == 1 && query->combinator == NU__UNION && nu__tree_sliced(query) && empty) {
        nu__sql_text(out, operator_of(query));
        part_sql(out, empty, true);
    }
    return written ? NU__SQL_OK : NU__SQL_EMPTY;
}

/* ---- SELECT as a whole -------------------------------------------------------------------- */

static void split_where(nu__select *select)
{
    const nu__tree *query = select->out->query;
    nu__where_parts parts = nu__split_where(query->where, false, query->group_by != NU__GROUP_NONE);

    select->where = parts.where;
    select->having = parts.having;
    select->qualify = parts.qualify;
}

static nu__sql_result body_sql(nu__select *select)
{
    if (select->out->query->n_combined)
        return compound_sql(select);
    return select->qualify ? nu__qualify_sql(select) : plain_sql(select);
}

static bool is_plain(const nu__select *select)
{
    const nu__tree *query = select->out->query;

    return !select->n_order && !select->n_group && !select->having && !select->qualify &&
           !query->distinct && !query->n_combined && !query->lock && !nu__tree_sliced(query);
}

/* Is all between SELECT and FROM plain values, which nothing else names or counts? */
static bool is_listed(const nu__select *select)
{
    const nu__tree *query = select->out->query;

    for (uint32_t i = 0; i < select->n_order; i++)
        if (select->order[i].selected)
            return false;
    for (uint32_t i = 0; i < select->items.n; i++)
        if (select->items.items[i].labelled)
            return false;
    return select->items.n == select->n_own && !select->n_group && !select->having &&
           !select->qualify && !query->distinct && !query->n_combined && !query->lock;
}

static nu__sql_result select_into(nu__compiler *out, bool always, bool name_columns,
                                  nu__select *select)
{
    nu__sql_mark start = nu__sql_mark_take(out);
    nu__sql_result result;

    *select = (nu__select){ .out = out,
                            .always = always,
                            .name_columns = name_columns || out->query->n_combined };
    setup_select(select);
    result = nu__select_order(select);
    if (result != NU__SQL_OK)
        return result;
    split_where(select);
    select_order_columns(select);
    nu__select_group(select);
    result = body_sql(select);
    if (result != NU__SQL_OK)
        return result;
    order_sql(select);
    limit_sql(out);
    if (!out->query->n_combined && !select->qualify)
        nu__lock_sql(select);
    if (out->query->subquery && select->items.n > select->n_own)
        hide_order_columns(select, start);
    return NU__SQL_OK;
}

nu__sql_result nu__select_inner(nu__compiler *inner, bool always)
{
    nu__select ignored;

    return select_into(inner, always, true, &ignored);
}

/* Aggregates over what another query gives. */
static nu__sql_result aggregate_into(nu__compiler *out, bool always)
{
    const nu__tree *query = out->query;
    nu__compiler inner = { nu__tree_clone(query->inner), out->backend, out->outer, out->sql, NULL };
    nu__select ignored;
    nu__sql_result result = NU__SQL_OK;

    for (uint32_t i = 0; i < query->n_annotations && result == NU__SQL_OK; i++) {
        nu__sql_text(out, i ? S(", ") : S("SELECT "));
        result = nu__compile(query->annotations[i].expr, out);
    }
    nu__sql_text(out, S(" FROM ("));
    if (result == NU__SQL_OK)
        result = select_into(&inner, always, true, &ignored);
    nu__sql_text(out, S(") subquery"));
    return result;
}

nu__sql_result nu__compile_subquery(nu__tree *query, nu__compiler *out)
{
    nu__compiler inner = { nu__tree_clone(query), out->backend, out, out->sql, NULL };
    nu__select select;

    return select_into(&inner, false, false, &select);
}

/* ---- results ------------------------------------------------------------------------------ */

nu__target nu__target_of(const nu__field *field, const nu__backend *backend)
{
    nu_expr column = { .klass = &nu__col, .field = field, .output = field };
    nu__target to = { .offset = (uint32_t)field->offset, .index = field->index };

    to.decoder = nu__decoder_of(&column, backend);
    to.decoder.member = field->member;
    return to;
}

void nu__class_targets(nu__class_info *info, const nu__backend *backend)
{
    info->targets = nu_alloc_array(nu__target, info->n_fields + 1);
    for (size_t i = 0; i < info->model->n_fields; i++)
        nu__set_add(&info->deferred, (uint32_t)i);
    for (uint32_t i = 0; i < info->n_fields; i++) {
        info->targets[i] = nu__target_of(info->fields[i], backend);
        nu__set_drop(&info->deferred, info->fields[i]->index);
        if (info->fields[i]->primary_key)
            info->key = info->first + i;
    }
    for (nu__class_info *child = info->children; child; child = child->next)
        nu__class_targets(child, backend);
}

/* The alias; without one what values() named the column; a model's own has no name. */
static nu_str column_name(const nu__select *select, uint32_t i)
{
    const nu__tree *query = select->out->query;

    if (select->items.items[i].alias.ptr)
        return select->items.items[i].alias;
    return i < query->n_select && query->select_names ? query->select_names[i] : (nu_str){ 0 };
}

static void take_columns(nu__compiled *compiled, const nu__select *select)
{
    compiled->n_columns = select->n_own;
    compiled->columns = nu_alloc_array(nu__out_column, select->n_own + 1);
    compiled->base = select->base;
    if (select->base)
        nu__class_targets(select->base, select->out->backend);
    for (uint32_t i = 0; i < select->n_own; i++) {
        nu__out_column *column = &compiled->columns[i];

        if (select->items.items[i].expr->klass == &nu__subquery) /* one of several columns */
            nu__expr_type(select->items.items[i].expr);
        column->name = column_name(select, i);
        if (column->name.ptr || !select->base)
            column->decoder = nu__decoder_of(select->items.items[i].expr, select->out->backend);
    }
}

static void take_aggregates(nu__compiled *compiled, const nu__tree *query,
                            const nu__backend *backend)
{
    compiled->n_columns = query->n_annotations;
    compiled->columns = nu_alloc_array(nu__out_column, query->n_annotations + 1);
    for (uint32_t i = 0; i < query->n_annotations; i++)
        compiled->columns[i] =
            (nu__out_column){ nu__decoder_of(query->annotations[i].expr, backend),
                              query->annotations[i].name };
}

static nu__sql_result compile_into(nu__compiler *out, bool always, nu__select *select)
{
    return out->query->inner ? aggregate_into(out, always)
                             : select_into(out, always, false, select);
}

/* `key`: its holes stay open. NULL: there are none. */
static nu__compiled compile_anew(const nu__tree *tree, const nu__backend *backend, bool always,
                                 const nu__query_key *key)
{
    nu__sql sql = { 0 };
    nu__compiler out = { nu__tree_clone(tree), backend, NULL, &sql, key };
    nu__select select = { 0 };
    nu__compiled compiled = { .result = compile_into(&out, always, &select) };

    if (compiled.result != NU__SQL_OK)
        return compiled;
    /* Equal parameters become one: which are equal is a matter of the holes' values. */
    if (key && sql.shared && backend->features->compares_by_first_use)
        return compile_anew(tree, backend, always, NULL);
    if (tree->inner) {
        take_aggregates(&compiled, out.query, backend);
    } else {
        take_columns(&compiled, &select);
        compiled.plain = is_plain(&select);
        compiled.columns_end = is_listed(&select) ? (uint32_t)select.columns_end : 0;
    }
    compiled.sql = nu__sql_finish(&sql, backend);
    compiled.params = (nu_values){ sql.params, sql.n_params };
    compiled.open = key != NULL;
    return compiled;
}

nu__compiled nu__compile_open(const nu__tree *tree, const nu__backend *backend,
                              const nu__query_key *key)
{
    return compile_anew(tree, backend, false, key);
}

/* Compare what was kept with what compiling gives: in tests, each time. */
static void check_kept(const nu__compiled *kept, const nu__tree *tree, const nu__backend *backend,
                       bool always)
{
#ifdef NU__ASAN
    nu__compiled anew = compile_anew(tree, backend, always, NULL);

    nu__compiled_check(kept, &anew);
#else
    (void)kept, (void)tree, (void)backend, (void)always;
#endif
}

static nu__compiled compile(const nu__tree *tree, const nu__backend *backend, bool always)
{
    nu__query_key key;
    nu__compiled compiled, kept;

    if (!nu__query_key_of(tree, backend, always, &key)) {
        nu__compiled_counted.impossible++;
        return compile_anew(tree, backend, always, NULL);
    }
    if (nu__compiled_find(&key, backend, &compiled)) {
        nu__compiled_counted.hits++;
        check_kept(&compiled, tree, backend, always);
        return compiled;
    }
    nu__compiled_counted.misses++;
    compiled = compile_anew(tree, backend, always, &key);
    if (!compiled.open && compiled.result == NU__SQL_OK)
        return compiled;
    compiled.open = false;
    if (nu__compiled_keep(&key, &compiled) && nu__compiled_find(&key, backend, &kept))
        check_kept(&kept, tree, backend, always);
    nu__compiled_fill(&key, backend, compiled.params);
    return compiled;
}

nu__sql_result nu__compile_shown(const nu__tree *tree, const nu__backend *backend, nu_str *out)
{
    nu__sql sql = { 0 };
    nu__compiler compiler = { nu__tree_clone(tree), backend, NULL, &sql, NULL };
    nu__select select;
    nu__sql_result result = compile_into(&compiler, false, &select);

    *out = nu__sql_shown(&sql, backend);
    return result;
}

nu__compiled nu__compile_select(const nu__tree *tree, const nu__backend *backend)
{
    return compile(tree, backend, false);
}

nu__compiled nu__compile_select_always(const nu__tree *tree, const nu__backend *backend)
{
    return compile(tree, backend, true);
}
