/* What only some databases have: indexes without locks, comments on tables and columns. */
#include "db/backends/schema.h"

#include <string.h>

/* ---- indexes without locks ----------------------------------------------------------------- */

static bool has_concurrent_indexes(const nu__schema_editor *editor)
{
    return editor->backend->dialect == NU__POSTGRESQL;
}

static void must_not_be_atomic(const nu__schema_editor *editor, const char *what)
{
    if (!editor->collect && nu__in_atomic_block(editor->connection))
        nu_raise(NU_NOT_SUPPORTED_ERROR,
                 "The {} operation cannot be executed inside a transaction (set .non_atomic = true "
                 "on the migration).",
                 what);
}

typedef void change_index(nu__schema_editor *editor, const nu__model_info *model,
                          const nu_index *index);

/* What the ordinary change would run, with one word after the given ones. */
static void run_concurrently(nu__schema_editor *editor, change_index *change,
                             const nu__model_info *model, const nu_index *index, nu_str verb)
{
    nu__schema_editor *dry = nu__schema_begin(editor->connection, true, false);

    change(dry, model, index);
    for (size_t i = 0; i < nu_list_len(dry->collected); i++) {
        nu_str sql = nu_string(nu_at(dry->collected, i)), rest;

        if (sql.len && sql.ptr[sql.len - 1] == ';')
            sql.len--;
        rest = (nu_str){ sql.ptr + verb.len, sql.len - verb.len };
        if (nu_starts_with(sql, verb))
            sql = nu_fmt("{} CONCURRENTLY{}", verb, rest);
        nu__editor_run(nu__editor_next(editor), sql);
    }
}

void nu__schema_add_index_concurrently(nu__schema_editor *editor, const nu__model_info *model,
                                       const nu_index *index)
{
    if (!has_concurrent_indexes(editor)) {
        nu__schema_add_index(editor, model, index);
        return;
    }
    must_not_be_atomic(editor, "AddIndexConcurrently");
    run_concurrently(editor, nu__schema_add_index, model, index, S("CREATE INDEX"));
}

void nu__schema_remove_index_concurrently(nu__schema_editor *editor, const nu__model_info *model,
                                          const nu_index *index)
{
    if (!has_concurrent_indexes(editor)) {
        nu__schema_remove_index(editor, model, index);
        return;
    }
    must_not_be_atomic(editor, "RemoveIndexConcurrently");
    run_concurrently(editor, nu__schema_remove_index, model, index, S("DROP INDEX"));
}

/* The index comes first, by the constraint's name, and is the constraint's then; one that only an
   index can be stays that. */
void nu__schema_add_constraint_concurrently(nu__schema_editor *head, const nu__model_info *model,
                                            const nu_constraint *constraint)
{
    static const char verb[] = "CREATE UNIQUE INDEX";
    nu__editor *editor = nu__editor_of(head);
    nu__table_def def = nu__table_def_of(model);
    nu__deferred unique;
    nu_str name = nu__editor_quote(editor, nu_s(constraint->name));

    if (!has_concurrent_indexes(head)) {
        nu__schema_add_constraint(head, model, constraint);
        return;
    }
    must_not_be_atomic(head, "AddConstraintConcurrently");
    unique = nu__unique_constraint(editor, &def, constraint);
    unique.kind = NU__UNIQUE_INDEX;
    nu__editor_fmt(nu__editor_next(head), "{} CONCURRENTLY{}", verb,
                   nu__deferred_sql(editor, &unique).ptr + sizeof verb - 1);
    if (!nu__constraint_is_index(constraint))
        nu__editor_fmt(editor, "ALTER TABLE {} ADD CONSTRAINT {} UNIQUE USING INDEX {}{}",
                       nu__editor_quote(editor, def.table), name, name,
                       nu__deferrable_sql(constraint->deferrable));
}

/* ---- checks of what comes ------------------------------------------------------------------ */

void nu__schema_add_constraint_not_valid(nu__schema_editor *editor, const nu__model_info *model,
                                         const nu_constraint *constraint)
{
    nu__table_def def = nu__table_def_of(model);
    nu__editor *next;

    if (editor->backend->dialect != NU__POSTGRESQL) {
        nu__schema_add_constraint(editor, model, constraint);
        return;
    }
    next = nu__editor_next(editor);
    nu__editor_fmt(next, "ALTER TABLE {} ADD {} NOT VALID", nu__editor_quote(next, def.table),
                   nu__constraint_sql(next, &def, constraint));
}

/* ---- what waits for the end ---------------------------------------------------------------- */

void nu__schema_settle_index(nu__schema_editor *head, const nu__model_info *model,
                             const nu_index *index)
{
    nu__editor *editor = nu__editor_of(head);
    nu_str name = nu__schema_index_name(model, index);
    nu__deferred **at = &editor->first;

    while (*at) {
        nu__deferred *waiting = *at;

        if (!nu_eq(nu__deferred_name(editor, waiting), name)) {
            at = &waiting->next;
            continue;
        }
        *at = waiting->next;
        nu__editor_make(editor, waiting);
    }
    editor->end = at;
}

/* ---- comments ------------------------------------------------------------------------------ */

/* NULL: the database keeps none. */
static const char *const comment_sql[NU__DIALECT_COUNT] = {
    [NU__POSTGRESQL] = "COMMENT ON TABLE {} IS {}",
    [NU__MYSQL] = "ALTER TABLE {} COMMENT = {}",
};

void nu__schema_alter_db_table_comment(nu__schema_editor *head, const nu__model_info *model,
                                       const char *old_comment, const char *comment)
{
    nu__editor *editor = nu__editor_next(head);
    const char *sql = comment_sql[head->backend->dialect];

    if (!sql || (old_comment && comment && !strcmp(old_comment, comment)))
        return;
    nu__editor_run(
        editor,
        nu_fmt_(sql, NU_ARGS(nu__editor_quote(editor, model->db_table),
                             nu__editor_literal(editor, nu_v_cstr(comment ? comment : "")))));
}

static nu_str comment_literal(const nu__editor *editor, const nu__field *field)
{
    const char *comment = field->def->db_comment;

    return nu__editor_literal(editor, nu_v_cstr(comment ? comment : ""));
}

nu_str nu__editor_column_comment(const nu__editor *editor, nu_str table, const nu__field *field)
{
    return nu__ddl_fill(editor->editor.backend->schema->comment_column,
                        NU__DDL_PARTS({ "table", nu__editor_quote(editor, table) },
                                      { "column", nu__editor_quote(editor, field->column) },
                                      { "comment", comment_literal(editor, field) }));
}

nu_str nu__editor_inline_comment(const nu__editor *editor, const nu__field *field)
{
    const char *template = editor->editor.backend->schema->inline_comment;

    if (!template || !field->def->db_comment || !*field->def->db_comment)
        return S("");
    return nu__ddl_fill(template, NU__DDL_PARTS({ "comment", comment_literal(editor, field) }));
}

bool nu__same_comment(const nu__schema_ops *schema, const nu__field *a, const nu__field *b)
{
    const char *before = a->def->db_comment, *after = b->def->db_comment;

    return !(schema->comment_column || schema->inline_comment) || before == after ||
           (before && after && strcmp(before, after) == 0);
}

void nu__editor_comment_columns(nu__editor *editor, nu_str table, const nu__field *const *fields,
                                size_t n)
{
    for (size_t i = 0; i < n && editor->editor.backend->schema->comment_column; i++)
        if (fields[i]->def->db_comment)
            nu__editor_run(editor, nu__editor_column_comment(editor, table, fields[i]));
}
