#include "core/fault.h"
#include "db/backends/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The statements of a handle: a hash table over their text, and a list by last use. The one that
 * was not used for longest makes room; a busy one is never found, so a text that is needed twice at
 * a time is prepared twice, the second time for one use.
 */

/* Texts come from the compiler and from the site's source, so speed counts, not secrecy. */
static uint64_t hash_text(nu_str text)
{
    uint64_t hash = text.len * 0x9e3779b97f4a7c15u, word;
    size_t i = 0;

    for (; text.len - i >= sizeof word; i += sizeof word) {
        memcpy(&word, text.ptr + i, sizeof word);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    word = 0;
    if (text.len - i)
        memcpy(&word, text.ptr + i, text.len - i);
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    return hash ^ hash >> 29;
}

static void unchain(nu__sqlite_cache *cache, nu__sqlite_statement *statement)
{
    nu__sqlite_statement **at = &cache->buckets[statement->hash % NU__SQLITE_BUCKETS];

    while (*at != statement)
        at = &(*at)->chain;
    *at = statement->chain;
}

static void unlink_use(nu__sqlite_cache *cache, nu__sqlite_statement *statement)
{
    *(statement->newer ? &statement->newer->older : &cache->newest) = statement->older;
    *(statement->older ? &statement->older->newer : &cache->oldest) = statement->newer;
}

static void link_newest(nu__sqlite_cache *cache, nu__sqlite_statement *statement)
{
    statement->newer = NULL;
    statement->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = statement;
    cache->newest = statement;
}

static void free_statement(nu__sqlite_statement *statement)
{
    sqlite3_finalize(statement->stmt);
    sqlite3_finalize(statement->at_once);
    nu__columns_unref(statement->columns);
    free(statement->sql);
    free(statement);
}

static void remove_cached(nu__sqlite_cache *cache, nu__sqlite_statement *statement)
{
    unchain(cache, statement);
    unlink_use(cache, statement);
    cache->n--;
    free_statement(statement);
}

static bool make_room(nu__sqlite_cache *cache)
{
    nu__sqlite_statement *statement = cache->oldest;

    if (cache->n < NU__SQLITE_CACHE)
        return true;
    while (statement && statement->busy)
        statement = statement->newer;
    if (statement)
        remove_cached(cache, statement);
    return statement != NULL;
}

static void remember(nu__sqlite_cache *cache, nu__sqlite_statement *statement)
{
    nu__sqlite_statement **bucket = &cache->buckets[statement->hash % NU__SQLITE_BUCKETS];

    if (statement->once || !make_room(cache))
        return;
    statement->cached = true;
    statement->chain = *bucket;
    *bucket = statement;
    link_newest(cache, statement);
    cache->n++;
}

static bool is_free_for(const nu__sqlite_statement *statement, nu_str sql)
{
    return !statement->busy && statement->sql_len == sql.len &&
           memcmp(statement->sql, sql.ptr, sql.len) == 0;
}

static nu__sqlite_statement *find(nu__sqlite_cache *cache, nu_str sql, uint64_t hash)
{
    nu__sqlite_statement *statement = cache->buckets[hash % NU__SQLITE_BUCKETS];

    while (statement && (statement->hash != hash || !is_free_for(statement, sql)))
        statement = statement->chain;
    return statement;
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

static int prepare(nu__sqlite *sqlite, nu_str sql, nu__sqlite_statement *statement)
{
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
    statement->sql = nu__malloc(sql.len + 1);
    if (!statement->sql || !read_columns(statement))
        return SQLITE_NOMEM;
    memcpy(statement->sql, sql.ptr, sql.len);
    statement->sql_len = sql.len;
    statement->utf16 = sqlite->utf16;
    statement->class = classify(statement->stmt, sql, &statement->once);
    return SQLITE_OK;
}

/* Marked busy; NULL: there is none, and *hash is the text's. What was run last often comes again,
   and is sooner compared than hashed. */
static nu__sqlite_statement *take_cached(nu__sqlite_cache *cache, nu_str sql, uint64_t *hash)
{
    nu__sqlite_statement *statement = cache->newest;

    if (!statement || !is_free_for(statement, sql)) {
        *hash = hash_text(sql);
        statement = find(cache, sql, *hash);
    }
    if (!statement)
        return NULL;
    if (cache->newest != statement) {
        unlink_use(cache, statement);
        link_newest(cache, statement);
    }
    statement->busy = true;
    return statement;
}

nu__sqlite_statement *nu__sqlite_prepare(nu__sqlite *sqlite, nu_str sql, int *code)
{
    uint64_t hash = 0;
    nu__sqlite_statement *statement = take_cached(&sqlite->cache, sql, &hash);

    *code = SQLITE_OK;
    if (statement)
        return statement;
    statement = nu__malloc_zeroed(sizeof *statement);
    *code = statement ? prepare(sqlite, sql, statement) : SQLITE_NOMEM;
    if (*code != SQLITE_OK) {
        if (statement)
            free_statement(statement);
        return NULL;
    }
    statement->hash = hash;
    statement->busy = true;
    remember(&sqlite->cache, statement);
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
    statement->busy = false;
    if (!statement->cached)
        free_statement(statement);
}

void nu__sqlite_cache_clear(nu__sqlite *sqlite)
{
    while (sqlite->cache.newest)
        remove_cached(&sqlite->cache, sqlite->cache.newest);
}
