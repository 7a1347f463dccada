/* What goes with a column or table that is dropped, or stands in the way of a change: by the
 * database's own word, since most of it no model knows. */
#include "core/text.h"
#include "db/connection.h"
#include "db/migrations/impact_int.h"

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

/* Of a table: views are none of its own. */
static const char *const of_table[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = "names it, and no longer works without it",
    [NU__POSTGRESQL] = "goes with it",
    [NU__MYSQL] = "names it, and no longer works without it",
};

/* ---- what an operation takes away -------------------------------------------------------------
 */

/* An operation, in the direction in which it runs. */
typedef struct going {
    nu__impacts *impacts;
    const char *app;
    const nu_operation *op;
    nu__project_state *from, *to;
    nu_list *out;
} going;

static const nu__field *field_in(const going *g, nu__project_state *state)
{
    const char *name = nu__operation_field(g->op);
    const nu__model_info *info = nu__state_info(state, g->app, g->op->model_name);

    return name && info ? nu__model_field(info, nu_s(name)) : NULL;
}

/* By its name in the database; null: it is not there yet. */
static nu_str table_of(const going *g, const nu__field *field)
{
    if (!field || nu_is_null(field->column))
        return (nu_str){ 0 };
    return nu__table_today(g->impacts, field->model->db_table);
}

static void tell_column(const going *g)
{
    nu__connection *connection = g->impacts->connection;
    const nu__introspection *introspection = connection->backend->introspection;
    nu__dialect dialect = g->impacts->dialect;
    const nu__field *field = field_in(g, g->from);
    nu_str table = table_of(g, field);

    if (nu_is_null(table))
        return;
    add(g->out, own(connection, table, field->column), "goes with it");
    add(g->out, introspection->referring(connection, table, field->column), of_keys[dialect]);
    add(g->out, introspection->dependents(connection, table, field->column),
        of_dependents[dialect]);
}

/* PostgreSQL gives no column another type that a view shows. */
static void tell_type(const going *g)
{
    nu__connection *connection = g->impacts->connection;
    nu__dialect dialect = g->impacts->dialect;
    const nu__field *before = field_in(g, g->from), *after = field_in(g, g->to);
    nu_str table = table_of(g, before);

    if (dialect != NU__POSTGRESQL || nu_is_null(table) || !after ||
        nu_eq(nu__field_db_type(before, dialect), nu__field_db_type(after, dialect)))
        return;
    add(g->out, connection->backend->introspection->dependents(connection, table, before->column),
        "depends on its type: PostgreSQL refuses");
}

static void tell_table(const going *g)
{
    nu__connection *connection = g->impacts->connection;
    const char *name = nu__operation_model(g->op);
    const nu__model_info *info = nu__state_info(g->from, g->app, name);
    nu_str table = info ? nu__table_today(g->impacts, info->db_table) : (nu_str){ 0 };

    if (nu_is_null(table) || info->model->unmanaged || info->model->proxy)
        return;
    add(g->out, connection->backend->introspection->dependents(connection, table, (nu_str){ 0 }),
        of_table[g->impacts->dialect]);
}

static const struct {
    nu_operation_kind forwards, backwards;
    void (*tell)(const going *g);
} telling[] = {
    { NU_REMOVE_FIELD, NU_ADD_FIELD, tell_column },
    { NU_ALTER_FIELD, NU_ALTER_FIELD, tell_type },
    { NU_DELETE_MODEL, NU_CREATE_MODEL, tell_table },
};

nu_list *nu__impacts_hanging(nu__impacts *impacts, const nu__operation_run *run,
                             const nu_operation *op, bool backwards)
{
    going g = { .impacts = impacts,
                .app = run->app,
                .op = op,
                .from = backwards ? run->after : run->before,
                .to = backwards ? run->before : run->after,
                .out = nu_list_new() };

    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
        if (op->kind == (backwards ? telling[i].backwards : telling[i].forwards))
            telling[i].tell(&g);
    return g.out;
}
