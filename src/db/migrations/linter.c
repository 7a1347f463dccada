#include "db/migrations/linter.h"

#include "core/buf.h"
#include "db/migrations/linter_int.h"
#include "db/migrations/writer.h"

#include <string.h>

/* ---- the rows ------------------------------------------------------------------------------ */

#define FILL "fill the old rows in portions, by a RunC of a .non_atomic migration"
#define BY_ANOTHER_FIELD                                                                           \
    "1. add a field of the new type with .null = true; 2. deploy code that writes both, and "      \
    "copy the old rows in portions, by a RunC of a .non_atomic migration; 3. deploy code that "    \
    "reads the new one, and remove the old as W102 says"
#define REFERENCE_LATER                                                                            \
    "take that away in a SeparateDatabaseAndState whose RunSQL has the reference made without a "  \
    "look at the rows: NOT VALID, and VALIDATE CONSTRAINT in a migration of its own "              \
    "(PostgreSQL), foreign_key_checks = 0 (MariaDB)"
#define UNIQUE_LATER                                                                               \
    "in the place of .unique a UniqueConstraint in .constraints, made by "                         \
    "AddConstraintConcurrently(…) in a .non_atomic migration"

/* What is said of a lock or of a copy is of the databases that it names: the others do the same
   beside those who use the table. */
static const struct {
    nu_operation_kind kind;
    nu__lint_condition *is_met;
    const char *id, *danger, *instead;
} rules[] = {
    { NU_DELETE_MODEL, nu__lint_always, "migrations.W101",
      "drops a table with its rows, which the code that is still running may read",
      "1. deploy code without the model, and SeparateDatabaseAndState(.state_operations = "
      "Operations(DeleteModel(…), { 0 })); 2. once no old process runs and the rows are kept "
      "elsewhere, drop the table by RunSQL(\"DROP TABLE …\", .reverse_sql = RunSQL_noop)" },
    { NU_REMOVE_FIELD, nu__drops_column, "migrations.W102",
      "drops a column with its values, which the code that is still running reads and writes, and "
      "the indexes and keys over it; `migrate --plan` names them, and the views and other tables' "
      "keys that stand in its way",
      "1. make the column null or give it a DbDefault(…); 2. deploy code without the field, and "
      "SeparateDatabaseAndState(.state_operations = Operations(RemoveField(…), { 0 })); 3. once "
      "no old process runs, drop the column by RunSQL, with what sqlmigrate prints for "
      "RemoveField" },
    { NU_REMOVE_FIELD, nu__drops_many, "migrations.W102",
      "drops the table of a many-to-many with its rows, which the code that is still running "
      "reads and writes",
      "1. deploy code without the field, and SeparateDatabaseAndState(.state_operations = "
      "Operations(RemoveField(…), { 0 })); 2. once no old process runs, drop the table by "
      "RunSQL(\"DROP TABLE …\", .reverse_sql = RunSQL_noop)" },
    { NU_RENAME_MODEL, nu__renames_table, "migrations.W103",
      "renames a table under the code that is still running",
      "keep the table: AlterModelTable(…) with the name that it has, before the RenameModel; or "
      "make the new model, write to both, copy the rows, and drop the old one later" },
    { NU_ALTER_MODEL_TABLE, nu__renames_table, "migrations.W103",
      "renames a table under the code that is still running",
      "keep the table, or put a view of the old name in its place until no old process runs" },
    { NU_RENAME_FIELD, nu__renames_column, "migrations.W104",
      "renames a column under the code that is still running",
      "keep the column: AlterField(…) with .db_column = the name that it has, before the "
      "RenameField; or add the new field, write to both, copy the values in a RunC, and remove "
      "the old one in a later deploy" },
    { NU_ALTER_FIELD, nu__renames_column, "migrations.W104",
      "renames a column under the code that is still running",
      "keep .db_column; or add a new field, write to both, copy the values in a RunC, and remove "
      "the old one in a later deploy" },
    { NU_ADD_FIELD, nu__breaks_inserts, "migrations.W105",
      "adds a column that is not null, for which INSERTs of the code that is still running have "
      "no value",
      "give it a DbDefault(…) as well; or 1. add it with .null = true, 2. deploy code that fills "
      "it, and " FILL ", 3. take .null away as W110 says" },
    { NU_ALTER_FIELD, nu__loses_db_default, "migrations.W105",
      "takes the database's default from a column that is not null: INSERTs of running code that "
      "leave it out fail",
      "deploy code that always gives it a value first" },
    { NU_ADD_FIELD, nu__is_stored, "migrations.W106",
      "adds a column that is worked out for each row: PostgreSQL writes the table again while "
      "nobody can read or write, MariaDB copies it while nobody can write",
      "1. add an ordinary field with .null = true; 2. deploy code that fills it; 3. " FILL },
    { NU_ADD_FIELD, nu__varies, "migrations.W106",
      "adds a column with a value of its own for each row: PostgreSQL writes the table again while "
      "nobody can read or write, and so does MariaDB, for UUIDs, while nobody can write",
      "1. add it with .null = true and without the default; 2. give it the default by an "
      "AlterField, which is for new rows; 3. " FILL },
    { NU_ADD_FIELD, nu__calls_default, "migrations.W106",
      "adds a column whose default is called once: all rows that are there get the same value",
      "where each is to have its own, 1. add it with .null = true and without a default; 2. " FILL
      "; 3. give it the default, and take .null away as W110 says" },
    { NU_ADD_FIELD, nu__is_unique, "migrations.W107",
      "adds a unique column: PostgreSQL reads all rows for its index while nobody can read or "
      "write",
      "1. add it without .unique and with .null = true, a OneToOneField as a ForeignKey; 2. " FILL
      "; 3. " UNIQUE_LATER },
    { NU_ALTER_FIELD, nu__is_rewritten, "migrations.W108",
      "changes the type of a column, which rewrites the table: on PostgreSQL nobody can read or "
      "write meanwhile, on MariaDB nobody can write",
      BY_ANOTHER_FIELD },
    { NU_ALTER_FIELD, nu__is_rewritten_on_postgresql, "migrations.W108",
      "changes the type of a column: PostgreSQL rewrites the table while nobody can read or write",
      BY_ANOTHER_FIELD },
    { NU_ALTER_FIELD, nu__is_rewritten_on_mariadb, "migrations.W108",
      "changes the type of a column: MariaDB copies the table while nobody can write",
      BY_ANOTHER_FIELD },
    { NU_ALTER_FIELD, nu__sorts_index_anew, "migrations.W108",
      "changes the collation of a column with an index: PostgreSQL builds that again while nobody "
      "can read or write",
      BY_ANOTHER_FIELD },
    { NU_ALTER_FIELD, nu__loses_values, "migrations.W109",
      "gives a column less room: what does not fit is cut, rounded, or stops the migration",
      "find and mend the rows that do not fit, and deploy a validator that keeps new ones in; the "
      "column itself may stay as it is" },
    { NU_ALTER_FIELD, nu__becomes_not_null, "migrations.W110",
      "makes a column not null: INSERTs without it fail, and PostgreSQL reads all rows while "
      "nobody can read or write",
      "1. deploy code that always fills it, and " FILL
      "; 2. on PostgreSQL AddConstraintNotValid(…, { .name = "
      "…, .check = \"field__isnull=False\" }), and ValidateConstraint(…) in a migration of its "
      "own; 3. take .null away, for which PostgreSQL then reads nothing, and RemoveConstraint(…)" },
    { NU_ALTER_FIELD, nu__becomes_unique, "migrations.W107",
      "makes a column unique: PostgreSQL reads all rows for its index while nobody can read or "
      "write, and it fails where two are equal",
      "look for equal values first; " UNIQUE_LATER },
    { NU_ALTER_FIELD, nu__becomes_indexed, "migrations.W111",
      "builds an index: on PostgreSQL nobody can write to the table meanwhile",
      "an index in .indexes, made by AddIndexConcurrently(…) in a .non_atomic migration" },
    { NU_ADD_FIELD, nu__has_index, "migrations.W111",
      "adds a column with an index: on PostgreSQL nobody can write to the table while that is "
      "built",
      "add it without an index (a ForeignKey with .no_db_index = true), and one in .indexes by "
      "AddIndexConcurrently(…) in a .non_atomic migration" },
    { NU_ADD_FIELD, nu__has_filled_reference, "migrations.W112",
      "checks the rows of two tables against each other: nobody can write to either meanwhile, "
      "and MariaDB copies the table",
      "1. add it with .no_db_constraint = true; 2. " REFERENCE_LATER },
    { NU_ADD_FIELD, nu__has_empty_reference, "migrations.W112",
      "adds a reference, for which MariaDB copies the table while nobody can write",
      "1. add it with .no_db_constraint = true; 2. " REFERENCE_LATER },
    { NU_ALTER_FIELD, nu__becomes_reference, "migrations.W112",
      "checks the rows of two tables against each other: nobody can write to either meanwhile, "
      "MariaDB copies the table, and it fails when one refers to nothing",
      "mend the rows that refer to nothing; have .no_db_constraint = true, and " REFERENCE_LATER },
    { NU_ADD_FIELD, nu__has_column_check, "migrations.W112",
      "adds a column with a check: PostgreSQL reads all rows while nobody can read or write",
      "1. add a field whose column has none (IntegerField for PositiveIntegerField); 2. a "
      "CheckConstraint in .constraints, made by AddConstraintNotValid(…), and "
      "ValidateConstraint(…) "
      "in a migration of its own" },
    { NU_ALTER_FIELD, nu__becomes_checked, "migrations.W112",
      "checks all rows of a column: on PostgreSQL nobody can read or write meanwhile, and MariaDB "
      "copies the table while nobody can write",
      "leave the field as it is, with a CheckConstraint in .constraints, made by "
      "AddConstraintNotValid(…), and ValidateConstraint(…) in a migration of its own (PostgreSQL); "
      "MariaDB has no way beside those who write: do it while few do" },
    { NU_ALTER_ORDER_WITH_RESPECT_TO, nu__gets_order, "migrations.W105",
      "adds the column _order, for which INSERTs of the code that is still running have no value",
      "1. let RunSQL give the column a default in the database, in the same migration; 2. take "
      "it away once no old process runs" },
    { NU_ALTER_ORDER_WITH_RESPECT_TO, nu__loses_order, "migrations.W102",
      "drops the column _order with its values, which the code that is still running reads and "
      "writes",
      "1. deploy code without the order, and SeparateDatabaseAndState(.state_operations = …); 2. "
      "drop the column in the next deploy, by RunSQL" },
    { NU_ADD_INDEX, nu__lint_always, "migrations.W111",
      "builds an index: on PostgreSQL nobody can write to the table meanwhile",
      "AddIndexConcurrently(…) in a .non_atomic migration" },
    { NU_ADD_CONSTRAINT, nu__is_check, "migrations.W112",
      "checks all rows, and fails when one does not meet the constraint: on PostgreSQL nobody can "
      "read or write meanwhile, and MariaDB copies the table while nobody can write",
      "1. mend the rows that do not meet it; 2. AddConstraintNotValid(…), and "
      "ValidateConstraint(…) "
      "in a migration of its own (PostgreSQL); MariaDB has no way beside those who write: do it "
      "while "
      "few do" },
    { NU_ADD_CONSTRAINT, nu__is_unique_constraint, "migrations.W112",
      "reads all rows for an index, and fails when two are equal: on PostgreSQL nobody can write "
      "meanwhile",
      "1. look for equal rows; 2. AddConstraintConcurrently(…) in a .non_atomic migration" },
    { NU_ADD_CONSTRAINT, nu__is_exclusion, "migrations.W112",
      "checks all rows against each other while nobody can read or write, and fails when two "
      "exclude each other",
      "PostgreSQL has no way beside those who use the table: mend the rows first, and do it while "
      "few do, with migrate --lock-timeout" },
    { NU_ALTER_UNIQUE_TOGETHER, nu__gets_together, "migrations.W112",
      "reads all rows for an index, and fails when two are equal: on PostgreSQL nobody can read "
      "or write meanwhile",
      "1. look for equal rows; 2. a UniqueConstraint in .constraints instead, made by "
      "AddConstraintConcurrently(…) in a .non_atomic migration" },
    { NU_RUN_C, nu__keeps_locks, "migrations.W113",
      "runs code in the transaction that changed the schema: its locks last as long",
      "put it into a migration of its own" },
    { NU_RUN_SQL, nu__has_no_reverse, "migrations.W114", "cannot be taken back",
      "give it .reverse_sql, or RunSQL_noop when there is nothing to take back" },
    { NU_RUN_C, nu__has_no_reverse, "migrations.W114", "cannot be taken back",
      "give it RunC_reverse(…), or RunC_noop when there is nothing to take back" },
    { NU_ALTER_FIELD, nu__loses_choice, "migrations.W115",
      "takes a choice away that rows may have, and that the code which is still running writes",
      "1. deploy code that no longer offers the choice but still knows it; 2. give the rows that "
      "have it another one, by a RunC; 3. take it away" },
};

/* ---- going through a migration ------------------------------------------------------------- */

static nu_str made_key(const nu__linting *l, const char *name)
{
    return nu_lower(nu_fmt("{}.{}", l->migration->app_label, name));
}

static void note_made(const nu__linting *l, const nu_operation *op)
{
    if (op->kind == NU_CREATE_MODEL)
        nu_dict_set_str(l->made, made_key(l, op->model->name), nu_v_bool(true));
    else if (op->kind == NU_DELETE_MODEL)
        nu_dict_remove(l->made, made_key(l, op->model_name));
    else if (op->kind == NU_RENAME_MODEL && nu_dict_remove(l->made, made_key(l, op->model_name)))
        nu_dict_set_str(l->made, made_key(l, op->new_name), nu_v_bool(true));
}

/* A change of a table that is there; of code and SQL, always. */
static bool is_of_old_table(const nu__linting *l, const nu_operation *op)
{
    const char *name = nu__operation_model(op);
    const nu_model *model = name ? nu__state_find(l->before, l->migration->app_label, name) : NULL;

    return !name || (model && !model->unmanaged && !model->proxy &&
                     !nu_dict_find(l->made, made_key(l, name), NULL));
}

static nu_dict *danger(const nu__linting *l, const nu_operation *op, size_t rule)
{
    return NU_DICT(
        ("id", rules[rule].id), ("level", "warning"),
        ("msg", nu_fmt("{}: {}.", nu__operation_type_of(op)->describe(op), rules[rule].danger)),
        ("hint", nu_fmt("{}. Where that is known: .reviewed = true.", rules[rule].instead)),
        ("object", nu_fmt("{}.{}", l->migration->app_label, l->migration->name)));
}

/* `state` goes past the operation. */
static void lint(nu__linting l, nu__project_state *state, const nu_operation *op, nu_list *out)
{
    nu__project_state *parts = nu__state_copy(state);

    l.before = nu__state_copy(state);
    nu__operation_change_state(op, l.migration, state);
    l.after = state;
    for (size_t i = 0; out && i < sizeof rules / sizeof *rules; i++)
        if (rules[i].kind == op->kind && is_of_old_table(&l, op) && rules[i].is_met(&l, op))
            nu_list_append(out, danger(&l, op, i));
    note_made(&l, op);
    for (const nu_operation *part = op->database_operations; part && part->kind; part++)
        lint(l, parts, part, out);
    for (const nu_operation *part = op->state_operations; part && part->kind; part++)
        note_made(&l, part);
}

nu_list *nu__lint_migration(const nu_migration *migration, nu__project_state *state, nu_dict *made)
{
    nu__linting l = { .migration = migration, .made = made };
    nu_list *out = nu_list_new();

    for (const nu_operation *op = migration->operations; op && op->kind; op++)
        lint(l, state, op, migration->reviewed ? NULL : out);
    return out;
}

nu_str nu__danger_text(const nu_dict *danger)
{
    return nu_fmt("  {}: ({}) {}\n    Instead: {}", nu_item(danger, "object"),
                  nu_item(danger, "id"), nu_item(danger, "msg"), nu_item(danger, "hint"));
}
