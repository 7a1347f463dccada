/* Operations that change the fields of a model. */
#include "db/migrations/operations_int.h"

#include "core/suggest.h"

#include <string.h>

static size_t position(const nu_model *model, const char *name)
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

/* The field as the state keeps it: a default that was only for the rows of that day is gone. */
static const nu_field *to_keep(const nu_operation *op)
{
    nu_field *kept;

    if (!op->one_off_default)
        return op->field;
    kept = nu__field_def_copy(op->field);
    kept->default_ = (nu_default){ .kind = NU_KIND_NULL };
    kept->default_call = NULL;
    return kept;
}

/* The field as the database gets it, with such a default. */
static const nu__field *with_default(const nu__field *field, const nu_operation *op)
{
    nu__field *copy;
    nu_field *def;

    if (!op->one_off_default)
        return field;
    copy = nu_alloc(nu__field);
    *copy = *field;
    def = nu__field_def_copy(field->def);
    def->default_ = op->field->default_;
    def->default_call = op->field->default_call;
    copy->def = def;
    return copy;
}

/* ---- AddField ------------------------------------------------------------------------------ */

static void add_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t n = nu__model_field_count(model);

    if (nu__model_field_def(model, op->field->name))
        nu_raise(NU_MIGRATION_ERROR, "{}.{} has a field {} already", app, op->model_name,
                 op->field->name);
    if (n + 1 == sizeof model->fields / sizeof *model->fields)
        nu_raise(NU_MIGRATION_ERROR, "{}.{} would have more than {} fields", app, op->model_name,
                 n);
    model->fields[n] = to_keep(op);
}

static void add_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__field *field = nu__info_field(nu__info_after(run, op->model_name), op->field->name);

    nu__schema_add_field(run->editor, nu__info_before(run, op->model_name),
                         with_default(field, op));
}

static void add_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = nu__info_after(run, op->model_name);

    nu__schema_remove_field(run->editor, info, nu__info_field(info, op->field->name));
}

static nu_str add_words(const nu_operation *op)
{
    return nu_fmt("Add field {} to {}", op->field->name, nu__lower(op->model_name));
}

static nu_str add_fragment(const nu_operation *op)
{
    return nu_fmt("{}_{}", nu__lower(op->model_name), nu__lower(op->field->name));
}

const nu__operation_type nu__add_field_type = {
    NU_ADD_FIELD, "AddField", '+', add_state, add_forwards, add_backwards, add_words, add_fragment,
};

/* ---- RemoveField --------------------------------------------------------------------------- */

static void remove_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t at = position(model, op->name), n = nu__model_field_count(model);

    memmove(&model->fields[at], &model->fields[at + 1], (n - at - 1) * sizeof *model->fields);
    model->fields[n - 1] = NULL;
}

static void remove_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = nu__info_before(run, op->model_name);

    nu__schema_remove_field(run->editor, info, nu__info_field(info, op->name));
}

static void remove_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_field(run->editor, nu__info_after(run, op->model_name),
                         nu__info_field(nu__info_before(run, op->model_name), op->name));
}

static nu_str remove_words(const nu_operation *op)
{
    return nu_fmt("Remove field {} from {}", op->name, nu__lower(op->model_name));
}

static nu_str remove_fragment(const nu_operation *op)
{
    return nu_fmt("remove_{}_{}", nu__lower(op->model_name), nu__lower(op->name));
}

const nu__operation_type nu__remove_field_type = {
    NU_REMOVE_FIELD, "RemoveField",    '-',          remove_state,
    remove_forwards, remove_backwards, remove_words, remove_fragment,
};

/* ---- AlterField ---------------------------------------------------------------------------- */

static void alter_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);

    model->fields[position(model, op->field->name)] = to_keep(op);
}

static void alter_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = nu__info_before(run, op->model_name);
    const nu__field *field = nu__info_field(nu__info_after(run, op->model_name), op->field->name);

    nu__schema_alter_field(run->editor, info, nu__info_field(info, op->field->name),
                           with_default(field, op));
}

static void alter_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = nu__info_after(run, op->model_name);

    nu__schema_alter_field(run->editor, info, nu__info_field(info, op->field->name),
                           nu__info_field(nu__info_before(run, op->model_name), op->field->name));
}

static nu_str alter_words(const nu_operation *op)
{
    return nu_fmt("Alter field {} on {}", op->field->name, nu__lower(op->model_name));
}

static nu_str alter_fragment(const nu_operation *op)
{
    return nu_fmt("alter_{}_{}", nu__lower(op->model_name), nu__lower(op->field->name));
}

const nu__operation_type nu__alter_field_type = {
    NU_ALTER_FIELD, "AlterField",    '~',         alter_state,
    alter_forwards, alter_backwards, alter_words, alter_fragment,
};

/* ---- RenameField --------------------------------------------------------------------------- */

static void rename_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_rename_field(state, app, op->model_name, op->name, op->new_name);
}

static void rename_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = nu__info_before(run, op->model_name);

    nu__schema_alter_field(run->editor, info, nu__info_field(info, op->name),
                           nu__info_field(nu__info_after(run, op->model_name), op->new_name));
}

static void rename_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu__model_info *info = nu__info_after(run, op->model_name);

    nu__schema_alter_field(run->editor, info, nu__info_field(info, op->new_name),
                           nu__info_field(nu__info_before(run, op->model_name), op->name));
}

static nu_str rename_words(const nu_operation *op)
{
    return nu_fmt("Rename field {} on {} to {}", op->name, nu__lower(op->model_name), op->new_name);
}

static nu_str rename_fragment(const nu_operation *op)
{
    return nu_fmt("rename_{}_{}_{}", nu__lower(op->name), nu__lower(op->model_name),
                  nu__lower(op->new_name));
}

const nu__operation_type nu__rename_field_type = {
    NU_RENAME_FIELD, "RenameField",    '~',          rename_state,
    rename_forwards, rename_backwards, rename_words, rename_fragment,
};
