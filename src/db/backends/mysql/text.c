/* Statements that go as text: what begins and ends transactions, DDL, procedures. */
#include "db/backends/mysql/mysql.h"

#include "core/context.h"
#include "core/text.h"
#include "loop/fiber.h"

#include <errmsg.h>
#include <string.h>

/* ---- the state after a statement ---------------------------------------------------------- */

void nu__mysql_check_alive(nu__mysql *handle)
{
    if (handle->lost)
        nu__mysql_raise(handle, CR_SERVER_GONE_ERROR, "Server has gone away");
}

void nu__mysql_note_session(nu__mysql *handle, nu_str sql)
{
    if (nu_starts_with(sql, S(NU__MYSQL_LIMIT)))
        handle->limited = !nu_eq(sql, NU__MYSQL_NO_LIMIT);
    else
        handle->changed |= handle->handle.announced && nu__mysql_changes_session(sql);
}

void nu__mysql_note_status(nu__mysql *handle)
{
    handle->in_transaction = handle->mysql->server_status & SERVER_STATUS_IN_TRANS;
}

/* ---- as text ------------------------------------------------------------------------------ */

static void free_rows(void *rows)
{
    mysql_free_result(rows);
}

static MYSQL_RES *store_text_rows(nu__mysql *handle)
{
    MYSQL_RES *rows = NULL;

    NU__MYSQL_CALL(handle, mysql_store_result, rows, handle->mysql);
    if (!rows && mysql_errno(handle->mysql))
        nu__mysql_raise_last(handle);
    return rows;
}

/* A procedure gives several results. */
static void drop_further_results(nu__mysql *handle)
{
    while (mysql_more_results(handle->mysql)) {
        int failed = 0;
        MYSQL_RES *rows;

        NU__MYSQL_CALL(handle, mysql_next_result, failed, handle->mysql);
        if (failed > 0)
            nu__mysql_raise_last(handle);
        rows = store_text_rows(handle);
        mysql_free_result(rows);
    }
}

static void send_text(nu__mysql *handle, nu_str sql)
{
    int failed = 0;

    nu__mysql_check_alive(handle);
    NU__MYSQL_CALL(handle, mysql_real_query, failed, handle->mysql, sql.ptr, sql.len);
    if (failed)
        nu__mysql_raise_last(handle);
}

int64_t nu__mysql_run_text(nu__mysql *handle, nu_str sql)
{
    uint64_t changed;

    send_text(handle, sql);
    changed = mysql_field_count(handle->mysql) ? 0 : mysql_affected_rows(handle->mysql);
    mysql_free_result(store_text_rows(handle));
    drop_further_results(handle);
    nu__mysql_note_status(handle);
    return changed == UINT64_MAX ? 0 : (int64_t)changed;
}

/* What ends a transaction or savepoint is not cancelled: half of it would leave the block broken,
   and hide that the fiber was cancelled. */
static bool ends_block(nu_str sql)
{
    static const char *const verbs[] = { "COMMIT", "ROLLBACK", "RELEASE", "SAVEPOINT" };

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (nu__eq_ignore_ascii_case(nu__utf8_cut(sql, strlen(verbs[i])), nu_s(verbs[i])))
            return true;
    return false;
}

static void unshield(void *arg)
{
    (void)arg;
    nu__fiber_unshield();
}

static int64_t run_shielded(nu__mysql *handle, nu_str sql)
{
    size_t slot;
    int64_t changed;

    nu__fiber_shield();
    slot = nu__cleanup_push(unshield, NULL);
    changed = nu__mysql_run_text(handle, sql);
    nu__cleanup_pop(slot);
    nu__fiber_unshield();
    return changed;
}

/* "SET TRANSACTION …; BEGIN", as base.c has it: nothing else holds two statements. */
static const char *second_statement(nu_str sql)
{
    if (!nu_starts_with(sql, S("SET TRANSACTION ISOLATION LEVEL ")))
        return NULL;
    return memmem(sql.ptr, sql.len, "; BEGIN", strlen("; BEGIN"));
}

int64_t nu__mysql_run_plain(nu__mysql *handle, nu_str sql)
{
    const char *second = second_statement(sql);

    if (!second)
        return ends_block(sql) ? run_shielded(handle, sql) : nu__mysql_run_text(handle, sql);
    nu__mysql_run_text(handle, (nu_str){ sql.ptr, (size_t)(second - sql.ptr) });
    return nu__mysql_run_text(handle, S("BEGIN"));
}

/* ---- with rows ---------------------------------------------------------------------------- */

/* Such are few: all their rows become one batch, from which a sink is fed. */
static void feed(nu__result *result)
{
    const nu__batch *batch = &result->batch;
    const nu__cell *row = (const nu__cell *)(const void *)batch->data;

    result->sink->restart(result->sink);
    for (uint32_t i = 0; i < batch->n_rows; i++, row += batch->n_columns)
        while (!result->sink->row(result->sink, row))
            if (!result->sink->more(result->sink))
                return;
}

void nu__mysql_query_text(nu__mysql *handle, nu__result *result, nu_str sql)
{
    MYSQL_RES *rows;
    size_t slot;

    send_text(handle, sql);
    rows = store_text_rows(handle);
    slot = nu__cleanup_push(free_rows, rows);
    drop_further_results(handle);
    nu__mysql_note_status(handle);
    if (!nu__mysql_fill_text(result, rows))
        nu_raise(NU_MEMORY_ERROR, "out of memory for the rows of a query");
    nu__cleanup_pop(slot);
    mysql_free_result(rows);
    if (result->sink)
        feed(result);
}
