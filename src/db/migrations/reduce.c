#include "db/migrations/reduce.h"

#include <string.h>

/* ---- rules ---------------------------------------------------------------------------------- */

static nu__reduction none(void)
{
    return (nu__reduction){ .kind = NU__BARRIER };
}

static nu__reduction nothing_left(void)
{
    return (nu__reduction){ .kind = NU__REDUCED };
}

static nu__reduction one(nu_operation op)
{
    return (nu__reduction){ .kind = NU__REDUCED, .operations = { op }, .n = 1 };
}

static bool is_same_model(const nu_operation *op, const nu_operation *other)
{
    return nu__same_name(op->model_name, other->model_name);
}

static bool is_same_field(const nu_operation *op, const nu_operation *other)
{
    return nu__is_field_operation(other) && is_same_model(op, other) &&
           nu__same_name(nu__operation_field(op), nu__operation_field(other));
}

static const nu_field *renamed(const nu_field *field, const char *name)
{
    nu_field *copy = nu__field_def_copy(field);

    copy->name = name;
    return copy;
}

static nu__reduction reduce_rename_model(const nu_operation *op, const nu_operation *other)
{
    nu_operation both = *op;

    if (other->kind != NU_RENAME_MODEL || !nu__same_name(op->new_name, other->model_name))
        return none();
    both.new_name = other->new_name;
    return one(both);
}

/* Two of a kind on one model: the later one holds. */
static nu__reduction reduce_option(const nu_operation *op, const nu_operation *other)
{
    if ((other->kind == op->kind || other->kind == NU_DELETE_MODEL) && is_same_model(op, other))
        return one(*other);
    return none();
}

static nu__reduction reduce_add_field(const nu_operation *op, const nu_operation *other)
{
    nu_operation both = { .kind = NU_ADD_FIELD, .model_name = op->model_name };

    if (!is_same_field(op, other))
        return none();
    if (other->kind == NU_REMOVE_FIELD)
        return nothing_left();
    if (other->kind == NU_ALTER_FIELD)
        both.field = other->field;
    else if (other->kind == NU_RENAME_FIELD)
        both.field = renamed(op->field, other->new_name);
    else
        return none();
    return one(both);
}

static nu__reduction reduce_remove_field(const nu_operation *op, const nu_operation *other)
{
    if (other->kind == NU_DELETE_MODEL && is_same_model(op, other))
        return one(*other);
    return none();
}

static nu__reduction reduce_alter_field(const nu_operation *op, const nu_operation *other)
{
    if (!is_same_field(op, other))
        return none();
    if (other->kind == NU_ALTER_FIELD || other->kind == NU_REMOVE_FIELD)
        return one(*other);
    if (other->kind == NU_RENAME_FIELD && !op->field->db_column)
        return (
            nu__reduction){ .kind = NU__REDUCED,
                            .n = 2,
                            .operations = { *other,
                                            { .kind = NU_ALTER_FIELD,
                                              .model_name = op->model_name,
                                              .field = renamed(op->field, other->new_name) } } };
    return none();
}

static nu__reduction reduce_rename_field(const nu_operation *op, const nu_operation *other)
{
    nu_operation both = *op;

    if (other->kind != NU_RENAME_FIELD || !is_same_model(op, other) ||
        !nu__same_name(op->new_name, other->name))
        return none();
    both.new_name = other->new_name;
    return one(both);
}

static nu__reduction reduce_add_index(const nu_operation *op, const nu_operation *other)
{
    nu_operation both = *op;
    bool removes = other->kind == NU_REMOVE_INDEX || other->kind == NU_REMOVE_INDEX_CONCURRENTLY;

    if (removes && nu__same_text(op->index.name, other->name))
        return nothing_left();
    if (other->kind != NU_RENAME_INDEX || !nu__same_text(op->index.name, other->name))
        return none();
    both.index.name = other->new_name;
    return one(both);
}

static nu__reduction reduce_rename_index(const nu_operation *op, const nu_operation *other)
{
    nu_operation both = *op;

    if (other->kind != NU_RENAME_INDEX || !is_same_model(op, other) ||
        !nu__same_name(op->new_name, other->name))
        return none();
    both.new_name = other->new_name;
    return one(both);
}

static nu__reduction reduce_add_constraint(const nu_operation *op, const nu_operation *other)
{
    nu_operation both = *op;

    if (!is_same_model(op, other))
        return none();
    if (other->kind == NU_REMOVE_CONSTRAINT && nu__same_text(op->constraint.name, other->name))
        return nothing_left();
    if (other->kind != NU_ALTER_CONSTRAINT ||
        !nu__same_text(op->constraint.name, other->constraint.name))
        return none();
    both.constraint = other->constraint;
    return one(both);
}

static nu__reduction reduce_alter_constraint(const nu_operation *op, const nu_operation *other)
{
    bool same =
        is_same_model(op, other) &&
        nu__same_text(op->constraint.name,
                      other->kind == NU_REMOVE_CONSTRAINT ? other->name : other->constraint.name);

    if (same && (other->kind == NU_REMOVE_CONSTRAINT || other->kind == NU_ALTER_CONSTRAINT))
        return one(*other);
    return none();
}

/* What stands for itself: neither moved, nor merged. */
static nu__reduction reduce_not(const nu_operation *op, const nu_operation *other)
{
    (void)op;
    (void)other;
    return none();
}

/* A collation that goes again was never needed. */
static nu__reduction reduce_collation(const nu_operation *op, const nu_operation *other)
{
    if (other->kind == NU_REMOVE_COLLATION && nu__same_text(op->name, other->name))
        return (nu__reduction){ .kind = NU__REDUCED };
    return none();
}

static nu__reduction (*const rules[NU_OPERATION_KIND_COUNT])(const nu_operation *op,
                                                             const nu_operation *other) = {
    [NU_CREATE_MODEL] = nu__reduce_create,
    [NU_DELETE_MODEL] = reduce_not,
    [NU_RENAME_MODEL] = reduce_rename_model,
    [NU_ALTER_MODEL_TABLE] = reduce_option,
    [NU_ALTER_MODEL_TABLE_COMMENT] = reduce_option,
    [NU_ALTER_MODEL_OPTIONS] = reduce_option,
    [NU_ALTER_UNIQUE_TOGETHER] = reduce_option,
    [NU_ALTER_ORDER_WITH_RESPECT_TO] = reduce_option,
    [NU_ADD_FIELD] = reduce_add_field,
    [NU_REMOVE_FIELD] = reduce_remove_field,
    [NU_ALTER_FIELD] = reduce_alter_field,
    [NU_RENAME_FIELD] = reduce_rename_field,
    [NU_ADD_INDEX] = reduce_add_index,
    [NU_REMOVE_INDEX] = reduce_not,
    [NU_RENAME_INDEX] = reduce_rename_index,
    [NU_ADD_INDEX_CONCURRENTLY] = reduce_add_index,
    [NU_REMOVE_INDEX_CONCURRENTLY] = reduce_not,
    [NU_ADD_CONSTRAINT] = reduce_add_constraint,
    [NU_REMOVE_CONSTRAINT] = reduce_not,
    [NU_ALTER_CONSTRAINT] = reduce_alter_constraint,
    [NU_RUN_SQL] = reduce_not,
    [NU_RUN_C] = reduce_not,
    [NU_SEPARATE_DATABASE_AND_STATE] = reduce_not,
    [NU_CREATE_EXTENSION] = reduce_not,
    [NU_CREATE_COLLATION] = reduce_collation,
    [NU_REMOVE_COLLATION] = reduce_not,
    [NU_ADD_CONSTRAINT_NOT_VALID] = reduce_add_constraint,
    [NU_ADD_CONSTRAINT_CONCURRENTLY] = reduce_add_constraint,
    [NU_VALIDATE_CONSTRAINT] = reduce_not,
};

/* ---- what may stand between ----------------------------------------------------------------- */

/* A relation must be made before its model is called otherwise: it has the old name. Django lets it
   by, and so leaves relations that lead nowhere. */
static bool names_renamed(const nu_operation *op, const nu_operation *other, const char *app)
{
    return other->kind == NU_RENAME_MODEL &&
           (op->kind == NU_CREATE_MODEL || nu__is_field_operation(op)) &&
           nu__references_model(op, other->model_name, app);
}

static bool is_through(const nu_operation *op, const nu_operation *other, const char *app)
{
    if (names_renamed(op, other, app))
        return false;
    switch (op->kind) {
    case NU_CREATE_MODEL:
        return !nu__references_model(other, op->model->name, app);
    case NU_RENAME_MODEL:
        return !nu__references_model(other, op->new_name, app);
    case NU_DELETE_MODEL:
    case NU_ALTER_MODEL_TABLE:
    case NU_ALTER_MODEL_TABLE_COMMENT:
    case NU_ALTER_MODEL_OPTIONS:
    case NU_ALTER_UNIQUE_TOGETHER:
    case NU_ALTER_ORDER_WITH_RESPECT_TO:
        return !nu__references_model(other, op->model_name, app);
    case NU_ADD_FIELD:
    case NU_REMOVE_FIELD:
    case NU_ALTER_FIELD:
        return !nu__references_field(other, op->model_name, nu__operation_field(op), app);
    case NU_RENAME_FIELD:
        return !nu__references_field(other, op->model_name, op->name, app) &&
               !nu__references_field(other, op->model_name, op->new_name, app);
    default:
        return false;
    }
}

nu__reduction nu__reduce(const nu_operation *op, const nu_operation *other, const char *app)
{
    nu__reduction found = rules[op->kind](op, other);

    if (found.kind == NU__REDUCED)
        return found;
    if (op->elidable)
        return one(*other);
    if (other->elidable)
        return one(*op);
    found.kind = is_through(op, other, app) ? NU__THROUGH : NU__BARRIER;
    return found;
}
