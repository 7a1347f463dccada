/* migrate --plan: what would run, and what it means for those who use the tables. */
#include "cli/migrate.h"
#include "core/text.h"
#include "db/migrations/linter.h"

#include <string.h>

enum { SHOWN = 40 };

/* The SQL of a RunSQL, as Django shows it. */
static nu_str action_of(const nu_operation *op, bool backwards)
{
    const char *sql = backwards ? op->reverse_sql : op->sql;
    nu_str text;

    if (op->kind == NU_RUN_C)
        return backwards && !op->reverse_code ? S(" -> IRREVERSIBLE") : S("");
    if (op->kind != NU_RUN_SQL)
        return S("");
    if (!sql)
        return S(" -> IRREVERSIBLE");
    text = nu__replace(nu_s(sql), S("\n"), S(""));
    text = text.len ? nu_fmt(" -> {}", text) : S("");
    if (text.len > SHOWN)
        text = nu_fmt("{}…", nu_copy((nu_str){ text.ptr, SHOWN - 1 }));
    return text;
}

static int64_t count_rows(nu__connection *connection, nu_str table)
{
    nu__rows *rows;
    int64_t n;

    rows = nu__db_query(
        connection, nu__dialect_sql(connection, nu_fmt("SELECT COUNT(*) FROM \"{}\"", table).ptr),
        (nu_values){ NULL, 0 });
    n = nu__rows_next(rows) ? nu__cell_value(&rows->cells[0]).i : 0;
    nu__rows_close(rows);
    return n;
}

static void print_impact(const nu_command_run *run, const nu__operation_run *at,
                         const nu_operation *op)
{
    nu_str table = nu__operation_table(at, op), locks = nu__operation_locks(at, op);
    int64_t n;

    if (nu_is_null(locks) || !nu__has_table(at->editor->connection, table))
        return;
    n = count_rows(at->editor->connection, table);
    nu_command_print(run, "        {}, {} row{}: {}\n", table, n, n == 1 ? "" : "s", locks);
}

static void print_operation(const nu_command_run *run, const nu__operation_run *at,
                            const nu_operation *op, bool backwards)
{
    bool has_action = op->kind == NU_RUN_SQL || op->kind == NU_RUN_C;
    nu_str action = action_of(op, backwards);

    nu_command_styled(run, nu_eq(action, " -> IRREVERSIBLE") ? NU_STYLE_WARNING : NU_STYLE_PLAIN,
                      "    {}{}{}\n", backwards && !has_action ? "Undo " : "",
                      nu__operation_type_of(op)->describe(op), action);
    print_impact(run, at, op);
}

static void print_step(const nu_command_run *run, nu__schema_editor *editor, nu__graph *graph,
                       const nu__plan_step *step)
{
    const nu_migration *migration = step->node->migration;
    nu__project_state *state = nu__graph_state(graph, step->node, true);

    nu_command_styled(run, NU_STYLE_HEADING, "{}.{}\n", migration->app_label, migration->name);
    for (const nu_operation *op = migration->operations; op && op->kind; op++) {
        nu__project_state *after = nu__state_copy(state);
        nu__operation_run at = { editor, migration->app_label, state, after };

        nu__operation_change_state(op, migration, after);
        print_operation(run, &at, op, step->backwards);
        state = after;
    }
}

int nu__print_plan(const nu_command_run *run, nu__connection *connection, nu__graph *graph,
                   const nu__plan *plan)
{
    nu__schema_editor *editor = nu__schema_begin(connection, true, false);

    nu_command_styled(run, NU_STYLE_LABEL, "Planned operations:\n");
    if (!plan->n)
        nu_command_print(run, "  No planned migration operations.\n");
    for (size_t i = 0; i < plan->n; i++)
        print_step(run, editor, graph, &plan->steps[i]);
    nu__schema_end(editor);
    return plan->n && nu_command_flag(run, "--check");
}
