#include "core/context.h"
#include "core/fault.h"
#include "core/text.h"
#include "db/backends/mysql/mysql.h"

#include <mysqld_error.h>
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

static void unchain(nu__mysql_cache *cache, nu__mysql_statement *statement)
{
    nu__mysql_statement **at = &cache->buckets[statement->hash % NU__MYSQL_BUCKETS];

    while (*at != statement)
        at = &(*at)->chain;
    *at = statement->chain;
}

static void unlink_use(nu__mysql_cache *cache, nu__mysql_statement *statement)
{
    *(statement->newer ? &statement->newer->older : &cache->newest) = statement->older;
    *(statement->older ? &statement->older->newer : &cache->oldest) = statement->newer;
}

static void link_newest(nu__mysql_cache *cache, nu__mysql_statement *statement)
{
    statement->newer = NULL;
    statement->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = statement;
    cache->newest = statement;
}

/* ---- closing ------------------------------------------------------------------------------ */

static void free_statement(nu__mysql_statement *statement)
{
    nu__columns_unref(statement->columns);
    free(statement->cells);
    free(statement->sql);
    free(statement);
}

typedef struct closing {
    nu__mysql *handle;
    MYSQL_STMT *stmt;
} closing;

static void close_at_server(void *arg)
{
    const closing *closing = arg;
    my_bool failed = 0;

    NU__MYSQL_CALL(closing->handle, mysql_stmt_close, failed, closing->stmt);
}

/* COM_STMT_CLOSE has no answer: this waits only where the socket is full. On a lost connection the
   memory is freed with the connection. */
static void close_statement(nu__mysql *handle, nu__mysql_statement *statement)
{
    closing closing = { handle, statement->stmt };

    nu__fiber_shield();
    if (!handle->lost)
        (void)nu__guard(close_at_server, &closing);
    nu__fiber_unshield();
    free_statement(statement);
}

static void remove_cached(nu__mysql_cache *cache, nu__mysql_statement *statement)
{
    unchain(cache, statement);
    unlink_use(cache, statement);
    cache->n--;
}

/* mysql_close() has cut its statements off: closing them frees their memory only. */
void nu__mysql_cache_clear(nu__mysql *handle)
{
    while (handle->cache.newest) {
        nu__mysql_statement *statement = handle->cache.newest;

        remove_cached(&handle->cache, statement);
        mysql_stmt_close(statement->stmt);
        free_statement(statement);
    }
}

/* ---- finding ------------------------------------------------------------------------------ */

static bool make_room(nu__mysql *handle)
{
    nu__mysql_statement *statement = handle->cache.oldest;

    if (handle->cache.n < NU__MYSQL_CACHE)
        return true;
    while (statement && statement->busy)
        statement = statement->newer;
    if (!statement)
        return false;
    remove_cached(&handle->cache, statement);
    close_statement(handle, statement);
    return true;
}

static bool worth_keeping(const nu__mysql_statement *statement)
{
    return statement->sql_len <= NU__MYSQL_CACHED_TEXT &&
           mysql_stmt_param_count(statement->stmt) <= NU__MYSQL_CACHED_PARAMS;
}

static void remember(nu__mysql *handle, nu__mysql_statement *statement)
{
    nu__mysql_statement **bucket = &handle->cache.buckets[statement->hash % NU__MYSQL_BUCKETS];

    if (!worth_keeping(statement) || !make_room(handle))
        return;
    statement->cached = true;
    statement->chain = *bucket;
    *bucket = statement;
    link_newest(&handle->cache, statement);
    handle->cache.n++;
}

static nu__mysql_statement *find(nu__mysql_cache *cache, nu_str sql, uint64_t hash)
{
    nu__mysql_statement *statement = cache->buckets[hash % NU__MYSQL_BUCKETS];

    while (statement &&
           (statement->hash != hash || statement->busy || statement->sql_len != sql.len ||
            memcmp(statement->sql, sql.ptr, sql.len) != 0))
        statement = statement->chain;
    return statement;
}

/* ---- sessions ------------------------------------------------------------------------------ */

/* How a statement begins that leaves something behind, or may: who reads past a comment? */
static const char *const beginnings[] = {
    "SET",
    "USE",
    "LOCK",
    "CREATE TEMPORARY",
    "CREATE OR REPLACE TEMPORARY",
    "PREPARE",
    "EXECUTE",
    "CALL",
    "HANDLER",
    "BEGIN NOT",
    "FLUSH",
    "/*",
    "-- ",
    "#",
};

/* What such a one holds: variables, locks. */
static const char *const holdings[] = { ":=", "get_lock", "into @" };

static bool begins_with(nu_str text, const char *beginning)
{
    return nu__eq_ignore_ascii_case(nu__utf8_cut(text, strlen(beginning)), nu_s(beginning));
}

static bool holds_one(nu_str text)
{
    for (; text.len; text = (nu_str){ text.ptr + 1, text.len - 1 })
        for (size_t i = 0; i < sizeof holdings / sizeof *holdings; i++)
            if ((text.ptr[0] | ' ') == (holdings[i][0] | ' ') && text.len >= strlen(holdings[i]) &&
                strncasecmp(text.ptr, holdings[i], strlen(holdings[i])) == 0)
                return true;
    return false;
}

/* What is over-careful costs a connection, no more. */
bool nu__mysql_changes_session(nu_str sql)
{
    nu_str text = nu_trim(sql);

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (begins_with(text, beginnings[i]))
            return true;
    return holds_one(text);
}

/* ---- preparing ---------------------------------------------------------------------------- */

typedef struct preparing {
    nu__mysql *handle;
    nu__mysql_statement *statement;
} preparing;

/* A raise in the middle leaves the connection lost, and the statement to be freed after it: it
   goes into the cache's list for that. */
static void drop_unprepared(void *arg)
{
    preparing *preparing = arg;
    nu__mysql_statement *statement = preparing->statement;

    if (!preparing->handle->lost) {
        mysql_stmt_close(statement->stmt);
        free_statement(statement);
        return;
    }
    statement->cached = true;
    statement->chain = preparing->handle->cache.buckets[statement->hash % NU__MYSQL_BUCKETS];
    preparing->handle->cache.buckets[statement->hash % NU__MYSQL_BUCKETS] = statement;
    link_newest(&preparing->handle->cache, statement);
    preparing->handle->cache.n++;
}

static nu__mysql_statement *new_statement(nu__mysql *handle, nu_str sql, uint64_t hash)
{
    nu__mysql_statement *statement = nu__malloc_zeroed(sizeof *statement);

    if (statement) {
        statement->sql = nu__malloc(sql.len + 1);
        statement->stmt = mysql_stmt_init(handle->mysql);
    }
    if (!statement || !statement->sql || !statement->stmt) {
        if (statement && statement->stmt)
            mysql_stmt_close(statement->stmt);
        if (statement)
            free_statement(statement);
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    }
    if (sql.len)
        memcpy(statement->sql, sql.ptr, sql.len);
    statement->sql_len = sql.len;
    statement->hash = hash;
    statement->busy = true;
    statement->changes_session = nu__mysql_changes_session(sql);
    return statement;
}

static nu__mysql_statement *prepare(nu__mysql *handle, nu_str sql, uint64_t hash)
{
    preparing preparing = { handle, new_statement(handle, sql, hash) };
    MYSQL_STMT *stmt = preparing.statement->stmt;
    size_t slot = nu__cleanup_push(drop_unprepared, &preparing);
    int failed = 0;

    NU__MYSQL_CALL(handle, mysql_stmt_prepare, failed, stmt, sql.ptr, sql.len);
    if (failed && mysql_stmt_errno(stmt) != ER_UNSUPPORTED_PS)
        nu__mysql_raise_statement(handle, stmt);
    nu__cleanup_pop(slot);
    if (!failed)
        return preparing.statement;
    drop_unprepared(&preparing);
    return NULL;
}

nu__mysql_statement *nu__mysql_prepare(nu__mysql *handle, nu_str sql)
{
    uint64_t hash = hash_text(sql);
    nu__mysql_statement *statement = find(&handle->cache, sql, hash);

    if (statement) {
        if (handle->cache.newest != statement) {
            unlink_use(&handle->cache, statement);
            link_newest(&handle->cache, statement);
        }
        statement->busy = true;
        return statement;
    }
    statement = prepare(handle, sql, hash);
    if (statement)
        remember(handle, statement);
    return statement;
}

/* ---- columns ------------------------------------------------------------------------------ */

static bool same_columns(const nu__mysql_statement *statement, const MYSQL_FIELD *fields,
                         unsigned n)
{
    const nu__columns *columns = statement->columns;

    if (!columns || columns->n != n)
        return false;
    for (unsigned i = 0; i < n; i++)
        if (columns->names[i].len != fields[i].name_length ||
            memcmp(columns->names[i].ptr, fields[i].name, fields[i].name_length) != 0)
            return false;
    return true;
}

void nu__mysql_statement_refresh(nu__mysql_statement *statement)
{
    unsigned n = mysql_stmt_field_count(statement->stmt);
    const MYSQL_FIELD *fields = mariadb_stmt_fetch_fields(statement->stmt);
    const char **names;

    if (!fields || same_columns(statement, fields, n))
        return;
    names = nu_alloc_array(const char *, 2 * (size_t)n);
    for (unsigned i = 0; i < n; i++)
        names[i] = fields[i].name;
    nu__columns_unref(statement->columns);
    free(statement->cells);
    statement->columns = nu__columns_new(n, names, names + n);
    statement->cells = nu__malloc_zeroed(n * (sizeof *statement->cells + 24));
    if (!statement->columns || !statement->cells)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    statement->digits = (void *)(statement->cells + n);
}

void nu__mysql_forget(nu__mysql *handle, nu__mysql_statement *statement)
{
    if (statement->cached)
        remove_cached(&handle->cache, statement);
    statement->cached = false;
}

void nu__mysql_statement_done(nu__mysql *handle, nu__mysql_statement *statement)
{
    if (!handle->lost)
        mysql_stmt_free_result(statement->stmt);
    statement->busy = false;
    if (statement->cached)
        return;
    if (handle->lost)
        drop_unprepared(&(preparing){ handle, statement });
    else
        close_statement(handle, statement);
}
