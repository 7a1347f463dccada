#include "db/backends/mysql/mysql.h"
#include "db/backends/names.h"

#include <string.h>
#include <strings.h>

/* ---- cells -------------------------------------------------------------------------------- */

/* Names come as text, or as bytes where the server's tables have them so. */
nu_str nu__mysql_text_cell(const nu__rows *rows, uint32_t column)
{
    const nu__cell *cell = &rows->cells[column];

    if (cell->kind == NU__CELL_NULL)
        return (nu_str){ 0 };
    if (cell->kind == NU__CELL_BLOB)
        return nu_copy((nu_str){ (const char *)cell->blob, cell->len });
    return nu_string(nu__cell_value(cell));
}

int64_t nu__mysql_int_cell(const nu__rows *rows, uint32_t column)
{
    return rows->cells[column].kind == NU__CELL_INT ? rows->cells[column].i : 0;
}

/* ---- tables and columns ------------------------------------------------------------------- */

static nu__table *tables(nu__connection *connection, size_t *n)
{
    nu__rows *rows =
        nu__db_query(connection,
                     S("SELECT table_name, table_type, IF(table_type = 'VIEW', NULL, NULLIF("
                       "table_comment, '')) FROM information_schema.tables WHERE "
                       "table_schema = DATABASE() ORDER BY BINARY table_name"),
                     (nu_values){ 0 });
    nu__table *out = NULL;

    *n = 0;
    while (nu__rows_next(rows)) {
        out = nu__room_for_one(out, *n, sizeof *out);
        out[(*n)++] = (nu__table){ nu__mysql_text_cell(rows, 0),
                                   nu_eq(nu__mysql_text_cell(rows, 1), "VIEW") ? 'v' : 't',
                                   nu__mysql_text_cell(rows, 2) };
    }
    nu__rows_close(rows);
    return out;
}

/* MariaDB's json is a longtext with a check of the column's own name. */
static void mark_json(nu__connection *connection, nu_str table, nu__table_column *columns, size_t n)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT constraint_name FROM information_schema.check_constraints WHERE "
          "constraint_schema = DATABASE() AND table_name = ? AND LOWER(check_clause) = "
          "CONCAT('json_valid(`', LOWER(constraint_name), '`)')"),
        NU_ARGS(table));

    while (nu__rows_next(rows))
        for (size_t i = 0; i < n; i++)
            columns[i].json |= nu_eq(columns[i].name, nu__mysql_text_cell(rows, 0));
    nu__rows_close(rows);
}

static nu__table_column *columns(nu__connection *connection, nu_str table, size_t *n)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT column_name, CONCAT(column_type, IF(extra LIKE '%auto_increment%', ' "
          "AUTO_INCREMENT', '')), is_nullable = 'YES', column_default, column_key = 'PRI', "
          "IF(collation_name = table_collation, NULL, collation_name), NULLIF(column_comment, ''), "
          "extra LIKE '%auto_increment%', extra LIKE '%GENERATED%' "
          "FROM information_schema.columns JOIN information_schema.tables USING (table_schema, "
          "table_name) WHERE table_schema = DATABASE() AND table_name = ? ORDER BY "
          "ordinal_position"),
        NU_ARGS(table));
    nu__table_column *out = NULL;
    size_t n_keys = 0;

    *n = 0;
    while (nu__rows_next(rows)) {
        out = nu__room_for_one(out, *n, sizeof *out);
        out[(*n)++] = (nu__table_column){ .name = nu__mysql_text_cell(rows, 0),
                                          .type = nu__mysql_text_cell(rows, 1),
                                          .null = nu__mysql_int_cell(rows, 2),
                                          .default_ = nu__mysql_text_cell(rows, 3),
                                          .primary_key = nu__mysql_int_cell(rows, 4),
                                          .collation = nu__mysql_text_cell(rows, 5),
                                          .comment = nu__mysql_text_cell(rows, 6),
                                          .counted = nu__mysql_int_cell(rows, 7),
                                          .computed = nu__mysql_int_cell(rows, 8) };
        n_keys += nu__mysql_int_cell(rows, 4) != 0;
    }
    nu__rows_close(rows);
    if (!*n)
        nu_raise(NU_PROGRAMMING_ERROR, "(1146, \"Table '{}' doesn't exist\")", table);
    for (size_t i = 0; i < *n; i++)
        out[i].primary_key &= n_keys == 1;
    mark_json(connection, table, out, *n);
    return out;
}

/* ---- constraints -------------------------------------------------------------------------- */

typedef struct found {
    nu__table_constraint *items;
    size_t n;
} found;

/* The constraint of a name: a key, its index and what it refers to are one. */
static nu__table_constraint *named(found *found, nu_str name)
{
    for (size_t i = 0; i < found->n; i++)
        if (nu_eq(found->items[i].name, name))
            return &found->items[i];
    found->items = nu__room_for_one(found->items, found->n, sizeof *found->items);
    found->items[found->n] = (nu__table_constraint){ .name = name };
    return &found->items[found->n++];
}

static void add_column(nu__table_constraint *constraint, nu_str name, bool descending)
{
    for (size_t i = 0; i < constraint->n_columns; i++)
        if (nu_eq(constraint->columns[i], name)) {
            constraint->descending[i] = descending;
            return;
        }
    if (constraint->n_columns == sizeof constraint->columns / sizeof *constraint->columns)
        return;
    constraint->descending[constraint->n_columns] = descending;
    constraint->columns[constraint->n_columns++] = name;
}

static void find_keys(found *found, nu__connection *connection, nu_str table)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT kc.constraint_name, kc.column_name, kc.referenced_table_name, "
          "kc.referenced_column_name, c.constraint_type, CONCAT(IF(r.delete_rule IN ('RESTRICT', "
          "'NO ACTION'), '', CONCAT(' ON DELETE ', r.delete_rule)), IF(r.update_rule IN "
          "('RESTRICT', 'NO ACTION'), '', CONCAT(' ON UPDATE ', r.update_rule))) "
          "FROM information_schema.key_column_usage "
          "AS kc JOIN information_schema.table_constraints AS c ON c.table_schema = "
          "kc.table_schema AND c.table_name = kc.table_name AND c.constraint_name = "
          "kc.constraint_name LEFT JOIN information_schema.referential_constraints AS r ON "
          "r.constraint_schema = kc.table_schema AND r.table_name = kc.table_name AND "
          "r.constraint_name = kc.constraint_name WHERE kc.table_schema = DATABASE() AND "
          "(kc.referenced_table_schema = "
          "DATABASE() OR kc.referenced_table_schema IS NULL) AND c.constraint_type != 'CHECK' AND "
          "kc.table_name = ? ORDER BY kc.ordinal_position"),
        NU_ARGS(table));

    while (nu__rows_next(rows)) {
        nu__table_constraint *key = named(found, nu__mysql_text_cell(rows, 0));
        nu_str kind = nu__mysql_text_cell(rows, 4);

        key->primary_key = nu_eq(kind, "PRIMARY KEY");
        key->unique = key->primary_key || nu_eq(kind, "UNIQUE");
        if (!nu_is_null(nu__mysql_text_cell(rows, 3))) {
            key->to_table = nu__mysql_text_cell(rows, 2);
            key->to_column = nu__mysql_text_cell(rows, 3);
            key->actions = nu__mysql_text_cell(rows, 5);
        }
        add_column(key, nu__mysql_text_cell(rows, 1), false);
    }
    nu__rows_close(rows);
}

/* The names in back-ticks. */
static void read_check(nu__table_constraint *check, nu_str clause)
{
    const char *end = clause.ptr + clause.len, *at = clause.ptr;

    while (at < end && (at = memchr(at, '`', (size_t)(end - at)))) {
        const char *close = memchr(at + 1, '`', (size_t)(end - at - 1));

        if (!close)
            return;
        add_column(check, nu_copy((nu_str){ at + 1, (size_t)(close - at - 1) }), false);
        at = close + 1;
    }
}

/* A check in a column's definition has the column's name: it gets Django's for those without. */
static void find_checks(found *found, nu__connection *connection, nu_str table)
{
    nu__rows *rows =
        nu__db_query(connection,
                     S("SELECT constraint_name, check_clause FROM "
                       "information_schema.check_constraints WHERE constraint_schema = DATABASE() "
                       "AND table_name = ?"),
                     NU_ARGS(table));
    int64_t unnamed = 0;

    while (nu__rows_next(rows)) {
        nu__table_constraint check = { .check = true }, *kept;
        nu_str name = nu__mysql_text_cell(rows, 0);

        read_check(&check, nu__mysql_text_cell(rows, 1));
        if (check.n_columns == 1 && nu_eq(check.columns[0], name))
            name = nu_fmt("__unnamed_constraint_{}__", ++unnamed);
        kept = named(found, name);
        check.name = name;
        *kept = check;
    }
    nu__rows_close(rows);
}

/* FULLTEXT and SPATIAL ones, and those of the beginnings of values. */
static void read_own(nu__table_constraint *index, const nu__rows *rows)
{
    nu_str type = nu__mysql_text_cell(rows, 4);
    int64_t length = nu__mysql_int_cell(rows, 5);

    if (nu_eq(type, "FULLTEXT") || nu_eq(type, "SPATIAL")) {
        index->own = type;
    } else if (length) {
        index->in_part = true;
        index->own =
            nu__one_more_name(index->own, nu_fmt("{}({})", nu__mysql_text_cell(rows, 1), length));
    }
}

static void find_indexes(found *found, nu__connection *connection, nu_str table)
{
    nu__rows *rows = nu__db_query(
        connection,
        S("SELECT index_name, column_name, non_unique, collation, index_type, sub_part FROM "
          "information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? ORDER "
          "BY index_name, seq_in_index"),
        NU_ARGS(table));

    while (nu__rows_next(rows)) {
        nu__table_constraint *index = named(found, nu__mysql_text_cell(rows, 0));
        nu_str type = nu__mysql_text_cell(rows, 4);

        if (!index->n_columns)
            index->unique = !nu__mysql_int_cell(rows, 2);
        index->index = true;
        if (!nu_eq(type, "BTREE"))
            index->type = nu_lower(type);
        read_own(index, rows);
        add_column(index, nu__mysql_text_cell(rows, 1), nu_eq(nu__mysql_text_cell(rows, 3), "D"));
    }
    nu__rows_close(rows);
}

static nu__table_constraint *constraints(nu__connection *connection, nu_str table, size_t *n)
{
    found found = { 0 };

    find_keys(&found, connection, table);
    find_checks(&found, connection, table);
    find_indexes(&found, connection, table);
    *n = found.n;
    return found.items;
}

const nu__introspection nu__mysql_introspection = {
    .tables = tables,
    .columns = columns,
    .constraints = constraints,
    .dependents = nu__mysql_dependents,
    .referring = nu__mysql_referring,
};
