#include "db/migrations/operations_int.h"

#include "core/text.h"
#include "db/models/router.h"

#include <string.h>

static const nu__operation_type *const types[] = {
    &nu__create_model_type,
    &nu__delete_model_type,
    &nu__rename_model_type,
    &nu__alter_table_type,
    &nu__alter_comment_type,
    &nu__alter_options_type,
    &nu__alter_unique_type,
    &nu__alter_order_type,
    &nu__add_field_type,
    &nu__remove_field_type,
    &nu__alter_field_type,
    &nu__rename_field_type,
    &nu__add_index_type,
    &nu__remove_index_type,
    &nu__rename_index_type,
    &nu__add_index_concurrently_type,
    &nu__remove_index_concurrently_type,
    &nu__add_constraint_type,
    &nu__remove_constraint_type,
    &nu__alter_constraint_type,
    &nu__run_sql_type,
    &nu__run_c_type,
    &nu__separate_type,
    &nu__create_extension_type,
    &nu__create_collation_type,
    &nu__remove_collation_type,
    &nu__add_constraint_not_valid_type,
    &nu__validate_constraint_type,
    &nu__add_constraint_concurrently_type,
};

const nu__operation_type *nu__operation_type_of(const nu_operation *op)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i]->kind == op->kind)
            return types[i];
    nu_raise(NU_MIGRATION_ERROR, "an operation of the unknown kind {}", (int64_t)op->kind);
}

void nu__operation_change_state(const nu_operation *op, const nu_migration *migration,
                                nu__project_state *state)
{
    const nu__operation_type *type = nu__operation_type_of(op);
    const nu_error *error = nu_catch(NU_EXCEPTION, type->state(state, migration->app_label, op));

    if (!error)
        return;
    nu_raise_(
        error->klass, error->file, error->line,
        "{}\nMigration {}.{} says so in its operation <{}>. The migrations before it do not make "
        "what it names: mend the name or the order of its operations, or add to its "
        ".dependencies the migration that does.",
        NU_ARGS(error->message, migration->app_label, migration->name, type->describe(op)));
}

nu_str nu__operation_signed(const nu_operation *op)
{
    const nu__operation_type *type = nu__operation_type_of(op);

    nu_str sign = { &type->sign, 1 };

    return nu_fmt("{} {}", sign, type->describe(op));
}

size_t nu__operation_count(const nu_operation *operations)
{
    size_t n = 0;

    while (operations && operations[n].kind)
        n++;
    return n;
}

/* ---- what operations are of ---------------------------------------------------------------- */

const char *nu__operation_model(const nu_operation *op)
{
    return op->kind == NU_CREATE_MODEL ? op->model->name : op->model_name;
}

bool nu__is_field_operation(const nu_operation *op)
{
    return op->kind >= NU_ADD_FIELD && op->kind <= NU_RENAME_FIELD;
}

const char *nu__operation_field(const nu_operation *op)
{
    if (!nu__is_field_operation(op))
        return NULL;
    return op->field ? op->field->name : op->name;
}

bool nu__operation_is_reversible(const nu_operation *op)
{
    if (op->kind == NU_RUN_SQL)
        return op->reverse_sql != NULL;
    if (op->kind == NU_RUN_C)
        return op->reverse_code != NULL;
    for (const nu_operation *part = op->database_operations; part && part->kind; part++)
        if (!nu__operation_is_reversible(part))
            return false;
    return true;
}

bool nu__operation_is_sql(const nu_operation *op)
{
    for (const nu_operation *part = op->database_operations; part && part->kind; part++)
        if (!nu__operation_is_sql(part))
            return false;
    return op->kind != NU_RUN_C;
}

/* ---- models before and after --------------------------------------------------------------- */

const nu__model_info *nu__info_before(const nu__operation_run *run, const char *model)
{
    return nu__state_info(run->before, run->app, model);
}

const nu__model_info *nu__info_after(const nu__operation_run *run, const char *model)
{
    return nu__state_info(run->after, run->app, model);
}

const nu__field *nu__info_field(const nu__model_info *info, const char *name)
{
    const nu__field *field = nu__model_field(info, nu_s(name));

    if (!field)
        field = nu__model_many(info, nu_s(name));
    if (!field)
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "{} has no field named '{}'", info->label, name);
    return field;
}

nu_str nu__lower(const char *name)
{
    return nu_lower(nu_s(name));
}

void nu__operation_nothing(const nu__operation_run *run, const nu_operation *op)
{
    (void)run;
    (void)op;
}

/* ---- which database ------------------------------------------------------------------------ */

/* A model that stands for the site's users, while the site has a user model of its own. */
static bool is_swapped(const nu__operation_run *run, const nu_model *model)
{
    return model->swappable && !nu__label_is(run->after->user_model, run->app, model->name);
}

/* The model as it is now, which routers know by its address; once it is gone, as it was. */
static const nu_model *today(const nu_model *model)
{
    const nu__model_info *info =
        nu__registry_find(nu__models(), nu_fmt("{}.{}", model->app_label, model->name));

    return info ? info->model : model;
}

static bool is_for_another_database(const nu__operation_run *run, const nu_model *model)
{
    return model->required_db_vendor &&
           strcmp(model->required_db_vendor, run->editor->backend->vendor) != 0;
}

static const nu_model *model_of(const nu__operation_run *run, const nu_operation *op)
{
    const char *name = nu__operation_model(op);
    const nu_model *model = NULL;

    if (name && op->kind != NU_DELETE_MODEL)
        model =
            nu__state_find(run->after, run->app, op->kind == NU_RENAME_MODEL ? op->new_name : name);
    return name && !model ? nu__state_find(run->before, run->app, name) : model;
}

bool nu__operation_is_managed(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *model = model_of(run, op);

    if (op->kind == NU_SEPARATE_DATABASE_AND_STATE)
        return true; /* each part for itself */
    if (!nu__router_allow_migrate(run->editor->connection->alias, model ? today(model) : NULL))
        return false;
    return !model || (!model->unmanaged && !model->proxy && !is_swapped(run, model) &&
                      !is_for_another_database(run, model));
}

void nu__operation_apply(const nu__operation_run *run, const nu_operation *op, bool backwards)
{
    const nu__operation_type *type = nu__operation_type_of(op);

    if (nu__operation_is_managed(run, op))
        (backwards ? type->backwards : type->forwards)(run, op);
}
