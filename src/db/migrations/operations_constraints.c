/* Operations on constraints. */
#include "db/migrations/operations_int.h"

#include <string.h>

enum { CONSTRAINTS = 16 };

static size_t find(const nu_model *model, const char *name)
{
    size_t i = 0;

    while (i < CONSTRAINTS && !nu__same_text(model->constraints[i].name, name))
        i++;
    return i;
}

static const nu_constraint *constraint_named(const nu_model *model, const char *name)
{
    size_t i = find(model, name);

    if (i == CONSTRAINTS)
        nu_raise(NU_VALUE_ERROR, "No constraint named {} on model {}", name, model->name);
    return &model->constraints[i];
}

/* ---- AddConstraint ------------------------------------------------------------------------- */

static void add_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t n = 0;

    if (find(model, op->constraint.name) < CONSTRAINTS)
        nu_raise(NU_MIGRATION_ERROR, "{}.{} has a constraint {} already", app, op->model_name,
                 op->constraint.name);
    while (n < CONSTRAINTS && model->constraints[n].name)
        n++;
    if (n + 1 >= CONSTRAINTS)
        nu_raise(NU_MIGRATION_ERROR, "{}.{} would have more than {} constraints", app, model->name,
                 (int64_t)CONSTRAINTS - 1);
    model->constraints[n] = op->constraint;
}

static void add_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_constraint(run->editor, nu__info_after(run, op->model_name), &op->constraint);
}

static void add_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_remove_constraint(run->editor, nu__info_after(run, op->model_name), &op->constraint);
}

static nu_str add_words(const nu_operation *op)
{
    return nu_fmt("Create constraint {} on model {}", op->constraint.name,
                  nu__lower(op->model_name));
}

static nu_str add_fragment(const nu_operation *op)
{
    return nu_fmt("{}_{}", nu__lower(op->model_name), nu__lower(op->constraint.name));
}

const nu__operation_type nu__add_constraint_type = {
    NU_ADD_CONSTRAINT, "AddConstraint", '+',       add_state,
    add_forwards,      add_backwards,   add_words, add_fragment,
};

/* ---- RemoveConstraint ---------------------------------------------------------------------- */

static void remove_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t at = (size_t)(constraint_named(model, op->name) - model->constraints);

    memmove(&model->constraints[at], &model->constraints[at + 1],
            (CONSTRAINTS - 1 - at) * sizeof *model->constraints);
    memset(&model->constraints[CONSTRAINTS - 1], 0, sizeof *model->constraints);
}

static const nu_constraint *removed(const nu__operation_run *run, const nu_operation *op)
{
    return constraint_named(nu__state_find(run->before, run->app, op->model_name), op->name);
}

static void remove_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_remove_constraint(run->editor, nu__info_before(run, op->model_name),
                                 removed(run, op));
}

static void remove_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_constraint(run->editor, nu__info_before(run, op->model_name), removed(run, op));
}

static nu_str remove_words(const nu_operation *op)
{
    return nu_fmt("Remove constraint {} from model {}", op->name, nu__lower(op->model_name));
}

static nu_str remove_fragment(const nu_operation *op)
{
    return nu_fmt("remove_{}_{}", nu__lower(op->model_name), nu__lower(op->name));
}

const nu__operation_type nu__remove_constraint_type = {
    NU_REMOVE_CONSTRAINT, "RemoveConstraint", '-',          remove_state,
    remove_forwards,      remove_backwards,   remove_words, remove_fragment,
};

/* ---- AlterConstraint ----------------------------------------------------------------------- */

static void alter_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);

    model->constraints[constraint_named(model, op->constraint.name) - model->constraints] =
        op->constraint;
}

static nu_str alter_words(const nu_operation *op)
{
    return nu_fmt("Alter constraint {} on {}", op->constraint.name, nu__lower(op->model_name));
}

static nu_str alter_fragment(const nu_operation *op)
{
    return nu_fmt("alter_{}_{}", nu__lower(op->model_name), nu__lower(op->constraint.name));
}

const nu__operation_type nu__alter_constraint_type = {
    NU_ALTER_CONSTRAINT,   "AlterConstraint",     '~',         alter_state,
    nu__operation_nothing, nu__operation_nothing, alter_words, alter_fragment,
};
