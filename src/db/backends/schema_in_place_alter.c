/* ALTER COLUMN, in Django's order: what hangs on the column is dropped, the column changed, and all
   made again. Django: BaseDatabaseSchemaEditor._alter_field() */
#include "db/backends/names.h"
#include "db/backends/schema.h"

#include <string.h>

/* A foreign key that refers to the column that is altered, before and after. */
typedef struct referring {
    const nu__field *old, *field;
} referring;

typedef struct alteration {
    nu__editor *editor;
    const nu__schema_ops *schema;
    const nu__model_info *model;
    const nu__field *old, *field;
    nu_str table, old_type, type;
    bool dropped_reference, dropped_referring, initial;
    nu_list *changes, *after; /* fragments of ALTER TABLE; statements */
    nu_str null_change;
    referring *referring;
    size_t n_referring;
} alteration;

static nu_str quote(const alteration *alter, nu_str name)
{
    return nu__editor_quote(alter->editor, name);
}

/* A template about the column, with what most of them name. */
static nu_str about_column(const alteration *alter, const char *template, nu_str default_)
{
    nu_str stays =
        alter->field->def->db_default.kind == NU_KIND_NULL
            ? S("")
            : nu_fmt(" DEFAULT {}", nu__editor_db_default(alter->editor, NULL, alter->field));

    return nu__ddl_fill(template, NU__DDL_PARTS({ "table", quote(alter, alter->table) },
                                                { "column", quote(alter, alter->field->column) },
                                                { "type", alter->type }, { "default", default_ },
                                                { "db_default", stays }));
}

static void alter_table(const alteration *alter, nu_str table, nu_str change)
{
    nu__editor_fmt(alter->editor, "ALTER TABLE {} {}", quote(alter, table), change);
}

/* ---- before: what hangs on the column ----------------------------------------------------- */

/* Drop all that the column has of a kind; how many there were. */
static size_t drop_all(const alteration *alter, nu_str table, nu_str column, nu__wanted wanted,
                       const nu_model *exclude, const char *template)
{
    size_t n;
    nu_str *names = nu__constraint_names(alter->editor, table, &column, column.len ? 1 : 0, wanted,
                                         exclude, &n);

    for (size_t i = 0; i < n; i++)
        nu__editor_ddl(alter->editor, template, { "table", quote(alter, table) },
                       { "name", quote(alter, names[i]) });
    return n;
}

static bool same_collation(const alteration *alter)
{
    return nu_eq(nu__editor_collation(alter->editor, alter->old),
                 nu__editor_collation(alter->editor, alter->field));
}

/* The key of a table between two models is met twice: as a key, and by the many-to-many. */
static void add_referring(alteration *alter, const nu__field *old, const nu__field *field)
{
    for (size_t i = 0; i < alter->n_referring; i++)
        if (nu_eq(alter->referring[i].field->model->db_table, field->model->db_table) &&
            nu_eq(alter->referring[i].field->column, field->column))
            return;
    alter->referring[alter->n_referring++] = (referring){ old, field };
}

/* Keys of other tables, and those of the tables between two models. */
static void find_referring(alteration *alter)
{
    const nu__model_info *before = alter->old->model, *after = alter->field->model;
    size_t most = after->n_reverse + after->n_many;

    alter->referring = nu_alloc_array(referring, most + 1);
    for (size_t i = 0; i < after->n_reverse && i < before->n_reverse; i++) {
        const nu__relation *old = before->reverse[i], *relation = after->reverse[i];

        if (relation->many_to_many != old->many_to_many)
            continue;
        if (!relation->many_to_many && relation->field->target == alter->field)
            add_referring(alter, old->field, relation->field);
        else if (relation->many_to_many && alter->field->primary_key &&
                 relation->through->auto_created)
            add_referring(alter, old->through_to, relation->through_to);
    }
    for (size_t i = 0; i < after->n_many && i < before->n_many; i++)
        if (alter->field->primary_key && after->many[i].relation->through->auto_created)
            add_referring(alter, before->many[i].relation->through_from,
                          after->many[i].relation->through_from);
}

static void drop_referring(alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;
    bool key = (old->primary_key && field->primary_key) || (old->unique && field->unique);

    alter->dropped_referring =
        key && (!nu_eq(alter->old_type, alter->type) || !same_collation(alter));
    if (!alter->dropped_referring)
        return;
    find_referring(alter);
    for (size_t i = 0; i < alter->n_referring; i++)
        drop_all(alter, alter->referring[i].field->model->db_table,
                 alter->referring[i].field->column, NU__ANY_FOREIGN, NULL,
                 alter->schema->delete_fk);
}

static nu_str check_of(const alteration *alter, const nu__field *field)
{
    nu__field copy = *field;

    copy.column = S("__column_name__");
    return nu__field_db_check(&copy, alter->editor->editor.backend->dialect);
}

static void drop_what_hangs_on_it(alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;
    const nu_model *meta = alter->model->model;
    nu_str check = check_of(alter, old);

    if (nu__has_db_constraint(old) && !nu__same_but_for_comment(old, field))
        alter->dropped_reference = drop_all(alter, alter->table, old->column, NU__ANY_FOREIGN, NULL,
                                            alter->schema->delete_fk) > 0;
    if (old->unique && (!field->unique || (!old->primary_key && field->primary_key)))
        drop_all(alter, alter->table, old->column, NU__ANY_UNIQUE, meta,
                 alter->schema->delete_unique);
    drop_referring(alter);
    if (old->db_index && !old->unique && (!field->db_index || field->unique))
        drop_all(alter, alter->table, old->column, NU__ANY_INDEX, meta,
                 alter->schema->delete_index);
    if (check.len && !nu_eq(check, check_of(alter, field)))
        drop_all(alter, alter->table, old->column, NU__ANY_CHECK, meta,
                 alter->schema->delete_constraint);
}

static void rename_column(alteration *alter)
{
    if (nu_eq(alter->old->column, alter->field->column))
        return;
    nu__editor_ddl(alter->editor, alter->schema->rename_column,
                   { "table", quote(alter, alter->table) },
                   { "old_column", quote(alter, alter->old->column) },
                   { "new_column", quote(alter, alter->field->column) }, { "type", alter->type });
    nu__editor_rename_waiting(alter->editor, alter->table, alter->old->column,
                              alter->field->column);
}

/* ---- the column --------------------------------------------------------------------------- */

static bool same_comment(const alteration *alter)
{
    return nu__same_comment(alter->schema, alter->old, alter->field);
}

static void plan_type(alteration *alter)
{
    nu__dialect dialect = alter->editor->editor.backend->dialect;
    nu__type_change change;

    if (nu_eq(alter->old_type, alter->type) && same_collation(alter) && same_comment(alter) &&
        nu_eq(nu__field_db_suffix(alter->old, dialect), nu__field_db_suffix(alter->field, dialect)))
        return;
    change = alter->schema->change_type(alter->editor, alter->table, alter->old, alter->field);
    nu_list_append(alter->changes, change.fragment);
    alter->after = change.after;
    if (!same_comment(alter) && alter->schema->comment_column)
        nu_list_append(alter->after,
                       nu__editor_column_comment(alter->editor, alter->table, alter->field));
}

static nu_str db_default(const alteration *alter, const nu__field *field)
{
    return field->def->db_default.kind == NU_KIND_NULL
               ? S("")
               : nu__editor_db_default(alter->editor, NULL, field);
}

static void plan_db_default(const alteration *alter)
{
    nu_str old = db_default(alter, alter->old), default_ = db_default(alter, alter->field);

    if (default_.len && !nu_eq(old, default_))
        nu_list_append(alter->changes, about_column(alter, alter->schema->set_default, default_));
    else if (old.len && !default_.len)
        nu_list_append(alter->changes, about_column(alter, alter->schema->drop_default, S("")));
}

/* A column that must not be null any more has a default while the rows that are there get it. */
static void plan_null(alteration *alter)
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

static void run_changes(const alteration *alter)
{
    nu__buf all = { 0 };

    for (size_t i = 0; i < nu_list_len(alter->changes); i++) {
        nu_str change = nu_at(alter->changes, i).s;

        if (!alter->schema->combined_alters)
            alter_table(alter, alter->table, change);
        else
            nu__buf_fmt(&all, "{}{}", i ? ", " : "", change);
    }
    if (all.len)
        alter_table(alter, alter->table, nu__buf_str(&all));
}

/* Rows without a value get the default, in between. */
static void fill_nulls(const alteration *alter)
{
    nu_str default_ = db_default(alter, alter->field);

    if (!default_.len)
        default_ = nu__editor_default_sql(alter->editor, alter->field);
    nu__editor_run(alter->editor, about_column(alter, alter->schema->update_with_default,
                                               default_.len ? default_ : S("NULL")));
}

static void change_column(alteration *alter)
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
        alter_table(alter, alter->table, alter->null_change);
    }
    for (size_t i = 0; i < nu_list_len(alter->after); i++)
        nu__editor_run(alter->editor, nu_at(alter->after, i).s);
}

/* ---- after -------------------------------------------------------------------------------- */

static void make(const alteration *alter, nu__deferred what)
{
    nu__editor_make(alter->editor, &what);
}

static void make_primary_key(const alteration *alter)
{
    nu_str column = alter->field->column;
    size_t most = alter->editor->editor.backend->features->max_name_length;

    nu__editor_ddl(
        alter->editor, alter->schema->create_pk, { "table", quote(alter, alter->table) },
        { "name", quote(alter, nu__index_name(alter->table, &column, 1, S("_pk"), most)) },
        { "columns", quote(alter, column) });
}

/* Where the database would index a foreign key by itself, Django still names the index of a column
   that becomes one. */
static bool gets_index(const alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;

    if ((old->db_index && !old->unique) || !field->db_index || field->unique)
        return false;
    return field->type->type == NU_FOREIGN_KEY || nu__field_is_indexed(alter->editor, field);
}

static void make_keys_and_indexes(alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;

    if (old->primary_key && !field->primary_key)
        drop_all(alter, alter->table, S(""), NU__ANY_PRIMARY, NULL,
                 alter->schema->delete_pk ? alter->schema->delete_pk
                                          : alter->schema->delete_constraint);
    if (!field->primary_key && field->unique && (!old->unique || old->primary_key))
        make(alter, nu__field_unique(alter->table, field));
    if (gets_index(alter))
        make(alter, nu__field_index(alter->table, field));
    if (!old->primary_key && field->primary_key)
        make_primary_key(alter);
}

static void change_referring(alteration *alter)
{
    if (!alter->dropped_referring && alter->field->primary_key && !alter->old->primary_key)
        find_referring(alter);
    for (size_t i = 0; i < alter->n_referring; i++) {
        const referring *at = &alter->referring[i];
        nu_str table = at->field->model->db_table;
        nu__type_change change =
            alter->schema->change_type(alter->editor, table, at->old, at->field);

        alter_table(alter, table, change.fragment);
        for (size_t k = 0; k < nu_list_len(change.after); k++)
            nu__editor_run(alter->editor, nu_at(change.after, k).s);
    }
}

static void make_references(const alteration *alter)
{
    if (nu__has_db_constraint(alter->field) &&
        (alter->dropped_reference || !nu__has_db_constraint(alter->old)))
        make(alter,
             nu__field_reference(alter->table, alter->field, "_fk_%(to_table)s_%(to_column)s"));
    for (size_t i = 0; i < alter->n_referring && alter->dropped_referring; i++)
        if (nu__has_db_constraint(alter->referring[i].field))
            make(alter, nu__field_reference(alter->referring[i].field->model->db_table,
                                            alter->referring[i].field, "_fk"));
}

static void make_check(const alteration *alter)
{
    nu_str check = check_of(alter, alter->field), column = alter->field->column;
    size_t most = alter->editor->editor.backend->features->max_name_length;

    if (!check.len || nu_eq(check, check_of(alter, alter->old)))
        return;
    nu__editor_ddl(
        alter->editor, alter->schema->create_check, { "table", quote(alter, alter->table) },
        { "name", quote(alter, nu__index_name(alter->table, &column, 1, S("_check"), most)) },
        { "check", nu__field_db_check(alter->field, alter->editor->editor.backend->dialect) });
}

static bool has_index(const nu__field *field)
{
    return field->db_index || field->unique;
}

typedef bool extra_index(const nu__editor *, nu_str, const nu__field *, nu__deferred *);

/* The index beside the column's own is of another kind of text now, or of none. */
static bool changes_extra(const alteration *alter, extra_index *extra)
{
    nu__deferred before, after;

    if (!extra(alter->editor, alter->table, alter->old, &before))
        return false;
    return !extra(alter->editor, alter->table, alter->field, &after) ||
           strcmp(before.opclasses[0], after.opclasses[0]) != 0;
}

static void change_extra_index(const alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;
    extra_index *extra = alter->schema->extra_index;
    nu__deferred index;

    if (!extra)
        return;
    if (((!has_index(old) && field->db_index) || (!old->unique && field->unique) ||
         changes_extra(alter, extra)) &&
        extra(alter->editor, alter->table, field, &index))
        make(alter, index);
    if (old->unique && !has_index(field) && extra(alter->editor, alter->table, old, &index))
        nu__editor_drop_index(alter->editor, alter->table,
                              nu__deferred_name(alter->editor, &index));
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
    nu__dialect dialect = editor->editor.backend->dialect;
    alteration alter = { .editor = editor,
                         .schema = editor->editor.backend->schema,
                         .model = model,
                         .old = old,
                         .field = field,
                         .table = model->db_table,
                         .old_type = nu__field_db_type(old, dialect),
                         .type = nu__field_db_type(field, dialect),
                         .changes = nu_list_new(),
                         .after = nu_list_new() };

    refuse_generated(old, field);
    drop_what_hangs_on_it(&alter);
    rename_column(&alter);
    change_column(&alter);
    make_keys_and_indexes(&alter);
    change_referring(&alter);
    make_references(&alter);
    make_check(&alter);
    if (alter.initial)
        alter_table(&alter, alter.table, about_column(&alter, alter.schema->drop_default, S("")));
    change_extra_index(&alter);
}
