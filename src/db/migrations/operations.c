#include "db/migrations/operations.h"

#include "db/models/router.h"

#include "core/suggest.h"
#include "core/text.h"
#include "db/migrations/writer.h"

#include <string.h>

static const nu__model_info *info_before(const nu__operation_run *run, const char *model)
{
    return nu__state_info(run->before, run->app, model);
}

static const nu__model_info *info_after(const nu__operation_run *run, const char *model)
{
    return nu__state_info(run->after, run->app, model);
}

/* A column or a many-to-many by name. */
static const nu__field *field_of(const nu__model_info *info, const char *name)
{
    const nu__field *field = nu__model_field(info, nu_s(name));

    return field ? field : nu__model_many(info, nu_s(name));
}

static nu_str lower(const char *name)
{
    return nu_lower(nu_s(name));
}

/* ---- models -------------------------------------------------------------------------------- */

static void create_model_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_add(state, app, op->model);
}

static void create_model_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_create_model(run->editor, info_after(run, op->model->name));
}

static void create_model_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_delete_model(run->editor, info_after(run, op->model->name));
}

static nu_str create_model_words(const nu_operation *op)
{
    return nu_fmt("Create model {}", op->model->name);
}

static void delete_model_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_remove(state, app, op->model_name);
}

static void delete_model_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_delete_model(run->editor, info_before(run, op->model_name));
}

static void delete_model_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_create_model(run->editor, info_before(run, op->model_name));
}

static nu_str delete_model_words(const nu_operation *op)
{
    return nu_fmt("Delete model {}", op->model_name);
}

/* ---- fields -------------------------------------------------------------------------------- */

static size_t field_position(const nu_model *model, const char *name)
{
    const char *names[128];
    size_t n = nu__model_field_count(model);

    for (size_t i = 0; i < n; i++) {
        names[i] = model->fields[i]->name;
        if (!strcmp(names[i], name))
            return i;
    }
    nu_raise(NU_MIGRATION_ERROR, "{}.{} has no field {} at this point{}", model->app_label,
             model->name, name, nu__suggestion(nu_s(name), names, n));
}

static void add_field_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t n = nu__model_field_count(model);

    if (nu__model_field_def(model, op->field->name))
        nu_raise(NU_MIGRATION_ERROR, "{}.{} has a field {} already", app, op->model_name,
                 op->field->name);
    if (n + 1 == sizeof model->fields / sizeof *model->fields)
        nu_raise(NU_MIGRATION_ERROR, "{}.{} would have more than {} fields", app, op->model_name,
                 n);
    model->fields[n] = op->field;
}

static void add_field_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_field(run->editor, info_before(run, op->model_name),
                         field_of(info_after(run, op->model_name), op->field->name));
}

static void add_field_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = info_after(run, op->model_name);

    nu__schema_remove_field(run->editor, info, field_of(info, op->field->name));
}

static nu_str add_field_words(const nu_operation *op)
{
    return nu_fmt("Add field {} to {}", op->field->name, lower(op->model_name));
}

static void remove_field_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t at = field_position(model, op->name), n = nu__model_field_count(model);

    memmove(&model->fields[at], &model->fields[at + 1], (n - at) * sizeof *model->fields);
    model->fields[n - 1] = NULL;
}

static void remove_field_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = info_before(run, op->model_name);

    nu__schema_remove_field(run->editor, info, field_of(info, op->name));
}

static void remove_field_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_field(run->editor, info_after(run, op->model_name),
                         field_of(info_before(run, op->model_name), op->name));
}

static nu_str remove_field_words(const nu_operation *op)
{
    return nu_fmt("Remove field {} from {}", op->name, lower(op->model_name));
}

static void alter_field_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);

    model->fields[field_position(model, op->field->name)] = op->field;
}

static void alter_field_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = info_before(run, op->model_name);

    nu__schema_alter_field(run->editor, info, field_of(info, op->field->name),
                           field_of(info_after(run, op->model_name), op->field->name));
}

static void alter_field_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = info_after(run, op->model_name);

    nu__schema_alter_field(run->editor, info, field_of(info, op->field->name),
                           field_of(info_before(run, op->model_name), op->field->name));
}

static nu_str alter_field_words(const nu_operation *op)
{
    return nu_fmt("Alter field {} on {}", op->field->name, lower(op->model_name));
}

/* ---- options ------------------------------------------------------------------------------- */

static void options_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);

    nu__copy_options(model, op->model);
}

static void nothing(const nu__operation_run *run, const nu_operation *op)
{
    (void)run;
    (void)op;
}

static nu_str options_words(const nu_operation *op)
{
    return nu_fmt("Change Meta options on {}", lower(op->model_name));
}

static void table_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_change(state, app, op->model_name)->db_table = op->name;
}

static void table_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *after = info_after(run, op->model_name);

    nu__schema_alter_db_table(run->editor, after, info_before(run, op->model_name)->db_table,
                              after->db_table);
}

static void table_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *before = info_before(run, op->model_name);

    nu__schema_alter_db_table(run->editor, before, info_after(run, op->model_name)->db_table,
                              before->db_table);
}

static nu_str table_words(const nu_operation *op)
{
    return nu_fmt("Rename table for {} to {}", lower(op->model_name),
                  op->name ? op->name : "(default)");
}

static void unique_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);

    memcpy(model->unique_together, op->unique_together, sizeof model->unique_together);
}

static void unique_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *before = nu__state_find(run->before, run->app, op->model_name);

    nu__schema_alter_unique_together(run->editor, info_after(run, op->model_name),
                                     before->unique_together, op->unique_together);
}

static void unique_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *before = nu__state_find(run->before, run->app, op->model_name);

    nu__schema_alter_unique_together(run->editor, info_before(run, op->model_name),
                                     op->unique_together, before->unique_together);
}

static nu_str unique_words(const nu_operation *op)
{
    int64_t n = 0;

    while (n < 4 && op->unique_together[n][0])
        n++;
    return nu_fmt("Alter unique_together for {} ({} constraint(s))", lower(op->model_name), n);
}

/* ---- indexes and constraints --------------------------------------------------------------- */

/* One array of named things in a descriptor: indexes or constraints. */
#define FIND_NAMED(array, wanted, at)                                                              \
    for (at = 0; at < 16 && !((array)[at].name && !strcmp((array)[at].name, (wanted))); at++)      \
        ;

static size_t free_place(const nu_model *model, const char *const first[16], const char *what)
{
    size_t n = 0;

    while (n < 15 && first[n])
        n++;
    if (first[n])
        nu_raise(NU_MIGRATION_ERROR, "{}.{} would have more than 15 {}", model->app_label,
                 model->name, what);
    return n;
}

static const nu_index *index_named(const nu_model *model, const char *name)
{
    size_t i;

    FIND_NAMED(model->indexes, name, i)
    if (i == 16)
        nu_raise(NU_MIGRATION_ERROR, "{}.{} has no index {} at this point", model->app_label,
                 model->name, name);
    return &model->indexes[i];
}

static void add_index_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    const char *names[16];

    for (int i = 0; i < 16; i++)
        names[i] = model->indexes[i].name;
    model->indexes[free_place(model, names, "indexes")] = op->index;
}

static void drop_index_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t at = (size_t)(index_named(model, op->name) - model->indexes);

    memmove(&model->indexes[at], &model->indexes[at + 1], (15 - at) * sizeof *model->indexes);
    memset(&model->indexes[15], 0, sizeof *model->indexes);
}

static void add_index_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_index(run->editor, info_after(run, op->model_name), &op->index);
}

static void add_index_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_remove_index(run->editor, info_after(run, op->model_name), &op->index);
}

static void remove_index_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *model = nu__state_find(run->before, run->app, op->model_name);

    nu__schema_remove_index(run->editor, info_before(run, op->model_name),
                            index_named(model, op->name));
}

static void remove_index_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *model = nu__state_find(run->before, run->app, op->model_name);

    nu__schema_add_index(run->editor, info_before(run, op->model_name),
                         index_named(model, op->name));
}

static nu_str add_index_words(const nu_operation *op)
{
    nu_list *fields = nu_list_new();

    if (op->index.expressions[0]) {
        for (int i = 0; i < 4 && op->index.expressions[i]; i++)
            nu_list_append(fields, op->index.expressions[i]);
        return nu_fmt("Create index {} on {} on model {}", op->index.name,
                      nu__join(S(", "), fields), lower(op->model_name));
    }
    for (int i = 0; i < 8 && op->index.fields[i]; i++)
        nu_list_append(fields, op->index.fields[i]);
    return nu_fmt("Create index {} on field(s) {} of model {}", op->index.name,
                  nu__join(S(", "), fields), lower(op->model_name));
}

static nu_str remove_index_words(const nu_operation *op)
{
    return nu_fmt("Remove index {} from {}", op->name, lower(op->model_name));
}

static const nu_constraint *constraint_named(const nu_model *model, const char *name)
{
    size_t i;

    FIND_NAMED(model->constraints, name, i)
    if (i == 16)
        nu_raise(NU_MIGRATION_ERROR, "{}.{} has no constraint {} at this point", model->app_label,
                 model->name, name);
    return &model->constraints[i];
}

static void add_constraint_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    const char *names[16];

    for (int i = 0; i < 16; i++)
        names[i] = model->constraints[i].name;
    model->constraints[free_place(model, names, "constraints")] = op->constraint;
}

static void drop_constraint_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t at = (size_t)(constraint_named(model, op->name) - model->constraints);

    memmove(&model->constraints[at], &model->constraints[at + 1],
            (15 - at) * sizeof *model->constraints);
    memset(&model->constraints[15], 0, sizeof *model->constraints);
}

static void add_constraint_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_constraint(run->editor, info_after(run, op->model_name), &op->constraint);
}

static void add_constraint_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_remove_constraint(run->editor, info_after(run, op->model_name), &op->constraint);
}

static void remove_constraint_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *model = nu__state_find(run->before, run->app, op->model_name);

    nu__schema_remove_constraint(run->editor, info_before(run, op->model_name),
                                 constraint_named(model, op->name));
}

static void remove_constraint_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *model = nu__state_find(run->before, run->app, op->model_name);

    nu__schema_add_constraint(run->editor, info_before(run, op->model_name),
                              constraint_named(model, op->name));
}

static nu_str add_constraint_words(const nu_operation *op)
{
    return nu_fmt("Create constraint {} on model {}", op->constraint.name, lower(op->model_name));
}

static nu_str remove_constraint_words(const nu_operation *op)
{
    return nu_fmt("Remove constraint {} from model {}", op->name, lower(op->model_name));
}

/* ---- SQL ----------------------------------------------------------------------------------- */

static void sql_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    (void)state;
    (void)app;
    (void)op;
}

static void sql_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_execute(run->editor, nu_s(op->sql), (nu_values){ NULL, 0 });
}

static void sql_backwards(const nu__operation_run *run, const nu_operation *op)
{
    if (!op->reverse_sql)
        nu_raise(NU_MIGRATION_ERROR,
                 "this RunSQL has no .reverse_sql: the migration cannot be taken back");
    nu__schema_execute(run->editor, nu_s(op->reverse_sql), (nu_values){ NULL, 0 });
}

static nu_str sql_words(const nu_operation *op)
{
    (void)op;
    return S("Raw SQL operation");
}

/* ---- the rows ------------------------------------------------------------------------------ */

static const nu__operation_type types[] = {
    { NU_CREATE_MODEL, "CreateModel", create_model_state, create_model_forwards,
      create_model_backwards, create_model_words },
    { NU_DELETE_MODEL, "DeleteModel", delete_model_state, delete_model_forwards,
      delete_model_backwards, delete_model_words },
    { NU_ADD_FIELD, "AddField", add_field_state, add_field_forwards, add_field_backwards,
      add_field_words },
    { NU_REMOVE_FIELD, "RemoveField", remove_field_state, remove_field_forwards,
      remove_field_backwards, remove_field_words },
    { NU_ALTER_FIELD, "AlterField", alter_field_state, alter_field_forwards, alter_field_backwards,
      alter_field_words },
    { NU_ALTER_MODEL_OPTIONS, "AlterModelOptions", options_state, nothing, nothing, options_words },
    { NU_ALTER_MODEL_TABLE, "AlterModelTable", table_state, table_forwards, table_backwards,
      table_words },
    { NU_ALTER_UNIQUE_TOGETHER, "AlterUniqueTogether", unique_state, unique_forwards,
      unique_backwards, unique_words },
    { NU_ADD_INDEX, "AddIndex", add_index_state, add_index_forwards, add_index_backwards,
      add_index_words },
    { NU_REMOVE_INDEX, "RemoveIndex", drop_index_state, remove_index_forwards,
      remove_index_backwards, remove_index_words },
    { NU_ADD_CONSTRAINT, "AddConstraint", add_constraint_state, add_constraint_forwards,
      add_constraint_backwards, add_constraint_words },
    { NU_REMOVE_CONSTRAINT, "RemoveConstraint", drop_constraint_state, remove_constraint_forwards,
      remove_constraint_backwards, remove_constraint_words },
    { NU_RUN_SQL, "RunSQL", sql_state, sql_forwards, sql_backwards, sql_words },
};

const nu__operation_type *nu__operation_type_of(const nu_operation *op)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].kind == op->kind)
            return &types[i];
    nu_raise(NU_MIGRATION_ERROR, "an operation of the unknown kind {}", (int64_t)op->kind);
}

/* A model that stands for the site's users, while the site has a user model of its own. */
static bool is_swapped(const nu__operation_run *run, const nu_model *model)
{
    return model->swappable &&
           !nu__same_name(run->after->user_model, nu_fmt("{}.{}", run->app, model->name).ptr);
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

bool nu__operation_is_managed(const nu__operation_run *run, const nu_operation *op)
{
    const char *name = op->kind == NU_CREATE_MODEL ? op->model->name : op->model_name;
    const nu_model *model = name ? nu__state_find(run->after, run->app, name) : NULL;

    if (name && !model)
        model = nu__state_find(run->before, run->app, name);
    if (!nu__router_allow_migrate(run->editor->connection->alias, model ? today(model) : NULL))
        return false;
    return !model || (!model->unmanaged && !model->proxy && !is_swapped(run, model) &&
                      !is_for_another_database(run, model));
}
