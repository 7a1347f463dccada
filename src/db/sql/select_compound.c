/* UNION, INTERSECT and EXCEPT of query sets. Django: SQLCompiler.get_combinator_sql() */
#include "db/sql/select.h"

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
    result = nu__select_into(&inner, always, true, &ignored);
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
nu__sql_result nu__compound_sql(nu__select *select)
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
