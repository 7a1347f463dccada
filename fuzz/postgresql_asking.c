#include "postgresql_asking.h"

#include "core/context.h"
#include "core/fault.h"
#include "db/backends/postgresql/postgresql.h"
#include "scripted_server.h"

#include <stdlib.h>
#include <string.h>

typedef struct client {
    nu__sink sink; /* the first: it is cast */
    nu__pg *pg;
    postgresql_asked *asked;
    uint32_t n_columns;
    uint64_t looked; /* so that no byte's reading is left out */
} client;

static void finish(PGconn *unused)
{
    (void)unused;
}

/* ---- looking at rows --------------------------------------------------------------------------
 */

static void look_at(client *client, const nu__cell *cell)
{
    uint32_t n = cell->kind == NU__CELL_ARRAY ? cell->len : cell->kind == NU__CELL_RANGE ? 2 : 0;

    client->looked += cell->kind;
    for (uint32_t i = 0; i < n; i++)
        look_at(client, &cell->items[i]);
    switch (cell->kind) {
    case NU__CELL_TEXT:
    case NU__CELL_BLOB:
    case NU__CELL_DECIMAL:
    case NU__CELL_UUID:
        for (uint32_t i = 0; i < cell->len; i++)
            client->looked += cell->blob[i];
        break;
    default:
        break;
    }
}

static void look_at_batch(client *client, const nu__batch *batch)
{
    const nu__cell *cells = (const nu__cell *)(const void *)batch->data;

    for (size_t i = 0; i < (size_t)batch->n_rows * batch->n_columns; i++)
        look_at(client, &cells[i]);
    client->asked->rows += batch->n_rows;
}

static bool take_row(nu__sink *sink, const nu__cell *cells)
{
    client *client = (void *)sink;

    look_at(client, cells);
    client->asked->rows++;
    return true;
}

static void restart(nu__sink *sink)
{
    ((client *)(void *)sink)->asked->rows = 0;
}

static bool want_more(nu__sink *sink)
{
    (void)sink;
    return true;
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static void end_result(void *arg)
{
    nu__result *result = arg;

    nu__columns_unref(result->columns);
    free(result->batch.data);
}

static void look_at_result(client *client, nu__pg *pg, nu__result *result)
{
    look_at_batch(client, &result->batch);
    while (result->statement) {
        nu__pg_fetch(&pg->handle, result);
        look_at_batch(client, &result->batch);
    }
}

static void ask_into(client *client, nu_str sql, nu_values params, nu__sink *sink)
{
    nu__result result = { .sink = sink };
    size_t slot = nu__cleanup_push(end_result, &result);

    nu__pg_query(&client->pg->handle, &result, sql, params);
    look_at_result(client, client->pg, &result);
    nu__cleanup_pop(slot);
    end_result(&result);
}

static void ask_two(client *client)
{
    nu__result results[2] = { 0 };
    nu__question questions[2] = { { S("SELECT a, $1"), NU_ARGS(1), &results[0] },
                                  { S("SELECT b"), { 0 }, &results[1] } };
    size_t slot = nu__cleanup_push(end_result, &results[0]);
    size_t second = nu__cleanup_push(end_result, &results[1]);

    nu__pg_query_many(&client->pg->handle, questions, 2);
    for (int i = 0; i < 2; i++)
        look_at_result(client, client->pg, &results[i]);
    nu__cleanup_pop(second);
    nu__cleanup_pop(slot);
    end_result(&results[0]);
    end_result(&results[1]);
}

static void ask_first(void *client)
{
    ask_into(client, S("SELECT a, $1"), NU_ARGS(1), NULL);
}

static void ask_into_a_sink(void *client)
{
    ask_into(client, S("SELECT a, $1"), NU_ARGS(1), client);
}

static void ask_together(void *client)
{
    ask_two(client);
}

static void ask_a_command(void *client)
{
    ask_into(client, S("SHOW all"), (nu_values){ 0 }, NULL);
}

static void keep(postgresql_asked *asked, const nu_error *error)
{
    size_t len = error->message.len;

    asked->failed = true;
    asked->raised = error->klass;
    if (len && len < sizeof asked->message)
        memcpy(asked->message, error->message.ptr, len);
}

static void ask_all(void *arg)
{
    static void (*const questions[POSTGRESQL_ASKED])(void *) = {
        ask_first,
        ask_into_a_sink,
        ask_together,
        ask_a_command,
    };
    client *client = arg;

    for (int i = 0; i < POSTGRESQL_ASKED; i++, client->asked++) {
        const nu_error *error = nu__guard(questions[i], client);

        if (error)
            keep(client->asked, error);
    }
}

/* ---- the connection ---------------------------------------------------------------------------
 */

void postgresql_ask_all(nu_str script, postgresql_asked *asked)
{
    nu__pg_config config = { .cache_size = 8 };
    nu__database database = { .config = &config };
    nu__pg *pg = nu__malloc_zeroed(sizeof *pg);
    client client = { .sink = { take_row, restart, want_more, false, 0 },
                      .pg = pg,
                      .asked = asked };
    scripted_server server;

    memset(asked, 0, POSTGRESQL_ASKED * sizeof *asked);
    PQfinish = finish; /* in the table of addresses: client.h */
    if (!pg || !scripted_server_open(&server, script))
        nu_raise(NU_OS_ERROR, "no sockets");
    pg->handle = (nu__handle){ .database = &database, .shared = true };
    pg->fd = server.client;
    pg->last = &pg->first;
    pg->status = 'I';
    scripted_server_run(&server, ask_all, &client);
    nu__pg_close(&pg->handle);
    scripted_server_close(&server);
}
