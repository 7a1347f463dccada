#include "mysql_asking.h"

#include "core/context.h"
#include "db/backends/mysql/line.h"
#include "scripted_server.h"

#include <stdlib.h>
#include <string.h>

typedef struct client {
    nu__mysql *handle;
    mysql_asked *asked;
    nu_str sql;
    uint64_t looked; /* so that no byte's reading is left out */
} client;

static int socket_of_connection;

static my_socket STDCALL get_socket(MYSQL *unused)
{
    (void)unused;
    return socket_of_connection;
}

/* ---- looking at rows --------------------------------------------------------------------------
 */

static bool has_bytes(const nu__cell *cell)
{
    return cell->kind == NU__CELL_TEXT || cell->kind == NU__CELL_BLOB ||
           cell->kind == NU__CELL_DECIMAL;
}

/* What does not fit is left out. */
static void keep_text(char *place, size_t size, nu_str text)
{
    if (text.len >= size)
        text.len = 0;
    if (text.len)
        memcpy(place, text.ptr, text.len);
    place[text.len] = '\0';
}

static void look_at_row(client *client, const nu__cell *cells, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        client->looked += cells[i].kind;
        for (uint32_t k = 0; has_bytes(&cells[i]) && k < cells[i].len; k++)
            client->looked += cells[i].blob[k];
    }
    if (n && cells[0].kind == NU__CELL_TEXT)
        keep_text(client->asked->first, sizeof client->asked->first,
                  (nu_str){ cells[0].text, cells[0].len });
    client->asked->rows++;
}

static void look_at_batch(client *client, const nu__batch *batch)
{
    const nu__cell *cells = (const nu__cell *)(const void *)batch->data;

    for (uint32_t i = 0; i < batch->n_rows; i++)
        look_at_row(client, cells + (size_t)i * batch->n_columns, batch->n_columns);
}

static void look_at_columns(client *client, const nu__columns *columns)
{
    for (uint32_t i = 0; columns && i < columns->n; i++)
        client->looked += columns->names[i].len;
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static void end_result(void *arg)
{
    nu__result *result = arg;

    if (result->statement)
        nu__mysql_request_free(result->statement);
    nu__columns_unref(result->columns);
    free(result->batch.data);
}

static void ask(void *arg)
{
    client *client = arg;
    nu__result result = { 0 };
    size_t slot = nu__cleanup_push(end_result, &result);

    nu__mysql_ask(client->handle, &result, client->sql, NU_ARGS(1, "text", 2.5, nu_null()));
    look_at_columns(client, result.columns);
    look_at_batch(client, &result.batch);
    while (result.statement) {
        nu__mysql_ask_more(&result);
        look_at_batch(client, &result.batch);
    }
    nu__cleanup_pop(slot);
    end_result(&result);
}

static void ask_all(void *arg)
{
    client *client = arg;

    for (int i = 0; i < MYSQL_ASKED; i++, client->asked++) {
        const nu_error *error;

        client->sql = i == 1 ? S("SELECT `b` FROM `t`") : S("SELECT `a` FROM `t`");
        error = nu__guard(ask, client);
        if (!error)
            continue;
        client->asked->raised = error->klass;
        client->asked->failed = true;
        keep_text(client->asked->message, sizeof client->asked->message, error->message);
    }
}

/* ---- the connection ---------------------------------------------------------------------------
 */

static void end_handle(nu__mysql *handle)
{
    nu__mysql_line_end(handle);
    nu__watch_close(handle->watch);
}

void mysql_ask_all(nu_str script, mysql_asked *asked)
{
    MYSQL mysql = { 0 };
    nu__mysql handle = { .mysql = &mysql, .ready = true };
    scripted_server server;
    client client = { .handle = &handle, .asked = asked };

    memset(asked, 0, MYSQL_ASKED * sizeof *asked);
    mysql_get_socket = get_socket; /* in the table of addresses: client.h */
    if (!scripted_server_open(&server, script))
        nu_raise(NU_OS_ERROR, "no sockets");
    socket_of_connection = server.client;
    if (nu__mysql_line_begin(&handle))
        scripted_server_run(&server, ask_all, &client);
    end_handle(&handle);
    scripted_server_close(&server);
}
