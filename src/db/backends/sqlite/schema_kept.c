/* What a table has that no model knows of, as it has been made by others and adopted: its checks,
 * unique constraints, defaults, indexes and triggers. Where the table is made anew, they come
 * along. What the models know, in this state or the next, is theirs to make or to drop.
 */
#include "core/text.h"
#include "db/backends/sqlite/schema.h"
#include "db/backends/sqlite/sqlite.h"
#include "db/backends/tokens.h"

#include <string.h>

/* ---- what there is ------------------------------------------------------------------------ */

static nu_str creation_of(nu__connection *connection, nu_str table)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT sql FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(?)"),
        NU_ARGS(table));
    nu_str sql = nu__rows_next(rows) ? nu_string(nu__cell_value(&rows->cells[0])) : (nu_str){ 0 };

    nu__rows_close(rows);
    return sql;
}

/* An index or a trigger, by the statement that made it. */
typedef struct made {
    struct made *next;
    bool index;
    nu_str name, sql;
} made;

static made *all_made(nu__connection *connection, nu_str table)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT type = 'index', name, sql FROM sqlite_master WHERE lower(tbl_name) = "
          "lower(?) AND type IN ('index', 'trigger') AND sql IS NOT NULL "
          "ORDER BY rowid"),
        NU_ARGS(table));
    made *first = NULL, **end = &first;

    while (nu__rows_next(rows)) {
        *end = nu_alloc(made);
        (*end)->index = rows->cells[0].i;
        (*end)->name = nu_string(nu__cell_value(&rows->cells[1]));
        (*end)->sql = nu_string(nu__cell_value(&rows->cells[2]));
        end = &(*end)->next;
    }
    nu__rows_close(rows);
    return first;
}

/* ---- what the models know ----------------------------------------------------------------- */

static void describe_field(nu__buf *out, const nu__editor *editor, const nu__field *field)
{
    nu_str definition = nu__editor_definition(editor, NULL, field);

    if (!nu_is_null(definition))
        nu__buf_fmt(out, ", {} {}{}", nu__editor_quote(editor, field->column), definition,
                    field->primary_key ? " UNIQUE" : "");
}

static void describe_unique(nu__buf *out, const nu__editor *editor, const nu__deferred *unique)
{
    nu__buf_fmt(out, ", CONSTRAINT {} UNIQUE ({})",
                nu__editor_quote(editor, nu__deferred_name(editor, unique)),
                nu__editor_list(editor, unique->columns, NULL, unique->n_columns));
}

static void describe_meta(nu__buf *out, nu__editor *editor, const nu__table_def *def)
{
    const nu_model *model = def->model->model;

    for (size_t i = 0; i < 4 && model->unique_together[i][0]; i++) {
        nu__deferred unique = nu__unique_together(def, model->unique_together[i]);

        describe_unique(out, editor, &unique);
    }
    for (size_t i = 0; i < 16 && model->constraints[i].name; i++) {
        const nu_constraint *constraint = &model->constraints[i];
        nu__deferred unique;

        if (constraint->check) {
            nu__buf_fmt(out, ", {}", nu__constraint_sql(editor, def, constraint));
            continue;
        }
        if (nu__constraint_is_index(constraint)) /* of some rows only, or of expressions */
            continue;
        unique = nu__unique_constraint(editor, def, constraint);
        describe_unique(out, editor, &unique);
    }
}

/* The table as both states describe it, in the words of CREATE TABLE. */
static nu_str described(nu__editor *editor, const nu__remake *remake)
{
    nu__table_def def = nu__table_def_of(remake->model);
    nu__buf out = { 0 };

    nu__buf_lit(&out, "(\"\"");
    for (size_t i = 0; i < def.n_fields; i++)
        describe_field(&out, editor, def.fields[i]);
    for (const nu__field *const *pair = remake->altered; pair && *pair; pair++)
        describe_field(&out, editor, *pair);
    if (remake->created)
        describe_field(&out, editor, remake->created);
    describe_meta(&out, editor, &def);
    nu__buf_char(&out, ')');
    return nu__buf_str(&out);
}

/* ---- columns ------------------------------------------------------------------------------ */

static const nu__field *field_of(const nu__table_def *def, nu_str column)
{
    for (size_t i = 0; i < def->n_fields; i++)
        if (nu_eq(nu_lower(def->fields[i]->column), nu_lower(column)))
            return def->fields[i];
    return NULL;
}

static const nu__field *renamed_to(const nu__remake *remake, nu_str column)
{
    for (const nu__field *const *pair = remake->altered; pair && *pair; pair += 2)
        if (nu_eq(pair[0]->column, column) && !nu_eq(pair[1]->column, column))
            return pair[1];
    return NULL;
}

/* Does what these words say go with a column that goes? One that gets another name is too much. */
static bool goes(const nu__kept *kept, const nu__remake *remake, const nu__table_def *def,
                 nu_str words, nu_str what)
{
    for (size_t i = 0; i < kept->n_columns; i++) {
        nu_str column = kept->columns[i].name;
        const nu__field *renamed = renamed_to(remake, column);

        if ((field_of(def, column) && !renamed) || !nu__sql_names(words, column))
            continue;
        if (!renamed)
            return true;
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "The table \"{}\" can't be made anew with its column \"{}\" called \"{}\": {} is "
                 "in no model's state and names the column. Declare it in the model's Meta "
                 "(constraints or indexes) and migrate before, or drop it by a RunSQL operation "
                 "that comes first.",
                 def->model->db_table, column, renamed->column, what);
    }
    return false;
}

/* ---- checks, unique constraints, defaults ------------------------------------------------- */

static nu_str piece_sql(const nu__editor *editor, const nu__piece *piece)
{
    nu_str name =
        piece->name.len ? nu_fmt("CONSTRAINT {} ", nu__editor_quote(editor, piece->name)) : S("");

    return nu_fmt("{}{} ({})", name, piece->unique ? "UNIQUE" : "CHECK", piece->body);
}

static void keep_pieces(nu__kept *kept, nu__editor *editor, const nu__remake *remake,
                        const nu__table_def *def, nu_str sql)
{
    const nu__piece *known = nu__table_pieces(described(editor, remake));
    nu__buf out = { 0 };

    for (const nu__piece *piece = nu__table_pieces(sql); piece; piece = piece->next) {
        nu_str text = piece_sql(editor, piece);

        if (!nu__piece_is_among(piece, known) && !goes(kept, remake, def, piece->body, text))
            nu__buf_fmt(&out, ", {}", text);
    }
    kept->constraints = nu__buf_str(&out);
}

static bool has_default(const nu__field *field)
{
    return !field || field->primary_key || field->def->expression ||
           field->def->db_default.kind != NU_KIND_NULL;
}

/* A default that a state has is its own, and so is one of a field that this very operation alters.
 */
static nu_str default_of(const nu__kept *kept, const nu__remake *remake,
                         const nu__table_def *before, const nu__field *field)
{
    for (const nu__field *const *pair = remake->altered; pair && *pair; pair += 2)
        if (pair[1] == field && (has_default(pair[0]) || !nu_eq(pair[0]->column, field->column)))
            return S("");
    for (size_t i = 0; i < kept->n_columns; i++) {
        const nu__table_column *column = &kept->columns[i];

        if (!column->default_.len || !nu_eq(nu_lower(column->name), nu_lower(field->column)))
            continue;
        if (has_default(field) || has_default(field_of(before, field->column)))
            return S("");
        return column->default_.ptr[0] == '"' ? nu_fmt(" DEFAULT {}", column->default_)
                                              : nu_fmt(" DEFAULT ({})", column->default_);
    }
    return S("");
}

static void keep_defaults(nu__kept *kept, const nu__remake *remake, const nu__table_def *def)
{
    nu__table_def before = nu__table_def_of(remake->model);

    kept->defaults = nu_alloc_array(nu_str, def->n_fields + 1);
    for (size_t i = 0; i < def->n_fields; i++)
        kept->defaults[i] = default_of(kept, remake, &before, def->fields[i]);
}

/* ---- indexes and triggers ----------------------------------------------------------------- */

static bool is_index(const nu__editor *editor, const nu__table_constraint *found,
                     const nu__deferred *known)
{
    if (nu_eq(found->name, nu__deferred_name(editor, known)))
        return true;
    if (found->in_part || known->condition.len || known->expressions.len || !found->n_columns ||
        found->n_columns != known->n_columns || found->unique != (known->kind != NU__INDEX))
        return false;
    for (size_t i = 0; i < found->n_columns; i++)
        if (!nu_eq(found->columns[i], known->columns[i]) ||
            found->descending[i] != (known->descending && known->descending[i]))
            return false;
    return true;
}

/* By name, or by columns: a table that got another name keeps the names of its indexes. */
static bool index_is_known(nu__editor *editor, const nu__table_constraint *found,
                           const nu__table_def *def)
{
    const nu_model *model = def->model->model;
    nu__deferred known;

    for (size_t i = 0; i < def->n_fields; i++) {
        known = nu__field_index(def->table, def->fields[i]);
        if (nu__field_is_indexed(editor, def->fields[i]) && is_index(editor, found, &known))
            return true;
    }
    for (size_t i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++) {
        known = nu__meta_index(editor, def, &model->indexes[i]);
        if (is_index(editor, found, &known))
            return true;
    }
    for (size_t i = 0; i < 4 && model->unique_together[i][0]; i++) {
        known = nu__unique_together(def, model->unique_together[i]);
        if (is_index(editor, found, &known))
            return true;
    }
    for (size_t i = 0; i < 16 && model->constraints[i].name; i++) {
        known = nu__unique_constraint(editor, def, &model->constraints[i]);
        if (is_index(editor, found, &known))
            return true;
    }
    return false;
}

static bool named_is_known(nu__editor *editor, nu_str name, const nu__table_def *before,
                           const nu__table_constraint *found, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (found[i].index && nu_eq(found[i].name, name))
            return index_is_known(editor, &found[i], before);
    return false;
}

/* Behind the name of the table. */
static nu_str columns_of(nu_str sql)
{
    nu__token token;

    do
        token = nu__sql_token(&sql);
    while (token.kind != NU__TOKEN_END && !nu__token_is_char(&token, '('));
    return sql;
}

static void keep_statements(nu__kept *kept, nu__editor *editor, const nu__remake *remake,
                            const nu__table_def *def)
{
    nu__connection *connection = editor->editor.connection;
    nu__table_def before = nu__table_def_of(remake->model);
    size_t n;
    const nu__table_constraint *found =
        nu__sqlite_introspection.constraints(connection, before.table, &n);
    nu__kept_statement **end = &kept->statements;

    for (const made *one = all_made(connection, before.table); one; one = one->next) {
        if (one->index &&
            (named_is_known(editor, one->name, &before, found, n) ||
             goes(kept, remake, def, columns_of(one->sql), nu_fmt("its index \"{}\"", one->name))))
            continue;
        *end = nu_alloc(nu__kept_statement);
        (*end)->sql = one->sql;
        end = &(*end)->next;
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

nu__kept nu__kept_of(nu__editor *editor, const nu__remake *remake, const nu__table_def *def)
{
    nu__connection *connection = editor->editor.connection;
    nu_str table = remake->model->db_table, sql;
    nu__kept kept = { 0 };

    if (editor->editor.collect)
        return kept;
    sql = creation_of(connection, table);
    if (nu_is_null(sql))
        return kept;
    kept.columns = nu__sqlite_introspection.columns(connection, table, &kept.n_columns);
    keep_pieces(&kept, editor, remake, def, sql);
    keep_defaults(&kept, remake, def);
    keep_statements(&kept, editor, remake, def);
    return kept;
}
