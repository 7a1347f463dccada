#include "core/text.h"
#include "db/backends/names.h"
#include "db/backends/sqlite/inline_constraints.h"
#include "db/backends/sqlite/sqlite.h"
#include "db/backends/sqlite/table_text.h"
#include "db/backends/tokens.h"

#include <string.h>
#include <strings.h>

/* SQLite names its inline constraints nowhere but in the text of CREATE TABLE, so that is read; all
 * else comes from its PRAGMAs. Unnamed constraints get Django's made-up names.
 */

/* ---- queries ------------------------------------------------------------------------------ */

static nu_str text_cell(const nu__rows *rows, uint32_t column)
{
    if (rows->cells[column].kind == NU__CELL_NULL)
        return (nu_str){ 0 };
    return nu_string(nu__cell_value(&rows->cells[column]));
}

static nu__rows *pragma(nu__connection *connection, const char *name, nu_str argument)
{
    nu__buf quoted = { 0 };

    nu__sqlite_operations.quote_name(&quoted, argument);
    return nu__db_query(connection, nu_fmt("PRAGMA {}({})", name, nu__buf_str(&quoted)),
                        (nu_values){ 0 });
}

/* The text that made a table or index; null for views, inline indexes, and what is not there. */
static nu_str creation_of(nu__connection *connection, const char *type, nu_str name)
{
    nu__rows *rows =
        nu__db_query(connection, S("SELECT sql FROM sqlite_master WHERE type = ? AND name = ?"),
                     NU_ARGS(type, name));
    nu_str sql = nu__rows_next(rows) ? text_cell(rows, 0) : (nu_str){ 0 };

    nu__rows_close(rows);
    return sql;
}

static nu__table *tables(nu__connection *connection, size_t *n)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT name, type FROM sqlite_master WHERE type in ('table', 'view') AND NOT "
          "name='sqlite_sequence' ORDER BY name"),
        (nu_values){ 0 });
    nu__table *out = NULL;

    *n = 0;
    while (nu__rows_next(rows)) {
        out = nu__room_for_one(out, *n, sizeof *out);
        out[(*n)++] = (nu__table){ text_cell(rows, 0), text_cell(rows, 1).ptr[0] };
    }
    nu__rows_close(rows);
    return out;
}

/* ---- columns ------------------------------------------------------------------------------ */

static bool contains_any_case(nu_str text, nu_str part)
{
    for (size_t i = 0; part.len <= text.len && i <= text.len - part.len; i++)
        if (strncasecmp(text.ptr + i, part.ptr, part.len) == 0)
            return true;
    return false;
}

enum { HIDDEN_NO, HIDDEN_INTERNAL, HIDDEN_VIRTUAL, HIDDEN_STORED };

static void mark_collation(nu__table_column *columns, size_t n, nu_str column, nu_str collation)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq(columns[i].name, column))
            columns[i].collation = nu_copy(collation);
}

/* "name" type … COLLATE x of each column of CREATE TABLE. */
static void mark_collations(nu_str sql, nu__table_column *columns, size_t n)
{
    nu_str column = { 0 };
    int depth = 0;
    nu__token token;

    while ((token = nu__sql_token(&sql)).kind != NU__TOKEN_END) {
        bool begins = depth == 1 && !column.len && token.kind != NU__TOKEN_END;

        depth += nu__token_is_char(&token, '(');
        depth -= nu__token_is_char(&token, ')');
        if (begins)
            column = nu_copy(token.text);
        else if (depth == 1 && nu__token_is_char(&token, ','))
            column = (nu_str){ 0 };
        else if (depth == 1 && nu__token_is(&token, "COLLATE"))
            mark_collation(columns, n, column, nu__sql_token(&sql).text);
    }
}

static nu__table_column *columns(nu__connection *connection, nu_str table, size_t *n)
{
    nu__rows *rows = pragma(connection, "table_xinfo", table);
    nu__table_column *out = NULL;
    nu_str sql;
    size_t n_keys = 0;

    *n = 0;
    while (nu__rows_next(rows)) {
        if (rows->cells[6].i == HIDDEN_INTERNAL)
            continue;
        out = nu__room_for_one(out, *n, sizeof *out);
        out[(*n)++] = (nu__table_column){ .name = text_cell(rows, 1),
                                          .type = text_cell(rows, 2),
                                          .null = !rows->cells[3].i,
                                          .default_ = text_cell(rows, 4),
                                          .primary_key = rows->cells[5].i != 0,
                                          .computed = rows->cells[6].i >= HIDDEN_VIRTUAL };
        n_keys += rows->cells[5].i != 0;
    }
    nu__rows_close(rows);
    if (!*n)
        nu_raise(NU_DATABASE_ERROR, "Table {} does not exist (empty pragma).", table);
    sql = creation_of(connection, "table", table);
    for (size_t i = 0; i < *n; i++) {
        out[i].json = contains_any_case(sql, nu_fmt("json_valid(\"{}\")", out[i].name));
        out[i].primary_key &= n_keys == 1;
        out[i].counted = out[i].primary_key;
    }
    if (!nu_is_null(sql))
        mark_collations(sql, out, *n);
    return out;
}

/* ---- constraints -------------------------------------------------------------------------- */

nu__table_constraint *nu__found_add(nu__found_constraints *found)
{
    found->items = nu__room_for_one(found->items, found->n, sizeof *found->items);
    found->items[found->n] = (nu__table_constraint){ .n_columns = 0 };
    return &found->items[found->n++];
}

void nu__constraint_add_column(nu__table_constraint *constraint, nu_str name)
{
    if (constraint->n_columns < sizeof constraint->columns / sizeof *constraint->columns)
        constraint->columns[constraint->n_columns++] = name;
}

static void read_collation(nu__table_constraint *index, size_t column, nu_str collation)
{
    index->own =
        nu__one_more_name(index->own, nu_fmt("{} COLLATE {}", index->columns[column], collation));
}

/* Which of an index's columns its text has DESC and COLLATE after. */
static void read_orders(nu__table_constraint *index, nu_str sql)
{
    int depth = 0;
    size_t column = 0;
    nu__token token;

    while ((token = nu__sql_token(&sql)).kind != NU__TOKEN_END) {
        depth += nu__token_is_char(&token, '(');
        depth -= nu__token_is_char(&token, ')');
        if (depth == 0 && nu__token_is_char(&token, ')'))
            return;
        column += depth == 1 && nu__token_is_char(&token, ',');
        if (depth == 1 && nu__token_is(&token, "DESC") && column < index->n_columns)
            index->descending[column] = true;
        if (depth == 1 && nu__token_is(&token, "COLLATE") && column < index->n_columns)
            read_collation(index, column, nu_copy(nu__sql_token(&sql).text));
    }
}

static void add_index(nu__found_constraints *found, nu__connection *connection, nu_str name,
                      bool unique, bool partial)
{
    nu_str sql = creation_of(connection, "index", name);
    nu__table_constraint *index;
    nu__rows *rows;

    /* Inline constraints have been found, by their own names. */
    if (nu_is_null(sql))
        return;
    index = nu__found_add(found);
    *index =
        (nu__table_constraint){ .name = name, .unique = unique, .index = true, .in_part = partial };
    rows = pragma(connection, "index_info", name);
    while (nu__rows_next(rows)) {
        index->in_part |= rows->cells[2].kind == NU__CELL_NULL; /* an expression */
        nu__constraint_add_column(index, text_cell(rows, 2));
    }
    nu__rows_close(rows);
    read_orders(index, sql);
}

static void find_indexes(nu__found_constraints *found, nu__connection *connection, nu_str table)
{
    nu__rows *rows = pragma(connection, "index_list", table);

    while (nu__rows_next(rows))
        add_index(found, connection, text_cell(rows, 1), rows->cells[2].i != 0,
                  rows->cells[4].i != 0);
    nu__rows_close(rows);
}

static void find_primary_key(nu__found_constraints *found, nu__connection *connection, nu_str table)
{
    nu__rows *rows = pragma(connection, "table_info", table);
    nu__table_constraint key = { .name = S("__primary__"), .primary_key = true };

    while (nu__rows_next(rows))
        if (rows->cells[5].i)
            nu__constraint_add_column(&key, text_cell(rows, 1));
    nu__rows_close(rows);
    if (key.n_columns)
        *nu__found_add(found) = key;
}

static void find_foreign_keys(nu__found_constraints *found, nu__connection *connection,
                              nu_str table)
{
    nu__rows *rows = pragma(connection, "foreign_key_list", table);
    int64_t n = 0;

    while (nu__rows_next(rows)) {
        bool more = rows->cells[1].i; /* another column of the one before */
        nu__table_constraint *key = more ? &found->items[found->n - 1] : nu__found_add(found);

        if (!more) {
            key->name = nu_fmt("fk_{}", n++);
            key->to_table = text_cell(rows, 2);
            key->to_column = text_cell(rows, 4);
        }
        nu__constraint_add_column(key, text_cell(rows, 3));
    }
    nu__rows_close(rows);
}

static nu__table_constraint *constraints(nu__connection *connection, nu_str table, size_t *n)
{
    nu__found_constraints found = { 0 };
    nu_str sql = creation_of(connection, "table", table);

    found.columns = columns(connection, table, &found.n_columns);
    if (!nu_is_null(sql))
        nu__find_inline(&found, sql);
    find_indexes(&found, connection, table);
    find_primary_key(&found, connection, table);
    find_foreign_keys(&found, connection, table);
    *n = found.n;
    return found.items;
}

/* ---- what depends on a column ------------------------------------------------------------- */

/* Views and triggers that name both the table and the column: whether they do without it shows only
   when it is gone. A table's own triggers go with it. */
static nu_str dependents(nu__connection *connection, nu_str table, nu_str column)
{
    nu__rows *rows = nu__db_query(connection,
                                  S("SELECT type, name, sql, lower(tbl_name) FROM sqlite_master "
                                    "WHERE type IN ('view', 'trigger') AND sql IS NOT NULL ORDER "
                                    "BY type, name"),
                                  (nu_values){ 0 });
    nu_list *found = nu_list_new();

    while (nu__rows_next(rows)) {
        nu_str sql = text_cell(rows, 2);

        bool named = nu_is_null(column) ? !nu_eq(text_cell(rows, 3), nu_lower(table))
                                        : nu__sql_names(sql, column);

        if (named && nu__sql_names(sql, table))
            nu_list_append(found, nu_fmt("{} {}", text_cell(rows, 0), text_cell(rows, 1)));
    }
    nu__rows_close(rows);
    return nu__join(S(", "), found);
}

static nu_str referring(nu__connection *connection, nu_str table, nu_str column)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT group_concat('foreign key ' || f.\"from\" || ' of table ' || m.name, "
          "', ') FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE "
          "m.type = 'table' AND lower(f.\"table\") = lower(?) AND lower(f.\"to\") = "
          "lower(?) AND lower(m.name) <> lower(?)"),
        NU_ARGS(table, column, table));
    nu_str text = nu__rows_next(rows) ? text_cell(rows, 0) : (nu_str){ 0 };

    text = text.len ? nu_copy(text) : text;
    nu__rows_close(rows);
    return text;
}

const nu__introspection nu__sqlite_introspection = {
    .tables = tables,
    .columns = columns,
    .constraints = constraints,
    .dependents = dependents,
    .referring = referring,
};
