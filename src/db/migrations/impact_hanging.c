/* What goes with a column that is dropped, or stands in its way: by the database's own word, since
 * most of it no model knows. */
#include "core/text.h"
#include "db/connection.h"
#include "db/migrations/impact_int.h"

/* ---- which column -------------------------------------------------------------------------- */

/* The field that an operation takes away in the direction in which it runs; NULL: none. */
static const char *field_that_goes(const nu_operation *op, bool backwards)
{
    if (op->kind == (backwards ? NU_ADD_FIELD : NU_REMOVE_FIELD))
        return nu__operation_field(op);
    return NULL;
}

/* ---- what hangs on it ---------------------------------------------------------------------- */

static bool is_over(const nu__table_constraint *constraint, nu_str column)
{
    for (size_t i = 0; i < constraint->n_columns; i++)
        if (nu_eq(constraint->columns[i], column))
            return true;
    return false;
}

static const char *kind_of(const nu__table_constraint *constraint)
{
    return constraint->check                   ? "check"
           : !nu_is_null(constraint->to_table) ? "foreign key"
           : constraint->unique                ? "unique key"
                                               : "index";
}

/* MariaDB takes the column out of an index of several, and keeps the index. */
static bool stays(nu__dialect dialect, const nu__table_constraint *constraint)
{
    return dialect == NU__MYSQL && constraint->index && !constraint->unique &&
           constraint->n_columns > 1;
}

/* SQLite knows no names of keys. */
static nu_str told(nu__dialect dialect, const nu__table_constraint *constraint)
{
    if (dialect == NU__SQLITE && !nu_is_null(constraint->to_table))
        return nu_fmt("foreign key to {}", constraint->to_table);
    return nu_fmt("{} {}{}", kind_of(constraint), constraint->name,
                  stays(dialect, constraint) ? S(" (without the column)") : S(""));
}

static nu_str own(nu__connection *connection, nu_str table, nu_str column)
{
    size_t n;
    nu__table_constraint *all =
        connection->backend->introspection->constraints(connection, table, &n);
    nu_list *found = nu_list_new();

    for (size_t i = 0; i < n; i++)
        if (!all[i].primary_key && is_over(&all[i], column))
            nu_list_append(found, told(connection->backend->dialect, &all[i]));
    return nu__join(S(", "), found);
}

/* What becomes of keys of other tables, and of views and the like. */
static const char *const of_keys[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = "has to be dropped first",
    [NU__POSTGRESQL] = "goes with it",
    [NU__MYSQL] = "has to be dropped first",
};
static const char *const of_dependents[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = "names it: `migrate` refuses where that no longer works",
    [NU__POSTGRESQL] = "depends on it: `migrate` refuses",
    [NU__MYSQL] = "depends on it: `migrate` refuses",
};

static void add(nu_list *out, nu_str what, const char *fate)
{
    if (what.len)
        nu_list_append(out, nu_fmt("{}: {}", fate, what));
}

nu_list *nu__impacts_hanging(nu__impacts *impacts, const nu__operation_run *run,
                             const nu_operation *op, bool backwards)
{
    nu__connection *connection = impacts->connection;
    const nu__introspection *introspection = connection->backend->introspection;
    const char *name = field_that_goes(op, backwards);
    nu__project_state *from = backwards ? run->after : run->before;
    nu_list *out = nu_list_new();
    const nu__field *field;
    nu_str table;

    if (!name)
        return out;
    field = nu__model_field(nu__state_info(from, run->app, op->model_name), nu_s(name));
    if (!field || nu_is_null(field->column))
        return out;
    table = nu__table_today(impacts, field->model->db_table);
    if (nu_is_null(table))
        return out;
    add(out, own(connection, table, field->column), "goes with it");
    add(out, introspection->referring(connection, table, field->column), of_keys[impacts->dialect]);
    add(out, introspection->dependents(connection, table, field->column),
        of_dependents[impacts->dialect]);
    return out;
}
