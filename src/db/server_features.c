/* Time limits, advisory locks and channels: what a server has beside its tables. */
#include "core/arena.h"
#include "core/fault.h"
#include "db/session.h"
#include "loop/fiber.h"
#include <nuages/databases.h>

#include <stdlib.h>
#include <string.h>

static NU_NORETURN void raise_absent(const nu__connection *connection, const char *what)
{
    nu_raise(NU_NOT_SUPPORTED_ERROR, "{} has no {}.", connection->database->driver->display_name,
             what);
}

static const nu__server_words *words_of(const nu__connection *connection)
{
    static const nu__server_words none = { 0 };
    const nu__server_words *words = connection->database->driver->words;

    return words ? words : &none;
}

/* ---- time limits -------------------------------------------------------------------------- */

/* A scope inside of another goes back to the other's limit. */
struct nu__statement_scope {
    nu__session *session;
    double before;
};

static void set_limit(nu__session *session, double seconds)
{
    nu__session_run(session, words_of(&session->connection)->limit(seconds));
    session->statement_limit = seconds;
}

static void go_back(void *arg)
{
    const struct nu__statement_scope *scope = arg;

    set_limit(scope->session, scope->before);
}

/* In a transaction that has failed it can't be reset: going back to the pool does that. */
static void end_limit(void *arg)
{
    struct nu__statement_scope *scope = arg;
    const nu_error *error = nu__guard(go_back, scope);

    scope->session->statement_limit = scope->before;
    nu__connection_let_go(&scope->session->connection);
    if (error && error->klass == NU_CANCELLED)
        nu_reraise(error);
}

nu_statement_limit nu__statement_limit_begin(double seconds, const nu_transaction_options *options)
{
    nu__connection *connection = nu__connection_of(options->using);
    nu__session *session = nu__session_of(connection);
    struct nu__statement_scope *scope = nu_alloc(struct nu__statement_scope);
    nu_statement_limit limit = { .scope = scope };

    if (!words_of(connection)->limit)
        raise_absent(connection, "limit for a statement's time");
    if (!(seconds >= 0.001 && seconds < 1e6))
        nu_raise(NU_VALUE_ERROR, "a statement's time limit is {} seconds; it must be positive",
                 seconds);
    nu__connection_hold(connection);
    *scope = (struct nu__statement_scope){ session, session->statement_limit };
    limit.slot = nu__cleanup_push(end_limit, scope);
    set_limit(session, seconds);
    return limit;
}

void nu__statement_limit_end(nu_statement_limit *limit)
{
    if (limit->scope && nu__cleanup_pop(limit->slot))
        end_limit(limit->scope);
}

/* ---- advisory locks ----------------------------------------------------------------------- */

bool nu_advisory_lock_(int64_t key, const nu_advisory *options)
{
    nu__connection *connection = nu__connection_of(options->using);
    const char *sql = words_of(connection)->locks[options->nowait][options->shared];
    nu__rows *rows;
    bool taken;

    if (!sql)
        raise_absent(connection, "advisory locks");
    if (!nu__session_of(connection)->in_atomic_block)
        nu_raise(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "an advisory lock lasts until the end of the transaction: take it in an 'atomic' "
                 "block.");
    rows = nu__db_query(connection, nu_s(sql), NU_ARGS(key));
    taken = nu__rows_next(rows) && (!options->nowait || rows->cells[0].i);
    nu__rows_close(rows);
    return taken;
}

/* ---- channels ----------------------------------------------------------------------------- */

enum { MOST_WAITING = 10000 };

typedef struct news {
    struct news *next;
    size_t channel_len, payload_len;
    char text[];
} news;

struct nu_listener {
    nu__handle *handle; /* NULL: closed */
    nu__fiber *fiber;   /* that waits */
    news *first, **last;
    size_t n;
    uint64_t lost; /* came when there was no room */
};

static void free_news(nu_listener *listener)
{
    while (listener->first) {
        news *gone = listener->first;

        listener->first = gone->next;
        free(gone);
    }
    listener->last = &listener->first;
    listener->n = 0;
}

/* In the loop's callback. A null channel: the connection is gone. */
static void on_news(void *arg, nu_str channel, nu_str payload)
{
    nu_listener *listener = arg;
    news *item = NULL;

    if (channel.ptr && listener->n < MOST_WAITING)
        item = nu__malloc(sizeof *item + channel.len + payload.len);
    if (item) {
        *item = (news){ .channel_len = channel.len, .payload_len = payload.len };
        memcpy(item->text, channel.ptr, channel.len);
        memcpy(item->text + channel.len, payload.ptr, payload.len);
        *listener->last = item;
        listener->last = &item->next;
        listener->n++;
    }
    listener->lost += channel.ptr && !item;
    if (listener->fiber)
        nu__fiber_wake(listener->fiber);
}

void nu_listener_close(void *arg)
{
    nu_listener *listener = arg;
    nu__handle *handle = listener ? listener->handle : NULL;
    nu__database *database;

    if (!handle)
        return;
    database = handle->database;
    listener->handle = NULL;
    database->driver->words->hear(handle, NULL, NULL);
    free_news(listener);
    nu__handle_return(handle, database->driver->in_transaction(handle));
    nu__database_unref(database);
}

nu_listener *nu_listen_(const char *channel, const nu_transaction_options *options)
{
    nu__connection *connection = nu__connection_of(options->using);
    const nu__server_words *words = words_of(connection);
    nu_listener *listener = nu_alloc(nu_listener);
    nu_values none = { 0 };

    if (!words->listen)
        raise_absent(connection, "channels to listen to");
    if (!nu__loop())
        nu_raise(NU_RUNTIME_ERROR, "listening needs the event loop, which does not run here");
    listener->last = &listener->first;
    listener->handle = nu__handle_borrow(connection->database);
    nu__database_ref(connection->database);
    nu_on_fiber_end(nu_listener_close, listener);
    words->hear(listener->handle, on_news, listener);
    connection->database->driver->execute(listener->handle, words->listen(nu_s(channel)), &none, 1,
                                          NULL, NULL);
    return listener;
}

static void stop_waiting(void *listener)
{
    ((nu_listener *)listener)->fiber = NULL;
}

static void check_listener(nu_listener *listener)
{
    uint64_t lost = listener->lost;

    if (!listener->handle)
        nu_raise(NU_INTERFACE_ERROR, "the listener is closed");
    listener->lost = 0;
    if (lost)
        nu_raise(NU_OPERATIONAL_ERROR, "{} notifications were lost: more than {} waited to be read",
                 (int64_t)lost, MOST_WAITING);
    if (listener->handle->database->driver->load(listener->handle) == UINT32_MAX)
        nu_raise(NU_OPERATIONAL_ERROR, "the listener's connection is lost; listen again");
}

static bool wait_for_news(nu_listener *listener, double deadline)
{
    size_t slot = nu__cleanup_push(stop_waiting, listener);
    bool in_time = true;

    listener->fiber = nu__fiber_current();
    while (!listener->first && in_time) {
        check_listener(listener);
        in_time = nu__fiber_park_until(deadline);
    }
    nu__cleanup_pop(slot);
    listener->fiber = NULL;
    return listener->first;
}

bool nu_listener_next(nu_listener *listener, double timeout, nu_notification *out)
{
    news *item;
    nu_str channel, payload;

    if (!wait_for_news(listener, nu__time() + timeout))
        return false;
    item = listener->first;
    channel = (nu_str){ item->text, item->channel_len };
    payload = (nu_str){ item->text + item->channel_len, item->payload_len };
    *out = (nu_notification){ nu_copy(channel), nu_copy(payload) };
    listener->first = item->next;
    if (!listener->first)
        listener->last = &listener->first;
    listener->n--;
    free(item);
    return true;
}

void nu_notify_(const char *channel, nu_str payload, const nu_transaction_options *options)
{
    nu__connection *connection = nu__connection_of(options->using);
    const char *sql = words_of(connection)->notify;

    if (!sql)
        raise_absent(connection, "channels to notify");
    nu__db_execute(connection, nu_s(sql), NU_ARGS(channel, payload), NULL);
}
