#include "db/backends/mysql/mysql.h"

#include "core/context.h"
#include "core/text.h"
#include "loop/fiber.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <string.h>

/* How a statement goes to the server.
 *
 *     with parameters, or with rows        a prepared statement, found by its text
 *     else                                 as text: BEGIN, SAVEPOINT, DDL come once
 *     of too many parameters               as text, with literals
 *
 * Rows are taken over from the server to the last one, as Django's driver does: the connection is
 * free for the next statement while they are read.
 */

/* ---- the state after a statement ---------------------------------------------------------- */

static void check_alive(nu__mysql *handle)
{
    if (handle->lost)
        nu__mysql_raise(handle, CR_SERVER_GONE_ERROR, "Server has gone away");
}

static void note_status(nu__mysql *handle)
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

    check_alive(handle);
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
    note_status(handle);
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

static int64_t run_plain(nu__mysql *handle, nu_str sql)
{
    const char *second = second_statement(sql);

    if (!second) {
        handle->changed |= nu__mysql_changes_session(sql);
        return ends_block(sql) ? run_shielded(handle, sql) : nu__mysql_run_text(handle, sql);
    }
    nu__mysql_run_text(handle, (nu_str){ sql.ptr, (size_t)(second - sql.ptr) });
    return nu__mysql_run_text(handle, S("BEGIN"));
}

/* ---- prepared ----------------------------------------------------------------------------- */

typedef struct run {
    nu__mysql *handle;
    nu__mysql_statement *statement;
} run;

static void drop_statement(void *arg)
{
    const run *run = arg;

    if (run->statement)
        nu__mysql_statement_done(run->handle, run->statement);
}

static void check_count(const nu__mysql_statement *statement, nu_values params)
{
    size_t wanted = mysql_stmt_param_count(statement->stmt);

    if (wanted == params.len)
        return;
    if (wanted > params.len)
        nu_raise(NU_PROGRAMMING_ERROR, "not enough arguments for format string");
    nu_raise(NU_PROGRAMMING_ERROR, "not all arguments converted during bytes formatting");
}

/* A table that was altered meanwhile makes the server ask for another try, once. false: the
   statement ran, but its columns are others than those it was prepared with. */
static bool execute_statement(const run *run, nu_values params)
{
    MYSQL_STMT *stmt = run->statement->stmt;
    int failed = 0;

    run->handle->changed |= run->statement->changes_session;
    check_count(run->statement, params);
    if (params.len && mysql_stmt_bind_param(stmt, nu__mysql_bind(params)))
        nu__mysql_raise_statement(run->handle, stmt);
    NU__MYSQL_CALL(run->handle, mysql_stmt_execute, failed, stmt);
    if (failed && mysql_stmt_errno(stmt) == ER_NEED_REPREPARE)
        NU__MYSQL_CALL(run->handle, mysql_stmt_execute, failed, stmt);
    if (failed && mysql_stmt_errno(stmt) == CR_NEW_STMT_METADATA)
        return false;
    if (failed)
        nu__mysql_raise_statement(run->handle, stmt);
    return true;
}

static void store_rows(const run *run)
{
    MYSQL_STMT *stmt = run->statement->stmt;
    int failed = 0;

    if (!mysql_stmt_field_count(stmt))
        return;
    NU__MYSQL_CALL(run->handle, mysql_stmt_store_result, failed, stmt);
    if (failed)
        nu__mysql_raise_statement(run->handle, stmt);
}

static void drop_further_rows(const run *run)
{
    MYSQL_STMT *stmt = run->statement->stmt;

    while (mysql_stmt_more_results(stmt)) {
        int failed = 0;

        NU__MYSQL_CALL(run->handle, mysql_stmt_next_result, failed, stmt);
        if (failed > 0)
            nu__mysql_raise_statement(run->handle, stmt);
        store_rows(run);
    }
}

static int64_t execute_one(const run *run, nu_values params)
{
    uint64_t changed;

    nu_scratch_scope();
    if (!execute_statement(run, params))
        nu__mysql_raise_statement(run->handle, run->statement->stmt);
    changed = mysql_stmt_field_count(run->statement->stmt)
                  ? 0
                  : mysql_stmt_affected_rows(run->statement->stmt);
    store_rows(run);
    drop_further_rows(run);
    note_status(run->handle);
    return changed == UINT64_MAX ? 0 : (int64_t)changed;
}

static int64_t execute_prepared(nu__mysql *handle, nu__mysql_statement *statement,
                                const nu_values *params, size_t n, int64_t *last_id, int64_t *keys)
{
    run run = { handle, statement };
    size_t slot = nu__cleanup_push(drop_statement, &run);
    int64_t changed = 0;

    for (size_t i = 0; i < n; i++) {
        changed += execute_one(&run, params[i]);
        if (keys)
            keys[i] = (int64_t)mysql_stmt_insert_id(statement->stmt);
    }
    if (last_id)
        *last_id = (int64_t)mysql_stmt_insert_id(statement->stmt);
    nu__cleanup_pop(slot);
    drop_statement(&run);
    return changed;
}

static int64_t execute_literally(nu__mysql *handle, nu_str sql, const nu_values *params, size_t n,
                                 int64_t *last_id, int64_t *keys)
{
    int64_t changed = 0;

    for (size_t i = 0; i < n; i++) {
        nu_scratch_scope();
        changed += params[i].len ? nu__mysql_run_text(handle, nu__mysql_literals(sql, params[i]))
                                 : run_plain(handle, sql);
        if (keys)
            keys[i] = (int64_t)mysql_insert_id(handle->mysql);
    }
    if (last_id)
        *last_id = (int64_t)mysql_insert_id(handle->mysql);
    return changed;
}

int64_t nu__mysql_execute(nu__handle *head, nu_str sql, const nu_values *params, size_t n,
                          int64_t *last_id, int64_t *keys)
{
    nu__mysql *handle = nu__mysql_of(head);
    nu__mysql_statement *statement = NULL;

    check_alive(handle);
    if (params[0].len && params[0].len <= NU__MYSQL_MAX_PARAMS)
        statement = nu__mysql_prepare(handle, sql);
    if (!statement)
        return execute_literally(handle, sql, params, n, last_id, keys);
    return execute_prepared(handle, statement, params, n, last_id, keys);
}

/* ---- with rows ---------------------------------------------------------------------------- */

static NU_NORETURN void raise_no_memory(void)
{
    nu_raise(NU_MEMORY_ERROR, "out of memory for the rows of a query");
}

static bool take_rows(nu__result *result, nu__mysql_statement *statement)
{
    return result->sink ? nu__mysql_pour(result, statement) : nu__mysql_fill(result, statement);
}

/* Is it only read, so that it may run once more? */
static bool only_reads(const nu__mysql_statement *statement)
{
    return nu__eq_ignore_ascii_case(nu__utf8_cut((nu_str){ statement->sql, statement->sql_len }, 6),
                                    S("SELECT"));
}

/* With the columns that its tables have now. */
static void execute_anew(run *run, nu_str sql, nu_values params)
{
    if (!only_reads(run->statement))
        nu__mysql_raise_statement(run->handle, run->statement->stmt);
    nu__mysql_forget(run->handle, run->statement);
    nu__mysql_statement_done(run->handle, run->statement);
    run->statement = NULL;
    run->statement = nu__mysql_prepare(run->handle, sql);
    if (!execute_statement(run, params))
        nu__mysql_raise_statement(run->handle, run->statement->stmt);
}

static void query_prepared(nu__mysql *handle, nu__result *result, nu__mysql_statement *found,
                           nu_str sql, nu_values params)
{
    run run = { handle, found };
    size_t slot = nu__cleanup_push(drop_statement, &run);
    nu__mysql_statement *statement;

    if (!execute_statement(&run, params))
        execute_anew(&run, sql, params);
    statement = run.statement;
    store_rows(&run);
    note_status(handle);
    nu__mysql_statement_refresh(statement);
    result->last_id = (int64_t)mysql_stmt_insert_id(statement->stmt);
    if (statement->columns)
        result->columns = nu__columns_ref(statement->columns);
    if (result->sink)
        result->sink->restart(result->sink);
    result->statement = statement;
    if (!take_rows(result, statement))
        raise_no_memory();
    nu__cleanup_pop(slot);
    if (!result->statement)
        drop_statement(&run);
}

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

static void query_literally(nu__mysql *handle, nu__result *result, nu_str sql)
{
    MYSQL_RES *rows;
    size_t slot;

    send_text(handle, sql);
    rows = store_text_rows(handle);
    slot = nu__cleanup_push(free_rows, rows);
    drop_further_results(handle);
    note_status(handle);
    if (!nu__mysql_fill_text(result, rows))
        raise_no_memory();
    nu__cleanup_pop(slot);
    mysql_free_result(rows);
    if (result->sink)
        feed(result);
}

/* A procedure's first result would be lost among its further ones. */
static bool calls_procedure(nu_str sql)
{
    return nu__eq_ignore_ascii_case(nu__utf8_cut(nu_trim(sql), 4), S("CALL"));
}

void nu__mysql_query(nu__handle *head, nu__result *result, nu_str sql, nu_values params)
{
    nu__mysql *handle = nu__mysql_of(head);
    nu__mysql_statement *statement = NULL;

    check_alive(handle);
    if (params.len <= NU__MYSQL_MAX_PARAMS && !calls_procedure(sql))
        statement = nu__mysql_prepare(handle, sql);
    if (statement)
        query_prepared(handle, result, statement, sql, params);
    else
        query_literally(handle, result, params.len ? nu__mysql_literals(sql, params) : sql);
}

void nu__mysql_fetch(nu__handle *head, nu__result *result)
{
    run run = { nu__mysql_of(head), result->statement };

    if (!take_rows(result, run.statement)) {
        drop_statement(&run);
        raise_no_memory();
    }
    if (!result->statement)
        drop_statement(&run);
}

void nu__mysql_finish(nu__handle *head, nu__result *result)
{
    nu__mysql_statement_done(nu__mysql_of(head), result->statement);
}
