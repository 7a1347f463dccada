/* What depends on a table of SQLite: its indexes and triggers, which go with the old table and are
 * made again for the new one, and the views and triggers of others, which have to work as before.
 */
#include "core/text.h"
#include "db/backends/sqlite/schema.h"
#include "db/backends/sqlite/sqlite.h"
#include "db/backends/tokens.h"

/* ---- indexes and triggers ----------------------------------------------------------------- */

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
        **end = (made){ .index = rows->cells[0].i,
                        .name = nu_string(nu__cell_value(&rows->cells[1])),
                        .sql = nu_string(nu__cell_value(&rows->cells[2])) };
        end = &(*end)->next;
    }
    nu__rows_close(rows);
    return first;
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

static bool same_columns(const nu__table_constraint *found, const nu__deferred *known)
{
    if (found->n_columns != known->n_columns || found->unique != (known->kind != NU__INDEX))
        return false;
    for (size_t i = 0; i < found->n_columns; i++)
        if (!nu_eq(found->columns[i], known->columns[i]) ||
            found->descending[i] != (known->descending && known->descending[i]))
            return false;
    return true;
}

/* What became of an index where the model is told of it. */
typedef enum fate {
    UNKNOWN,  /* the model has none such: it stays */
    MADE,     /* the model makes it, or an operation drops it */
    ITS_NAME, /* the model has one of this name that says less: this one stays */
} fate;

/* An index as it is looked for among those of the models. */
typedef struct sought {
    nu__editor *editor;
    const nu__remake *remake;
    const nu__table_def *before, *def;
    const nu__table_constraint *found;
    bool own; /* it says what no model can: a collation */
    nu__table_parts *parts;
} sought;

/* A collation takes more texts for the same than none, so that an index with one asks for all that
   one without does. */
static bool is_as_strict(const sought *s, const nu__deferred *known)
{
    return s->own && !s->found->in_part && !known->condition.len && !known->expressions.len &&
           same_columns(s->found, known);
}

/* By name, or by columns: a table that got another name keeps the names of its indexes. */
static fate fate_beside(const sought *s, const nu__deferred *known)
{
    bool named = nu_eq(s->found->name, nu__deferred_name(s->editor, known));
    bool more = known->condition.len || known->expressions.len;
    bool same = !s->own && !s->found->in_part && !more && s->found->n_columns &&
                same_columns(s->found, known);

    if (named)
        return same || (more && !s->own) ? MADE : ITS_NAME;
    return same ? MADE : UNKNOWN;
}

static fate fate_of_fields(const sought *s)
{
    for (size_t i = 0; i < s->before->n_fields; i++) {
        const nu__field *field = s->before->fields[i];
        nu__deferred known = nu__field_index(s->before->table, field);
        fate fate = nu__field_is_indexed(s->editor, field) ? fate_beside(s, &known) : UNKNOWN;

        if (fate != UNKNOWN)
            return fate;
    }
    for (const nu__field *const *pair = s->remake->altered; pair && *pair; pair += 2) {
        nu__deferred known = nu__field_unique(s->before->table, pair[0]);

        if (pair[0]->unique && !pair[1]->unique && fate_beside(s, &known) == MADE)
            return MADE;
    }
    return UNKNOWN;
}

static fate fate_of_indexes(const sought *s)
{
    const nu_model *model = s->def->model->model;

    for (size_t i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++) {
        nu__deferred known = nu__meta_index(s->editor, s->before, &model->indexes[i]);
        fate fate = fate_beside(s, &known);

        if (fate != UNKNOWN)
            return fate;
    }
    for (size_t i = 0; i < 4 && model->unique_together[i][0]; i++) {
        nu__deferred known = nu__unique_together(s->before, model->unique_together[i]);

        s->parts->together[i] |= is_as_strict(s, &known);
        if (fate_beside(s, &known) != UNKNOWN)
            return s->parts->together[i] ? UNKNOWN : MADE;
    }
    return UNKNOWN;
}

static bool is_removed(const sought *s, const nu_constraint *constraint)
{
    return s->remake->removed && nu_eq(nu_s(constraint->name), nu_s(s->remake->removed->name));
}

/* A unique constraint of Meta that is an index here stays one. */
static fate fate_of_constraint(const sought *s, const nu_constraint *constraint, nu_str *meta)
{
    nu__deferred known;
    fate fate;

    if (constraint->check)
        return UNKNOWN;
    known = nu__unique_constraint(s->editor, s->before, constraint);
    fate = is_as_strict(s, &known) ? ITS_NAME : fate_beside(s, &known);
    if (fate == UNKNOWN || nu__constraint_is_index(constraint) || is_removed(s, constraint))
        return fate;
    if (meta)
        *meta = S("");
    return UNKNOWN;
}

static fate fate_of_constraints(const sought *s)
{
    const nu_model *model = s->def->model->model;

    for (size_t i = 0; i < 16 && model->constraints[i].name; i++) {
        fate fate = fate_of_constraint(s, &model->constraints[i], &s->parts->meta[i]);

        if (fate != UNKNOWN)
            return fate;
    }
    return s->remake->removed ? fate_of_constraint(s, s->remake->removed, NULL) : UNKNOWN;
}

static fate fate_of(sought *s, const made *one, const nu__table_constraint *found, size_t n)
{
    fate fate = UNKNOWN;

    s->own = nu__sql_names(columns_of(one->sql), S("COLLATE"));
    for (size_t i = 0; i < n; i++) {
        if (!found[i].index || !nu_eq(found[i].name, one->name))
            continue;
        s->found = &found[i];
        fate = fate_of_fields(s);
        fate = fate == UNKNOWN ? fate_of_indexes(s) : fate;
        return fate == UNKNOWN ? fate_of_constraints(s) : fate;
    }
    return fate;
}

nu__kept_statement *nu__kept_statements(nu__editor *editor, const nu__remake *remake,
                                        const nu__table_def *before, const nu__table_def *def,
                                        const nu__table_text *there, nu__table_parts *parts)
{
    nu__connection *connection = editor->editor.connection;
    sought s = { .editor = editor, .remake = remake, .before = before, .def = def, .parts = parts };
    nu__kept_statement *first = NULL, **end = &first;
    size_t n;
    const nu__table_constraint *found =
        nu__sqlite_introspection.constraints(connection, before->table, &n);

    for (const made *one = all_made(connection, before->table); one; one = one->next) {
        fate fate = one->index ? fate_of(&s, one, found, n) : UNKNOWN;

        if (fate == MADE ||
            (one->index && nu__names_what_goes(there, def, remake, columns_of(one->sql))))
            continue;
        *end = nu_alloc(nu__kept_statement);
        **end = (nu__kept_statement){ .sql = one->sql };
        if (fate == ITS_NAME)
            (*end)->instead_of = one->name;
        end = &(*end)->next;
    }
    return first;
}

/* ---- a column that is to go --------------------------------------------------------------- */

static bool has_key(const nu__column_text *column)
{
    return nu__clause_of_kind(column, NU__CLAUSE_KEY) ||
           nu__clause_of_kind(column, NU__CLAUSE_UNIQUE) ||
           nu__clause_of_kind(column, NU__CLAUSE_REFERENCES);
}

static bool named_by_table(const nu__table_text *table, nu_str column)
{
    for (const nu__clause *one = table->constraints; one; one = one->next)
        if (nu__sql_names(one->text, column))
            return true;
    for (const nu__column_text *one = table->columns; one; one = one->next)
        if (nu_eq(nu_lower(one->name), nu_lower(column)) ? has_key(one)
                                                         : nu__sql_names(one->text, column))
            return true;
    return false;
}

bool nu__column_is_named(nu__connection *connection, nu_str table, nu_str column)
{
    const nu__table_text *text = nu__table_text_read(connection, table);
    nu__rows *rows = nu__db_query(connection,
                                  S("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND (type "
                                    "IN ('view', 'trigger') OR (type = 'index' AND "
                                    "lower(tbl_name) = lower(?)))"),
                                  NU_ARGS(table));
    bool named = text && named_by_table(text, column);

    while (nu__rows_next(rows))
        named |= nu__sql_names(nu_string(nu__cell_value(&rows->cells[0])), column);
    nu__rows_close(rows);
    return named;
}

/* ---- views and triggers of others --------------------------------------------------------- */

static nu_str quoted(nu_str name)
{
    nu__buf out = { 0 };

    nu__sqlite_operations.quote_name(&out, name);
    return nu__buf_str(&out);
}

/* Every column, so that every trigger that waits for one is looked at. */
static nu_str assignments(nu__connection *connection, nu_str table)
{
    nu__rows *rows =
        nu__db_query(connection, S("SELECT name FROM pragma_table_info(?)"), NU_ARGS(table));
    nu__buf out = { 0 };

    while (nu__rows_next(rows)) {
        nu_str column = quoted(nu_string(nu__cell_value(&rows->cells[0])));

        nu__buf_fmt(&out, "{}{} = {}", out.len ? ", " : "", column, column);
    }
    nu__rows_close(rows);
    return nu__buf_str(&out);
}

/* A statement that meets the view, or the triggers of a kind. */
static nu_str statement_of(nu__connection *connection, const nu__probe *probe)
{
    nu_str name = quoted(probe->name);

    switch (probe->kind) {
    case NU__PROBE_INSERT:
        return nu_fmt("EXPLAIN INSERT INTO {} DEFAULT VALUES", name);
    case NU__PROBE_DELETE:
        return nu_fmt("EXPLAIN DELETE FROM {}", name);
    case NU__PROBE_UPDATE:
        return nu_fmt("EXPLAIN UPDATE {} SET {}", name, assignments(connection, probe->name));
    default:
        return nu_fmt("EXPLAIN SELECT * FROM {}", name);
    }
}

static const nu_error *run_probe(nu__connection *connection, const nu__probe *probe)
{
    nu_str sql = statement_of(connection, probe);

    return nu_catch(NU_DATABASE_ERROR_BASE,
                    nu__rows_close(nu__db_query(connection, sql, (nu_values){ 0 })));
}

/* What does not work before is nobody's loss. */
static nu__probe *add_probe(nu__connection *connection, nu__probe *list, nu__probe probe)
{
    nu__probe *added;

    if (run_probe(connection, &probe))
        return list;
    added = nu_alloc(nu__probe);
    *added = probe;
    added->next = list;
    return added;
}

/* A view, or a table or view that has triggers. */
typedef struct dependent {
    struct dependent *next;
    bool view;
    nu_str name;
} dependent;

static dependent *dependents(nu__connection *connection)
{
    nu__rows *rows =
        nu__db_query(connection,
                     S("SELECT DISTINCT type = 'view', tbl_name FROM sqlite_master WHERE type IN "
                       "('view', 'trigger')"),
                     (nu_values){ 0 });
    dependent *first = NULL;

    while (nu__rows_next(rows)) {
        dependent *one = nu_alloc(dependent);

        *one = (dependent){ .next = first,
                            .view = rows->cells[0].i,
                            .name = nu_string(nu__cell_value(&rows->cells[1])) };
        first = one;
    }
    nu__rows_close(rows);
    return first;
}

const nu__probe *nu__probes(nu__connection *connection, bool *any)
{
    const dependent *one = dependents(connection);
    nu__probe *all = NULL;

    *any = one;
    for (; one; one = one->next)
        if (one->view)
            all = add_probe(connection, all,
                            (nu__probe){ .kind = NU__PROBE_SELECT, .name = one->name });
        else
            for (nu__probe_kind kind = NU__PROBE_INSERT; kind <= NU__PROBE_UPDATE; kind++)
                all = add_probe(connection, all, (nu__probe){ .kind = kind, .name = one->name });
    return all;
}

void nu__probe_again(nu__connection *connection, const nu__probe *probes, nu_str table)
{
    for (; probes; probes = probes->next) {
        const nu_error *error = run_probe(connection, probes);

        if (error)
            nu_raise(NU_NOT_SUPPORTED_ERROR,
                     "The table \"{}\" can't be changed so: {} \"{}\" would no longer work ({}). "
                     "Drop it by a RunSQL operation that comes before, and make it again, as it is "
                     "to be, by one behind.",
                     table, probes->kind == NU__PROBE_SELECT ? "the view" : "a trigger of",
                     probes->name, error->message);
    }
}
