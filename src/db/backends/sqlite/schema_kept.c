/* What a table has goes on where it is made anew, whoever made it: columns in their own words,
 * checks, unique and foreign keys of the table, columns that no model has, WITHOUT ROWID, STRICT.
 * What the models know, in this state or the next, is theirs to make or to drop.
 */
#include "core/text.h"
#include "db/backends/sqlite/schema.h"
#include "db/backends/sqlite/sqlite.h"

enum { N_CONSTRAINTS = 16, N_TOGETHER = 4 }; /* of a model's Meta */

/* A column on its way from the old table into the new one. */
typedef struct moved {
    nu__column_text *there, *before, *after; /* `there` NULL: it is new; `before`: the same */
    nu__column_text *result;
} moved;

typedef struct keeping {
    nu__editor *editor;
    const nu__remake *remake;
    const nu__table_def *before, *def;
    const nu__table_text *there;
    moved *columns; /* one a field of `def` */
    const nu__clause *metas[N_CONSTRAINTS];
    const nu__clause *removed;
    nu__kept *kept;
} keeping;

nu__table_text *nu__table_text_read(nu__connection *connection, nu_str table)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT sql FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(?)"),
        NU_ARGS(table));
    bool found = nu__rows_next(rows);
    nu_str sql = found ? nu_string(nu__cell_value(&rows->cells[0])) : (nu_str){ 0 };

    nu__rows_close(rows);
    return found ? nu__table_text_of(sql) : NULL;
}

/* ---- fields ------------------------------------------------------------------------------- */

static const nu__field *field_of(const nu__table_def *def, nu_str column)
{
    for (size_t i = 0; i < def->n_fields; i++)
        if (nu_eq(nu_lower(def->fields[i]->column), nu_lower(column)))
            return def->fields[i];
    return NULL;
}

/* A column that no model has, neither as it was nor as it is to be. */
static bool is_unknown(const nu__table_def *before, const nu__table_def *def, nu_str column)
{
    return !field_of(before, column) && !field_of(def, column);
}

bool nu__names_what_goes(const nu__table_text *there, const nu__table_def *def,
                         const nu__remake *remake, nu_str words)
{
    nu__table_def before = nu__table_def_of(remake->model);

    for (const nu__column_text *column = there->columns; column; column = column->next)
        if (!field_of(def, column->name) && field_of(&before, column->name) &&
            nu__sql_names(words, column->name))
            return true;
    return false;
}

/* The field that was there before; NULL: it is new. */
static const nu__field *field_before(const keeping *k, const nu__field *field)
{
    for (size_t i = 0; i < k->before->n_fields; i++)
        if (nu_eq(k->before->fields[i]->column, field->column))
            return k->before->fields[i];
    return NULL;
}

/* ---- columns ------------------------------------------------------------------------------ */

static nu__column_text *text_of(const keeping *k, const nu__field *field)
{
    nu_str definition = nu__editor_definition(k->editor, k->def, field);
    nu__column_text *column;

    if (nu_is_null(definition))
        return NULL;
    column = nu__column_text_of(field->column, definition);
    if (k->there->strict)
        nu__make_strict(column);
    return column;
}

static NU_NORETURN void refuse_taken(const keeping *k, nu_str column)
{
    nu_raise(
        NU_NOT_SUPPORTED_ERROR,
        "The table \"{}\" has a column \"{}\" already, which no model knows of, and what is in "
        "it would be lost. Where it is the one that is meant, tell the state alone by a "
        "SeparateDatabaseAndState operation; else give it another name, or drop it, by a "
        "RunSQL operation that comes first.",
        k->remake->model->db_table, column);
}

/* Its type is that of what it refers to, which has another now. */
static bool follows(const keeping *k, const nu__field *field)
{
    const nu__field *followed = k->remake->followed;

    if (!field->relation || field->relation->many_to_many)
        return false;
    if (followed && nu_eq(field->target->name, followed->name) &&
        nu_eq(field->relation->to->db_table, followed->model->db_table))
        return true;
    for (const nu__field *const *pair = k->remake->altered; pair && *pair; pair += 2)
        if (field->relation->to == k->remake->model && pair[0]->name.ptr &&
            nu_eq(field->relation->to_field->name, pair[0]->name))
            return true;
    return false;
}

static void move_column(keeping *k, moved *column, const nu__field *field)
{
    const nu__field *before = field_before(k, field);

    column->there = nu__column_text_find(k->there, field->column);
    column->after = text_of(k, field);
    column->before = before ? text_of(k, before) : NULL;
    column->result = column->after;
    if (!column->after || !column->there)
        return;
    if (!before)
        refuse_taken(k, field->column);
    if (before == field && !follows(k, field)) {
        column->result = column->there;
        return;
    }
    if (follows(k, field) && column->before->clauses->kind == NU__CLAUSE_TYPE)
        column->before->clauses->normal = S(""); /* so that it is the model's in any case */
    column->result = nu__merged_column(column->there, column->before, column->after);
}

/* ---- constraints -------------------------------------------------------------------------- */

const nu__clause *nu__constraint_clause(nu__editor *editor, const nu__table_def *def,
                                        const nu_constraint *constraint)
{
    nu__deferred unique;
    nu_str text;

    if (nu__constraint_is_index(constraint) || constraint->excludes[0][0])
        return NULL;
    if (constraint->check) {
        text = nu__constraint_sql(editor, def, constraint);
    } else {
        unique = nu__unique_constraint(editor, def, constraint);
        text = nu_fmt("CONSTRAINT {} UNIQUE ({})",
                      nu__editor_quote(editor, nu__deferred_name(editor, &unique)),
                      nu__editor_list(editor, unique.columns, NULL, unique.n_columns));
    }
    return nu__table_text_of(nu_fmt("({})", text))->constraints;
}

static void read_metas(keeping *k)
{
    const nu_model *model = k->def->model->model;

    for (size_t i = 0; i < N_CONSTRAINTS && model->constraints[i].name; i++)
        if (!k->remake->removed ||
            !nu_eq(nu_s(model->constraints[i].name), nu_s(k->remake->removed->name)))
            k->metas[i] = nu__constraint_clause(k->editor, k->def, &model->constraints[i]);
    if (k->remake->removed)
        k->removed = nu__constraint_clause(k->editor, k->before, k->remake->removed);
}

/* Is it one of Meta's, which is made from the model? What SQLite is to do on a conflict no model
   says, so that it goes along. */
static bool is_of_meta(keeping *k, const nu__clause *clause)
{
    if (k->removed && nu__clauses_match(clause, k->removed))
        return true;
    for (size_t i = 0; i < N_CONSTRAINTS; i++) {
        if (!k->metas[i] || !nu__clauses_match(clause, k->metas[i]))
            continue;
        if (clause->conflict.len)
            k->kept->parts.meta[i] = nu_fmt("{} {}", k->metas[i]->text, clause->conflict);
        return true;
    }
    return false;
}

/* unique_together is an index where the models make it. */
static bool is_together(keeping *k, const nu__clause *clause)
{
    const nu_model *model = k->def->model->model;
    bool found = false;

    for (size_t i = 0; i < N_TOGETHER && model->unique_together[i][0]; i++) {
        nu__deferred unique = nu__unique_together(k->def, model->unique_together[i]);
        nu_str list = nu__editor_list(k->editor, unique.columns, NULL, unique.n_columns);

        if (clause->kind != NU__CLAUSE_UNIQUE || !nu_eq(nu__sql_normalized(list), clause->means))
            continue;
        k->kept->parts.together[i] = found = true;
    }
    return found;
}

/* What the field itself asks for stays its column's, though a constraint of Meta says the same. */
static void drop_known(keeping *k, moved *column)
{
    const nu__clause *next;

    for (const nu__clause *one = column->result->clauses; one; one = next) {
        next = one->next;
        if (nu__clause_is_among(one, column->after->clauses))
            continue;
        if (is_of_meta(k, one))
            nu__column_text_drop(column->result, one);
        else
            is_together(k, one);
    }
}

/* A constraint of the table that is about one column which the model changes in this very way. */
static bool is_changed(const keeping *k, const nu__clause *clause)
{
    for (size_t i = 0; i < k->def->n_fields; i++) {
        const moved *column = &k->columns[i];
        const nu__clause *asked;

        if (!column->before || !column->after)
            continue;
        if (clause->kind == NU__CLAUSE_CHECK &&
            nu__clause_is_among(clause, column->before->clauses) &&
            !nu__clause_is_among(clause, column->after->clauses))
            return true;
        if (clause->kind == NU__CLAUSE_CHECK ||
            !nu__clause_is_over(clause, k->def->fields[i]->column) ||
            nu_eq(nu__clauses_normal(column->before, clause->kind),
                  nu__clauses_normal(column->after, clause->kind)))
            continue;
        asked = nu__clause_of_kind(column->after, clause->kind);
        if (clause->kind != NU__CLAUSE_REFERENCES || !asked || !nu__same_target(asked, clause))
            return true;
        nu__column_text_drop(column->result, nu__clause_of_kind(column->result, clause->kind));
    }
    return false;
}

static bool has_own_key(const keeping *k)
{
    for (size_t i = 0; i < k->def->n_fields; i++)
        if (k->columns[i].result && nu__clause_of_kind(k->columns[i].result, NU__CLAUSE_KEY))
            return true;
    return false;
}

static bool is_left_out(keeping *k, const nu__clause *clause)
{
    if (is_of_meta(k, clause) || is_changed(k, clause))
        return true;
    if (clause->kind == NU__CLAUSE_KEY && has_own_key(k))
        return true;
    if (!nu__names_what_goes(k->there, k->def, k->remake, clause->body))
        return is_together(k, clause) && false;
    if (clause->kind != NU__CLAUSE_KEY)
        return true;
    nu_raise(NU_NOT_SUPPORTED_ERROR,
             "The table \"{}\" can't be made anew without a column of its primary key ({}), as two "
             "rows might have the same key then. Give it another primary key first, by a RunSQL "
             "operation or by a field with primary_key.",
             k->remake->model->db_table, clause->body);
}

/* ---- all of it ---------------------------------------------------------------------------- */

static void keep_columns(keeping *k)
{
    nu_str *definitions = nu_alloc_array(nu_str, k->def->n_fields + 1);

    k->columns = nu_alloc_array(moved, k->def->n_fields + 1);
    k->kept->computed = nu_alloc_array(bool, k->def->n_fields + 1);
    for (size_t i = 0; i < k->def->n_fields; i++) {
        moved *column = &k->columns[i];

        *column = (moved){ .there = NULL };
        move_column(k, column, k->def->fields[i]);
        if (column->result)
            drop_known(k, column);
        k->kept->computed[i] =
            column->result && nu__clause_of_kind(column->result, NU__CLAUSE_GENERATED);
    }
    k->kept->parts.definitions = definitions;
}

static void keep_unknown(keeping *k)
{
    nu__buf definitions = { 0 }, copied = { 0 };

    for (const nu__column_text *one = k->there->columns; one; one = one->next) {
        nu_str name = nu__editor_quote(k->editor, one->name);

        if (!is_unknown(k->before, k->def, one->name))
            continue;
        nu__buf_fmt(&definitions, ", {} {}", name, one->text);
        if (!nu__clause_of_kind(one, NU__CLAUSE_GENERATED))
            nu__buf_fmt(&copied, ", {}", name);
    }
    k->kept->parts.columns = nu__buf_str(&definitions);
    k->kept->copied = nu__buf_str(&copied);
}

static void keep_constraints(keeping *k)
{
    nu__buf out = { 0 };

    for (const nu__clause *one = k->there->constraints; one; one = one->next)
        if (!is_left_out(k, one))
            nu__buf_fmt(&out, ", {}", one->text);
    k->kept->parts.constraints = nu__buf_str(&out);
    for (size_t i = 0; i < k->def->n_fields; i++)
        k->kept->parts.definitions[i] =
            k->columns[i].result ? k->columns[i].result->text : (nu_str){ 0 };
}

nu__kept nu__kept_of(nu__editor *editor, const nu__remake *remake, const nu__table_def *before,
                     const nu__table_def *def)
{
    nu__kept kept = { 0 };
    keeping k = { .editor = editor, .remake = remake, .before = before, .def = def, .kept = &kept };

    k.there = nu__table_text_read(editor->editor.connection, remake->model->db_table);
    if (!k.there)
        return kept;
    if (!k.there->columns)
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "The table \"{}\" can't be made anew: it is a virtual one. Change it by a RunSQL "
                 "operation inside of SeparateDatabaseAndState, or say managed = false.",
                 remake->model->db_table);
    read_metas(&k);
    keep_columns(&k);
    keep_unknown(&k);
    keep_constraints(&k);
    kept.parts.options = k.there->options;
    kept.statements = nu__kept_statements(editor, remake, before, def, k.there, &kept.parts);
    return kept;
}
