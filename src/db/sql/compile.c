/* What a query is compiled to: its SQL, and where its columns go; from the cache of those seen
   before, or anew. */
#include "db/sql/compiled_cache.h"
#include "db/sql/functions.h"
#include "db/sql/select.h"

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

/* ---- compiling, or finding it compiled ----------------------------------------------------------
 */

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
        result = nu__select_into(&inner, always, true, &ignored);
    nu__sql_text(out, S(") subquery"));
    return result;
}

static nu__sql_result compile_into(nu__compiler *out, bool always, nu__select *select)
{
    return out->query->inner ? aggregate_into(out, always)
                             : nu__select_into(out, always, false, select);
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

nu__sql_result nu__compile_as_django(const nu__tree *tree, const nu__backend *backend,
                                     nu__fragment *out)
{
    nu__sql sql = { 0 };
    nu__compiler compiler = { nu__tree_clone(tree), backend, NULL, &sql, NULL };
    nu__select select;
    nu__sql_result result = compile_into(&compiler, false, &select);

    *out = nu__sql_as_django(&sql, backend);
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
