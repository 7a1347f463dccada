/* Has a statement been done whose outcome nobody was told? */
#include "db/migrations/progress.h"

#include <string.h>

/* ---- the schema's mark ----------------------------------------------------------------------- */

/* PostgreSQL's catalogues give each row that is changed a new xmin. MariaDB has no such thing: all
   that a statement can make, drop or rename. */
static const char *const marks[] = {
    [NU__SQLITE] = "PRAGMA schema_version",
    [NU__POSTGRESQL] =
        "WITH own AS (SELECT oid FROM pg_class WHERE relnamespace = "
        "current_schema()::regnamespace) "
        "SELECT md5(string_agg(part, ',' ORDER BY part)) FROM ("
        "SELECT concat_ws(' ', 'class', oid, xmin) AS part FROM pg_class WHERE oid IN "
        "(SELECT oid FROM own) UNION ALL "
        "SELECT concat_ws(' ', 'attribute', attrelid, attnum, xmin) FROM pg_attribute WHERE "
        "attrelid IN (SELECT oid FROM own) UNION ALL "
        "SELECT concat_ws(' ', 'index', indexrelid, xmin) FROM pg_index WHERE indrelid IN "
        "(SELECT oid FROM own) UNION ALL "
        "SELECT concat_ws(' ', 'trigger', oid, xmin) FROM pg_trigger WHERE tgrelid IN "
        "(SELECT oid FROM own) UNION ALL "
        "SELECT concat_ws(' ', 'constraint', oid, xmin) FROM pg_constraint WHERE connamespace = "
        "current_schema()::regnamespace UNION ALL "
        "SELECT concat_ws(' ', 'proc', oid, xmin) FROM pg_proc WHERE pronamespace = "
        "current_schema()::regnamespace UNION ALL "
        "SELECT concat_ws(' ', 'type', oid, xmin) FROM pg_type WHERE typnamespace = "
        "current_schema()::regnamespace UNION ALL "
        "SELECT concat_ws(' ', 'enum', oid, xmin) FROM pg_enum UNION ALL "
        "SELECT concat_ws(' ', 'collation', oid, xmin) FROM pg_collation WHERE collnamespace = "
        "current_schema()::regnamespace UNION ALL "
        "SELECT concat_ws(' ', 'schema', oid, xmin) FROM pg_namespace WHERE nspname !~ '^pg_' "
        "UNION ALL "
        "SELECT concat_ws(' ', 'extension', oid, xmin) FROM pg_extension) AS parts",
    [NU__MYSQL] =
        "SELECT CONCAT_WS(' ', COUNT(*), SUM(CRC32(part)), SUM(CRC32(REVERSE(part)))) FROM ("
        "SELECT CONCAT_WS(' ', 'table', table_name, table_type) AS part FROM "
        "information_schema.tables WHERE table_schema = DATABASE() UNION ALL "
        "SELECT CONCAT_WS(' ', 'column', table_name, column_name, ordinal_position, column_type, "
        "is_nullable, column_default, extra, collation_name) FROM information_schema.columns WHERE "
        "table_schema = DATABASE() UNION ALL "
        "SELECT CONCAT_WS(' ', 'index', table_name, index_name, seq_in_index, column_name, "
        "non_unique) FROM information_schema.statistics WHERE table_schema = DATABASE() UNION ALL "
        "SELECT CONCAT_WS(' ', 'constraint', table_name, constraint_name, constraint_type) FROM "
        "information_schema.table_constraints WHERE table_schema = DATABASE() UNION ALL "
        "SELECT CONCAT_WS(' ', 'check', table_name, constraint_name, check_clause) FROM "
        "information_schema.check_constraints WHERE constraint_schema = DATABASE() UNION ALL "
        "SELECT CONCAT_WS(' ', 'trigger', trigger_name, created) FROM information_schema.triggers "
        "WHERE trigger_schema = DATABASE() UNION ALL "
        "SELECT CONCAT_WS(' ', 'routine', routine_name, routine_type, created) FROM "
        "information_schema.routines WHERE routine_schema = DATABASE()) AS parts",
};

static nu_str one_text(nu__connection *connection, nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, sql, params);
    nu_str text = { NULL, 0 };

    nu_defer(nu__rows_close, rows);
    if (nu__rows_next(rows))
        text = nu_copy(nu_string(nu__cell_value(&rows->cells[0])));
    return text;
}

nu_str nu__schema_mark(nu__connection *connection)
{
    return one_text(connection, nu_s(marks[connection->backend->dialect]), (nu_values){ NULL, 0 });
}

/* ---- indexes that were not finished ---------------------------------------------------------- */

static bool skip(nu_str *rest, const char *word)
{
    size_t n = strlen(word);
    bool found = nu_starts_with(*rest, nu_s(word));

    if (found)
        *rest = (nu_str){ rest->ptr + n, rest->len - n };
    return found;
}

/* "a name" in its quotes, or to the next blank or parenthesis. */
static nu_str take_name(nu_str *rest)
{
    size_t n = 0;
    bool quoted = false;
    nu_str name;

    while (n < rest->len && (quoted || (rest->ptr[n] != ' ' && rest->ptr[n] != '(')))
        quoted ^= rest->ptr[n++] == '"';
    name = nu_copy((nu_str){ rest->ptr, n });
    *rest = (nu_str){ rest->ptr + n, rest->len - n };
    return name;
}

/* CREATE [UNIQUE] INDEX CONCURRENTLY [IF NOT EXISTS] name ON table */
static bool read_concurrent(nu_str sql, nu_str *name, nu_str *table)
{
    if (!skip(&sql, "CREATE "))
        return false;
    skip(&sql, "UNIQUE ");
    if (!skip(&sql, "INDEX CONCURRENTLY "))
        return false;
    skip(&sql, "IF NOT EXISTS ");
    *name = take_name(&sql);
    if (!skip(&sql, " ON "))
        return false;
    *table = take_name(&sql);
    return true;
}

bool nu__clear_unfinished(nu__connection *connection, nu_str sql)
{
    nu_str name, table, what;

    if (connection->backend->dialect != NU__POSTGRESQL || !read_concurrent(sql, &name, &table))
        return true;
    what =
        one_text(connection,
                 S("SELECT CASE WHEN indrelid IS DISTINCT FROM to_regclass($1) THEN 'other' WHEN "
                   "indisvalid THEN 'whole' ELSE 'unfinished' END FROM pg_index WHERE "
                   "indexrelid = to_regclass($2)"),
                 NU_ARGS(table, name));
    if (nu_eq(what, "unfinished"))
        nu__db_execute(connection, nu_fmt("DROP INDEX CONCURRENTLY {}", name),
                       (nu_values){ NULL, 0 }, NULL);
    return !nu_eq(what, "other");
}
