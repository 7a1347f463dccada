/* What check constraints and enums say: kept by each database as text of its own. */
#include "core/text.h"
#include "db/connection.h"
#include "db/migrations/inspect.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* %s is the table; one text a row. An enum is told as the check that its column is IN its labels.
 */
static const char *const queries[NU__DIALECT_COUNT] = {
    [NU__SQLITE] = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name IN (%s, %s)",
    [NU__POSTGRESQL] =
        "SELECT pg_get_constraintdef(oid)::text FROM pg_constraint WHERE contype = 'c' "
        "AND conrelid = (SELECT oid FROM pg_class WHERE relname = %s AND "
        "pg_table_is_visible(oid) LIMIT 1) UNION ALL SELECT format('%%I IN (%%s)', a.attname, "
        "string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_enum e ON e.enumtypid = a.atttypid "
        "WHERE c.relname = %s AND pg_table_is_visible(c.oid) GROUP BY a.attname",
    [NU__MYSQL] = ("SELECT check_clause FROM information_schema.check_constraints WHERE "
                   "constraint_schema = DATABASE() AND table_name = %s UNION ALL SELECT CONCAT("
                   "column_name, ' IN ', SUBSTRING(column_type, 5)) FROM "
                   "information_schema.columns WHERE data_type = 'enum' AND table_schema = "
                   "DATABASE() AND table_name = %s"),
};

nu_list *nu__inspected_checks(nu__connection *connection, nu_str table)
{
    nu_list *texts = nu_list_new();
    nu_str sql =
        connection->backend->operations->convert_query(nu_s(queries[connection->backend->dialect]));
    nu__rows *rows = nu__db_query(connection, sql, NU_ARGS(table, table));

    nu_defer(nu__rows_close, rows);
    while (nu__rows_next(rows))
        if (rows->cells[0].kind != NU__CELL_NULL)
            nu_list_append(texts, nu_string(nu__cell_value(&rows->cells[0])));
    return texts;
}

/* ---- "col" IN ('a', 'b') ------------------------------------------------------------------- */

enum { VALUES = 64 };

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Just after the column's name, in quotes or not, when it stands there; else NULL. */
static const char *after_name(const char *at, const char *start, nu_str column)
{
    if (strncmp(at, column.ptr, column.len) || (at > start && is_name_char(at[-1])) ||
        is_name_char(at[column.len]))
        return NULL;
    at += column.len;
    return at + (*at == '"' || *at == '`' || *at == ']');
}

/* Over ")", "::text", blanks and "=": to what the column is compared with. */
static const char *to_values(const char *at)
{
    at += strspn(at, " )\n\t");
    while (at[0] == ':' && at[1] == ':') {
        at += 2;
        at += strspn(at, "abcdefghijklmnopqrstuvwxyz_ ");
        at += strspn(at, " )");
    }
    if (!strncasecmp(at, "in", 2))
        at += 2;
    else if (!strncasecmp(at, "= any", 5))
        at += 5;
    else
        return NULL;
    at += strspn(at, " (\n\t");
    if (!strncasecmp(at, "array[", 6))
        at += 6;
    return *at == '\'' ? at : NULL;
}

/* The end of the literal that begins at `at`: a doubled quote is one of the text. NULL: it has
 * none. */
static const char *end_of_literal(const char *at)
{
    for (at++; *at; at++)
        if (*at == '\'' && at[1] != '\'')
            return at;
        else if (*at == '\'')
            at++;
    return NULL;
}

/* The texts of a list, up to what ends it. */
static size_t read_values(const char *at, nu_choice *out)
{
    size_t n = 0;

    while (*at == '\'' && n < VALUES) {
        const char *end = end_of_literal(at);
        const char *value;

        if (!end)
            return 0;
        value = nu__replace((nu_str){ at + 1, (size_t)(end - at - 1) }, S("''"), S("'")).ptr;
        out[n++] = (nu_choice){ .value = value, .label = value };
        at = end + 1;
        while (*at && *at != ',' && *at != ')' && *at != ']' && *at != '\'')
            at++; /* ::character varying */
        at += strspn(at, ", \n\t");
    }
    return n;
}

static const nu_choices *choices_in(nu_str text, nu_str column)
{
    for (const char *at = text.ptr; *at; at++) {
        const char *after = after_name(at, text.ptr, column);
        const char *values = after ? to_values(after) : NULL;
        nu_choice *items;
        nu_choices *choices;
        size_t n;

        if (!values)
            continue;
        items = nu_alloc_array(nu_choice, VALUES + 1);
        n = read_values(values, items);
        if (!n)
            continue;
        choices = nu_alloc(nu_choices);
        *choices = (nu_choices){ .items = items, .len = (int)n, .text = true };
        return choices;
    }
    return NULL;
}

const nu_choices *nu__inspected_choices(const nu_list *checks, nu_str column)
{
    for (size_t i = 0; i < nu_list_len(checks); i++) {
        const nu_choices *found = choices_in(nu_at(checks, i).s, column);

        if (found)
            return found;
    }
    return NULL;
}
