#include "db/backends/mysql/line.h"

#include "core/context.h"
#include "core/text.h"

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

    run->handle->changed |= run->statement->changes_session && run->handle->handle.announced;
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

/* After an error in the midst of rows (INSERT … RETURNING) the library believes that more of them
   are to come, and would wait for these at the next use: there is none. */
static void store_rows(const run *run)
{
    MYSQL_STMT *stmt = run->statement->stmt;
    int failed = 0;

    if (!mysql_stmt_field_count(stmt))
        return;
    NU__MYSQL_CALL(run->handle, mysql_stmt_store_result, failed, stmt);
    if (failed) {
        nu__mysql_forget(run->handle, run->statement);
        nu__mysql_raise_statement(run->handle, stmt);
    }
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
    nu__mysql_note_status(run->handle);
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

    nu__mysql_note_session(handle, sql);
    for (size_t i = 0; i < n; i++) {
        nu_scratch_scope();
        changed += params[i].len ? nu__mysql_run_text(handle, nu__mysql_literals(sql, params[i]))
                                 : nu__mysql_run_plain(handle, sql);
        if (keys)
            keys[i] = (int64_t)mysql_insert_id(handle->mysql);
    }
    if (last_id)
        *last_id = (int64_t)mysql_insert_id(handle->mysql);
    return changed;
}

static bool takes_none(nu__sink *sink, const nu__cell *cells)
{
    (void)sink, (void)cells;
    return false;
}

static void starts_again(nu__sink *sink)
{
    (void)sink;
}

/* What is shared only reads: the rows are not wanted. */
static int64_t execute_shared(nu__mysql *handle, nu_str sql, nu_values params)
{
    nu__sink none = { .row = takes_none, .restart = starts_again };
    nu__result result = { .sink = &none };

    nu__mysql_ask(handle, &result, sql, params);
    if (result.statement)
        nu__mysql_finish(NULL, &result);
    nu__columns_unref(result.columns);
    return 0;
}

int64_t nu__mysql_execute(nu__handle *head, nu_str sql, const nu_values *params, size_t n,
                          int64_t *last_id, int64_t *keys)
{
    nu__mysql *handle = nu__mysql_of(head);
    nu__mysql_statement *statement = NULL;

    if (head->shared) {
        if (last_id)
            *last_id = 0;
        return execute_shared(handle, sql, params[0]);
    }
    nu__mysql_check_alive(handle);
    if (params[0].len && params[0].len <= NU__MYSQL_MAX_PARAMS)
        statement = nu__mysql_prepare(handle, sql);
    if (!statement)
        return execute_literally(handle, sql, params, n, last_id, keys);
    return execute_prepared(handle, statement, params, n, last_id, keys);
}

/* ---- with rows ---------------------------------------------------------------------------- */

/* Is it only read, so that it may run once more? */
static bool only_reads(const nu__mysql_statement *statement)
{
    return nu__eq_ignore_ascii_case(nu__utf8_cut(statement->entry.sql, 6), S("SELECT"));
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
    nu__mysql_taken taken;

    if (!execute_statement(&run, params))
        execute_anew(&run, sql, params);
    statement = run.statement;
    store_rows(&run);
    nu__mysql_note_status(handle);
    nu__mysql_statement_refresh(statement);
    result->last_id = (int64_t)mysql_stmt_insert_id(statement->stmt);
    if (statement->columns)
        result->columns = nu__columns_ref(statement->columns);
    if (result->sink)
        result->sink->restart(result->sink);
    result->statement = statement;
    taken = nu__mysql_take_stored(result, statement);
    if (taken != NU__MYSQL_TAKEN)
        nu__mysql_raise_taken(taken);
    nu__cleanup_pop(slot);
    if (!result->statement)
        drop_statement(&run);
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

    if (head->shared) {
        nu__mysql_ask(handle, result, sql, params);
        return;
    }
    nu__mysql_check_alive(handle);
    if (params.len <= NU__MYSQL_MAX_PARAMS && !calls_procedure(sql))
        statement = nu__mysql_prepare(handle, sql);
    if (statement) {
        query_prepared(handle, result, statement, sql, params);
        return;
    }
    nu__mysql_note_session(handle, sql);
    nu__mysql_query_text(handle, result, params.len ? nu__mysql_literals(sql, params) : sql);
}

void nu__mysql_fetch(nu__handle *head, nu__result *result)
{
    run run = { result->detached ? NULL : nu__mysql_of(head), result->statement };
    nu__mysql_taken taken;

    if (result->detached) {
        nu__mysql_ask_more(result);
        return;
    }
    taken = nu__mysql_take_stored(result, run.statement);
    if (taken != NU__MYSQL_TAKEN) {
        drop_statement(&run);
        nu__mysql_raise_taken(taken);
    }
    if (!result->statement)
        drop_statement(&run);
}

void nu__mysql_finish(nu__handle *head, nu__result *result)
{
    if (result->detached)
        nu__mysql_request_free(result->statement);
    else
        nu__mysql_statement_done(nu__mysql_of(head), result->statement);
}
