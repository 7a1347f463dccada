#include "db/migrations/linter.h"

#include "core/buf.h"
#include "db/migrations/writer.h"

#include <string.h>

typedef struct linting {
    const nu_migration *migration;
    nu__project_state *before; /* the migration */
    nu__project_state *state;  /* before the operation */
} linting;

/* ---- what is asked of an operation --------------------------------------------------------- */

static const nu_field *old_field(const linting *l, const nu_operation *op)
{
    const nu_model *model = nu__state_find(l->state, l->migration->app_label, op->model_name);

    return model ? nu__model_field_def(model, nu__operation_field(op)) : NULL;
}

static bool always(const linting *l, const nu_operation *op)
{
    (void)l;
    (void)op;
    return true;
}

/* Its column is not null, and the database gives the running code's INSERTs no value. */
static bool breaks_inserts(const linting *l, const nu_operation *op)
{
    (void)l;
    return op->field->type != NU_MANY_TO_MANY_FIELD && !op->field->null &&
           !op->field->db_default.kind && !op->field->expression;
}

/* Rows each get a value of their own. */
static bool fills_rows(const linting *l, const nu_operation *op)
{
    (void)l;
    return op->field->default_call != NULL || (op->field->expression && op->field->db_persist);
}

static bool is_unique(const linting *l, const nu_operation *op)
{
    (void)l;
    return op->field->unique || op->field->type == NU_ONE_TO_ONE_FIELD;
}

static bool becomes_not_null(const linting *l, const nu_operation *op)
{
    const nu_field *old = old_field(l, op);

    return old && old->null && !op->field->null;
}

static bool becomes_unique(const linting *l, const nu_operation *op)
{
    const nu_field *old = old_field(l, op);

    return old && !old->unique && op->field->unique;
}

static bool has_index(const linting *l, const nu_operation *op)
{
    (void)l;
    return nu__field_has_index(op->field);
}

static bool becomes_indexed(const linting *l, const nu_operation *op)
{
    const nu_field *old = old_field(l, op);

    return old && !nu__field_has_index(old) && nu__field_has_index(op->field);
}

static bool has_reference(const linting *l, const nu_operation *op)
{
    (void)l;
    return nu__field_has_reference(op->field);
}

static bool becomes_reference(const linting *l, const nu_operation *op)
{
    const nu_field *old = old_field(l, op);

    return old && !nu__field_has_reference(old) && nu__field_has_reference(op->field);
}

static bool is_rewritten(const linting *l, const nu_operation *op)
{
    const nu_field *old = old_field(l, op);

    return old && nu__column_change_of(old, op->field) == NU__COLUMN_REWRITTEN;
}

static bool gets_shorter(const linting *l, const nu_operation *op)
{
    const nu_field *old = old_field(l, op);

    return old && nu__column_change_of(old, op->field) == NU__COLUMN_SHORTER;
}

/* AlterOrderWithRespectTo makes a column that counts, or drops it. */
static bool gets_order(const linting *l, const nu_operation *op)
{
    (void)l;
    return op->name != NULL;
}

static bool loses_order(const linting *l, const nu_operation *op)
{
    return !gets_order(l, op);
}

static bool has_no_reverse(const linting *l, const nu_operation *op)
{
    (void)l;
    return !nu__operation_is_reversible(op);
}

/* In one transaction with changes of the schema, whose locks last as long as the code does. */
static bool keeps_locks(const linting *l, const nu_operation *op)
{
    if (l->migration->non_atomic)
        return false;
    for (const nu_operation *other = l->migration->operations; other->kind; other++)
        if (other != op && other->kind != NU_RUN_C && other->kind != NU_RUN_SQL)
            return true;
    return false;
}

/* ---- the rows ------------------------------------------------------------------------------ */

static const struct {
    nu_operation_kind kind;
    bool (*is_met)(const linting *l, const nu_operation *op);
    const char *id, *danger, *instead;
} rules[] = {
    { NU_DELETE_MODEL, always, "migrations.W101",
      "drops a table with its rows, which the code that is still running may read",
      "1. deploy code without the model, and SeparateDatabaseAndState(.state_operations = "
      "Operations(DeleteModel(…), { 0 })); 2. once no old process runs and the rows are kept "
      "elsewhere, drop the table in a migration of its own" },
    { NU_REMOVE_FIELD, always, "migrations.W102",
      "drops a column with its values, which the code that is still running reads and writes",
      "1. make the column null or give it a DbDefault(…), and deploy code that does not use the "
      "field; 2. remove the field in the next deploy" },
    { NU_RENAME_MODEL, always, "migrations.W103",
      "renames a table under the code that is still running",
      "keep the table by .db_table = the old name; or make the new model, write to both, copy the "
      "rows, and drop the old one later" },
    { NU_ALTER_MODEL_TABLE, always, "migrations.W103",
      "renames a table under the code that is still running",
      "keep the table, or put a view of the old name in its place until no old process runs" },
    { NU_RENAME_FIELD, always, "migrations.W104",
      "renames a column under the code that is still running",
      "keep the column by .db_column = the old name; or add the new field, write to both, copy the "
      "values in a RunC, and remove the old one in a later deploy" },
    { NU_ADD_FIELD, breaks_inserts, "migrations.W105",
      "adds a column that is not null, for which INSERTs of the code that is still running have no "
      "value",
      "give it a DbDefault(…) as well; or 1. add it with .null = true, 2. deploy code that fills "
      "it "
      "and a RunC for the old rows, 3. take .null away" },
    { NU_ADD_FIELD, fills_rows, "migrations.W106",
      "adds a column that is worked out for each row, which rewrites the table while it is locked",
      "1. add it with .null = true; 2. fill it in portions in a RunC of a .non_atomic migration; "
      "3. "
      "take .null away" },
    { NU_ADD_FIELD, is_unique, "migrations.W107",
      "adds a unique column, whose index is built while nobody can write",
      "1. add the column without .unique and fill it; 2. build the index with AddIndexConcurrently "
      "or outside of office hours; 3. make the field unique" },
    { NU_ALTER_FIELD, is_rewritten, "migrations.W108",
      "changes the type of a column, which rewrites the table while nobody can read it",
      "1. add a field of the new type; 2. deploy code that writes both, and copy in portions; 3. "
      "read the new one, and remove the old" },
    { NU_ALTER_FIELD, gets_shorter, "migrations.W109",
      "makes a column shorter: longer values are cut, or stop the migration",
      "find and mend the rows that are too long before, with a validator that keeps new ones "
      "short" },
    { NU_ALTER_FIELD, becomes_not_null, "migrations.W110",
      "makes a column not null: all rows are read while nobody can write, and INSERTs without it "
      "fail",
      "1. deploy code that always fills it; 2. fill the old rows in portions; 3. on PostgreSQL add "
      "and validate a check that it is not null; then take .null away" },
    { NU_ALTER_FIELD, becomes_unique, "migrations.W107",
      "makes a column unique, whose index is built while nobody can write",
      "build the index with AddIndexConcurrently before; look for equal values first" },
    { NU_ALTER_FIELD, becomes_indexed, "migrations.W111",
      "builds an index while nobody can write to the table",
      "use .indexes and AddIndexConcurrently(…) in a .non_atomic migration (PostgreSQL)" },
    { NU_ADD_FIELD, has_index, "migrations.W111",
      "adds a column with an index, which is built while nobody can write to the table",
      "add it without an index (a ForeignKey with .no_db_index = true), and then "
      "AddIndexConcurrently(…) in a .non_atomic migration (PostgreSQL)" },
    { NU_ADD_FIELD, has_reference, "migrations.W112",
      "checks the rows of two tables against each other while nobody can write to either",
      "1. add it with .no_db_constraint = true; 2. take that away once the rows are right and "
      "few people write" },
    { NU_ALTER_FIELD, becomes_reference, "migrations.W112",
      "checks the rows of two tables against each other while nobody can write to either, and "
      "fails when one refers to nothing",
      "mend the rows that refer to nothing first; do it when few people write" },
    { NU_ALTER_ORDER_WITH_RESPECT_TO, gets_order, "migrations.W105",
      "adds the column _order, for which INSERTs of the code that is still running have no value",
      "1. let RunSQL give the column a default in the database, in the same migration; 2. take "
      "it away once no old process runs" },
    { NU_ALTER_ORDER_WITH_RESPECT_TO, loses_order, "migrations.W102",
      "drops the column _order with its values, which the code that is still running reads and "
      "writes",
      "1. deploy code without the order, and SeparateDatabaseAndState(.state_operations = …); 2. "
      "drop the column in the next deploy" },
    { NU_ADD_INDEX, always, "migrations.W111",
      "builds an index while nobody can write to the table",
      "AddIndexConcurrently(…) in a .non_atomic migration (PostgreSQL; MariaDB builds it beside "
      "the writers by itself)" },
    { NU_ADD_CONSTRAINT, always, "migrations.W112",
      "checks all rows against a constraint while nobody can write to the table, and fails when "
      "one "
      "does not meet it",
      "1. mend the rows that do not meet it; 2. on PostgreSQL AddConstraintNotValid(…), and then "
      "ValidateConstraint(…) in a migration of its own" },
    { NU_ALTER_UNIQUE_TOGETHER, always, "migrations.W112",
      "checks all rows against a constraint while nobody can write to the table, and fails when "
      "one "
      "does not meet it",
      "look for equal rows first; build the unique index beside the writers where the database "
      "can" },
    { NU_RUN_C, keeps_locks, "migrations.W113",
      "runs code in the transaction that changed the schema: its locks last as long",
      "put it into a migration of its own" },
    { NU_RUN_SQL, has_no_reverse, "migrations.W114", "cannot be taken back",
      "give it .reverse_sql, or RunSQL_noop when there is nothing to take back" },
    { NU_RUN_C, has_no_reverse, "migrations.W114", "cannot be taken back",
      "give it RunC_reverse(…), or RunC_noop when there is nothing to take back" },
};

/* ---- going through a migration ------------------------------------------------------------- */

/* A change of a table that was there before the migration; of code and SQL, always. */
static bool is_of_old_table(const linting *l, const nu_operation *op)
{
    const char *name = nu__operation_model(op);
    const nu_model *model = name ? nu__state_find(l->before, l->migration->app_label, name) : NULL;

    return !name || (model && !model->unmanaged && !model->proxy);
}

static nu_dict *danger(const linting *l, const nu_operation *op, size_t rule)
{
    return NU_DICT(
        ("id", rules[rule].id), ("level", "warning"),
        ("msg", nu_fmt("{}: {}.", nu__operation_type_of(op)->describe(op), rules[rule].danger)),
        ("hint", nu_fmt("{}. Where that is known: .reviewed = true.", rules[rule].instead)),
        ("object", nu_fmt("{}.{}", l->migration->app_label, l->migration->name)));
}

static void lint(const linting *l, const nu_operation *op, nu_list *out)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].kind == op->kind && is_of_old_table(l, op) && rules[i].is_met(l, op))
            nu_list_append(out, danger(l, op, i));
    for (const nu_operation *part = op->database_operations; part && part->kind; part++)
        lint(l, part, out);
}

nu_list *nu__lint_migration(const nu_migration *migration, nu__project_state *state)
{
    linting l = { migration, nu__state_copy(state), state };
    nu_list *out = nu_list_new();

    for (const nu_operation *op = migration->operations; op && op->kind; op++) {
        if (!migration->reviewed)
            lint(&l, op, out);
        nu__operation_type_of(op)->state(state, migration->app_label, op);
    }
    return out;
}

nu_str nu__danger_text(const nu_dict *danger)
{
    return nu_fmt("  {}: ({}) {}\n    Instead: {}", nu_item(danger, "object"),
                  nu_item(danger, "id"), nu_item(danger, "msg"), nu_item(danger, "hint"));
}
