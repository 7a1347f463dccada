/* RunSQL, RunC and SeparateDatabaseAndState: what the other operations cannot say. */
#include "db/migrations/operations_int.h"

#include "core/text.h"
#include "db/backends/statements.h"
#include "db/connection.h"

#include <string.h>

/* What the operations in the list do to the state. */
static void parts_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    for (const nu_operation *part = op->state_operations; part && part->kind; part++)
        nu__operation_type_of(part)->state(state, app, part);
}

/* ---- RunSQL -------------------------------------------------------------------------------- */

static void run_statements(const nu__operation_run *run, const char *sql)
{
    nu_str rest = nu_s(sql), statement;

    while (nu__next_statement(run->editor->backend, &rest, &statement))
        nu__schema_execute(run->editor, statement, (nu_values){ NULL, 0 });
}

static void sql_forwards(const nu__operation_run *run, const nu_operation *op)
{
    run_statements(run, op->sql);
}

static void sql_backwards(const nu__operation_run *run, const nu_operation *op)
{
    if (!op->reverse_sql)
        nu_raise(NU_IRREVERSIBLE_ERROR,
                 "this RunSQL has no .reverse_sql: the migration cannot be taken back");
    run_statements(run, op->reverse_sql);
}

static nu_str sql_words(const nu_operation *op)
{
    (void)op;
    return S("Raw SQL operation");
}

static nu_str no_fragment(const nu_operation *op)
{
    (void)op;
    return (nu_str){ NULL, 0 };
}

const nu__operation_type nu__run_sql_type = {
    NU_RUN_SQL, "RunSQL", 's', parts_state, sql_forwards, sql_backwards, sql_words, no_fragment,
};

/* ---- RunC ---------------------------------------------------------------------------------- */

struct nu_apps {
    nu__project_state *state;
};

void nu_run_c_noop(const nu_apps *apps, const char *database)
{
    (void)apps;
    (void)database;
}

const nu_model *nu_historical_model(const nu_apps *apps, const char *app_label, const char *name)
{
    nu_list *labels = nu_list_new();
    const nu__model_info *info;

    for (size_t i = 0; i < apps->state->n; i++)
        if (nu__same_name(apps->state->models[i]->app_label, app_label))
            nu_list_append(labels, apps->state->models[i]->name);
    if (!nu__state_find(apps->state, app_label, name))
        nu_raise(NU_LOOKUP_ERROR,
                 "App '{}' doesn't have a '{}' model at this point of its history. It has: {}",
                 app_label, name, nu__join(S(", "), labels));
    info = nu__registry_find(nu__state_registry(apps->state), nu_fmt("{}.{}", app_label, name));
    return info->model;
}

static void run_code(const nu__operation_run *run, nu__project_state *state,
                     nu_migration_code *code)
{
    const nu_apps apps = { state };

    code(&apps, run->editor->connection->alias);
}

static void code_forwards(const nu__operation_run *run, const nu_operation *op)
{
    run_code(run, run->before, op->code);
}

static void code_backwards(const nu__operation_run *run, const nu_operation *op)
{
    if (!op->reverse_code)
        nu_raise(NU_IRREVERSIBLE_ERROR,
                 "this RunC has no RunC_reverse(…): the migration cannot be taken back");
    run_code(run, run->before, op->reverse_code);
}

static nu_str code_words(const nu_operation *op)
{
    return nu_fmt("Run C function {}", op->code_name);
}

const nu__operation_type nu__run_c_type = {
    NU_RUN_C, "RunC", 'p', parts_state, code_forwards, code_backwards, code_words, no_fragment,
};

/* ---- SeparateDatabaseAndState -------------------------------------------------------------- */

/* The states between the parts: n + 1 of them. */
static nu__project_state **states_between(const nu__operation_run *run, const nu_operation *parts,
                                          size_t n)
{
    nu__project_state **states = nu_alloc_array(nu__project_state *, n + 1);

    states[0] = run->before;
    for (size_t i = 0; i < n; i++) {
        states[i + 1] = nu__state_copy(states[i]);
        nu__operation_type_of(&parts[i])->state(states[i + 1], run->app, &parts[i]);
    }
    return states;
}

static void run_part(const nu__operation_run *run, nu__project_state *const *states, size_t i,
                     const nu_operation *part, bool backwards)
{
    const nu__operation_run own = { run->editor, run->app, states[i], states[i + 1] };

    nu__operation_apply(&own, part, backwards);
}

static void separate_forwards(const nu__operation_run *run, const nu_operation *op)
{
    size_t n = nu__operation_count(op->database_operations);
    nu__project_state **states = states_between(run, op->database_operations, n);

    for (size_t i = 0; i < n; i++)
        run_part(run, states, i, &op->database_operations[i], false);
}

static void separate_backwards(const nu__operation_run *run, const nu_operation *op)
{
    size_t n = nu__operation_count(op->database_operations);
    nu__project_state **states = states_between(run, op->database_operations, n);

    for (size_t i = n; i-- > 0;)
        run_part(run, states, i, &op->database_operations[i], true);
}

static nu_str separate_words(const nu_operation *op)
{
    (void)op;
    return S("Custom state/database change combination");
}

const nu__operation_type nu__separate_type = {
    NU_SEPARATE_DATABASE_AND_STATE,
    "SeparateDatabaseAndState",
    '?',
    parts_state,
    separate_forwards,
    separate_backwards,
    separate_words,
    no_fragment,
};
