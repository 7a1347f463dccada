/* Operations on what only PostgreSQL has. Django: contrib.postgres.operations */
#include "db/connection.h"
#include "db/migrations/operations_int.h"

static bool is_postgresql(const nu__operation_run *run)
{
    return run->editor->backend->dialect == NU__POSTGRESQL;
}

static void no_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    (void)state, (void)app, (void)op;
}

static nu_str quoted(const nu__operation_run *run, const char *name)
{
    nu__buf out = { 0 };

    run->editor->backend->operations->quote_name(&out, nu_s(name));
    return nu__buf_str(&out);
}

static void run_sql(const nu__operation_run *run, nu_str sql)
{
    nu__schema_execute(run->editor, sql, (nu_values){ NULL, 0 });
}

/* ---- CreateExtension ----------------------------------------------------------------------- */

static bool extension_exists(const nu__operation_run *run, const char *name)
{
    nu__rows *rows = nu__db_query(
        run->editor->connection, S("SELECT 1 FROM pg_extension WHERE extname = $1"), NU_ARGS(name));
    bool found = nu__rows_next(rows);

    nu__rows_close(rows);
    return found;
}

static void create_extension(const nu__operation_run *run, const nu_operation *op)
{
    if (is_postgresql(run) && !extension_exists(run, op->name))
        run_sql(run, nu_fmt("CREATE EXTENSION IF NOT EXISTS {}", quoted(run, op->name)));
}

static void drop_extension(const nu__operation_run *run, const nu_operation *op)
{
    if (is_postgresql(run) && extension_exists(run, op->name))
        run_sql(run, nu_fmt("DROP EXTENSION IF EXISTS {}", quoted(run, op->name)));
}

static nu_str extension_words(const nu_operation *op)
{
    return nu_fmt("Creates extension {}", op->name);
}

static nu_str extension_fragment(const nu_operation *op)
{
    return nu_fmt("create_extension_{}", op->name);
}

const nu__operation_type nu__create_extension_type = {
    NU_CREATE_EXTENSION, "CreateExtension",  '+', no_state, create_extension, drop_extension,
    extension_words,     extension_fragment,
};

/* ---- collations ---------------------------------------------------------------------------- */

static void create_collation(const nu__operation_run *run, const nu_operation *op)
{
    nu__buf arguments = { 0 };

    if (!is_postgresql(run))
        return;
    nu__buf_fmt(&arguments, "locale={}", quoted(run, op->locale));
    if (op->provider)
        nu__buf_fmt(&arguments, ", provider={}", quoted(run, op->provider));
    if (op->nondeterministic)
        nu__buf_lit(&arguments, ", deterministic=false");
    run_sql(run,
            nu_fmt("CREATE COLLATION {} ({})", quoted(run, op->name), nu__buf_str(&arguments)));
}

static void remove_collation(const nu__operation_run *run, const nu_operation *op)
{
    if (is_postgresql(run))
        run_sql(run, nu_fmt("DROP COLLATION {}", quoted(run, op->name)));
}

static nu_str create_collation_words(const nu_operation *op)
{
    return nu_fmt("Create collation {}", op->name);
}

static nu_str create_collation_fragment(const nu_operation *op)
{
    return nu_fmt("create_collation_{}", nu__lower(op->name));
}

static nu_str remove_collation_words(const nu_operation *op)
{
    return nu_fmt("Remove collation {}", op->name);
}

static nu_str remove_collation_fragment(const nu_operation *op)
{
    return nu_fmt("remove_collation_{}", nu__lower(op->name));
}

const nu__operation_type nu__create_collation_type = {
    NU_CREATE_COLLATION,
    "CreateCollation",
    '+',
    no_state,
    create_collation,
    remove_collation,
    create_collation_words,
    create_collation_fragment,
};

const nu__operation_type nu__remove_collation_type = {
    NU_REMOVE_COLLATION,
    "RemoveCollation",
    '-',
    no_state,
    remove_collation,
    create_collation,
    remove_collation_words,
    remove_collation_fragment,
};

/* ---- constraints that are not looked for in the rows that are there -------------------------- */

static void add_not_valid_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    if (!op->constraint.check)
        nu_raise(NU_TYPE_ERROR, "AddConstraintNotValid.constraint must be a check constraint.");
    nu__add_constraint_type.state(state, app, op);
}

static void add_not_valid(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_constraint_not_valid(run->editor, nu__info_after(run, op->model_name),
                                        &op->constraint);
}

static void remove_not_valid(const nu__operation_run *run, const nu_operation *op)
{
    nu__add_constraint_type.backwards(run, op);
}

static nu_str not_valid_words(const nu_operation *op)
{
    return nu_fmt("Create not valid constraint {} on model {}", op->constraint.name,
                  op->model_name);
}

static nu_str not_valid_fragment(const nu_operation *op)
{
    return nu_fmt("{}_not_valid", nu__add_constraint_type.fragment(op));
}

const nu__operation_type nu__add_constraint_not_valid_type = {
    NU_ADD_CONSTRAINT_NOT_VALID,
    "AddConstraintNotValid",
    '+',
    add_not_valid_state,
    add_not_valid,
    remove_not_valid,
    not_valid_words,
    not_valid_fragment,
};

static void validate(const nu__operation_run *run, const nu_operation *op)
{
    nu_str table = nu__info_before(run, op->model_name)->db_table;

    if (is_postgresql(run))
        run_sql(run, nu_fmt("ALTER TABLE {} VALIDATE CONSTRAINT {}", quoted(run, table.ptr),
                            quoted(run, op->name)));
}

static nu_str validate_words(const nu_operation *op)
{
    return nu_fmt("Validate constraint {} on model {}", op->name, op->model_name);
}

static nu_str validate_fragment(const nu_operation *op)
{
    return nu_fmt("{}_validate_{}", nu__lower(op->model_name), nu__lower(op->name));
}

const nu__operation_type nu__validate_constraint_type = {
    NU_VALIDATE_CONSTRAINT, "ValidateConstraint", '~', no_state, validate, nu__operation_nothing,
    validate_words,         validate_fragment,
};

/* ---- unique constraints beside those who write ----------------------------------------------- */

static void add_concurrently_state(nu__project_state *state, const char *app,
                                   const nu_operation *op)
{
    if (op->constraint.check || op->constraint.excludes[0][0])
        nu_raise(
            NU_TYPE_ERROR,
            "AddConstraintConcurrently.constraint must be a unique constraint, and {} is none.",
            op->constraint.name);
    nu__add_constraint_type.state(state, app, op);
}

static void add_concurrently(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_constraint_concurrently(run->editor, nu__info_after(run, op->model_name),
                                           &op->constraint);
}

static nu_str concurrently_words(const nu_operation *op)
{
    return nu_fmt("Concurrently create constraint {} on model {}", op->constraint.name,
                  nu__lower(op->model_name));
}

static nu_str concurrently_fragment(const nu_operation *op)
{
    return nu__add_constraint_type.fragment(op);
}

const nu__operation_type nu__add_constraint_concurrently_type = {
    NU_ADD_CONSTRAINT_CONCURRENTLY,
    "AddConstraintConcurrently",
    '+',
    add_concurrently_state,
    add_concurrently,
    remove_not_valid,
    concurrently_words,
    concurrently_fragment,
};
