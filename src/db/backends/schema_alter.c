#include "db/backends/schema.h"

#include <string.h>

/* ---- is there anything to alter? ---------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_value(const nu_default *a, const nu_default *b)
{
    return a->kind == b->kind && a->i == b->i && a->f == b->f && same_text(a->s, b->s);
}

static bool same_default(const nu_field *a, const nu_field *b)
{
    return a->default_call == b->default_call && same_value(&a->default_, &b->default_) &&
           same_value(&a->db_default, &b->db_default) && same_text(a->expression, b->expression) &&
           a->db_persist == b->db_persist;
}

static const char *own_collation(const nu__field *field)
{
    return field->type->family == NU__CHAR_OPTIONS
               ? ((const nu_char_field *)field->def)->db_collation
               : NULL;
}

static bool has_constraint_option(const nu__field *field)
{
    return !((const nu_relation_field *)field->def)->no_db_constraint;
}

static bool same_relation(const nu__field *a, const nu__field *b)
{
    if (!a->relation || !b->relation)
        return !a->relation && !b->relation;
    if (a->relation->many_to_many)
        return nu_eq(a->relation->to->label, b->relation->to->label) &&
               nu_eq(a->relation->through->db_table, b->relation->through->db_table) &&
               has_constraint_option(a) == has_constraint_option(b);
    return nu_eq(a->relation->to->db_table, b->relation->to->db_table) &&
           nu_eq(a->relation->to_field->name, b->relation->to_field->name) &&
           nu__has_db_constraint(a) == nu__has_db_constraint(b);
}

/* What Django compares: all options but those that only forms and messages know. */
bool nu__same_but_for_comment(const nu__field *a, const nu__field *b)
{
    return nu_eq(a->column, b->column) && a->type == b->type && a->null == b->null &&
           a->unique == b->unique && a->primary_key == b->primary_key &&
           a->db_index == b->db_index && a->implicit == b->implicit &&
           a->max_length == b->max_length && a->max_digits == b->max_digits &&
           a->decimal_places == b->decimal_places && a->auto_now == b->auto_now &&
           a->auto_now_add == b->auto_now_add && same_text(a->upload_to, b->upload_to) &&
           same_text(a->def->unique_for_date, b->def->unique_for_date) &&
           same_text(a->def->unique_for_month, b->def->unique_for_month) &&
           same_text(a->def->unique_for_year, b->def->unique_for_year) &&
           same_text(own_collation(a), own_collation(b)) && same_default(a->def, b->def) &&
           same_relation(a, b);
}

static bool is_many(const nu__field *field)
{
    return field->relation && field->relation->many_to_many;
}

void nu__schema_alter_field(nu__schema_editor *head, const nu__model_info *model,
                            const nu__field *old, const nu__field *field)
{
    nu__editor *editor = nu__editor_next(head);

    if (nu__same_but_for_comment(old, field) && nu__same_comment(head->backend->schema, old, field))
        return;
    if (is_many(old) != is_many(field) ||
        (is_many(old) && nu__has_automatic_through(old) != nu__has_automatic_through(field)))
        nu_raise(NU_VALUE_ERROR,
                 "Cannot alter field {}.{} into {}.{} - they are not compatible types (you cannot "
                 "alter to or from M2M fields, or add or remove through= on M2M fields)",
                 old->model->label, old->name, field->model->label, field->name);
    if (!is_many(old))
        head->backend->schema->alter_field(editor, model, old, field);
    else if (nu__has_automatic_through(old))
        head->backend->schema->alter_many(editor, old, field);
}

void nu__schema_alter_db_table(nu__schema_editor *head, const nu__model_info *model,
                               nu_str old_table, nu_str new_table)
{
    (void)model;
    nu__editor_rename_table(nu__editor_next(head), old_table, new_table);
}

/* ---- unique_together ---------------------------------------------------------------------- */

static bool same_names(const char *const *a, const char *const *b)
{
    for (size_t i = 0; i < 8; i++)
        if (!same_text(a[i], b[i]))
            return false;
        else if (!a[i])
            return true;
    return true;
}

static bool has_tuple(const nu__field_names *tuples, const char *const *names)
{
    for (size_t i = 0; i < 4 && tuples[i][0]; i++)
        if (same_names(tuples[i], names))
            return true;
    return false;
}

/* The database's own word on what the constraint is called: an old table may have another name for
   it than Django would give it today. True: the table was made anew, with all that the model has.
 */
static bool drop_unique(nu__editor *editor, const nu__model_info *model, const char *const *names)
{
    const nu__schema_ops *schema = editor->editor.backend->schema;
    nu__table_def def = nu__table_def_of(model);
    nu__deferred unique = nu__unique_together(&def, names);
    nu_str made = nu__deferred_name(editor, &unique), *found;
    size_t n;

    found = nu__constraint_names(editor, model->db_table, unique.columns, unique.n_columns,
                                 NU__ANY_UNIQUE, model->model, &n);
    for (size_t i = 0; i < n; i++)
        if (nu_eq(found[i], made)) {
            found[0] = made;
            n = 1;
        }
    if (!n && editor->editor.collect)
        found[n++] = made;
    if (n != 1)
        nu_raise(NU_VALUE_ERROR, "Found wrong number ({}) of constraints for {}({})", (int64_t)n,
                 model->db_table, nu__editor_list(editor, unique.columns, NULL, unique.n_columns));
    nu__editor_before_index_goes(editor, model, names);
    if (schema->remade_without_unique &&
        schema->remade_without_unique(editor, model, names, found[0]))
        return true;
    nu__editor_ddl(editor, nu__delete_unique(editor, model->db_table, found[0]),
                   { "table", nu__editor_quote(editor, model->db_table) },
                   { "name", nu__editor_quote(editor, found[0]) });
    return false;
}

void nu__schema_alter_unique_together(nu__schema_editor *head, const nu__model_info *model,
                                      const nu__field_names *before, const nu__field_names *after)
{
    nu__editor *editor = nu__editor_next(head);
    nu__table_def def = nu__table_def_of(model);
    bool remade = false;

    for (size_t i = 0; i < 4 && before[i][0]; i++)
        if (!has_tuple(after, before[i]))
            remade |= drop_unique(editor, model, before[i]);
    for (size_t i = 0; !remade && i < 4 && after[i][0]; i++)
        if (!has_tuple(before, after[i])) {
            nu__deferred unique = nu__unique_together(&def, after[i]);

            nu__editor_make(editor, &unique);
        }
}
