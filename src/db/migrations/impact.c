/* What an operation means for those who use its table meanwhile: for `migrate --plan`. */
#include "db/migrations/linter.h"

#include "db/migrations/writer.h"

#include <string.h>

/* How much of a table an operation touches. */
typedef enum impact {
    IMPACT_NAME,    /* the catalogue only */
    IMPACT_READ,    /* all rows are read: an index, a constraint */
    IMPACT_REWRITE, /* all rows are written again */
    IMPACT_BESIDE,  /* beside those who read and write */
    IMPACT_COUNT,
} impact;

static const char *const words[NU__DIALECT_COUNT][IMPACT_COUNT] = {
    [NU__SQLITE] = { "locks the database for a moment",
                     "locks the database for writing while all rows are read",
                     "locks the database for writing while the table is made anew",
                     "locks the database for writing while all rows are read" },
    [NU__POSTGRESQL] = { "ACCESS EXCLUSIVE for a moment: waits for all who use the table",
                         "SHARE: writing waits while all rows are read",
                         "ACCESS EXCLUSIVE while the table is written again: reading and writing "
                         "wait",
                         "none: reading and writing go on" },
    [NU__MYSQL] = { "metadata lock for a moment: waits for all who use the table",
                    "none: reading and writing go on while all rows are read",
                    "writing waits while the table is copied",
                    "none: reading and writing go on while all rows are read" },
};

/* An index or a constraint more, or a null less, has all rows looked at. */
static bool is_looked_through(const nu_field *old, const nu_field *field)
{
    return (old->null && !field->null) || old->unique != field->unique ||
           (!nu__field_has_index(old) && nu__field_has_index(field)) ||
           (!nu__field_has_reference(old) && nu__field_has_reference(field));
}

static impact impact_of_alter(const nu__operation_run *run, const nu_operation *op)
{
    const nu_model *model = nu__state_find(run->before, run->app, op->model_name);
    const nu_field *old = model ? nu__model_field_def(model, op->field->name) : NULL;
    nu__column_change change = old ? nu__column_change_of(old, op->field) : NU__COLUMN_KEPT;

    if (change >= NU__COLUMN_SHORTER)
        return IMPACT_REWRITE;
    return old && is_looked_through(old, op->field) ? IMPACT_READ : IMPACT_NAME;
}

static impact impact_of_add(const nu_field *field)
{
    if (field->default_call || field->unique)
        return IMPACT_REWRITE;
    return nu__field_has_index(field) || nu__field_has_reference(field) ? IMPACT_READ : IMPACT_NAME;
}

static impact impact_of(const nu__operation_run *run, const nu_operation *op)
{
    switch (op->kind) {
    case NU_ALTER_FIELD:
        return impact_of_alter(run, op);
    case NU_ADD_FIELD:
        return impact_of_add(op->field);
    case NU_ADD_INDEX:
    case NU_ADD_CONSTRAINT:
    case NU_ALTER_UNIQUE_TOGETHER:
        return IMPACT_READ;
    case NU_ADD_INDEX_CONCURRENTLY:
    case NU_REMOVE_INDEX_CONCURRENTLY:
        return IMPACT_BESIDE;
    default:
        return IMPACT_NAME;
    }
}

/* SQLite alters little in place: whatever its column says otherwise, and each constraint of the
 * table. */
static bool changes_declaration(const nu__operation_run *run, const nu_operation *op, impact impact)
{
    const nu_model *model = nu__state_find(run->before, run->app, op->model_name);
    const nu_field *old = model ? nu__model_field_def(model, op->field->name) : NULL;

    return impact != IMPACT_NAME ||
           (old && (old->null != op->field->null ||
                    nu__column_change_of(old, op->field) != NU__COLUMN_KEPT));
}

static impact on_sqlite(const nu__operation_run *run, const nu_operation *op, impact impact)
{
    switch (op->kind) {
    case NU_ALTER_FIELD:
        return changes_declaration(run, op, impact) ? IMPACT_REWRITE : impact;
    case NU_ADD_CONSTRAINT:
    case NU_REMOVE_CONSTRAINT:
        return IMPACT_REWRITE;
    case NU_ADD_FIELD:
        return op->field->null ? impact : IMPACT_REWRITE;
    default:
        return impact;
    }
}

static bool is_for_database(const nu_operation *op)
{
    return op->kind != NU_CREATE_MODEL && op->kind != NU_ALTER_MODEL_OPTIONS &&
           op->kind != NU_ALTER_CONSTRAINT && op->kind != NU_SEPARATE_DATABASE_AND_STATE;
}

nu_str nu__operation_table(const nu__operation_run *run, const nu_operation *op)
{
    const char *name = nu__operation_model(op);

    if (!name || !is_for_database(op) || !nu__operation_is_managed(run, op) ||
        !nu__state_find(run->before, run->app, name))
        return (nu_str){ NULL, 0 };
    return nu__state_info(run->before, run->app, name)->db_table;
}

nu_str nu__operation_locks(const nu__operation_run *run, const nu_operation *op)
{
    nu__dialect dialect = run->editor->backend->dialect;
    impact impact;

    if (nu_is_null(nu__operation_table(run, op)))
        return (nu_str){ NULL, 0 };
    impact = impact_of(run, op);
    if (dialect == NU__SQLITE)
        impact = on_sqlite(run, op, impact);
    return nu_s(words[dialect][impact]);
}
