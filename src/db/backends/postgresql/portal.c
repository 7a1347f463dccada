/* Rows of large results, a chunk at a time: a portal of the server's keeps the others. */
#include "db/backends/postgresql/put.h"
#include "db/backends/postgresql/run.h"

#include "core/context.h"
#include "core/fault.h"

#include <stdio.h>
#include <stdlib.h>

void nu__pg_free_portal(void *arg)
{
    nu__pg_portal *portal = arg;

    nu__pg_statement_leave(portal->statement);
    free(portal);
}

static nu__pg_portal *new_portal(nu__pg *pg, nu_str sql, nu_values params)
{
    nu__pg_statement *statement = nu__pg_described(pg, sql, params);
    nu__pg_portal *made = nu__malloc_zeroed(sizeof *made);

    if (!made) {
        nu__pg_statement_leave(statement);
        nu_raise(NU_MEMORY_ERROR, "out of memory for a cursor");
    }
    made->statement = statement;
    snprintf(made->name, sizeof made->name, "c%x", pg->n_named++);
    return made;
}

static void put_begin(nu__pg *pg, nu__pg_portal *portal)
{
    size_t at = nu__pg_begin(pg, 'P');

    nu__pg_put_text(pg, S(""));
    nu__pg_put_text(pg, S("BEGIN"));
    nu__pg_put16(pg, 0);
    nu__pg_end(pg, at);
    nu__pg_put(pg, "B\0\0\0\14\0\0\0\0\0\0\0\0", 13);
    nu__pg_put_execute(pg, "", 0);
    portal->own_transaction = true;
}

/* The next chunk; `params` bind the portal first. */
static nu__pg_request *send_chunk(nu__pg *pg, nu__pg_portal *portal, const nu__pg_param *params,
                                  nu__result *result)
{
    size_t mark = pg->out_len;
    nu__pg_request *request;

    if (params && pg->status == 'I')
        put_begin(pg, portal);
    if (params)
        nu__pg_put_bind(pg, portal->statement, params, portal->name);
    nu__pg_put_execute(pg, portal->name, result->chunk);
    nu__pg_sync(pg);
    request = nu__pg_queue(pg, mark);
    request->statement = portal->statement;
    portal->statement->entry.users++;
    request->row_types = portal->statement->types;
    request->n_columns = portal->statement->n_columns;
    nu__pg_give_batch(request, result);
    return request;
}

static void end_transaction(nu__pg *pg)
{
    nu__pg_run run = { S("COMMIT"), &(const nu_values){ 0 }, 1, NULL };

    nu__pg_request_free(nu__pg_run_statement(pg, &run));
}

void nu__pg_close_portal(nu__pg *pg, const nu__pg_portal *portal)
{
    size_t at;

    if (portal->own_transaction) {
        end_transaction(pg);
        return;
    }
    at = nu__pg_begin(pg, 'C');
    nu__pg_put(pg, "P", 1);
    nu__pg_put_text(pg, nu_s(portal->name));
    nu__pg_end(pg, at);
}

void nu__pg_read_chunk(nu__pg *pg, nu__pg_portal *portal, const nu__pg_param *params,
                       nu__result *result, nu_str sql)
{
    size_t slot = nu__cleanup_push(nu__pg_free_portal, portal);
    nu__pg_request *request = send_chunk(pg, portal, params, result);
    bool more;

    nu__pg_wait(request, true);
    if (nu__pg_failed(request)) {
        nu_defer(nu__pg_free_request, request);
        nu__pg_raise(request, sql);
    }
    more = request->suspended;
    nu__columns_unref(result->columns);
    nu__pg_deliver(result, request);
    if (!more)
        nu__pg_close_portal(pg, portal);
    nu__cleanup_pop(slot);
    result->statement = more ? portal : NULL;
    if (!more)
        nu__pg_free_portal(portal);
}

void nu__pg_open_portal(nu__pg *pg, nu__result *result, nu_str sql, nu_values params)
{
    nu__pg_portal *portal = new_portal(pg, sql, params);
    size_t slot = nu__cleanup_push(nu__pg_free_portal, portal);
    const nu__pg_param *encoded = nu__pg_params(portal->statement, params);

    nu__cleanup_pop(slot);
    nu__pg_read_chunk(pg, portal, encoded, result, sql);
}
