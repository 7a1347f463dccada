#include "db/backends/schema.h"
#include "core/text.h"
#include "db/backends/mysql/mysql.h"

#include <string.h>

/* ---- types -------------------------------------------------------------------------------- */

static nu_str type_of(const nu__field *field)
{
    return nu__field_db_type(field, NU__MYSQL);
}

/* Types that have neither an index nor, but for MariaDB, a default. */
static bool is_limited(const nu__field *field)
{
    static const char *const limited[] = { "tinyblob",   "blob",     "mediumblob",
                                           "longblob",   "tinytext", "text",
                                           "mediumtext", "longtext", "json" };
    nu_str type = type_of(field);

    for (size_t i = 0; i < sizeof limited / sizeof *limited; i++)
        if (nu_eq(type, limited[i]))
            return true;
    return false;
}

static bool is_text_or_blob(const nu__field *field)
{
    nu_str type = type_of(field);

    return nu_ends_with(type, S("blob")) || nu_ends_with(type, S("text"));
}

static bool is_empty(const nu__field *field)
{
    nu_value value = nu__field_has_default(field) ? nu__field_default(field) : nu_null();

    if (value.kind == NU_KIND_NULL)
        return !field->null && field->blank && field->type->empty_strings;
    return (value.kind == NU_KIND_STR && !value.s.len) ||
           (value.kind == NU_KIND_BYTES && !value.bytes.len);
}

/* A text that is empty needs no default: a new column of texts is so by itself. */
static bool takes_default(const nu__field *field)
{
    return !(is_text_or_blob(field) && is_empty(field));
}

/* ---- tables of others --------------------------------------------------------------------- */

/* "tinyint(3) unsigned"; empty where the table is not there yet. */
static nu_str type_in_database(const nu__editor *editor, nu_str table, nu_str column)
{
    nu__rows *rows =
        nu__db_query(editor->editor.connection,
                     S("SELECT column_type FROM information_schema.columns WHERE table_schema = "
                       "DATABASE() AND table_name = ? AND column_name = ?"),
                     NU_ARGS(table, column));
    nu_str type = nu__rows_next(rows) ? nu__mysql_text_cell(rows, 0) : S("");

    nu__rows_close(rows);
    return type;
}

/* A key of others' may be unsigned, or of a width that Django has not: what refers to it must be
   the same, or there can be no foreign key (errno 150). */
static nu_str reference_type(const nu__editor *editor, const nu__field *field, nu_str type)
{
    static const struct {
        const char *found, *type;
    } keys[] = { { "tinyint", "smallint" },
                 { "smallint", "smallint" },
                 { "mediumint", "integer" },
                 { "int", "integer" },
                 { "bigint", "bigint" } };
    nu_str found =
        type_in_database(editor, field->relation->to->db_table, field->relation->to_field->column);
    nu_str base = { found.ptr, 0 };

    while (base.len < found.len && base.ptr[base.len] != '(' && base.ptr[base.len] != ' ')
        base.len++;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (nu_eq(base, keys[i].found) && nu_eq(type, keys[i].type))
            return nu__find(found, S(" unsigned")) >= 0 ? nu_fmt("{} UNSIGNED", keys[i].found)
                   : i == 0 || i == 2                   ? nu_s(keys[i].found)
                                                        : type;
    return type;
}

/* ---- altering ----------------------------------------------------------------------------- */

/* MODIFY resets whatever it does not say: what else the column was is said again. */
static nu__type_change change_type(nu__editor *editor, nu_str table, const nu__field *old,
                                   const nu__field *field)
{
    nu__kept_parts kept = nu__mysql_kept_parts(editor, table, old, field);
    nu_str type = kept.type.len ? kept.type : nu__editor_type(editor, field);
    nu_str collation = nu__editor_collation(editor, field);

    if (old->def->db_default.kind != NU_KIND_NULL)
        kept.default_ = nu_fmt(" DEFAULT {}", nu__editor_db_default(editor, NULL, old));
    return (nu__type_change){
        .fragment = nu_fmt("MODIFY {} {}{}{} {}{}", nu__editor_quote(editor, field->column), type,
                           collation.len ? nu_fmt(" {}", collation) : kept.collation, kept.default_,
                           old->null ? "NULL" : "NOT NULL",
                           kept.rest.len ? kept.rest : nu__editor_inline_comment(editor, field)),
        .after = nu_list_new()
    };
}

/* ---- indexes ------------------------------------------------------------------------------ */

/* InnoDB makes the index of a foreign key by itself. */
static bool field_indexed(const nu__editor *editor, const nu__field *field)
{
    (void)editor;
    if (field->type->type == NU_FOREIGN_KEY && nu__has_db_constraint(field))
        return false;
    return !is_limited(field);
}

static size_t count_indexes_from(nu__editor *editor, nu_str table, nu_str column)
{
    size_t n, count = 0;
    nu__table_constraint *all =
        nu__mysql_introspection.constraints(editor->editor.connection, table, &n);

    for (size_t i = 0; i < n; i++)
        count += all[i].index && all[i].n_columns && nu_eq(all[i].columns[0], column);
    return count;
}

/* The server drops the index of a foreign key when another one serves it; before the last such goes
   the key gets its own again. */
static void before_index_goes(nu__editor *editor, const nu__model_info *model, const char *name)
{
    nu__table_def def = nu__table_def_of(model);
    const nu__field *field = nu__table_def_field(&def, nu_s(name + (*name == '-')));
    nu__deferred index = nu__field_index(def.table, field);

    if (field->type->type == NU_FOREIGN_KEY &&
        count_indexes_from(editor, def.table, field->column) == 1)
        nu__editor_make(editor, &index);
}

/* ---- fields ------------------------------------------------------------------------------- */

/* Rows that are there get an empty text where the default could not be told. */
static void add_field(nu__editor *editor, const nu__model_info *model, const nu__field *field)
{
    nu__in_place_add_field(editor, model, field);
    if (!nu_is_null(type_of(field)) && !takes_default(field) && nu__field_has_default(field))
        nu__editor_fmt(editor, "UPDATE {} SET {} = ''", nu__editor_quote(editor, model->db_table),
                       nu__editor_quote(editor, field->column));
}

/* The server takes the column out of its keys: what was unique together with it would have to be so
   alone. */
static void before_column_goes(nu__editor *editor, nu_str table, nu_str column)
{
    size_t n;
    nu__table_constraint *all =
        nu__mysql_introspection.constraints(editor->editor.connection, table, &n);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0;
             all[i].unique && !all[i].primary_key && all[i].n_columns > 1 && k < all[i].n_columns;
             k++)
            if (nu_eq(all[i].columns[k], column))
                nu__editor_ddl(editor, nu__mysql_schema.delete_unique,
                               { "table", nu__editor_quote(editor, table) },
                               { "name", nu__editor_quote(editor, all[i].name) });
}

const nu__schema_ops nu__mysql_schema = {
    .create_index = "CREATE INDEX %(name)s ON %(table)s (%(columns)s)%(extra)s",
    .create_unique_index = "CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)",
    .create_unique = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s UNIQUE (%(columns)s)",
    .create_fk = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(column)s) "
                 "REFERENCES %(to_table)s (%(to_column)s)%(actions)s%(deferrable)s",
    .create_pk = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s PRIMARY KEY (%(columns)s)",
    .create_check = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s CHECK (%(check)s)",
    .delete_index = "DROP INDEX %(name)s ON %(table)s",
    .delete_unique = "ALTER TABLE %(table)s DROP INDEX %(name)s",
    .delete_fk = "ALTER TABLE %(table)s DROP FOREIGN KEY %(name)s",
    .delete_constraint = "ALTER TABLE %(table)s DROP CONSTRAINT IF EXISTS %(name)s",
    .delete_pk = "ALTER TABLE %(table)s DROP PRIMARY KEY",
    .rename_index = "ALTER TABLE %(table)s RENAME INDEX %(old_name)s TO %(new_name)s",
    .delete_table = "DROP TABLE %(table)s CASCADE",
    .rename_table = "RENAME TABLE %(old_table)s TO %(new_table)s",
    .column_fk = ", ADD CONSTRAINT %(name)s FOREIGN KEY (%(column)s) "
                 "REFERENCES %(to_table)s(%(to_column)s)",
    .deferrable = "",
    .inline_comment = " COMMENT %(comment)s",
    .delete_column = "ALTER TABLE %(table)s DROP COLUMN %(column)s",
    .rename_column = "ALTER TABLE %(table)s RENAME COLUMN %(old_column)s TO %(new_column)s",
    .drop_not_null = "MODIFY %(column)s %(type)s%(collation)s%(db_default)s NULL%(rest)s",
    .set_not_null = "MODIFY %(column)s %(type)s%(collation)s%(db_default)s NOT NULL%(rest)s",
    .set_default = "ALTER COLUMN %(column)s SET DEFAULT %(default)s",
    .drop_default = "ALTER COLUMN %(column)s DROP DEFAULT",
    .drop_default_null = "ALTER COLUMN %(column)s SET DEFAULT NULL",
    .update_with_default = "UPDATE %(table)s SET %(column)s = %(default)s WHERE %(column)s IS NULL",
    .add_field = add_field,
    .remove_field = nu__in_place_remove_field,
    .alter_field = nu__in_place_alter_field,
    .alter_many = nu__in_place_alter_many,
    .add_constraint = nu__in_place_add_constraint,
    .remove_constraint = nu__in_place_remove_constraint,
    .change_type = change_type,
    .takes_default = takes_default,
    .field_indexed = field_indexed,
    .before_index_goes = before_index_goes,
    .before_column_goes = before_column_goes,
    .reference_type = reference_type,
    .kept_parts = nu__mysql_kept_parts,
};
