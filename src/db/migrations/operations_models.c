/* Operations that make, drop and rename models. */
#include "db/migrations/operations_int.h"

#include "core/text.h"
#include "db/backends/schema.h"

#include <string.h>

/* ---- CreateModel --------------------------------------------------------------------------- */

static void create_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_add(state, app, op->model);
}

static void create_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_create_model(run->editor, nu__info_after(run, op->model->name));
}

static void create_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_delete_model(run->editor, nu__info_after(run, op->model->name));
}

static nu_str create_words(const nu_operation *op)
{
    return nu_fmt("Create {}model {}", op->model->proxy ? "proxy " : "", op->model->name);
}

static nu_str create_fragment(const nu_operation *op)
{
    return nu__lower(op->model->name);
}

const nu__operation_type nu__create_model_type = {
    NU_CREATE_MODEL, "CreateModel",    '+',          create_state,
    create_forwards, create_backwards, create_words, create_fragment,
};

/* ---- DeleteModel --------------------------------------------------------------------------- */

static void delete_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_remove(state, app, op->model_name);
}

static void delete_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_delete_model(run->editor, nu__info_before(run, op->model_name));
}

static void delete_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_create_model(run->editor, nu__info_before(run, op->model_name));
}

static nu_str delete_words(const nu_operation *op)
{
    return nu_fmt("Delete model {}", op->model_name);
}

static nu_str delete_fragment(const nu_operation *op)
{
    return nu_fmt("delete_{}", nu__lower(op->model_name));
}

const nu__operation_type nu__delete_model_type = {
    NU_DELETE_MODEL, "DeleteModel",    '-',          delete_state,
    delete_forwards, delete_backwards, delete_words, delete_fragment,
};

/* ---- RenameModel --------------------------------------------------------------------------- */

static void rename_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_rename_model(state, app, op->model_name, op->new_name);
}

static void rename_table(const nu__operation_run *run, const nu__model_info *from,
                         const nu__model_info *to)
{
    if (!nu_eq(from->db_table, to->db_table))
        nu__schema_alter_db_table(run->editor, to, from->db_table, to->db_table);
}

/* The columns that refer to the table: their model is another one only by name. Keys without a way
   back are left as they are, as Django leaves them: databases follow the table by themselves. */
static void alter_referring(const nu__operation_run *run, const nu__model_info *from,
                            const nu__model_info *to)
{
    for (size_t i = 0; i < from->n_reverse; i++) {
        const nu__relation *relation = from->reverse[i];
        const nu__model_info *owner = to;

        if (relation->from->auto_created || relation->from->concrete != relation->from ||
            (relation->hidden && !relation->many_to_many))
            continue;
        if (relation->from != from)
            owner = nu__registry_find(to->registry, relation->from->label);
        if (owner)
            nu__schema_alter_field(run->editor, owner, relation->field,
                                   nu__info_field(owner, relation->field->name.ptr));
    }
}

/* The tables of its own many-to-many fields have the model's name in theirs and in a column. */
static void rename_between(const nu__operation_run *run, const nu__model_info *from,
                           const nu__model_info *to)
{
    for (size_t i = 0; i < from->n_many && i < to->n_many; i++) {
        const nu__field *field = &to->many[i];

        if (field->relation->to != to && nu__has_automatic_through(field))
            run->editor->backend->schema->alter_many(nu__editor_next(run->editor), &from->many[i],
                                                     field);
    }
}

static void rename_from_to(const nu__operation_run *run, const nu__model_info *from,
                           const nu__model_info *to)
{
    rename_table(run, from, to);
    alter_referring(run, from, to);
    rename_between(run, from, to);
}

static void rename_forwards(const nu__operation_run *run, const nu_operation *op)
{
    rename_from_to(run, nu__info_before(run, op->model_name), nu__info_after(run, op->new_name));
}

static void rename_backwards(const nu__operation_run *run, const nu_operation *op)
{
    rename_from_to(run, nu__info_after(run, op->new_name), nu__info_before(run, op->model_name));
}

static nu_str rename_words(const nu_operation *op)
{
    return nu_fmt("Rename model {} to {}", op->model_name, op->new_name);
}

static nu_str rename_fragment(const nu_operation *op)
{
    return nu_fmt("rename_{}_{}", nu__lower(op->model_name), nu__lower(op->new_name));
}

const nu__operation_type nu__rename_model_type = {
    NU_RENAME_MODEL, "RenameModel",    '~',          rename_state,
    rename_forwards, rename_backwards, rename_words, rename_fragment,
};

/* ---- AlterModelTable ----------------------------------------------------------------------- */

static void table_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_change(state, app, op->model_name)->db_table = op->name;
}

/* With the tables of its many-to-many fields. */
static void move_table(const nu__operation_run *run, const nu__model_info *from,
                       const nu__model_info *to)
{
    rename_table(run, from, to);
    for (size_t i = 0; i < from->n_many && i < to->n_many; i++)
        if (nu__has_automatic_through(&to->many[i]))
            rename_table(run, from->many[i].relation->through, to->many[i].relation->through);
}

static void table_forwards(const nu__operation_run *run, const nu_operation *op)
{
    move_table(run, nu__info_before(run, op->model_name), nu__info_after(run, op->model_name));
}

static void table_backwards(const nu__operation_run *run, const nu_operation *op)
{
    move_table(run, nu__info_after(run, op->model_name), nu__info_before(run, op->model_name));
}

static nu_str table_words(const nu_operation *op)
{
    return nu_fmt("Rename table for {} to {}", nu__lower(op->model_name),
                  op->name ? op->name : "(default)");
}

static nu_str table_fragment(const nu_operation *op)
{
    return nu_fmt("alter_{}_table", nu__lower(op->model_name));
}

const nu__operation_type nu__alter_table_type = {
    NU_ALTER_MODEL_TABLE, "AlterModelTable", '~',         table_state,
    table_forwards,       table_backwards,   table_words, table_fragment,
};
