/* Messages of a statement, and preparing it: told once, then known by its name. */
#include "db/backends/postgresql/put.h"
#include "db/backends/postgresql/run.h"

#include "core/context.h"

#include <ctype.h>
#include <string.h>

uint32_t nu__pg_epoch;

void nu__pg_check_alive(const nu__pg *pg)
{
    if (pg->broken) {
        nu__pg_request lost = { .pg = (nu__pg *)(uintptr_t)pg, .lost = true };

        nu__pg_raise(&lost, (nu_str){ 0 });
    }
}

/* ---- building requests -------------------------------------------------------------------- */

/* Messages are built whole or not at all: others' must not stand behind half a message. On a
   connection that was lost since the caller looked nobody would ever answer. */
nu__pg_request *nu__pg_queue(nu__pg *pg, size_t mark)
{
    nu__pg_request *request;

    if (pg->broken)
        pg->out_len = mark;
    nu__pg_check_alive(pg);
    request = pg->out_of_memory ? NULL : nu__pg_request_new(pg);
    if (request)
        return request;
    pg->out_len = mark;
    pg->out_of_memory = false;
    nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
}

void nu__pg_put_parse(nu__pg *pg, const nu__pg_statement *statement, nu_str sql)
{
    size_t at = nu__pg_begin(pg, 'P');

    nu__pg_put_text(pg, nu_s(statement->name));
    nu__pg_put_text(pg, sql);
    nu__pg_put16(pg, statement->n_declared);
    for (uint16_t i = 0; i < statement->n_declared; i++)
        nu__pg_put32(pg, statement->declared[i]);
    nu__pg_end(pg, at);
}

static void put_describe(nu__pg *pg, const nu__pg_statement *statement)
{
    size_t at = nu__pg_begin(pg, 'D');

    nu__pg_put(pg, "S", 1);
    nu__pg_put_text(pg, nu_s(statement->name));
    nu__pg_end(pg, at);
}

void nu__pg_put_bind(nu__pg *pg, const nu__pg_statement *statement, const nu__pg_param *params,
                     const char *portal)
{
    size_t at = nu__pg_begin(pg, 'B');

    nu__pg_put_text(pg, nu_s(portal));
    nu__pg_put_text(pg, nu_s(statement->name));
    nu__pg_put_params(pg, params, statement->n_params);
    nu__pg_put16(pg, statement->n_columns);
    for (uint16_t i = 0; i < statement->n_columns; i++)
        nu__pg_put16(pg, statement->types[i]->binary);
    nu__pg_end(pg, at);
}

void nu__pg_put_execute(nu__pg *pg, const char *portal, uint32_t rows)
{
    size_t at = nu__pg_begin(pg, 'E');

    nu__pg_put_text(pg, nu_s(portal));
    nu__pg_put32(pg, rows);
    nu__pg_end(pg, at);
}

/* ---- preparing ---------------------------------------------------------------------------- */

static nu__oid *declared_types(nu_values params, bool texts)
{
    nu__oid *declared = nu_alloc_array(nu__oid, params.len + 1);

    for (size_t i = 0; i < params.len; i++) {
        bool text = params.items[i].kind == NU_KIND_STR || params.items[i].kind == NU_KIND_SAFE;

        declared[i] = texts && text ? 25 : nu__pg_declare(params.items[i]);
    }
    return declared;
}

bool nu__pg_has_state(const nu__pg_request *request, const char *state)
{
    return request->error &&
           nu_eq(nu__pg_error_field(request->error, request->error_len, 'C'), nu_s(state));
}

void nu__pg_free_request(void *request)
{
    nu__pg_request_free(request);
}

void nu__pg_drop_statement(void *statement)
{
    nu__pg_statement_leave(statement);
}

static nu__pg_request *send_prepare(nu__pg *pg, nu__pg_statement *statement, nu_str sql)
{
    size_t mark = pg->out_len;
    nu__pg_request *request;

    nu__pg_put_parse(pg, statement, sql);
    put_describe(pg, statement);
    nu__pg_sync(pg);
    request = nu__pg_queue(pg, mark);
    request->statement = statement;
    statement->entry.users++;
    request->preparing = true;
    return request;
}

static void forget_unsent(void *arg)
{
    nu__pg_statement *statement = arg;

    nu__pg_cache_forget(statement->pg, statement);
}

static bool has_texts(nu_values params)
{
    for (size_t i = 0; i < params.len; i++)
        if (params.items[i].kind == NU_KIND_STR || params.items[i].kind == NU_KIND_SAFE)
            return true;
    return false;
}

/* Beside what the fiber waits for: it goes with the next message, and its answer is nobody's. */
static void send_aside(nu__pg *pg, nu_str sql)
{
    size_t mark = pg->out_len, at = nu__pg_begin(pg, 'Q');

    nu__pg_put_text(pg, sql);
    nu__pg_end(pg, at);
    nu__pg_queue(pg, mark)->discarded = true;
}

/* In use by the caller; NULL: the server can't tell what the texts among the parameters are.
   Whether it can is known when it has failed, which must not be the end of a transaction. */
static nu__pg_statement *prepare(nu__pg *pg, nu_str sql, nu_values params, bool texts)
{
    bool guarded = !texts && pg->status == 'T' && has_texts(params);
    nu__pg_statement *statement =
        nu__pg_cache_add(pg, sql, declared_types(params, texts), params.len);
    nu__pg_request *request;
    size_t slot;

    if (!statement)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
    slot = nu__cleanup_push(forget_unsent, statement);
    if (guarded)
        send_aside(pg, S("SAVEPOINT nu_prepare"));
    request = send_prepare(pg, statement, sql);
    nu__cleanup_pop(slot);
    nu__pg_wait(request, nu__pg_is_own(pg));
    nu_defer(nu__pg_free_request, request);
    if (statement->described) {
        if (guarded)
            send_aside(pg, S("RELEASE SAVEPOINT nu_prepare"));
        statement->entry.users++;
        return statement;
    }
    if (texts || !nu__pg_has_state(request, "42P18"))
        nu__pg_raise(request, sql);
    if (guarded) {
        send_aside(pg, S("ROLLBACK TO SAVEPOINT nu_prepare"));
        send_aside(pg, S("RELEASE SAVEPOINT nu_prepare"));
    }
    return NULL;
}

/* Another fiber has it prepared on this connection. */
static void wait_for(nu__pg_statement *statement)
{
    size_t slot;

    statement->entry.users++;
    slot = nu__cleanup_push(nu__pg_drop_statement, statement);
    while (statement->entry.cached && !statement->described)
        nu__wait(&statement->waiting);
    nu__cleanup_pop(slot);
    nu__pg_statement_leave(statement);
}

/* Tables were altered through this process: what was prepared before may fail, in a transaction
   for good. */
static void follow_schema(nu__pg *pg)
{
    if (pg->epoch == nu__pg_epoch)
        return;
    pg->epoch = nu__pg_epoch;
    for (nu__cached_statement *next, *entry = pg->cache.newest; entry; entry = next) {
        nu__pg_statement *statement = (nu__pg_statement *)(void *)entry;

        next = entry->older;
        if (statement->described)
            nu__pg_cache_drop(pg, statement);
    }
}

/* The greatest number after a "$": the server itself takes more parameters than are asked for. */
static size_t count_placeholders(nu_str sql)
{
    size_t most = 0;

    for (size_t i = 0; i + 1 < sql.len; i++) {
        size_t number = 0;

        if (sql.ptr[i] != '$')
            continue;
        while (i + 1 < sql.len && isdigit((unsigned char)sql.ptr[i + 1]) && number < 100000000)
            number = 10 * number + (size_t)(sql.ptr[++i] - '0');
        most = number > most ? number : most;
    }
    return most;
}

void nu__pg_check_count(nu_str sql, nu_values params)
{
    size_t placeholders = params.len ? count_placeholders(sql) : 0;

    if (params.len > placeholders)
        nu_raise(NU_PROGRAMMING_ERROR,
                 "the query has {} placeholders but {} parameters were passed", placeholders,
                 params.len);
}

/* The statement, described, and one user more of it. */
nu__pg_statement *nu__pg_described(nu__pg *pg, nu_str sql, nu_values params)
{
    nu__pg_statement *statement;

    for (;;) {
        nu__pg_check_alive(pg);
        follow_schema(pg);
        statement = nu__pg_cache_find(pg, sql, params);
        if (!statement)
            break;
        if (statement->described) {
            statement->entry.users++;
            return statement;
        }
        wait_for(statement);
    }
    nu__pg_check_count(sql, params);
    if (params.len > NU__PG_MOST_PARAMETERS)
        nu_raise(NU_OPERATIONAL_ERROR, "number of parameters must be between 0 and 65535");
    statement = prepare(pg, sql, params, false);
    if (!statement) {
        nu__pg_check_alive(pg);
        statement = prepare(pg, sql, params, true);
    }
    return statement;
}
