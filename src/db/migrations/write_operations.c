/* Operations as C text. */
#include "db/migrations/operations.h"
#include "db/migrations/writer_int.h"

#include <string.h>

static const char indent[] = "                ";

static void write_all_fields(nu__buf *out, const nu_model *model)
{
    if (!model->fields[0])
        return;
    nu__buf_fmt(out, ",\n{}.fields = {{\n", indent);
    for (size_t i = 0; i < nu__model_field_count(model); i++) {
        nu__buf_fmt(out, "{}    ", indent);
        nu__write_field(out, model->fields[i]);
        nu__buf_lit(out, ",\n");
    }
    nu__buf_fmt(out, "{}}}", indent);
}

static void write_indexes(nu__buf *out, const nu_model *model)
{
    if (!nu__index_is_there(&model->indexes[0]))
        return;
    nu__buf_fmt(out, ",\n{}.indexes = {{\n", indent);
    for (size_t i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++) {
        nu__buf_fmt(out, "{}    ", indent);
        nu__write_index(out, &model->indexes[i]);
        nu__buf_lit(out, ",\n");
    }
    nu__buf_fmt(out, "{}}}", indent);
}

static void write_constraints(nu__buf *out, const nu_model *model)
{
    if (!model->constraints[0].name)
        return;
    nu__buf_fmt(out, ",\n{}.constraints = {{\n", indent);
    for (size_t i = 0; i < 16 && model->constraints[i].name; i++) {
        nu__buf_fmt(out, "{}    ", indent);
        nu__write_constraint(out, &model->constraints[i]);
        nu__buf_lit(out, ",\n");
    }
    nu__buf_fmt(out, "{}}}", indent);
}

static void write_create(nu__buf *out, const nu_operation *op)
{
    const nu_model *model = op->model;

    nu__buf_lit(out, "CreateModel(.name = ");
    nu__write_string(out, model->name);
    write_all_fields(out, model);
    nu__write_model_text(out, indent, "db_table", model->db_table);
    nu__write_model_text(out, indent, "db_table_comment", model->db_table_comment);
    nu__write_model_text(out, indent, "db_tablespace", model->db_tablespace);
    nu__write_model_text(out, indent, "swappable", model->swappable);
    nu__write_model_text(out, indent, "required_db_vendor", model->required_db_vendor);
    nu__write_model_names(out, indent, "required_db_features", model->required_db_features, 8);
    nu__write_model_names(out, indent, "bases_by_name", model->bases_by_name, 4);
    if (model->proxy)
        nu__buf_fmt(out, ",\n{}.proxy = true", indent);
    nu__write_options(out, model, indent);
    if (model->unique_together[0][0]) {
        nu__buf_fmt(out, ",\n{}.unique_together = {{ ", indent);
        nu__write_unique_together(out, model->unique_together);
        nu__buf_lit(out, " }");
    }
    nu__write_model_text(out, indent, "order_with_respect_to", model->order_with_respect_to);
    write_indexes(out, model);
    write_constraints(out, model);
    nu__buf_char(out, ')');
}

/* ---- what stands after the model ----------------------------------------------------------- */

static void write_field(nu__buf *out, const nu_operation *op)
{
    nu__buf_lit(out, ", ");
    nu__write_field(out, op->field);
    nu__write_flag(out, "one_off_default", op->one_off_default);
}

static void write_name(nu__buf *out, const nu_operation *op)
{
    nu__buf_lit(out, ", ");
    if (op->name)
        nu__write_string(out, op->name);
    else
        nu__buf_lit(out, "NULL");
}

static void write_new_name(nu__buf *out, const nu_operation *op)
{
    nu__buf_lit(out, ", ");
    nu__write_string(out, op->new_name);
}

static void write_both_names(nu__buf *out, const nu_operation *op)
{
    write_name(out, op);
    write_new_name(out, op);
}

static void write_options(nu__buf *out, const nu_operation *op)
{
    nu__write_options(out, op->model, "                  ");
}

static void write_unique(nu__buf *out, const nu_operation *op)
{
    if (op->unique_together[0][0])
        nu__buf_lit(out, ", ");
    nu__write_unique_together(out, op->unique_together);
}

static void write_index(nu__buf *out, const nu_operation *op)
{
    nu__buf_lit(out, ", ");
    nu__write_index(out, &op->index);
}

static void write_constraint(nu__buf *out, const nu_operation *op)
{
    nu__buf_lit(out, ", ");
    nu__write_constraint(out, &op->constraint);
}

static void write_collation(nu__buf *out, const nu_operation *op)
{
    nu__buf_lit(out, ", ");
    nu__write_string(out, op->locale);
    nu__write_text_option(out, "provider", op->provider);
    nu__write_flag(out, "nondeterministic", op->nondeterministic);
}

static void write_nothing(nu__buf *out, const nu_operation *op)
{
    (void)out;
    (void)op;
}

static void (*const rest_of[NU_OPERATION_KIND_COUNT])(nu__buf *out, const nu_operation *op) = {
    [NU_DELETE_MODEL] = write_nothing,
    [NU_RENAME_MODEL] = write_new_name,
    [NU_ALTER_MODEL_TABLE] = write_name,
    [NU_ALTER_MODEL_TABLE_COMMENT] = write_name,
    [NU_ALTER_MODEL_OPTIONS] = write_options,
    [NU_ALTER_UNIQUE_TOGETHER] = write_unique,
    [NU_ALTER_ORDER_WITH_RESPECT_TO] = write_name,
    [NU_ADD_FIELD] = write_field,
    [NU_REMOVE_FIELD] = write_name,
    [NU_ALTER_FIELD] = write_field,
    [NU_RENAME_FIELD] = write_both_names,
    [NU_ADD_INDEX] = write_index,
    [NU_REMOVE_INDEX] = write_name,
    [NU_RENAME_INDEX] = write_both_names,
    [NU_ADD_INDEX_CONCURRENTLY] = write_index,
    [NU_REMOVE_INDEX_CONCURRENTLY] = write_name,
    [NU_ADD_CONSTRAINT] = write_constraint,
    [NU_REMOVE_CONSTRAINT] = write_name,
    [NU_ALTER_CONSTRAINT] = write_constraint,
    [NU_CREATE_EXTENSION] = write_nothing,
    [NU_CREATE_COLLATION] = write_collation,
    [NU_REMOVE_COLLATION] = write_collation,
    [NU_ADD_CONSTRAINT_NOT_VALID] = write_constraint,
    [NU_ADD_CONSTRAINT_CONCURRENTLY] = write_constraint,
    [NU_VALIDATE_CONSTRAINT] = write_name,
};

/* ---- operations of one's own --------------------------------------------------------------- */

static void write_sql(nu__buf *out, const nu_operation *op)
{
    nu__buf_lit(out, "RunSQL(");
    nu__write_string(out, op->sql);
    nu__write_text_option(out, "reverse_sql", op->reverse_sql);
    nu__write_flag(out, "elidable", op->elidable);
    nu__buf_char(out, ')');
}

static void write_code(nu__buf *out, const nu_operation *op)
{
    nu__buf_fmt(out, "RunC({}", op->code_name);
    if (op->reverse_code_name)
        nu__buf_fmt(out, ", RunC_reverse({})", op->reverse_code_name);
    nu__write_flag(out, "elidable", op->elidable);
    nu__buf_char(out, ')');
}

/* A list inside of an operation, on lines of its own. */
static void write_parts(nu__buf *out, const char *name, const nu_operation *parts)
{
    if (!parts)
        return;
    nu__buf_fmt(out, ".{} = Operations(\n", name);
    for (; parts->kind; parts++) {
        nu__buf_fmt(out, "{}    ", indent);
        nu__write_operation(out, parts);
        nu__buf_lit(out, ",\n");
    }
    nu__buf_fmt(out, "{}    {{ 0 }})", indent);
}

static void write_separate(nu__buf *out, const nu_operation *op)
{
    nu__buf_lit(out, "SeparateDatabaseAndState(");
    write_parts(out, "database_operations", op->database_operations);
    if (op->database_operations && op->state_operations)
        nu__buf_lit(out, ", ");
    write_parts(out, "state_operations", op->state_operations);
    nu__buf_char(out, ')');
}

void nu__write_operation(nu__buf *out, const nu_operation *op)
{
    if (op->kind == NU_CREATE_MODEL) {
        write_create(out, op);
    } else if (op->kind == NU_RUN_SQL) {
        write_sql(out, op);
    } else if (op->kind == NU_RUN_C) {
        write_code(out, op);
    } else if (op->kind == NU_SEPARATE_DATABASE_AND_STATE) {
        write_separate(out, op);
    } else {
        nu__buf_fmt(out, "{}(", nu__operation_type_of(op)->name);
        nu__write_string(out, op->model_name ? op->model_name : op->name);
        rest_of[op->kind](out, op);
        nu__buf_char(out, ')');
    }
}
