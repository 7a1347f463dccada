/* Prepared statements of a connection, by text and by what was said of their parameters. */
#include "db/backends/postgresql/postgresql.h"
#include "db/backends/postgresql/put.h"

#include "core/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static nu__pg_statement *of_entry(nu__cached_statement *entry)
{
    return (nu__pg_statement *)(void *)entry;
}

static bool takes(const nu__pg_statement *statement, nu_values params)
{
    if (statement->n_declared != params.len)
        return false;
    for (size_t i = 0; i < params.len; i++) {
        nu__oid inferred = i < statement->n_params ? statement->params[i] : 0;

        if (!nu__pg_accepts(statement->declared[i], inferred, params.items[i]))
            return false;
    }
    return true;
}

nu__pg_statement *nu__pg_cache_find(nu__pg *pg, nu_str sql, nu_values params)
{
    nu__cached_statement *entry = nu__statement_find(&pg->cache, sql);

    while (entry && !takes(of_entry(entry), params))
        entry = nu__statement_next(entry);
    if (entry)
        nu__statement_use(&pg->cache, entry);
    return of_entry(entry);
}

/* ---- in and out --------------------------------------------------------------------------- */

static void free_statement(nu__pg_statement *statement)
{
    free(statement->params);
    free(statement->types);
    nu__columns_unref(statement->columns);
    free(statement);
}

void nu__pg_statement_leave(nu__pg_statement *statement)
{
    if (statement && !--statement->entry.users && !statement->entry.cached)
        free_statement(statement);
}

void nu__pg_cache_forget(nu__pg *pg, nu__pg_statement *statement)
{
    if (!statement->entry.cached)
        return;
    nu__statement_remove(&pg->cache, &statement->entry);
    nu__wait_wake_all(&statement->waiting);
    if (!statement->entry.users)
        free_statement(statement);
}

/* The server forgets it too, with the next message that is sent. Requests on their way have bound
   it by then. */
void nu__pg_cache_drop(nu__pg *pg, nu__pg_statement *statement)
{
    if (!statement->entry.cached)
        return;
    if (statement->name[0] && !pg->broken) {
        size_t at = nu__pg_begin(pg, 'C');

        nu__pg_put(pg, "S", 1);
        nu__pg_put_text(pg, nu_s(statement->name));
        nu__pg_end(pg, at);
    }
    nu__pg_cache_forget(pg, statement);
}

void nu__pg_cache_clear(nu__pg *pg)
{
    while (pg->cache.newest)
        nu__pg_cache_forget(pg, of_entry(pg->cache.newest));
}

static nu__pg_statement *new_statement(nu_str sql, const nu__oid *declared, size_t n)
{
    nu__pg_statement *statement = nu__statement_new(sizeof *statement + n * sizeof *declared, sql);

    if (!statement)
        return NULL;
    statement->declared = (nu__oid *)(void *)(statement + 1);
    statement->n_declared = (uint16_t)n;
    if (n)
        memcpy(statement->declared, declared, n * sizeof *declared);
    return statement;
}

nu__pg_statement *nu__pg_cache_add(nu__pg *pg, nu_str sql, const nu__oid *declared, size_t n)
{
    const nu__pg_config *config = nu__pg_config_of(pg->handle.database);
    nu__pg_statement *statement = new_statement(sql, declared, n);

    if (!statement)
        return NULL;
    while (pg->cache.n >= config->cache_size && pg->cache.oldest)
        nu__pg_cache_drop(pg, of_entry(pg->cache.oldest));
    if (!config->unprepared)
        snprintf(statement->name, sizeof statement->name, "n%x", pg->n_named++);
    statement->pg = pg;
    nu__statement_add(&pg->cache, &statement->entry);
    return statement;
}
