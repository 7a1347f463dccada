/* What hangs on a column that is altered in place: dropped before, in Django's order, and made
   again after. */
#include "core/text.h"
#include "db/backends/names.h"
#include "db/backends/schema_in_place.h"

#include <string.h>

/* ---- before: what hangs on the column ----------------------------------------------------- */

/* Drop all that the column has of a kind; how many there were. */
static size_t drop_all(const nu__alteration *alter, nu_str table, nu_str column, nu__wanted wanted,
                       const nu_model *exclude, const char *template)
{
    size_t n;
    nu_str *names = nu__constraint_names(alter->editor, table, &column, column.len ? 1 : 0, wanted,
                                         exclude, &n);

    for (size_t i = 0; i < n; i++)
        nu__editor_ddl(alter->editor,
                       wanted == NU__ANY_UNIQUE ? nu__delete_unique(alter->editor, table, names[i])
                                                : template,
                       { "table", nu__alter_quote(alter, table) },
                       { "name", nu__alter_quote(alter, names[i]) });
    return n;
}

/* The key of a table between two models is met twice: as a key, and by the many-to-many. */
static void add_referring(nu__alteration *alter, const nu__field *old, const nu__field *field)
{
    for (size_t i = 0; i < alter->n_referring; i++)
        if (nu_eq(alter->referring[i].field->model->db_table, field->model->db_table) &&
            nu_eq(alter->referring[i].field->column, field->column))
            return;
    alter->referring[alter->n_referring++] = (nu__referring){ .old = old, .field = field };
}

/* Keys of other tables, and those of the tables between two models. */
static void find_referring(nu__alteration *alter)
{
    const nu__model_info *before = alter->old->model, *after = alter->field->model;
    size_t most = after->n_reverse + after->n_many;

    alter->referring = nu_alloc_array(nu__referring, most + 1);
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

static void drop_referring(nu__alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;
    bool key = (old->primary_key && field->primary_key) || (old->unique && field->unique);

    alter->dropped_referring =
        key && (!nu_eq(alter->old_type, alter->type) || !nu__same_collation(alter));
    if (!alter->dropped_referring)
        return;
    find_referring(alter);
    for (size_t i = 0; i < alter->n_referring; i++) {
        nu__referring *at = &alter->referring[i];
        nu_str table = at->field->model->db_table;

        at->actions = nu__reference_actions(alter->editor, table, at->field->column);
        drop_all(alter, table, at->field->column, NU__ANY_FOREIGN, NULL, alter->schema->delete_fk);
    }
}

/* A key that becomes required can't be set to null any more. */
static nu_str kept_actions(const nu__alteration *alter)
{
    nu_str actions = nu__reference_actions(alter->editor, alter->table, alter->old->column);

    return !alter->field->null && nu__find(actions, S("SET NULL")) >= 0 ? S("") : actions;
}

static nu_str check_of(const nu__alteration *alter, const nu__field *field)
{
    nu__field copy = *field;

    copy.column = S("__column_name__");
    return nu__field_db_check(&copy, alter->editor->editor.backend->dialect);
}

void nu__drop_what_hangs_on(nu__alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;
    const nu_model *meta = alter->model->model;
    nu_str check = check_of(alter, old);

    if (nu__has_db_constraint(old) && !nu__same_but_for_comment(old, field)) {
        alter->actions = kept_actions(alter);
        alter->dropped_reference = drop_all(alter, alter->table, old->column, NU__ANY_FOREIGN, NULL,
                                            alter->schema->delete_fk) > 0;
    }
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

/* ---- after -------------------------------------------------------------------------------- */

static void make(const nu__alteration *alter, nu__deferred what)
{
    nu__editor_make(alter->editor, &what);
}

static void make_primary_key(const nu__alteration *alter)
{
    nu_str column = alter->field->column;
    size_t most = alter->editor->editor.backend->features->max_name_length;

    nu__editor_ddl(
        alter->editor, alter->schema->create_pk, { "table", nu__alter_quote(alter, alter->table) },
        { "name",
          nu__alter_quote(alter, nu__index_name(alter->table, &column, 1, S("_pk"), most)) },
        { "columns", nu__alter_quote(alter, column) });
}

/* Where the database would index a foreign key by itself, Django still names the index of a column
   that becomes one. */
static bool gets_index(const nu__alteration *alter)
{
    const nu__field *old = alter->old, *field = alter->field;

    if ((old->db_index && !old->unique) || !field->db_index || field->unique)
        return false;
    return field->type->type == NU_FOREIGN_KEY || nu__field_is_indexed(alter->editor, field);
}

static void make_keys_and_indexes(nu__alteration *alter)
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

static void change_referring(nu__alteration *alter)
{
    if (!alter->dropped_referring && alter->field->primary_key && !alter->old->primary_key)
        find_referring(alter);
    for (size_t i = 0; i < alter->n_referring; i++) {
        const nu__referring *at = &alter->referring[i];
        nu_str table = at->field->model->db_table;
        nu__type_change change =
            alter->schema->change_type(alter->editor, table, at->old, at->field);

        nu__alter_table(alter, table, change.fragment);
        for (size_t k = 0; k < nu_list_len(change.after); k++)
            nu__editor_run(alter->editor, nu_at(change.after, k).s);
    }
}

static void make_reference(const nu__alteration *alter, nu_str table, const nu__field *field,
                           const char *suffix, nu_str actions)
{
    nu__deferred reference = nu__field_reference(table, field, suffix);

    reference.actions = actions;
    make(alter, reference);
}

static void make_references(const nu__alteration *alter)
{
    if (nu__has_db_constraint(alter->field) &&
        (alter->dropped_reference || !nu__has_db_constraint(alter->old)))
        make_reference(alter, alter->table, alter->field, "_fk_%(to_table)s_%(to_column)s",
                       alter->actions);
    for (size_t i = 0; i < alter->n_referring && alter->dropped_referring; i++)
        if (nu__has_db_constraint(alter->referring[i].field))
            make_reference(alter, alter->referring[i].field->model->db_table,
                           alter->referring[i].field, "_fk", alter->referring[i].actions);
}

static void make_check(const nu__alteration *alter)
{
    nu_str check = check_of(alter, alter->field), column = alter->field->column;
    size_t most = alter->editor->editor.backend->features->max_name_length;

    if (!check.len || nu_eq(check, check_of(alter, alter->old)))
        return;
    nu__editor_ddl(
        alter->editor, alter->schema->create_check,
        { "table", nu__alter_quote(alter, alter->table) },
        { "name",
          nu__alter_quote(alter, nu__index_name(alter->table, &column, 1, S("_check"), most)) },
        { "check", nu__field_db_check(alter->field, alter->editor->editor.backend->dialect) });
}

void nu__make_what_hangs_on(nu__alteration *alter)
{
    make_keys_and_indexes(alter);
    change_referring(alter);
    make_references(alter);
    make_check(alter);
}

static bool has_index(const nu__field *field)
{
    return field->db_index || field->unique;
}

typedef bool extra_index(const nu__editor *, nu_str, const nu__field *, nu__deferred *);

/* The index beside the column's own is of another kind of text now, or of none. */
static bool changes_extra(const nu__alteration *alter, extra_index *extra)
{
    nu__deferred before, after;

    if (!extra(alter->editor, alter->table, alter->old, &before))
        return false;
    return !extra(alter->editor, alter->table, alter->field, &after) ||
           strcmp(before.opclasses[0], after.opclasses[0]) != 0;
}

void nu__change_extra_index(const nu__alteration *alter)
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
