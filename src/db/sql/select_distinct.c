/* DISTINCT ON: the columns of which each combination is wanted once. */
#include "db/sql/lookups.h"
#include "db/sql/select.h"

static nu__fragment column_of(nu__select *select, nu_str name)
{
    nu__tree *query = select->out->query;
    nu__names names = nu__names_split(name);
    const nu_expr *column;
    const nu__field *target;
    nu__joined joined;
    nu__fragment piece = { 0 };

    nu__tree_join_path(query, &names, query->model, nu__tree_base(query), NULL, true, &joined);
    query->joins[0].refs--;
    target = nu__tree_trim(query, &joined);
    column = nu__col_of(joined.joins[joined.n_joins - 1], target, NULL);
    for (uint32_t i = joined.path.n_names; i < names.n; i++) {
        if (!nu__has_transform(joined.path.final, names.items[i]))
            nu__tree_no_field(query, &names, &joined.path);
        column = nu__transform_of(column, names.items[i], &names, i);
    }
    nu__compile_apart(column, select->out, &piece);
    return piece;
}

/* An annotation stands under its own name. */
static nu__fragment distinct_column(nu__select *select, nu_str name)
{
    const nu__annotation *annotation = nu__tree_annotation(select->out->query, name);
    nu__buf quoted = { 0 };

    if (!annotation || !annotation->selected)
        return column_of(select, name);
    select->out->backend->operations->quote_name(&quoted, name);
    return (nu__fragment){ nu__buf_str(&quoted), { 0 } };
}

void nu__select_distinct(nu__select *select)
{
    const nu__tree *query = select->out->query;

    if (!query->n_distinct_on)
        return;
    select->distinct = nu_alloc_array(nu__fragment, query->n_distinct_on);
    for (uint32_t i = 0; i < query->n_distinct_on; i++)
        select->distinct[i] = distinct_column(select, query->distinct_on[i]);
    if (!select->out->backend->features->has_distinct_on)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "DISTINCT ON fields is not supported by this database backend");
}
