/* What depends on a column of MariaDB. The server keeps no list of it: views, triggers and
 * generated columns are read as it keeps their text, with every name in back-ticks. */
#include "core/text.h"
#include "db/backends/mysql/mysql.h"
#include "db/backends/tokens.h"

enum { MOST_ALIASES = 32 };

/* ---- views --------------------------------------------------------------------------------- */

typedef struct view {
    nu_str table, column;
    nu_str aliases[MOST_ALIASES]; /* the table's, in the view */
    size_t n;
} view;

static nu__token next(nu_str *sql)
{
    return nu__sql_token_of(NU__MYSQL, sql);
}

/* A dot is a part of words here, as it is of numbers. */
static bool is_dot(const nu__token *token)
{
    return token->kind == NU__TOKEN_WORD && nu_eq(token->text, ".");
}

static bool is_name(const nu__token *token, nu_str name)
{
    return token->kind == NU__TOKEN_NAME && nu_eq(nu__token_text(NU__MYSQL, token), name);
}

/* `db`.`table` `alias`, wherever the view takes rows from; `db`.`table`.`column` is a column. */
static void find_aliases(view *v, nu_str sql)
{
    nu__token token = next(&sql), after;

    while (token.kind != NU__TOKEN_END) {
        bool found = is_name(&token, v->table);

        after = next(&sql);
        if (found && after.kind == NU__TOKEN_NAME && v->n < MOST_ALIASES)
            v->aliases[v->n++] = nu__token_text(NU__MYSQL, &after);
        token = after;
    }
}

static bool is_alias(const view *v, const nu__token *token)
{
    for (size_t i = 0; i < v->n; i++)
        if (is_name(token, v->aliases[i]))
            return true;
    return is_name(token, v->table);
}

static bool names_column(view *v, nu_str sql)
{
    nu__token token, dot;

    find_aliases(v, sql);
    for (token = next(&sql); token.kind != NU__TOKEN_END;) {
        bool of_table = is_alias(v, &token);

        dot = next(&sql);
        if (!of_table || !is_dot(&dot)) {
            token = dot;
            continue;
        }
        token = next(&sql);
        if (is_name(&token, v->column))
            return true;
    }
    return false;
}

/* `db`.`table`, whatever it takes from there. */
static bool names_table(nu_str sql, nu_str database, nu_str table)
{
    nu__token token = next(&sql), after;

    for (; token.kind != NU__TOKEN_END; token = after) {
        bool in_it = is_name(&token, database);

        after = next(&sql);
        if (!in_it || !is_dot(&after))
            continue;
        after = next(&sql);
        if (is_name(&after, table))
            return true;
    }
    return false;
}

/* ---- triggers, generated columns ----------------------------------------------------------- */

/* NEW.x, and OLD.`x`, whose name is a token of its own. */
static bool trigger_names(nu_str sql, nu_str column)
{
    nu__token token;

    column = nu_lower(column);
    while (token = next(&sql), token.kind != NU__TOKEN_END) {
        nu_str word = nu_lower(nu_copy(token.text));

        if (token.kind != NU__TOKEN_WORD ||
            !(nu_starts_with(word, S("new.")) || nu_starts_with(word, S("old."))))
            continue;
        if (nu_eq(word, nu_fmt("new.{}", column)) || nu_eq(word, nu_fmt("old.{}", column)))
            return true;
        token = next(&sql);
        if (word.len == 4 && nu_eq(nu_lower(nu__token_text(NU__MYSQL, &token)), column))
            return true;
    }
    return false;
}

static bool expression_names(nu_str sql, nu_str column)
{
    nu__token token;

    while (token = next(&sql), token.kind != NU__TOKEN_END)
        if (is_name(&token, column))
            return true;
    return false;
}

/* ---- all of them --------------------------------------------------------------------------- */

static const char dependents_sql[] =
    "SELECT 'view', table_name, view_definition, DATABASE() FROM information_schema.views WHERE "
    "table_schema = DATABASE() UNION ALL SELECT 'trigger', trigger_name, action_statement, '' FROM "
    "information_schema.triggers WHERE trigger_schema = DATABASE() AND event_object_table = ? "
    "UNION ALL SELECT 'column', column_name, generation_expression, '' FROM "
    "information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? AND "
    "generation_expression IS NOT NULL ORDER BY 1, 2";

/* A row: its kind, name, text and database. What is a table's own goes with it. */
static bool depends(const nu__rows *rows, nu_str table, nu_str column)
{
    nu_str kind = nu__mysql_text_cell(rows, 0), sql = nu__mysql_text_cell(rows, 2);
    view v = { .table = table, .column = column };

    if (!sql.len) /* of somebody else, whom this user may not look at */
        return false;
    if (nu_is_null(column))
        return nu_eq(kind, "view") && names_table(sql, nu__mysql_text_cell(rows, 3), table);
    return nu_eq(kind, "view")      ? names_column(&v, sql)
           : nu_eq(kind, "trigger") ? trigger_names(sql, column)
                                    : expression_names(sql, column);
}

nu_str nu__mysql_dependents(nu__connection *connection, nu_str table, nu_str column)
{
    nu__rows *rows = nu__db_query(connection, nu_s(dependents_sql), NU_ARGS(table, table));
    nu_list *found = nu_list_new();

    while (nu__rows_next(rows))
        if (depends(rows, table, column))
            nu_list_append(
                found, nu_fmt("{} {}", nu__mysql_text_cell(rows, 0), nu__mysql_text_cell(rows, 1)));
    nu__rows_close(rows);
    return nu__join(S(", "), found);
}

nu_str nu__mysql_referring(nu__connection *connection, nu_str table, nu_str column)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT GROUP_CONCAT('foreign key ', constraint_name, ' of table ', table_name ORDER BY "
          "constraint_name SEPARATOR ', ') FROM information_schema.key_column_usage WHERE "
          "table_schema = DATABASE() AND referenced_table_schema = DATABASE() AND "
          "referenced_table_name = ? AND referenced_column_name = ? AND table_name <> ?"),
        NU_ARGS(table, column, table));
    nu_str text = nu__rows_next(rows) ? nu__mysql_text_cell(rows, 0) : (nu_str){ 0 };

    nu__rows_close(rows);
    return text;
}
