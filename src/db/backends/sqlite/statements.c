#include "core/fault.h"
#include "db/backends/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static nu__sqlite_statement *of_entry(nu__cached_statement *entry)
{
    return (nu__sqlite_statement *)(void *)entry;
}

static void free_statement(nu__sqlite_statement *statement)
{
    sqlite3_finalize(statement->stmt);
    sqlite3_finalize(statement->at_once);
    nu__columns_unref(statement->columns);
    free(statement);
}

static bool make_room(nu__statement_cache *cache)
{
    nu__cached_statement *entry;

    if (cache->n < NU__SQLITE_CACHE)
        return true;
    entry = nu__statement_oldest_idle(cache);
    if (!entry)
        return false;
    nu__statement_remove(cache, entry);
    free_statement(of_entry(entry));
    return true;
}

/* ---- preparing ---------------------------------------------------------------------------- */

static const struct {
    const char *verb;
    nu__sqlite_class class;
    bool once; /* names a savepoint, which comes once */
} verbs[] = {
    { "BEGIN", NU__SQLITE_MARKS, false },   { "SAVEPOINT", NU__SQLITE_MARKS, true },
    { "RELEASE", NU__SQLITE_MARKS, true },  { "COMMIT", NU__SQLITE_ENDS, false },
    { "END", NU__SQLITE_ENDS, false },      { "ROLLBACK TO", NU__SQLITE_ENDS, true },
    { "ROLLBACK", NU__SQLITE_ENDS, false },
};

static nu__sqlite_class classify(sqlite3_stmt *stmt, nu_str sql, bool *once)
{
    if (!sqlite3_stmt_readonly(stmt))
        return NU__SQLITE_WRITES;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t len = strlen(verbs[i].verb);

        if (sql.len >= len && strncasecmp(sql.ptr, verbs[i].verb, len) == 0) {
            *once = verbs[i].once;
            return verbs[i].class;
        }
    }
    if (sqlite3_column_count(stmt) && (sql.len < 6 || strncasecmp(sql.ptr, "PRAGMA", 6) != 0))
        return NU__SQLITE_READS;
    return NU__SQLITE_OTHER;
}

static bool read_columns(nu__sqlite_statement *statement)
{
    int n = sqlite3_column_count(statement->stmt);
    const char **names = n ? nu__malloc_zeroed((size_t)n * 2 * sizeof *names) : NULL;

    if (!n)
        return true;
    if (!names)
        return false;
    for (int i = 0; i < n; i++) {
        names[i] = sqlite3_column_name(statement->stmt, i);
        names[n + i] = sqlite3_column_decltype(statement->stmt, i);
    }
    statement->columns = nu__columns_new((uint32_t)n, names, names + n);
    free(names);
    return statement->columns != NULL;
}

static bool only_blanks(const char *tail, const char *end)
{
    while (tail < end &&
           (*tail == ' ' || *tail == '\n' || *tail == '\t' || *tail == '\r' || *tail == ';'))
        tail++;
    return tail >= end || (end - tail >= 2 && tail[0] == '-' && tail[1] == '-');
}

static int prepare(nu__sqlite *sqlite, nu__sqlite_statement *statement)
{
    nu_str sql = statement->entry.sql;
    const char *tail;
    int code = sql.len > INT32_MAX
                   ? SQLITE_TOOBIG
                   : sqlite3_prepare_v3(sqlite->db, sql.ptr, (int)sql.len,
                                        SQLITE_PREPARE_PERSISTENT, &statement->stmt, &tail);

    if (code != SQLITE_OK)
        return code;
    if (!only_blanks(tail, sql.ptr + sql.len))
        return NU__SQLITE_SEVERAL;
    if (!statement->stmt)
        return NU__SQLITE_EMPTY;
    if (!read_columns(statement))
        return SQLITE_NOMEM;
    statement->utf16 = sqlite->utf16;
    statement->class = classify(statement->stmt, sql, &statement->once);
    return SQLITE_OK;
}

nu__sqlite_statement *nu__sqlite_prepare(nu__sqlite *sqlite, nu_str sql, int *code)
{
    nu__sqlite_statement *statement = of_entry(nu__statement_take(&sqlite->cache, sql));

    *code = SQLITE_OK;
    if (statement)
        return statement;
    statement = nu__statement_new(sizeof *statement, sql);
    *code = statement ? prepare(sqlite, statement) : SQLITE_NOMEM;
    if (*code != SQLITE_OK) {
        if (statement)
            free_statement(statement);
        return NULL;
    }
    statement->entry.users = 1;
    if (!statement->once && make_room(&sqlite->cache))
        nu__statement_add(&sqlite->cache, &statement->entry);
    return statement;
}

bool nu__sqlite_statement_refresh(nu__sqlite_statement *statement)
{
    if (!sqlite3_stmt_status(statement->stmt, SQLITE_STMTSTATUS_REPREPARE, 1))
        return true;
    nu__columns_unref(statement->columns);
    statement->columns = NULL;
    return read_columns(statement);
}

void nu__sqlite_statement_done(nu__sqlite_statement *statement)
{
    sqlite3_reset(statement->stmt);
    sqlite3_clear_bindings(statement->stmt);
    if (statement->at_once) {
        sqlite3_reset(statement->at_once);
        sqlite3_clear_bindings(statement->at_once);
    }
    statement->entry.users = 0;
    if (!statement->entry.cached)
        free_statement(statement);
}

void nu__sqlite_cache_clear(nu__sqlite *sqlite)
{
    nu__cached_statement *entry;

    while ((entry = sqlite->cache.newest)) {
        nu__statement_remove(&sqlite->cache, entry);
        free_statement(of_entry(entry));
    }
}
