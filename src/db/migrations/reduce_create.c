/* What a CreateModel takes in of the operations that follow it. */
#include "db/migrations/reduce.h"
#include "db/migrations/writer.h"

#include <string.h>

static nu__reduction create(const nu_model *model)
{
    return (nu__reduction){ .kind = NU__REDUCED,
                            .n = 1,
                            .operations = { { .kind = NU_CREATE_MODEL, .model = model } } };
}

static size_t position(const nu_model *model, const char *name)
{
    size_t i = 0, n = nu__model_field_count(model);

    while (i < n && !nu__same_name(model->fields[i]->name, name))
        i++;
    return i;
}

/* ---- fields -------------------------------------------------------------------------------- */

static void add_field(nu_model *model, const nu_operation *op)
{
    size_t n = nu__model_field_count(model);

    if (n + 1 == sizeof model->fields / sizeof *model->fields)
        nu_raise(NU_MIGRATION_ERROR, "{} would have more than {} fields", model->name, n);
    model->fields[n] = op->field;
}

static void alter_field(nu_model *model, const nu_operation *op)
{
    size_t at = position(model, op->field->name);

    if (model->fields[at])
        model->fields[at] = op->field;
}

/* The sets of unique_together without a field; those that it leaves empty go. */
static void forget_in_sets(nu_model *model, const char *name)
{
    size_t n = 0;

    for (size_t i = 0; i < 4; i++) {
        const char *kept[8] = { NULL };
        size_t m = 0;

        for (size_t k = 0; k < 8 && model->unique_together[i][k]; k++)
            if (!nu__same_name(model->unique_together[i][k], name))
                kept[m++] = model->unique_together[i][k];
        memset(model->unique_together[i], 0, sizeof model->unique_together[i]);
        if (m)
            memcpy(model->unique_together[n++], kept, sizeof kept);
    }
}

static void remove_field(nu_model *model, const nu_operation *op)
{
    size_t at = position(model, op->name), n = nu__model_field_count(model);

    if (at == n)
        return;
    memmove(&model->fields[at], &model->fields[at + 1], (n - at - 1) * sizeof *model->fields);
    model->fields[n - 1] = NULL;
    forget_in_sets(model, op->name);
    if (nu__same_name(model->order_with_respect_to, op->name))
        model->order_with_respect_to = NULL;
}

static void rename_field(nu_model *model, const nu_operation *op)
{
    size_t at = position(model, op->name);
    nu_field *field;

    if (!model->fields[at])
        return;
    field = nu__field_def_copy(model->fields[at]);
    field->name = op->new_name;
    model->fields[at] = field;
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 8 && model->unique_together[i][k]; k++)
            if (!strcmp(model->unique_together[i][k], op->name))
                model->unique_together[i][k] = op->new_name;
    if (nu__same_text(model->order_with_respect_to, op->name))
        model->order_with_respect_to = op->new_name;
}

/* ---- options, indexes, constraints --------------------------------------------------------- */

static void rename_model(nu_model *model, const nu_operation *op)
{
    model->name = op->new_name;
}

static void alter_options(nu_model *model, const nu_operation *op)
{
    nu__copy_options(model, op->model);
}

static void alter_table(nu_model *model, const nu_operation *op)
{
    model->db_table = op->name;
}

static void alter_comment(nu_model *model, const nu_operation *op)
{
    model->db_table_comment = op->name;
}

static void alter_unique(nu_model *model, const nu_operation *op)
{
    memcpy(model->unique_together, op->unique_together, sizeof model->unique_together);
}

static void alter_order(nu_model *model, const nu_operation *op)
{
    model->order_with_respect_to = op->name;
}

static void add_index(nu_model *model, const nu_operation *op)
{
    size_t n = 0;

    while (n < 15 && nu__index_is_there(&model->indexes[n]))
        n++;
    model->indexes[n] = op->index;
}

static void remove_index(nu_model *model, const nu_operation *op)
{
    size_t n = 0;

    for (size_t i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++)
        if (!nu__same_text(model->indexes[i].name, op->name))
            model->indexes[n++] = model->indexes[i];
    if (n < 16)
        memset(&model->indexes[n], 0, sizeof model->indexes[n]);
}

static void add_constraint(nu_model *model, const nu_operation *op)
{
    size_t n = 0;

    while (n < 15 && model->constraints[n].name)
        n++;
    model->constraints[n] = op->constraint;
}

static void remove_constraint(nu_model *model, const nu_operation *op)
{
    size_t n = 0;

    for (size_t i = 0; i < 16 && model->constraints[i].name; i++)
        if (!nu__same_text(model->constraints[i].name, op->name))
            model->constraints[n++] = model->constraints[i];
    if (n < 16)
        memset(&model->constraints[n], 0, sizeof model->constraints[n]);
}

static void (*const changes[NU_OPERATION_KIND_COUNT])(nu_model *model, const nu_operation *op) = {
    [NU_RENAME_MODEL] = rename_model,
    [NU_ALTER_MODEL_OPTIONS] = alter_options,
    [NU_ALTER_MODEL_TABLE] = alter_table,
    [NU_ALTER_MODEL_TABLE_COMMENT] = alter_comment,
    [NU_ALTER_UNIQUE_TOGETHER] = alter_unique,
    [NU_ALTER_ORDER_WITH_RESPECT_TO] = alter_order,
    [NU_ADD_FIELD] = add_field,
    [NU_ALTER_FIELD] = alter_field,
    [NU_REMOVE_FIELD] = remove_field,
    [NU_RENAME_FIELD] = rename_field,
    [NU_ADD_INDEX] = add_index,
    [NU_ADD_INDEX_CONCURRENTLY] = add_index,
    [NU_REMOVE_INDEX] = remove_index,
    [NU_REMOVE_INDEX_CONCURRENTLY] = remove_index,
    [NU_ADD_CONSTRAINT] = add_constraint,
    [NU_ADD_CONSTRAINT_NOT_VALID] = add_constraint,
    [NU_ADD_CONSTRAINT_CONCURRENTLY] = add_constraint,
    [NU_REMOVE_CONSTRAINT] = remove_constraint,
};

/* A model holds 15 of each. */
static bool has_room(const nu_model *model, const nu_operation *op)
{
    if (changes[op->kind] == add_index)
        return !nu__index_is_there(&model->indexes[14]);
    return changes[op->kind] != add_constraint || !model->constraints[14].name;
}

nu__reduction nu__reduce_create(const nu_operation *op, const nu_operation *other)
{
    nu_model *model;

    if (!other->model_name || !nu__same_name(op->model->name, other->model_name))
        return (nu__reduction){ .kind = NU__BARRIER };
    if (other->kind == NU_DELETE_MODEL && !op->model->proxy)
        return (nu__reduction){ .kind = NU__REDUCED };
    if (!changes[other->kind] || !has_room(op->model, other))
        return (nu__reduction){ .kind = NU__BARRIER };
    model = nu__model_def_copy(op->model);
    changes[other->kind](model, other);
    return create(model);
}
