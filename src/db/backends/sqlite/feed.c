#include "core/buf.h"
#include "core/fault.h"
#include "db/backends/sqlite/sqlite.h"
#include <nuages/strings.h>

#include <stdlib.h>
#include <string.h>

/* Many rows for one statement: `INSERT INTO t (a, b) SELECT c0, c1 FROM nu__rows`.
 *
 * nu__rows is a table of SQLite's virtual kind that each handle has; its rows are those of
 * sqlite->feed, none without one. Against a prepared INSERT that is run for each row this saves
 * binding, resetting and starting the statement, half of what a row costs, and the statement's
 * journal keeps each page once for all.
 *
 * SQLite takes a row from here, inserts it, and asks for the next, so the row's key is then the
 * handle's last. Not so where the table has triggers: it collects all rows first. That shows with
 * the first row, before anything is inserted; the feed is then refused, and the rows go in one by
 * one.
 */
typedef struct cursor {
    sqlite3_vtab_cursor base;
    size_t at;
} cursor;

typedef struct table {
    sqlite3_vtab base;
    nu__sqlite *sqlite;
} table;

enum { COLUMNS = 64 };

#define TABLE "nu__rows"

/* ---- the table ---------------------------------------------------------------------------- */

static const nu__sqlite_feed *feed_of(sqlite3_vtab_cursor *cursor)
{
    return ((table *)cursor->pVtab)->sqlite->feed;
}

static int declare(sqlite3 *db)
{
    sqlite3_str *text = sqlite3_str_new(db);
    char *sql;
    int code;

    for (int i = 0; i < COLUMNS; i++)
        sqlite3_str_appendf(text, "%s c%d", i ? "," : "CREATE TABLE x(", i);
    sqlite3_str_appendchar(text, 1, ')');
    sql = sqlite3_str_finish(text);
    code = sql ? sqlite3_declare_vtab(db, sql) : SQLITE_NOMEM;
    sqlite3_free(sql);
    return code;
}

static int connect_table(sqlite3 *db, void *sqlite, int n, const char *const *arguments,
                         sqlite3_vtab **out, char **message)
{
    table *made = nu__malloc_zeroed(sizeof *made);
    int code = made ? declare(db) : SQLITE_NOMEM;

    (void)n, (void)arguments, (void)message;
    if (code != SQLITE_OK) {
        free(made);
        return code;
    }
    /* no view or trigger of the file may read it */
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    made->sqlite = sqlite;
    *out = &made->base;
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *made)
{
    free(made);
    return SQLITE_OK;
}

static int best_index(sqlite3_vtab *made, sqlite3_index_info *info)
{
    (void)made;
    info->estimatedCost = 1;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *made, sqlite3_vtab_cursor **out)
{
    cursor *opened = nu__malloc_zeroed(sizeof *opened);

    (void)made;
    *out = opened ? &opened->base : NULL;
    return opened ? SQLITE_OK : SQLITE_NOMEM;
}

static int close_cursor(sqlite3_vtab_cursor *opened)
{
    free(opened);
    return SQLITE_OK;
}

static int first_row(sqlite3_vtab_cursor *base, int plan, const char *plan_text, int n,
                     sqlite3_value **arguments)
{
    (void)plan, (void)plan_text, (void)n, (void)arguments;
    ((cursor *)base)->at = 0;
    return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *base)
{
    nu__sqlite *sqlite = ((table *)base->pVtab)->sqlite;
    nu__sqlite_feed *feed = sqlite->feed;
    size_t at = ((cursor *)base)->at++;
    int64_t key = sqlite3_last_insert_rowid(sqlite->db);

    feed->refused = at == 0 && key == NU__SQLITE_NO_KEY;
    if (feed->refused)
        return SQLITE_ERROR;
    feed->keys[at] = key;
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const nu__sqlite_feed *feed = feed_of(base);

    return !feed || ((cursor *)base)->at >= feed->n_rows;
}

static int row_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const nu__sqlite_feed *feed = feed_of(base);

    if ((size_t)column < feed->n_columns)
        nu__sqlite_give(context, &feed->rows[((cursor *)base)->at][column]);
    return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((cursor *)base)->at;
    return SQLITE_OK;
}

/* Without xCreate it is there without being made, and in no schema. */
static const sqlite3_module module = {
    .xConnect = connect_table,
    .xDisconnect = disconnect_table,
    .xBestIndex = best_index,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = first_row,
    .xNext = next_row,
    .xEof = at_end,
    .xColumn = row_column,
    .xRowid = row_number,
};

int nu__sqlite_feed_table(nu__sqlite *sqlite)
{
    return sqlite3_create_module(sqlite->db, TABLE, &module, sqlite);
}

/* ---- the statement ------------------------------------------------------------------------ */

static nu_str values_text(size_t n)
{
    nu__buf out = { 0 };

    nu__buf_lit(&out, "VALUES (?");
    for (size_t i = 1; i < n; i++)
        nu__buf_lit(&out, ", ?");
    nu__buf_char(&out, ')');
    return nu__buf_str(&out);
}

nu_str nu__sqlite_feed_sql(nu_str sql, size_t n_columns)
{
    nu_str values = values_text(n_columns);
    nu__buf out = { 0 };

    if (!n_columns || n_columns > COLUMNS || !nu_starts_with(sql, S("INSERT INTO ")) ||
        !nu_ends_with(sql, values))
        return (nu_str){ 0 };
    nu__buf_add(&out, sql.ptr, sql.len - values.len);
    for (size_t i = 0; i < n_columns; i++) {
        nu__buf_str_add(&out, i ? S(", c") : S("SELECT c"));
        nu__buf_int(&out, (int64_t)i);
    }
    nu__buf_lit(&out, " FROM " TABLE);
    return nu__buf_str(&out);
}
