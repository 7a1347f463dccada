/* ALTER COLUMN, in Django's order: what hangs on the column is dropped, the column changed, and all
   made again. Django: BaseDatabaseSchemaEditor._alter_field() */
#include "db/backends/schema_in_place.h"

#include <string.h>

/* A default that a model gives up goes; one that no model ever had stays. */
static nu_str kept_default(const nu__alteration *alter)
{
    bool models = alter->old->def->db_default.kind != NU_KIND_NULL;

    return models || !alter->kept.default_.len ? S("") : alter->kept.default_;
}

static nu_str kept_type(const nu__alteration *alter)
{
    return alter->kept.type.len ? alter->kept.type : alter->type;
}

/* A template about the column, with what most of them name. */
static nu_str about_column(const nu__alteration *alter, const char *template, nu_str default_)
{
    nu_str stays =
        alter->field->def->db_default.kind == NU_KIND_NULL
            ? kept_default(alter)
            : nu_fmt(" DEFAULT {}", nu__editor_db_default(alter->editor, NULL, alter->field));

    return nu__ddl_fill(template,
                        NU__DDL_PARTS({ "table", nu__alter_quote(alter, alter->table) },
                                      { "column", nu__alter_quote(alter, alter->field->column) },
                                      { "type", kept_type(alter) }, { "default", default_ },
                                      { "collation", alter->kept.collation },
                                      { "db_default", stays }, { "rest", alter->kept.rest }));
}

static void rename_column(nu__alteration *alter)
{
    if (nu_eq(alter->old->column, alter->field->column))
        return;
    nu__editor_ddl(alter->editor, alter->schema->rename_column,
                   { "table", nu__alter_quote(alter, alter->table) },
                   { "old_column", nu__alter_quote(alter, alter->old->column) },
                   { "new_column", nu__alter_quote(alter, alter->field->column) },
                   { "type", alter->type });
    nu__editor_rename_waiting(alter->editor, alter->table, alter->old->column,
                              alter->field->column);
}

/* ---- the column --------------------------------------------------------------------------- */

static bool same_comment(const nu__alteration *alter)
{
    return nu__same_comment(alter->schema, alter->old, alter->field);
}

static void plan_type(nu__alteration *alter)
{
    nu__dialect dialect = alter->editor->editor.backend->dialect;
    nu__type_change change;

    if (nu_eq(alter->old_type, alter->type) && nu__same_collation(alter) && same_comment(alter) &&
        nu_eq(nu__field_db_suffix(alter->old, dialect), nu__field_db_suffix(alter->field, dialect)))
        return;
    change = alter->schema->change_type(alter->editor, alter->table, alter->old, alter->field);
    nu_list_append(alter->changes, change.fragment);
    alter->after = change.after;
    if (!same_comment(alter) && alter->schema->comment_column)
        nu_list_append(alter->after,
                       nu__editor_column_comment(alter->editor, alter->table, alter->field));
}

static nu_str db_default(const nu__alteration *alter, const nu__field *field)
{
    return field->def->db_default.kind == NU_KIND_NULL
               ? S("")
               : nu__editor_db_default(alter->editor, NULL, field);
}

static void plan_db_default(const nu__alteration *alter)
{
    nu_str old = db_default(alter, alter->old), default_ = db_default(alter, alter->field);

    if (default_.len && !nu_eq(old, default_))
        nu_list_append(alter->changes, about_column(alter, alter->schema->set_default, default_));
    else if (old.len && !default_.len)
        nu_list_append(alter->changes, about_column(alter, alter->schema->drop_default, S("")));
}

/* A column that must not be null any more has a default while the rows that are there get it. */
static void plan_null(nu__alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;
    bool takes = !alter->schema->takes_default || alter->schema->takes_default(field);
    nu_str default_;

    if (old->null == field->null)
        return;
    alter->null_change = about_column(
        alter, field->null ? alter->schema->drop_not_null : alter->schema->set_not_null, S(""));
    if (field->null || field->def->db_default.kind != NU_KIND_NULL || !takes)
        return;
    default_ = nu__editor_default_sql(alter->editor, field);
    alter->initial = default_.len && !nu_eq(default_, nu__editor_default_sql(alter->editor, old));
    if (alter->initial)
        nu_list_append(alter->changes, about_column(alter, alter->schema->set_default, default_));
}

static void run_changes(const nu__alteration *alter)
{
    nu__buf all = { 0 };

    for (size_t i = 0; i < nu_list_len(alter->changes); i++) {
        nu_str change = nu_at(alter->changes, i).s;

        if (!alter->schema->combined_alters)
            nu__alter_table(alter, alter->table, change);
        else
            nu__buf_fmt(&all, "{}{}", i ? ", " : "", change);
    }
    if (all.len)
        nu__alter_table(alter, alter->table, nu__buf_str(&all));
}

/* Rows without a value get the default, in between. */
static void fill_nulls(const nu__alteration *alter)
{
    nu_str default_ = db_default(alter, alter->field);

    if (!default_.len)
        default_ = nu__editor_default_sql(alter->editor, alter->field);
    nu__editor_run(alter->editor, about_column(alter, alter->schema->update_with_default,
                                               default_.len ? default_ : S("NULL")));
}

static void change_column(nu__alteration *alter)
{
    const nu__field *field = alter->field;
    bool has_default = nu__field_has_default(field) || field->def->db_default.kind != NU_KIND_NULL;
    bool four_ways = has_default && alter->old->null && !field->null;

    plan_type(alter);
    plan_db_default(alter);
    plan_null(alter);
    if (alter->null_change.len && !four_ways)
        nu_list_append(alter->changes, alter->null_change);
    run_changes(alter);
    if (alter->null_change.len && four_ways) {
        fill_nulls(alter);
        nu__alter_table(alter, alter->table, alter->null_change);
    }
    for (size_t i = 0; i < nu_list_len(alter->after); i++)
        nu__editor_run(alter->editor, nu_at(alter->after, i).s);
}

static void refuse_generated(const nu__field *old, const nu__field *field)
{
    if (!old->def->expression && !field->def->expression)
        return;
    if (!old->def->expression || !field->def->expression ||
        strcmp(old->def->expression, field->def->expression) != 0 ||
        old->def->db_persist != field->def->db_persist)
        nu_raise(NU_VALUE_ERROR,
                 "Modifying GeneratedFields is not supported - the field {}.{} must be removed and "
                 "re-added with the new definition.",
                 field->model->label, field->name);
}

void nu__in_place_alter_field(nu__editor *editor, const nu__model_info *model, const nu__field *old,
                              const nu__field *field)
{
    nu__alteration alter = { .editor = editor,
                             .schema = editor->editor.backend->schema,
                             .model = model,
                             .old = old,
                             .field = field,
                             .table = model->db_table,
                             .old_type = nu__editor_type(editor, old),
                             .type = nu__editor_type(editor, field),
                             .changes = nu_list_new(),
                             .after = nu_list_new() };

    refuse_generated(old, field);
    if (alter.schema->kept_parts)
        alter.kept = alter.schema->kept_parts(editor, alter.table, old, field);
    nu__drop_what_hangs_on(&alter);
    rename_column(&alter);
    change_column(&alter);
    nu__make_what_hangs_on(&alter);
    if (alter.initial)
        nu__alter_table(&alter, alter.table,
                        about_column(&alter, alter.schema->drop_default, S("")));
    nu__change_extra_index(&alter);
}
