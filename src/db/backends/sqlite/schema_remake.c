/* SQLite alters little in place. For all else the table is made anew, as its documentation and
 * Django do:
 *
 *     CREATE TABLE new__t; INSERT INTO new__t SELECT … FROM t; DROP TABLE t;
 *     ALTER TABLE new__t RENAME TO t; the indexes again
 *
 * with what the table has that no model knows of (schema_kept.c), while foreign keys are not
 * checked; they are before the commit.
 */
#include "db/backends/sqlite/schema.h"

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

static mapping map_columns(const nu__editor *editor, const nu__remake *remake)
{
    mapping out = { 0 };

    for (size_t i = 0; i < remake->model->n_fields; i++) {
        const nu__field *field = &remake->model->fields[i];
        bool dropped = remake->deleted && nu_eq(field->name, remake->deleted->name);

        if (!dropped && !field->origin && !altered_to(remake, field) && !field->def->expression &&
            !(brings_key(remake, field) && made_by_itself(field)))
            map(editor, &out, field->column, nu__editor_quote(editor, field->column));
    }
    if (remake->created && !remake->created->def->expression &&
        remake->created->def->db_default.kind == NU_KIND_NULL)
        map(editor, &out, remake->created->column,
            nu__editor_literal(editor, nu__editor_default(editor, remake->created)));
    for (const nu__field *const *pair = remake->altered; pair && *pair; pair += 2)
        if (!pair[1]->def->expression)
            map(editor, &out, pair[1]->column, value_of_altered(editor, pair[0], pair[1]));
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

void nu__remake_table(nu__editor *editor, const nu__remake *remake)
{
    nu_str table = remake->model->db_table;
    nu__table_def def = new_table(editor, remake);
    mapping mapping = map_columns(editor, remake);
    nu__kept kept = nu__kept_of(editor, remake, &def);

    def.suffixes = kept.defaults;
    def.constraints = kept.constraints;
    nu__editor_create_table(editor, &def);
    nu__editor_fmt(editor, "INSERT INTO {} ({}) SELECT {} FROM {}",
                   nu__editor_quote(editor, def.table), nu__buf_str(&mapping.columns),
                   nu__buf_str(&mapping.values), nu__editor_quote(editor, table));
    nu__editor_drop_table(editor, table);
    nu__editor_rename_table(editor, def.table, table);
    nu__editor_flush(editor);
    for (const nu__kept_statement *one = kept.statements; one; one = one->next)
        nu__editor_run(editor, one->sql);
}
