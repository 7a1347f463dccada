/* Several statements on one Sync: they go out together, and are waited for once. */
#include "db/backends/postgresql/run.h"

#include "core/context.h"

typedef struct several {
    nu__pg *pg;
    nu__pg_statement **statements;
    const nu__pg_param **params;
    nu__pg_request **requests;
    size_t n, n_sent;
} several;

static void release_several(void *arg)
{
    const several *several = arg;

    for (size_t i = 0; i < several->n; i++)
        nu__pg_statement_leave(several->statements[i]);
    for (size_t i = 0; i < several->n_sent; i++)
        if (several->requests[i])
            nu__pg_request_free(several->requests[i]);
}

/* The fiber is cancelled: the last one's wait sees to itself. */
static void discard_several(void *arg)
{
    several *several = arg;

    for (size_t i = 0; i + 1 < several->n_sent; i++) {
        nu__pg_request *request = several->requests[i];

        if (request->done)
            nu__pg_request_free(request);
        else
            request->discarded = true;
    }
    several->n_sent = 0;
}

static void drop_request(nu__pg *pg)
{
    nu__pg_request **place = &pg->first;

    while ((*place)->next)
        place = &(*place)->next;
    nu__pg_request_free(*place);
    *place = NULL;
    pg->last = place;
    pg->n_pending--;
}

static void send_several(several *several, const nu__question *questions)
{
    nu__pg *pg = several->pg;
    size_t mark = pg->out_len;

    for (size_t i = 0; i < several->n; i++) {
        if (!several->statements[i]->name[0])
            nu__pg_put_parse(pg, several->statements[i], questions[i].sql);
        nu__pg_put_bind(pg, several->statements[i], several->params[i], "");
        nu__pg_put_execute(pg, "", 0);
    }
    nu__pg_sync(pg);
    for (size_t i = 0; i < several->n; i++) {
        nu__pg_statement *statement = several->statements[i];
        nu__pg_request *request = pg->out_of_memory ? NULL : nu__pg_request_new(pg);

        if (!request) {
            for (; i; i--)
                drop_request(pg);
            pg->out_len = mark;
            pg->out_of_memory = false;
            nu_raise(NU_MEMORY_ERROR, "out of memory for a statement");
        }
        statement->entry.users++;
        request->statement = statement;
        request->row_types = statement->types;
        request->n_columns = statement->n_columns;
        request->joined = i + 1 < several->n;
        nu__pg_give_batch(request, questions[i].result);
        several->requests[i] = request;
    }
    several->n_sent = several->n;
}

/* One with more parameters than a message holds goes as text, which no Sync is shared with. */
static bool fit(const nu__question *questions, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (questions[i].params.len > NU__PG_MOST_PARAMETERS)
            return false;
    return true;
}

static void query_each(nu__handle *handle, const nu__question *questions, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nu__pg_query(handle, questions[i].result, questions[i].sql, questions[i].params);
}

static void query_together(nu__handle *handle, const nu__question *questions, size_t n)
{
    nu__pg *pg = nu__pg_of(handle);
    several several = { .pg = pg,
                        .statements = nu_alloc_array(nu__pg_statement *, n),
                        .params = nu_alloc_array(const nu__pg_param *, n),
                        .requests = nu_alloc_array(nu__pg_request *, n) };
    size_t slot = nu__cleanup_push(release_several, &several), waiting;

    for (; several.n < n; several.n++) {
        const nu__question *question = &questions[several.n];

        nu__pg_note_state(pg, question->sql);
        several.statements[several.n] = nu__pg_described(pg, question->sql, question->params);
    }
    for (size_t i = 0; i < n; i++)
        several.params[i] = nu__pg_params(several.statements[i], questions[i].params);
    nu__pg_check_alive(pg);
    send_several(&several, questions);
    waiting = nu__cleanup_push(discard_several, &several);
    nu__pg_wait(several.requests[n - 1], nu__pg_is_own(pg));
    nu__cleanup_pop(waiting);
    for (size_t i = 0; i < n; i++)
        if (several.requests[i]->error || several.requests[i]->lost || several.requests[i]->oom)
            nu__pg_raise(several.requests[i], questions[i].sql);
    for (size_t i = 0; i < n; i++) {
        nu__pg_deliver(questions[i].result, several.requests[i]);
        several.requests[i] = NULL;
    }
    nu__cleanup_pop(slot);
    release_several(&several);
}

void nu__pg_query_many(nu__handle *handle, const nu__question *questions, size_t n)
{
    if (fit(questions, n))
        query_together(handle, questions, n);
    else
        query_each(handle, questions, n);
}
