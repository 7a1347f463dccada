/* What check constraints and enums say: kept by each database as text of its own. */
#include "db/connection.h"
#include "db/migrations/check_values.h"
#include "db/migrations/inspect.h"

#include <string.h>

/* %s is the table; one text a row. An enum is told as the check that its column is IN its labels,
   the VALUE of a domain's check is the column. */
static const struct {
    const char *sql;
    size_t tables; /* how often it stands in it */
} queries[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = { "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", 1 },
    /* Of the table, and of the types of its columns: enums, and domains, which may be over others.
     */
    [NU__POSTGRESQL] = { "WITH RECURSIVE step(name, type) AS (SELECT a.attname::text, a.atttypid "
                         "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                         "WHERE c.relname = %s AND pg_table_is_visible(c.oid) UNION ALL "
                         "SELECT name, t.typbasetype FROM step JOIN pg_type t ON t.oid = type "
                         "WHERE t.typtype = 'd') "
                         "SELECT pg_get_constraintdef(oid)::text FROM pg_constraint WHERE contype "
                         "= 'c' "
                         "AND conrelid = (SELECT oid FROM pg_class WHERE relname = %s AND "
                         "pg_table_is_visible(oid) LIMIT 1) UNION ALL SELECT format('%%I IN "
                         "(%%s)', name, "
                         "string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)) "
                         "FROM step JOIN pg_enum e ON e.enumtypid = type GROUP BY name "
                         "UNION ALL "
                         "SELECT regexp_replace(pg_get_constraintdef(d.oid), "
                         "'(?<!'')\\mVALUE\\M(?!'')', "
                         "replace(quote_ident(name), '\\', '\\\\'), 'g') "
                         "FROM step JOIN pg_constraint d ON d.contypid = type AND d.contype = 'c'",
                         2 },
    [NU__MYSQL] = { "SELECT check_clause FROM information_schema.check_constraints WHERE "
                    "constraint_schema = DATABASE() AND table_name = %s UNION ALL SELECT CONCAT("
                    "'`', REPLACE(column_name, '`', '``'), '` IN ', SUBSTRING(column_type, 5)) "
                    "FROM information_schema.columns WHERE data_type = 'enum' AND "
                    "table_schema = DATABASE() AND table_name = %s",
                    2 },
};

nu_list *nu__inspected_checks(nu__connection *connection, nu_str table)
{
    nu_list *texts = nu_list_new();
    nu__dialect dialect = connection->backend->dialect;
    nu_str sql = connection->backend->operations->convert_query(nu_s(queries[dialect].sql));
    nu_values tables = NU_ARGS(table, table, table);
    nu__rows *rows;

    tables.len = queries[dialect].tables;
    rows = nu__db_query(connection, sql, tables);
    nu_defer(nu__rows_close, rows);
    while (nu__rows_next(rows))
        if (rows->cells[0].kind != NU__CELL_NULL)
            nu_list_append(texts, nu_string(nu__cell_value(&rows->cells[0])));
    return texts;
}

/* ---- choices ------------------------------------------------------------------------------- */

/* More than a list of choices can have are no choices. */
enum { MOST = 120 };

static bool is_whole_number(nu_str text)
{
    size_t sign = text.len && text.ptr[0] == '-';

    return text.len > sign && text.len < 20 &&
           strspn(text.ptr + sign, "0123456789") == text.len - sign;
}

static bool all_numbers(const nu_list *values)
{
    for (size_t i = 0; i < nu_list_len(values); i++)
        if (!is_whole_number(nu_at(values, i).s))
            return false;
    return true;
}

static const nu_choices *choices_of(const nu_list *values)
{
    nu_choice *items = nu_alloc_array(nu_choice, nu_list_len(values) + 1);
    nu_choices *choices = nu_alloc(nu_choices);
    int n = 0;

    for (size_t i = 0; i < nu_list_len(values); i++) {
        const char *value = nu_at(values, i).s.ptr;
        bool known = false;

        for (int k = 0; k < n && !known; k++)
            known = !strcmp(items[k].value, value);
        if (!known)
            items[n++] = (nu_choice){ .value = value, .label = value };
    }
    *choices = (nu_choices){ .items = items, .len = n, .text = true };
    return choices;
}

const nu_choices *nu__inspected_choices(nu__dialect dialect, const nu_list *checks, nu_str column,
                                        bool numbers)
{
    for (size_t i = 0; i < nu_list_len(checks); i++) {
        nu_list *values = nu__check_values(dialect, nu_at(checks, i).s, column);

        if (values && nu_list_len(values) <= MOST && (!numbers || all_numbers(values)))
            return choices_of(values);
    }
    return NULL;
}
