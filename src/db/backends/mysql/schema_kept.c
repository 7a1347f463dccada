/* MODIFY states a column anew, and forgets whatever it does not say. What a column has beside what
   models say of it, in tables that others made, is said again here; Django loses it. */
#include "core/text.h"
#include "db/backends/mysql/mysql.h"
#include "db/backends/schema.h"

/* ---- as it stands -------------------------------------------------------------------------- */

typedef struct standing {
    nu_str type, collation, default_, on_update, comment, check;
    bool invisible;
} standing;

/* MariaDB tells a default as SQL, as MySQL does not. A check of the column's own has its name. */
static bool find_column(const nu__editor *editor, nu_str table, nu_str column, standing *out)
{
    nu__rows *rows = nu__db_query(
        editor->editor.connection,
        S("SELECT c.column_type, IF(c.collation_name = t.table_collation, NULL, CONCAT(' CHARACTER "
          "SET ', c.character_set_name, ' COLLATE ', c.collation_name)), IF(VERSION() LIKE "
          "'%MariaDB%' AND c.column_default <> 'NULL' AND c.extra NOT LIKE '%auto_increment%', "
          "CONCAT(' DEFAULT ', c.column_default), NULL), IF(c.extra LIKE '%on update%', "
          "CONCAT(' ', REGEXP_SUBSTR(c.extra, 'on update [^ ,]+')), NULL), c.column_comment, "
          "c.extra LIKE '%INVISIBLE%', (SELECT k.check_clause FROM "
          "information_schema.check_constraints AS k WHERE k.constraint_schema = DATABASE() AND "
          "k.table_name = c.table_name AND k.constraint_name = c.column_name AND k.level = "
          "'Column') FROM information_schema.columns AS c JOIN information_schema.tables AS t "
          "USING "
          "(table_schema, table_name) WHERE c.table_schema = DATABASE() AND c.table_name = ? AND "
          "c.column_name = ? AND c.extra NOT LIKE '%GENERATED%'"),
        NU_ARGS(table, column));
    bool found = nu__rows_next(rows);

    if (found)
        *out = (standing){ .type = nu__mysql_text_cell(rows, 0),
                           .collation = nu__mysql_text_cell(rows, 1),
                           .default_ = nu__mysql_text_cell(rows, 2),
                           .on_update = nu__mysql_text_cell(rows, 3),
                           .comment = nu__mysql_text_cell(rows, 4),
                           .invisible = nu__mysql_int_cell(rows, 5),
                           .check = nu__mysql_text_cell(rows, 6) };
    nu__rows_close(rows);
    return found;
}

/* ---- what of it stays ---------------------------------------------------------------------- */

/* A type that Django makes of no field, so that restating the column would change it. */
static bool is_of_others(nu_str type)
{
    return nu_starts_with(type, S("enum(")) || nu_starts_with(type, S("set(")) ||
           nu_starts_with(type, S("timestamp")) || nu__find(type, S(" unsigned")) >= 0;
}

static bool holds_text(nu_str type)
{
    return nu__find(type, S("char")) >= 0 || nu__find(type, S("text")) >= 0 ||
           nu_starts_with(type, S("enum(")) || nu_starts_with(type, S("set("));
}

static bool holds_moments(nu_str type)
{
    return nu_starts_with(type, S("timestamp")) || nu_starts_with(type, S("datetime"));
}

/* MariaDB gives its type json a collation and a check. */
static bool is_json(const nu__field *field)
{
    return field->target->type->type == NU_JSON_FIELD;
}

/* "size>=0" of "`size` >= 0", as the server and the models write the same check. */
static nu_str bare(nu_str check)
{
    static const char *const left_out[] = { "`", " ", "(", ")" };
    nu_str out = nu_lower(nu_copy(check));

    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        out = nu__replace(out, nu_s(left_out[i]), S(""));
    return out;
}

/* One of others stays. The model's own goes where Django lets it go: with every MODIFY. */
static nu_str kept_check(const nu__editor *editor, const standing *is, const nu__field *old,
                         const nu__field *field)
{
    nu_str now = nu__editor_quote(editor, field->column), check, models;
    nu__field before = *old; /* under the column's new name */

    if (!is->check.len)
        return S("");
    before.column = field->column;
    models = bare(nu__field_db_check(&before, NU__MYSQL));
    check = nu__replace(is->check, nu__editor_quote(editor, old->column), now);
    if (is_json(old))
        models = bare(nu_fmt("json_valid({})", now));
    if (nu_eq(bare(check), models))
        return S("");
    return nu_fmt(" CHECK ({})", check);
}

static bool has_comment(const nu__field *field)
{
    return field->def->db_comment && *field->def->db_comment;
}

/* A comment that the model gives up goes; one that no model ever had stays. */
static nu_str kept_comment(const nu__editor *editor, const standing *is, const nu__field *old,
                           const nu__field *field)
{
    if (has_comment(field) || has_comment(old) || !is->comment.len)
        return nu__editor_inline_comment(editor, field);
    return nu_fmt(" COMMENT {}", nu__editor_literal(editor, nu_v_str(is->comment)));
}

static nu_str kept_collation(const standing *is, const nu__field *old, const nu__field *field,
                             nu_str type)
{
    const char *models = nu__field_collation(field);

    if (is_json(old) || !is->collation.len || !holds_text(type) ||
        (!models && nu__field_collation(old)))
        return S("");
    return models ? nu_fmt(" COLLATE `{}`", models) : is->collation;
}

nu__kept_parts nu__mysql_kept_parts(const nu__editor *editor, nu_str table, const nu__field *old,
                                    const nu__field *field)
{
    nu_str was = nu__editor_type(editor, old), type = nu__editor_type(editor, field);
    nu__kept_parts kept = { S(""), S(""), S(""), S("") }; /* a null would be written as a word */
    standing is;

    if (!find_column(editor, table, old->column, &is) &&
        !find_column(editor, table, field->column, &is))
        return kept;
    if (nu_eq(was, type) && is_of_others(is.type))
        kept.type = type = is.type;
    kept.collation = kept_collation(&is, old, field, type);
    kept.default_ = is.default_.len ? is.default_ : S("");
    kept.rest = nu_fmt("{}{}{}{}", holds_moments(type) && is.on_update.len ? is.on_update : S(""),
                       is.invisible ? S(" INVISIBLE") : S(""),
                       kept_comment(editor, &is, old, field), kept_check(editor, &is, old, field));
    return kept;
}
