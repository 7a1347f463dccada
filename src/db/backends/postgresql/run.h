/**
 * @file
 * What the files that run statements share: prepare.c, run.c, portal.c, together.c.
 */
#pragma once
#include "db/backends/postgresql/postgresql.h"

/* A statement with its lists of parameters. */
typedef struct nu__pg_run {
    nu_str sql;
    const nu_values *params; /* of each of n runs */
    size_t n;
    nu__result *result; /* NULL: rows are not wanted */
} nu__pg_run;

/* A portal of a transaction: the block's, or one of its own. malloc'd */
typedef struct nu__pg_portal {
    nu__pg_statement *statement;
    char name[16];
    bool own_transaction;
} nu__pg_portal;

/* ---- prepare.c ---------------------------------------------------------------------------- */

static inline bool nu__pg_is_own(const nu__pg *pg)
{
    return !pg->handle.shared;
}
/* Raises OperationalError on a broken connection. */
void nu__pg_check_alive(const nu__pg *pg);
/* The request of the messages since `mark`. Raises MemoryError, OperationalError on a connection
   that was lost meanwhile; then nothing is sent. */
nu__pg_request *nu__pg_queue(nu__pg *pg, size_t mark);
void nu__pg_put_parse(nu__pg *pg, const nu__pg_statement *statement, nu_str sql);
void nu__pg_put_bind(nu__pg *pg, const nu__pg_statement *statement, const nu__pg_param *params,
                     const char *portal);
void nu__pg_put_execute(nu__pg *pg, const char *portal, uint32_t rows);
bool nu__pg_has_state(const nu__pg_request *request, const char *state);
void nu__pg_free_request(void *request);
void nu__pg_drop_statement(void *statement); /* a user less */
/* Raises ProgrammingError for more parameters than the text has placeholders. */
void nu__pg_check_count(nu_str sql, nu_values params);
/* The statement of a text, described, and one user more of it: prepared now, or before. Yields. */
nu__pg_statement *nu__pg_described(nu__pg *pg, nu_str sql, nu_values params);

/* ---- literals.c --------------------------------------------------------------------------- */

/* Each "$1" outside of quotes as a literal: for more parameters than a message holds. Raises as
   nu__pg_text(). */
nu_str nu__pg_with_literals(nu_str sql, nu_values params);

/* ---- run.c -------------------------------------------------------------------------------- */

/* The request gets the result's batch, to fill it. */
void nu__pg_give_batch(nu__pg_request *request, nu__result *result);
bool nu__pg_failed(const nu__pg_request *request);
/* Run it and wait. Raises what the server says. */
nu__pg_request *nu__pg_run_statement(nu__pg *pg, const nu__pg_run *run);
/* What came goes into the result; the request is freed, unless rows wait in it for the sink. */
void nu__pg_deliver(nu__result *result, nu__pg_request *request);
/* Statements with parameters may change the session too. */
void nu__pg_note_state(nu__pg *pg, nu_str sql);

/* ---- portal.c ----------------------------------------------------------------------------- */

void nu__pg_open_portal(nu__pg *pg, nu__result *result, nu_str sql, nu_values params);
/* `params` bind the portal first; NULL: it is bound. The result's statement is the portal, as long
   as there may be more rows. */
void nu__pg_read_chunk(nu__pg *pg, nu__pg_portal *portal, const nu__pg_param *params,
                       nu__result *result, nu_str sql);
void nu__pg_close_portal(nu__pg *pg, const nu__pg_portal *portal);
void nu__pg_free_portal(void *portal);
