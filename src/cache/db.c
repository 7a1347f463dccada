/* A cache in a table of a database, that of createcachetable. Django: DatabaseCache */
#include "cache/cache.h"

#include "core/buf.h"
#include "db/backends/base.h"
#include "db/models/router.h"
#include "db/transaction.h"

#include <nuages/logging.h>
#include <nuages/timezone.h>

enum { SECOND = 1000000 };
/* What Django writes for "never": datetime.max without its microseconds. */
static const int64_t never = (INT64_C(3652059) * 86400 + 86399) * SECOND;

/* SQL with %s for parameters, @ for the table. */
static nu_str sql_of(const nu__connection *connection, const nu__cache *cache, nu_str format)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < format.len; i++) {
        if (format.ptr[i] == '@')
            connection->backend->operations->quote_name(&out, cache->location);
        else
            nu__buf_char(&out, format.ptr[i]);
    }
    return connection->backend->operations->convert_query(nu__buf_str(&out));
}

static nu_datetime whole_seconds(nu_datetime at)
{
    return (nu_datetime){ at.us - at.us % SECOND };
}

const nu_model nu__cache_entry_model = { .name = "CacheEntry", .app_label = "django_cache" };
static const nu__model_info entries = { .model = &nu__cache_entry_model };

static nu__connection *connection_to_read(void)
{
    return nu__connection_of(nu__router_db_for_read(&entries, NULL));
}

static nu__connection *connection_to_write(void)
{
    return nu__connection_of(nu__router_db_for_write(&entries, NULL));
}

static void add_places(nu__buf *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nu__buf_fmt(out, "{}%s", i ? ", " : "");
    nu__buf_char(out, ')');
}

static bool remove_keys(const nu__cache *cache, const nu_str *keys, size_t n)
{
    nu__connection *connection = connection_to_write();
    nu_value *params = nu_alloc_array(nu_value, n + 1);
    nu__buf sql = { 0 };

    if (!n)
        return false;
    for (size_t i = 0; i < n; i++)
        params[i] = V(keys[i]);
    nu__buf_lit(&sql, "DELETE FROM @ WHERE cache_key IN (");
    add_places(&sql, n);
    return nu__db_execute(connection, sql_of(connection, cache, nu__buf_str(&sql)),
                          (nu_values){ params, n }, NULL) > 0;
}

static bool truth_of(const nu__cell *cell)
{
    return nu_int(nu__cell_value(cell)) != 0;
}

/* The row into its place; true: its time is over. */
static bool take_row(const nu__rows *rows, const nu_str *keys, size_t n, nu_str *texts)
{
    nu_str key = nu__cell_text(&rows->cells[0]);

    if (truth_of(&rows->cells[2]))
        return true;
    for (size_t i = 0; i < n; i++)
        if (nu_eq(keys[i], key))
            texts[i] = nu_copy(nu__cell_text(&rows->cells[1]));
    return false;
}

static void get(const nu__cache *cache, const nu_str *keys, size_t n, nu_str *texts)
{
    nu__connection *connection = connection_to_read();
    nu_value *params = nu_alloc_array(nu_value, n + 1);
    nu_str *over = nu_alloc_array(nu_str, n + 1);
    size_t n_over = 0;
    nu__buf sql = { 0 };
    nu__rows *rows;

    params[0] = V(nu_now());
    for (size_t i = 0; i < n; i++) {
        params[i + 1] = V(keys[i]);
        texts[i] = (nu_str){ 0 };
    }
    nu__buf_lit(&sql, "SELECT cache_key, value, expires < %s FROM @ WHERE cache_key IN (");
    add_places(&sql, n);
    rows = nu__db_query(connection, sql_of(connection, cache, nu__buf_str(&sql)),
                        (nu_values){ params, n + 1 });
    while (nu__rows_next(rows))
        if (take_row(rows, keys, n, texts) && n_over < n)
            over[n_over++] = nu_copy(nu__cell_text(&rows->cells[0]));
    remove_keys(cache, over, n_over);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The first cell of the first row; null: no row. */
static nu_value one(nu__connection *connection, nu_str sql, nu_values params)
{
    nu__rows *rows = nu__db_query(connection, sql, params);
    nu_value value = nu_null();

    if (nu__rows_next(rows))
        value = nu__cell_value(&rows->cells[0]);
    nu__rows_close(rows);
    return value;
}
#define ONE(connection, cache, sql, ...)                                                           \
    one((connection), sql_of((connection), (cache), S(sql)), NU_ARGS(__VA_ARGS__))
#define RUN(connection, cache, sql, ...)                                                           \
    nu__db_execute((connection), sql_of((connection), (cache), S(sql)), NU_ARGS(__VA_ARGS__), NULL)

static void clear(const nu__cache *cache)
{
    nu__connection *connection = connection_to_write();

    nu__db_execute(connection, sql_of(connection, cache, S("DELETE FROM @")), (nu_values){ 0 },
                   NULL);
}

/* What is over goes; where that is too little, the lowest keys. */
static void cull(nu__connection *connection, const nu__cache *cache, nu_datetime now, int64_t n)
{
    nu_value last;

    if (!cache->cull_frequency) {
        clear(cache);
        return;
    }
    n -= RUN(connection, cache, "DELETE FROM @ WHERE expires < %s", now);
    if (n <= cache->max_entries)
        return;
    last = ONE(connection, cache, "SELECT cache_key FROM @ ORDER BY cache_key LIMIT 1 OFFSET %s",
               n / cache->cull_frequency);
    if (last.kind != NU_KIND_NULL)
        RUN(connection, cache, "DELETE FROM @ WHERE cache_key < %s", last);
}

typedef struct writing {
    nu__connection *connection;
    const nu__cache *cache;
    nu__cache_mode mode;
    nu_str key, text;
    nu_datetime now, expires;
    bool done;
} writing;

/* As Django: an expired row is as good as none to add(), but not to touch(). */
static bool write_row(const writing *w)
{
    nu_value over = ONE(w->connection, w->cache, "SELECT expires < %s FROM @ WHERE cache_key = %s",
                        w->now, w->key);
    bool there = over.kind != NU_KIND_NULL;

    if (w->mode == NU__CACHE_TOUCH) {
        if (there)
            RUN(w->connection, w->cache, "UPDATE @ SET expires = %s WHERE cache_key = %s",
                w->expires, w->key);
        return there;
    }
    if (!there) {
        RUN(w->connection, w->cache,
            "INSERT INTO @ (cache_key, value, expires) VALUES (%s, %s, %s)", w->key, w->text,
            w->expires);
        return true;
    }
    if (w->mode == NU__CACHE_ADD && !nu_int(over))
        return false;
    RUN(w->connection, w->cache, "UPDATE @ SET value = %s, expires = %s WHERE cache_key = %s",
        w->text, w->expires, w->key);
    return true;
}

static void write_atomically(writing *w)
{
    nu_atomic_with (.using = w->connection->alias) {
        w->done = write_row(w);
    }
}

static bool put(const nu__cache *cache, nu__cache_mode mode, nu_str key, nu_str text,
                nu_datetime expires)
{
    writing *w = nu_alloc(writing);
    nu__connection *connection = connection_to_write();
    int64_t n = nu_int(
        one(connection, sql_of(connection, cache, S("SELECT COUNT(*) FROM @")), (nu_values){ 0 }));
    const nu_error *lost;

    *w = (writing){ connection, cache, mode, key, text, whole_seconds(nu_now()), expires, false };
    w->expires = expires.us >= never ? (nu_datetime){ never } : whole_seconds(expires);
    if (n > cache->max_entries)
        cull(connection, cache, w->now, n);
    lost = nu_catch(NU_DATABASE_ERROR, write_atomically(w));
    if (lost) /* somebody else's row was first, as a rule: Django lets it go, too */
        nu_warning("The cache “{}” did not take “{}”: {}", cache->alias, key, lost->message);
    return !lost && w->done;
}

static bool has_key(const nu__cache *cache, nu_str key)
{
    nu__connection *connection = connection_to_read();

    return ONE(connection, cache, "SELECT cache_key FROM @ WHERE cache_key = %s AND expires > %s",
               key, whole_seconds(nu_now()))
               .kind != NU_KIND_NULL;
}

const nu__cache_backend nu__cache_db = {
    .name = "db",
    .dotted = "django.core.cache.backends.db.DatabaseCache",
    .location = "",
    .get = get,
    .put = put,
    .has_key = has_key,
    .remove = remove_keys,
    .clear = clear,
};
