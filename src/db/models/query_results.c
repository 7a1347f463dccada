/* All rows of a query, which stay with it; of several queries that are asked together. */
#include "db/models/cursor_int.h"

#include "core/context.h"
#include "core/object.h"

#include <string.h>

static void prefetch_all(const nu_query *query, nu_list *results)
{
    size_t n = nu_list_len(results);
    nu_object **objects = nu_alloc_array(nu_object *, n + 1);

    for (size_t i = 0; i < n; i++)
        objects[i] = (nu_object *)nu_at(results, i).object;
    if (n)
        nu__prefetch_related(objects, n, query->prefetches);
}

/* All that the cursor has; they stay with the query, if it lives as long. */
static nu_list *read_all(const nu_query *query, nu__cursor *cursor)
{
    nu_list *results = nu_list_new();
    nu_value value;

    cursor->whole = true;
    while (nu__cursor_next_value(cursor, &value))
        nu_list_append_(results, value);
    if (query->prefetches && nu__query_gives_objects(query))
        prefetch_all(query, results);
    if (query->scratches == nu__here->scratches)
        ((nu_query *)query)->results = results;
    return results;
}

nu_list *nu__query_results(const nu_query *query)
{
    nu_query unread = *query;

    if (query->results)
        return query->results;
    unread.prefetches = NULL;
    return read_all(query, nu__cursor_open(&unread));
}

/* ---- several at once ---------------------------------------------------------------------- */

/* Does its SQL stand by itself, and will its rows be remembered? */
static bool can_join(const nu_query *query, const char *db)
{
    return query->tree && !query->results && query->scratches == nu__here->scratches &&
           strcmp(nu__db_for_read(query), db) == 0;
}

/* The cursor of a query that is planned and not yet asked; NULL: it needs no asking. */
static nu__cursor *planned(const nu_query *query, nu__connection *connection, nu__statement *out)
{
    nu__compiled compiled;
    nu__cursor *cursor;

    nu__check_lock(query, connection);
    compiled = nu__query_compiled(query, connection->backend);
    if (compiled.result != NU__SQL_OK)
        return NULL;
    cursor = nu__cursor_on(query, nu__db_for_read(query));
    nu__cursor_plan(cursor, &compiled);
    *out = (nu__statement){ compiled.sql, compiled.params };
    return cursor;
}

static void read_together(nu_query *const *queries, size_t n, const char *db)
{
    nu__connection *connection = nu__connection_of(db);
    nu__cursor **cursors = nu_alloc_array(nu__cursor *, n + 1);
    nu__statement *statements = nu_alloc_array(nu__statement, n + 1);
    nu__rows **rows = nu_alloc_array(nu__rows *, n + 1);
    size_t asked = 0;

    for (size_t i = 0; i < n; i++)
        if (can_join(queries[i], db) &&
            (cursors[asked] = planned(queries[i], connection, &statements[asked])))
            asked++;
    nu__db_query_many(connection, statements, asked, rows);
    for (size_t i = asked; i--;)
        nu__cursor_take_rows(cursors[i], rows[i]);
    for (size_t i = 0; i < asked; i++)
        read_all(cursors[i]->query, cursors[i]);
}

void nu_pipeline_(nu_query *const *queries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *db = nu__db_for_read(queries[i]);

        if (can_join(queries[i], db))
            read_together(queries + i, n - i, db);
        nu__query_results(queries[i]);
    }
}

bool nu__select_one(nu__connection *connection, const nu__compiled *compiled, nu_value *out)
{
    nu__rows *rows;
    bool found;

    if (compiled->result != NU__SQL_OK)
        return false;
    rows = nu__db_query(connection, compiled->sql, compiled->params);
    found = nu__rows_next(rows);
    for (uint32_t i = 0; found && i < compiled->n_columns; i++)
        out[i] = nu__decode_value(&compiled->columns[i].decoder, &rows->cells[i]);
    nu__rows_close(rows);
    return found;
}
