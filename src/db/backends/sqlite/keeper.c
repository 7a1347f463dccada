#include "core/fault.h"
#include "db/backends/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>

struct nu__sqlite_keeper {
    sqlite3 *db;
    sqlite3_stmt *stmt;
    nu__turn_end end;
    uint32_t reads; /* of this turn */
    bool holds;
    bool orphan; /* its handle is gone */
};

/* SQLite takes a reader's place in the log's index by locking a byte of a file, two calls of the
 * kernel a statement; but only one connection of a process really does, the others count. So a
 * second connection that is in the middle of a read makes the places of all others free of charge.
 * It stands in the way of what waits for readers (a checkpoint that would overwrite what it reads)
 * as any reader does, and no longer than a turn.
 */

/* A read that waits at its only row, and for which SQLite does not read the schema: that would take
   the memory of all tables once more. */
static const char HOLDING[] = "PRAGMA schema_version";

static bool has_log(sqlite3 *db)
{
    sqlite3_stmt *stmt;
    bool wal = false;

    if (sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &stmt, NULL) != SQLITE_OK)
        return false;
    if (sqlite3_step(stmt) == SQLITE_ROW)
        wal = strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
    sqlite3_finalize(stmt);
    return wal;
}

static void close_all(nu__sqlite_keeper *keeper)
{
    sqlite3_finalize(keeper->stmt);
    sqlite3_close_v2(keeper->db);
    free(keeper);
}

static void turn_ends(nu__turn_end *end)
{
    nu__sqlite_keeper *keeper =
        (nu__sqlite_keeper *)(void *)((char *)end - offsetof(nu__sqlite_keeper, end));

    nu__sqlite_keeper_let_go(keeper);
    keeper->reads = 0;
    if (keeper->orphan)
        close_all(keeper);
}

nu__sqlite_keeper *nu__sqlite_keeper_open(sqlite3 *beside, const char *path)
{
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    nu__sqlite_keeper *keeper = nu__malloc_zeroed(sizeof *keeper);

    if (!keeper || !has_log(beside)) {
        free(keeper);
        return NULL;
    }
    keeper->end.fn = turn_ends;
    if (sqlite3_open_v2(path, &keeper->db, flags, NULL) == SQLITE_OK &&
        sqlite3_db_config(keeper->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0) == SQLITE_OK &&
        sqlite3_prepare_v3(keeper->db, HOLDING, -1, SQLITE_PREPARE_PERSISTENT, &keeper->stmt,
                           NULL) == SQLITE_OK)
        return keeper;
    close_all(keeper);
    return NULL;
}

/* The first read of a turn waits what comes, since one alone is cheaper without. */
void nu__sqlite_keeper_read(nu__sqlite_keeper *keeper)
{
    if (!keeper || keeper->reads == 2)
        return;
    if (++keeper->reads == 1) {
        nu__at_turn_end(&keeper->end);
        return;
    }
    keeper->holds = sqlite3_step(keeper->stmt) == SQLITE_ROW;
    if (!keeper->holds)
        sqlite3_reset(keeper->stmt);
}

void nu__sqlite_keeper_let_go(nu__sqlite_keeper *keeper)
{
    if (keeper && keeper->holds) {
        sqlite3_reset(keeper->stmt);
        keeper->holds = false;
    }
}

/* The end of the turn may still be to come, and finds it then. */
void nu__sqlite_keeper_free(nu__sqlite_keeper *keeper)
{
    if (!keeper)
        return;
    nu__sqlite_keeper_let_go(keeper);
    keeper->orphan = keeper->end.requested;
    if (!keeper->orphan)
        close_all(keeper);
}
