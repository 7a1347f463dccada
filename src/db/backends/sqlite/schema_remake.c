/* SQLite alters little in place. For all else the table is made anew, as its documentation and
 * Django do:
 *
 *     CREATE TABLE new__t; INSERT INTO new__t SELECT … FROM t; DROP TABLE t;
 *     ALTER TABLE new__t RENAME TO t; the indexes again
 *
 * with what the table has that no model knows of (schema_kept.c, schema_dependents.c), while
 * foreign keys are not checked; they are before the commit.
 */
#include "db/backends/sqlite/schema.h"

#include "core/context.h"
#include "db/transaction.h"

#include <string.h>

/* A key that was made by itself keeps the first place, as Django's auto_created ones do. */
static bool made_by_itself(const nu__field *field)
{
    return field->primary_key && field->auto_key;
}

/* Where each column of the new table comes from, in Django's order: what was, then what changed. */
typedef struct mapping {
    nu__buf columns, values;
} mapping;

static void map(const nu__editor *editor, mapping *mapping, nu_str column, nu_str value)
{
    if (mapping->columns.len) {
        nu__buf_lit(&mapping->columns, ", ");
        nu__buf_lit(&mapping->values, ", ");
    }
    nu__buf_str_add(&mapping->columns, nu__editor_quote(editor, column));
    nu__buf_str_add(&mapping->values, value);
}

static const nu__field *altered_to(const nu__remake *remake, const nu__field *old)
{
    for (const nu__field *const *pair = remake->altered; pair && *pair; pair += 2)
        if (nu_eq(pair[0]->name, old->name))
            return pair[1];
    return NULL;
}

/* A field that brings a new primary key takes it from the one before. */
static bool brings_key(const nu__remake *remake, const nu__field *old)
{
    bool brings = remake->created && remake->created->primary_key;

    for (const nu__field *const *pair = remake->altered; pair && *pair; pair += 2) {
        brings |= pair[1]->primary_key;
        if (nu_eq(pair[1]->name, old->name))
            return false;
    }
    return brings && old->primary_key;
}

static nu_str value_of_altered(const nu__editor *editor, const nu__field *old,
                               const nu__field *field)
{
    nu_str column = nu__editor_quote(editor, old->column);

    if (!old->null || field->null)
        return column;
    return nu_fmt("coalesce({}, {})", column,
                  field->def->db_default.kind != NU_KIND_NULL
                      ? nu__editor_db_default(editor, NULL, field)
                      : nu__editor_literal(editor, nu__editor_default(editor, field)));
}

/* Of a table made by others a column may be computed that is a plain one for the models. */
static bool is_computed(const nu__table_def *def, const nu__kept *kept, const nu__field *field)
{
    for (size_t i = 0; kept->computed && i < def->n_fields; i++)
        if (nu_eq(def->fields[i]->name, field->name))
            return kept->computed[i];
    return field->def->expression;
}

static mapping map_columns(const nu__editor *editor, const nu__remake *remake,
                           const nu__table_def *def, const nu__kept *kept)
{
    mapping out = { 0 };

    for (size_t i = 0; i < remake->model->n_fields; i++) {
        const nu__field *field = &remake->model->fields[i];
        bool dropped = remake->deleted && nu_eq(field->name, remake->deleted->name);

        if (!dropped && !field->origin && !altered_to(remake, field) &&
            !is_computed(def, kept, field) && !(brings_key(remake, field) && made_by_itself(field)))
            map(editor, &out, field->column, nu__editor_quote(editor, field->column));
    }
    if (remake->created && !remake->created->def->expression &&
        remake->created->def->db_default.kind == NU_KIND_NULL)
        map(editor, &out, remake->created->column,
            nu__editor_literal(editor, nu__editor_default(editor, remake->created)));
    for (const nu__field *const *pair = remake->altered; pair && *pair; pair += 2)
        if (!is_computed(def, kept, pair[1]))
            map(editor, &out, pair[1]->column, value_of_altered(editor, pair[0], pair[1]));
    nu__buf_str_add(&out.columns, kept->copied);
    nu__buf_str_add(&out.values, kept->copied);
    return out;
}

/* The order of a new table's columns is that in which Django made the field objects. The automatic
   key is first. Django renders the models of the later state before those of the earlier one when
   sqlmigrate meets its first operation, and after them in all other cases: so what was altered or
   added comes before the other columns there, and behind them elsewhere. References to the table
   itself are made once more, last of all. */
static int rank(const nu__editor *editor, const nu__remake *remake, const nu__field *field,
                bool changed)
{
    bool to_itself = field->relation && field->relation->to == remake->model && !changed;

    if (made_by_itself(field))
        return 0;
    if (to_itself)
        return 4;
    if (!changed)
        return 2;
    return editor->editor.collect && editor->n_operations == 1 ? 1 : 3;
}

static const nu__field *without_key(const nu__field *field)
{
    nu__field *copy = nu_alloc(nu__field);

    *copy = *field;
    copy->primary_key = false;
    copy->unique = field->def->unique;
    return copy;
}

static void add_ranked(nu__table_def *def, int ranks[], const nu__field *field, int rank)
{
    size_t at = def->n_fields++;

    for (; at && ranks[at - 1] > rank; at--) {
        ranks[at] = ranks[at - 1];
        def->fields[at] = def->fields[at - 1];
    }
    ranks[at] = rank;
    def->fields[at] = field;
}

static void add_field_to(nu__table_def *def, int ranks[], const nu__editor *editor,
                         const nu__remake *remake, const nu__field *field)
{
    const nu__field *altered = altered_to(remake, field);

    if (remake->deleted && nu_eq(field->name, remake->deleted->name))
        return;
    if (altered) {
        add_ranked(def, ranks, altered, rank(editor, remake, altered, true));
        return;
    }
    if (brings_key(remake, field)) {
        if (made_by_itself(field))
            return;
        field = without_key(field);
    }
    add_ranked(def, ranks, field, rank(editor, remake, field, false));
}

static nu__table_def new_table(const nu__editor *editor, const nu__remake *remake)
{
    const nu__model_info *model = remake->model;
    int *ranks = nu_alloc_array(int, model->n_fields + 1);
    nu__table_def def = { .model = model,
                          .table = nu_fmt("new__{}", model->db_table),
                          .fields = nu_alloc_array(const nu__field *, model->n_fields + 1),
                          .deleted = remake->deleted,
                          .removed = remake->removed,
                          .renamed = remake->altered };

    for (size_t i = 0; i < model->n_fields; i++)
        if (!model->fields[i].origin)
            add_field_to(&def, ranks, editor, remake, &model->fields[i]);
    if (remake->created)
        add_ranked(&def, ranks, remake->created, rank(editor, remake, remake->created, true));
    return def;
}

/* ---- making it ---------------------------------------------------------------------------- */

/* SQLite itself renames a column in all that names it: checks, indexes, triggers, views, keys of
   other tables. What is then made anew has its new name already. */
static const nu__field *const *rename_columns(nu__editor *editor, const nu__remake *remake)
{
    const nu__field **pairs, *old;
    size_t n = 0;

    while (remake->altered && remake->altered[n])
        n++;
    pairs = nu_alloc_array(const nu__field *, n + 1);
    for (size_t i = 0; i < n; i++)
        pairs[i] = remake->altered[i];
    for (size_t i = 0; i < n; i += 2) {
        nu__field *now = nu_alloc(nu__field);

        old = pairs[i];
        *now = *old;
        now->column = pairs[i + 1]->column;
        if (nu_eq(old->column, now->column) || nu_is_null(nu__editor_column(editor, NULL, old)))
            continue;
        nu__editor_fmt(editor, "ALTER TABLE {} RENAME COLUMN {} TO {}",
                       nu__editor_quote(editor, remake->model->db_table),
                       nu__editor_quote(editor, old->column),
                       nu__editor_quote(editor, now->column));
        pairs[i] = now;
    }
    pairs[n] = NULL;
    return remake->altered ? pairs : NULL;
}

/* The table as it was, with the names that its columns have now. */
static nu__table_def table_before(const nu__remake *remake)
{
    nu__table_def before = nu__table_def_of(remake->model);

    before.renamed = remake->altered;
    for (size_t i = 0; i < before.n_fields; i++)
        for (const nu__field *const *pair = remake->altered; pair && *pair; pair += 2)
            if (nu_eq(pair[0]->name, before.fields[i]->name))
                before.fields[i] = pair[0];
    return before;
}

static int64_t counted(nu__editor *editor, nu_str table)
{
    nu__connection *connection = editor->editor.connection;
    nu__rows *rows = nu__db_query(connection,
                                  S("SELECT count(*) FROM sqlite_master WHERE name = "
                                    "'sqlite_sequence'"),
                                  (nu_values){ 0 });
    int64_t number = nu__rows_next(rows) ? rows->cells[0].i : 0;

    nu__rows_close(rows);
    if (!number)
        return 0;
    rows = nu__db_query(connection,
                        S("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?"),
                        NU_ARGS(table));
    number = nu__rows_next(rows) ? rows->cells[0].i : 0;
    nu__rows_close(rows);
    return number;
}

/* AUTOINCREMENT never gives a number again, of rows that are gone too. */
static void count_on(nu__editor *editor, nu_str table, int64_t before)
{
    nu_str name = nu__editor_literal(editor, nu_v_str(table));

    if (counted(editor, table) >= before)
        return;
    nu__editor_fmt(editor, "DELETE FROM sqlite_sequence WHERE name = {}", name);
    nu__editor_fmt(editor, "INSERT INTO sqlite_sequence (name, seq) VALUES ({}, {})", name, before);
}

static void heed_views(void *arg)
{
    nu__editor_run(arg, S("PRAGMA legacy_alter_table = OFF"));
}

/* A view or trigger that names the table names nothing while the new one has another name: SQLite
   is told not to look at them meanwhile. */
static void take_place(nu__editor *editor, nu_str made, nu_str table, bool has_dependents)
{
    size_t slot;

    if (!has_dependents) {
        nu__editor_rename_table(editor, made, table);
        return;
    }
    slot = nu__cleanup_push(heed_views, editor);
    nu__editor_run(editor, S("PRAGMA legacy_alter_table = ON"));
    nu__editor_rename_table(editor, made, table);
    if (nu__cleanup_pop(slot))
        heed_views(editor);
}

static void make_anew(nu__editor *editor, const nu__remake *remake, bool has_dependents)
{
    bool collect = editor->editor.collect;
    nu_str table = remake->model->db_table;
    nu__table_def def = new_table(editor, remake), before = table_before(remake);
    nu__kept kept = collect ? (nu__kept){ 0 } : nu__kept_of(editor, remake, &before, &def);
    mapping mapping = map_columns(editor, remake, &def, &kept);
    int64_t number = collect ? 0 : counted(editor, table);

    def.parts = kept.parts.definitions ? &kept.parts : NULL;
    nu__editor_create_table(editor, &def);
    nu__editor_fmt(editor, "INSERT INTO {} ({}) SELECT {} FROM {}",
                   nu__editor_quote(editor, def.table), nu__buf_str(&mapping.columns),
                   nu__buf_str(&mapping.values), nu__editor_quote(editor, table));
    if (number)
        count_on(editor, def.table, number);
    nu__editor_drop_table(editor, table);
    take_place(editor, def.table, table, has_dependents);
    for (const nu__kept_statement *one = kept.statements; one; one = one->next)
        if (!nu_is_null(one->instead_of))
            nu__editor_forget_named(editor, one->instead_of);
    nu__editor_flush(editor);
    for (const nu__kept_statement *one = kept.statements; one; one = one->next)
        nu__editor_run(editor, one->sql);
}

static void remake_whole(nu__editor *editor, const nu__remake *remake)
{
    nu__connection *connection = editor->editor.connection;
    bool has_dependents;
    const nu__probe *probes = nu__probes(connection, &has_dependents);
    nu__remake now = *remake;

    now.altered = rename_columns(editor, remake);
    make_anew(editor, &now, has_dependents);
    nu__probe_again(connection, probes, remake->model->db_table);
}

void nu__remake_table(nu__editor *editor, const nu__remake *remake)
{
    if (editor->editor.collect) {
        make_anew(editor, remake, false);
        return;
    }
    /* All or nothing, in a migration that is not atomic too. */
    if (nu__in_atomic_block(editor->editor.connection)) {
        remake_whole(editor, remake);
    } else {
        nu_atomic_scope(.using = editor->editor.connection->alias);
        remake_whole(editor, remake);
    }
}
