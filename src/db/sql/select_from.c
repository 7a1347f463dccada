/* FROM: the tables of a query, joined, and those of extra(). */
#include "db/sql/functions.h"
#include "db/sql/select.h"

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
static void joined_sql(nu__compiler *out)
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

void nu__from_sql(nu__compiler *out)
{
    joined_sql(out);
    extra_from_sql(out);
}
