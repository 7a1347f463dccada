#include "db/backends/schema.h"
#include "db/backends/statements.h"

#include "core/context.h"
#include "db/session.h"

#include <string.h>

/* ---- running ------------------------------------------------------------------------------ */

static void collect(nu__editor *editor, nu_str sql)
{
    bool ended = sql.len && sql.ptr[sql.len - 1] == ';';

    nu_list_append(editor->editor.collected, nu_fmt("{}{}", sql, ended ? "" : ";"));
}

/* Some templates are two statements, which Django's drivers take as one. */
static void run_each(nu__editor *editor, nu_str sql)
{
    nu_str statement;

    while (nu__next_statement(editor->editor.backend, &sql, &statement))
        nu__db_execute(editor->editor.connection, statement, (nu_values){ 0 }, NULL);
}

void nu__editor_run(nu__editor *editor, nu_str sql)
{
    if (editor->editor.collect)
        collect(editor, sql);
    else if (memchr(sql.ptr, ';', sql.len))
        run_each(editor, sql);
    else
        nu__db_execute(editor->editor.connection, sql, (nu_values){ 0 }, NULL);
}

nu_str nu__editor_quote(const nu__editor *editor, nu_str name)
{
    nu__buf out = { 0 };

    editor->editor.backend->operations->quote_name(&out, name);
    return nu__buf_str(&out);
}

nu_str nu__editor_literal(const nu__editor *editor, nu_value value)
{
    nu__buf out = { 0 };

    editor->editor.backend->operations->quote_value(&out, value);
    return nu__buf_str(&out);
}

/* Each %s as a literal, %% as %. */
static nu_str with_literals(const nu__editor *editor, nu_str sql, nu_values params)
{
    nu__buf out = { 0 };
    size_t next = 0;

    for (size_t i = 0; i < sql.len; i++) {
        char mark = sql.ptr[i] == '%' && i + 1 < sql.len ? sql.ptr[i + 1] : '\0';

        if (mark == 's' && next < params.len)
            editor->editor.backend->operations->quote_value(&out, params.items[next++]);
        else
            nu__buf_char(&out, sql.ptr[i]);
        i += mark == 's' || mark == '%';
    }
    return nu__buf_str(&out);
}

void nu__schema_execute(nu__schema_editor *head, nu_str sql, nu_values params)
{
    nu__editor *editor = nu__editor_of(head);

    if (!params.len)
        nu__editor_run(editor, sql);
    else if (head->collect)
        collect(editor, with_literals(editor, sql, params));
    else
        nu__db_execute(head->connection, head->backend->operations->convert_query(sql), params,
                       NULL);
}

/* ---- begin and end ------------------------------------------------------------------------ */

static void leave(void *arg)
{
    nu__editor *editor = arg;

    if (editor->editor.backend->schema->leave)
        editor->editor.backend->schema->leave(editor);
    nu__connection_let_go(editor->editor.connection);
}

nu__schema_editor *nu__schema_begin(nu__connection *connection, bool collect_sql, bool atomic)
{
    nu__editor *editor = nu_alloc(nu__editor);
    nu_atomic_options options = { .using = connection->alias };

    editor->editor = (nu__schema_editor){ .connection = connection,
                                          .backend = connection->backend,
                                          .collect = collect_sql,
                                          .collected = nu_list_new() };
    editor->end = &editor->first;
    editor->atomic = atomic && !collect_sql && connection->backend->features->can_rollback_ddl;
    if (collect_sql)
        return &editor->editor;
    nu__connection_hold(connection);
    editor->slot = nu__cleanup_push(leave, editor);
    if (connection->backend->schema->enter)
        connection->backend->schema->enter(editor);
    if (editor->atomic)
        editor->transaction = nu__atomic_begin(&options);
    return &editor->editor;
}

void nu__schema_end(nu__schema_editor *head)
{
    nu__editor *editor = nu__editor_of(head);

    if (!head->collect && head->backend->schema->check)
        head->backend->schema->check(editor);
    nu__editor_flush(editor);
    editor->ended = true;
    if (head->collect)
        return;
    if (editor->atomic)
        nu__atomic_end(&editor->transaction);
    nu__cleanup_pop(editor->slot);
    leave(editor);
}

/* On a raise this comes before the clean-ups of nu__schema_begin(), and does their work. */
void nu__schema_abort(void *arg)
{
    nu__editor *editor = arg;

    if (editor->ended || editor->editor.collect)
        return;
    editor->ended = true;
    if (editor->atomic) {
        nu__session_of(editor->editor.connection)->needs_rollback = true;
        nu__atomic_end(&editor->transaction);
    }
    if (nu__cleanup_pop(editor->slot))
        leave(editor);
}

/* ---- operations --------------------------------------------------------------------------- */

bool nu__has_automatic_through(const nu__field *field)
{
    return field->relation && !field->origin && field->relation->many_to_many &&
           field->relation->through->auto_created;
}

static void create_model(nu__editor *editor, const nu__model_info *model)
{
    nu__table_def def = nu__table_def_of(model);

    if (model->concrete != model) /* a proxy has no table of its own */
        return;
    nu__editor_create_table(editor, &def);
    if (model->model->db_table_comment)
        nu__schema_alter_db_table_comment(&editor->editor, model, NULL,
                                          model->model->db_table_comment);
    nu__editor_comment_columns(editor, def.table, def.fields, def.n_fields);
    for (size_t i = 0; i < model->n_many; i++)
        if (nu__has_automatic_through(&model->many[i]))
            create_model(editor, model->many[i].relation->through);
}

static void delete_model(nu__editor *editor, const nu__model_info *model)
{
    for (size_t i = 0; i < model->n_many; i++)
        if (nu__has_automatic_through(&model->many[i]))
            delete_model(editor, model->many[i].relation->through);
    nu__editor_drop_table(editor, model->db_table);
}

nu__editor *nu__editor_next(nu__schema_editor *head)
{
    nu__editor_of(head)->n_operations++;
    return nu__editor_of(head);
}

void nu__schema_create_model(nu__schema_editor *head, const nu__model_info *model)
{
    create_model(nu__editor_next(head), model);
}

void nu__schema_delete_model(nu__schema_editor *head, const nu__model_info *model)
{
    delete_model(nu__editor_next(head), model);
}

void nu__schema_add_field(nu__schema_editor *head, const nu__model_info *model,
                          const nu__field *field)
{
    nu__editor *editor = nu__editor_next(head);

    if (nu__has_automatic_through(field))
        create_model(editor, field->relation->through);
    else if (!field->relation || !field->relation->many_to_many)
        head->backend->schema->add_field(editor, model, field);
}

void nu__schema_remove_field(nu__schema_editor *head, const nu__model_info *model,
                             const nu__field *field)
{
    nu__editor *editor = nu__editor_next(head);

    if (nu__has_automatic_through(field))
        delete_model(editor, field->relation->through);
    else if (!field->relation || !field->relation->many_to_many)
        head->backend->schema->remove_field(editor, model, field);
}

/* ---- indexes and constraints -------------------------------------------------------------- */

void nu__schema_add_index(nu__schema_editor *head, const nu__model_info *model,
                          const nu_index *index)
{
    nu__editor *editor = nu__editor_next(head);
    nu__table_def def = nu__table_def_of(model);
    nu__deferred made;

    if (!nu__index_is_supported(head->backend, index))
        return;
    made = nu__meta_index(editor, &def, index);
    nu__editor_make(editor, &made);
}

void nu__schema_remove_index(nu__schema_editor *head, const nu__model_info *model,
                             const nu_index *index)
{
    nu__editor *editor = nu__editor_next(head);

    if (!nu__index_is_supported(head->backend, index))
        return;
    nu__editor_before_index_goes(editor, model, index->fields);
    nu__editor_drop_index(editor, model->db_table, nu__schema_index_name(model, index));
}

void nu__schema_rename_index(nu__schema_editor *head, const nu__model_info *model,
                             const nu_index *old, const nu_index *index)
{
    const char *rename = head->backend->schema->rename_index;
    nu__editor *editor = nu__editor_of(head);

    if (rename) {
        nu__editor_ddl(
            nu__editor_next(head), rename, { "table", nu__editor_quote(editor, model->db_table) },
            { "old_name", nu__editor_quote(editor, nu__schema_index_name(model, old)) },
            { "new_name", nu__editor_quote(editor, nu__schema_index_name(model, index)) });
        return;
    }
    nu__schema_remove_index(head, model, old);
    nu__schema_add_index(head, model, index);
}

void nu__schema_add_constraint(nu__schema_editor *head, const nu__model_info *model,
                               const nu_constraint *constraint)
{
    head->backend->schema->add_constraint(nu__editor_next(head), model, constraint);
}

void nu__schema_remove_constraint(nu__schema_editor *head, const nu__model_info *model,
                                  const nu_constraint *constraint)
{
    head->backend->schema->remove_constraint(nu__editor_next(head), model, constraint);
}
