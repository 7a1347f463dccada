/* Operations that change the options of a model. */
#include "db/migrations/operations_int.h"

#include "db/backends/schema.h"
#include "db/migrations/writer.h"

#include <string.h>

/* ---- AlterModelOptions --------------------------------------------------------------------- */

static void options_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__copy_options(nu__state_change(state, app, op->model_name), op->model);
}

static nu_str options_words(const nu_operation *op)
{
    return nu_fmt("Change Meta options on {}", nu__lower(op->model_name));
}

static nu_str options_fragment(const nu_operation *op)
{
    return nu_fmt("alter_{}_options", nu__lower(op->model_name));
}

const nu__operation_type nu__alter_options_type = {
    NU_ALTER_MODEL_OPTIONS, "AlterModelOptions",   '~',           options_state,
    nu__operation_nothing,  nu__operation_nothing, options_words, options_fragment,
};

/* ---- AlterModelTableComment ---------------------------------------------------------------- */

static void comment_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_change(state, app, op->model_name)->db_table_comment = op->name;
}

static void set_comment(const nu__operation_run *run, const nu__model_info *from,
                        const nu__model_info *to)
{
    nu__schema_alter_db_table_comment(run->editor, to, from->model->db_table_comment,
                                      to->model->db_table_comment);
}

static void comment_forwards(const nu__operation_run *run, const nu_operation *op)
{
    set_comment(run, nu__info_before(run, op->model_name), nu__info_after(run, op->model_name));
}

static void comment_backwards(const nu__operation_run *run, const nu_operation *op)
{
    set_comment(run, nu__info_after(run, op->model_name), nu__info_before(run, op->model_name));
}

static nu_str comment_words(const nu_operation *op)
{
    return nu_fmt("Alter {} table comment", nu__lower(op->model_name));
}

static nu_str comment_fragment(const nu_operation *op)
{
    return nu_fmt("alter_{}_table_comment", nu__lower(op->model_name));
}

const nu__operation_type nu__alter_comment_type = {
    NU_ALTER_MODEL_TABLE_COMMENT,
    "AlterModelTableComment",
    '~',
    comment_state,
    comment_forwards,
    comment_backwards,
    comment_words,
    comment_fragment,
};

/* ---- AlterUniqueTogether ------------------------------------------------------------------- */

static void unique_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);

    memcpy(model->unique_together, op->unique_together, sizeof model->unique_together);
}

static void unique_forwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *before = nu__state_find(run->before, run->app, op->model_name);

    nu__schema_alter_unique_together(run->editor, nu__info_after(run, op->model_name),
                                     before->unique_together, op->unique_together);
}

static void unique_backwards(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *before = nu__state_find(run->before, run->app, op->model_name);

    nu__schema_alter_unique_together(run->editor, nu__info_before(run, op->model_name),
                                     op->unique_together, before->unique_together);
}

static nu_str unique_words(const nu_operation *op)
{
    int64_t n = 0;

    while (n < 4 && op->unique_together[n][0])
        n++;
    return nu_fmt("Alter unique_together for {} ({} constraint(s))", nu__lower(op->model_name), n);
}

static nu_str unique_fragment(const nu_operation *op)
{
    return nu_fmt("alter_{}_unique_together", nu__lower(op->model_name));
}

const nu__operation_type nu__alter_unique_type = {
    NU_ALTER_UNIQUE_TOGETHER, "AlterUniqueTogether", '~',          unique_state,
    unique_forwards,          unique_backwards,      unique_words, unique_fragment,
};

/* ---- AlterOrderWithRespectTo --------------------------------------------------------------- */

static void order_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu__state_change(state, app, op->model_name)->order_with_respect_to = op->name;
}

/* The new column is filled with 0. */
static void add_order(const nu__operation_run *run, const nu__model_info *from,
                      const nu__field *field)
{
    nu__field *copy = nu_alloc(nu__field);
    nu_field *def = nu__field_def_copy(field->def);

    *copy = *field;
    def->default_ = (nu_default){ .kind = NU_KIND_INT, .i = 0 };
    copy->def = def;
    nu__schema_add_field(run->editor, from, copy);
}

static void set_order(const nu__operation_run *run, const nu__model_info *from,
                      const nu__model_info *to)
{
    const char *was = from->model->order_with_respect_to, *is = to->model->order_with_respect_to;

    if (was && !is)
        nu__schema_remove_field(run->editor, from, nu__info_field(from, "_order"));
    else if (is && !was)
        add_order(run, from, nu__info_field(to, "_order"));
}

static void order_forwards(const nu__operation_run *run, const nu_operation *op)
{
    set_order(run, nu__info_before(run, op->model_name), nu__info_after(run, op->model_name));
}

static void order_backwards(const nu__operation_run *run, const nu_operation *op)
{
    set_order(run, nu__info_after(run, op->model_name), nu__info_before(run, op->model_name));
}

static nu_str order_words(const nu_operation *op)
{
    return nu_fmt("Set order_with_respect_to on {} to {}", nu__lower(op->model_name),
                  op->name ? op->name : "None");
}

static nu_str order_fragment(const nu_operation *op)
{
    return nu_fmt("alter_{}_order_with_respect_to", nu__lower(op->model_name));
}

const nu__operation_type nu__alter_order_type = {
    NU_ALTER_ORDER_WITH_RESPECT_TO,
    "AlterOrderWithRespectTo",
    '~',
    order_state,
    order_forwards,
    order_backwards,
    order_words,
    order_fragment,
};
