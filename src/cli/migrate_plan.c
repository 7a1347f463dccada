/* migrate --plan: what would run, and what it means for those who use the tables. */
#include "cli/migrate.h"
#include "core/text.h"
#include "db/migrations/impact.h"

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

/* An operation, and what was found out of it; `unknown` says why nothing was. */
typedef struct looked_at {
    nu__operation_run at;
    const nu_operation *op;
    nu__impact *impacts;
    size_t n;
    nu_list *hanging; /* on a column that goes */
    const nu_error *unknown;
} looked_at;

static void print_impact(const nu_command_run *run, nu__impacts *impacts, const nu__impact *impact)
{
    nu__row_count rows = nu__impacts_count(impacts, impact->today);

    nu_command_print(run, "        {}, {}{} row{}: {}\n", impact->table,
                     rows.estimated ? "about " : "", rows.n, rows.n == 1 ? "" : "s", impact->locks);
}

static void print_operation(const nu_command_run *run, nu__impacts *impacts,
                            const looked_at *looked, bool backwards)
{
    const nu_operation *op = looked->op;
    bool has_action = op->kind == NU_RUN_SQL || op->kind == NU_RUN_C;
    nu_str action = action_of(op, backwards);

    nu_command_styled(run, nu_eq(action, " -> IRREVERSIBLE") ? NU_STYLE_WARNING : NU_STYLE_PLAIN,
                      "    {}{}{}\n", backwards && !has_action ? "Undo " : "",
                      nu__operation_type_of(op)->describe(op), action);
    for (size_t i = 0; i < looked->n; i++)
        print_impact(run, impacts, &looked->impacts[i]);
    for (size_t i = 0; looked->hanging && i < nu_list_len(looked->hanging); i++)
        nu_command_print(run, "        {}\n", nu_at(looked->hanging, i));
    if (looked->unknown)
        nu_command_print(run,
                         "        what it locks can be told once what comes before it is "
                         "applied: {}\n",
                         looked->unknown->message);
}

static void find_out(nu__impacts *impacts, looked_at *looked, bool backwards)
{
    looked->hanging = nu__impacts_hanging(impacts, &looked->at, looked->op, backwards);
    looked->impacts = nu__impacts_of(impacts, &looked->at, looked->op, backwards, &looked->n);
}

static void look_at(nu__impacts *impacts, looked_at *looked, bool backwards)
{
    if (backwards && !nu__operation_is_reversible(looked->op))
        return;
    looked->unknown = nu_catch(NU_EXCEPTION, find_out(impacts, looked, backwards));
}

/* In the order in which they would run: one may rename what the next one locks. */
static looked_at *look_at_all(nu__impacts *impacts, nu__graph *graph, const nu__plan_step *step)
{
    const nu_migration *migration = step->node->migration;
    size_t n = nu__operation_count(migration->operations);
    looked_at *all = nu_alloc_array(looked_at, n + 1);
    nu__project_state *state = nu__executor_state_before(graph, step);

    for (size_t i = 0; i < n; i++) {
        const nu_operation *op = &migration->operations[i];
        nu__project_state *after = nu__state_copy(state);

        nu__operation_change_state(op, migration, after);
        all[i] = (looked_at){ .at = { NULL, migration->app_label, state, after }, .op = op };
        state = after;
    }
    for (size_t i = 0; i < n; i++)
        look_at(impacts, &all[step->backwards ? n - 1 - i : i], step->backwards);
    return all;
}

static void print_step(const nu_command_run *run, nu__impacts *impacts, nu__graph *graph,
                       const nu__plan_step *step)
{
    const nu_migration *migration = step->node->migration;
    looked_at *all = look_at_all(impacts, graph, step);

    nu_command_styled(run, NU_STYLE_HEADING, "{}.{}\n", migration->app_label, migration->name);
    for (looked_at *one = all; one->op; one++)
        print_operation(run, impacts, one, step->backwards);
    step->node->applied = !step->backwards;
}

int nu__print_plan(const nu_command_run *run, nu__connection *connection, nu__graph *graph,
                   const nu__plan *plan)
{
    nu__impacts *impacts = nu__impacts_begin(connection);

    nu_command_styled(run, NU_STYLE_LABEL, "Planned operations:\n");
    if (!plan->n)
        nu_command_print(run, "  No planned migration operations.\n");
    for (size_t i = 0; i < plan->n; i++)
        print_step(run, impacts, graph, &plan->steps[i]);
    return plan->n && nu_command_flag(run, "--check");
}
