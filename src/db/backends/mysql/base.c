#include "db/backends/base.h"

#include "db/backends/mysql/line.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static bool ping(nu__mysql *handle)
{
    int failed = 0;

    NU__MYSQL_CALL(handle, mysql_ping, failed, handle->mysql);
    return !failed;
}

/* The server says nothing unasked but good-bye: bytes that wait, the end or a reset tell that the
   connection is gone. */
static bool says_nothing(const nu__mysql *handle)
{
    char byte;

    return recv(mysql_get_socket(handle->mysql), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           errno == EAGAIN;
}

static bool usable(nu__handle *head, double idle_seconds)
{
    nu__mysql *handle = nu__mysql_of(head);

    (void)idle_seconds;
    return !handle->lost && !handle->changed && !handle->limited && says_nothing(handle) &&
           (!head->database->health_checks || ping(handle));
}

/* UINT32_MAX: not to be lent again. Where the loop watches the socket, it has seen the good-bye. */
static uint32_t load(const nu__handle *head)
{
    const nu__mysql *handle = (const nu__mysql *)head;

    if (handle->lost || handle->changed || handle->limited)
        return UINT32_MAX;
    if (handle->line)
        return nu__mysql_line_load(handle->line);
    return nu__watch_is_quiet(handle->watch) || says_nothing(handle) ? 0 : UINT32_MAX;
}

static bool in_transaction(const nu__handle *handle)
{
    return ((const nu__mysql *)handle)->in_transaction || ((const nu__mysql *)handle)->lost;
}

/* A level is set for the next transaction by a statement of its own: run.c takes them apart. */
static const char *const begins[] = {
    [NU_ISOLATION_DEFAULT] = "BEGIN",
    [NU_READ_COMMITTED] = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN",
    [NU_REPEATABLE_READ] = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; BEGIN",
    [NU_SERIALIZABLE] = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; BEGIN",
};

static nu_str begin_sql(const nu__database *database, nu_isolation isolation)
{
    (void)database;
    return nu_s(begins[isolation]);
}

static nu_str limit(double seconds)
{
    return seconds > 0 ? nu_fmt(NU__MYSQL_LIMIT "{:.6f}", seconds) : S(NU__MYSQL_NO_LIMIT);
}

static const nu__server_words words = { .limit = limit };

static const nu__driver mysql_driver = {
    .vendor = "mysql",
    .display_name = "MariaDB",
    .schemes = { "mysql", "mariadb", "django.db.backends.mysql" },
    .backend = &nu__mysql_backend,
    .max_handles = 10,
    .max_shared = 2,
    .server = true,
    .name_quote = '`',
    .configure = nu__mysql_configure,
    .open = nu__mysql_open,
    .close = nu__mysql_close,
    .usable = usable,
    .in_transaction = in_transaction,
    .begin_sql = begin_sql,
    .execute = nu__mysql_execute,
    .query = nu__mysql_query,
    .fetch = nu__mysql_fetch,
    .finish = nu__mysql_finish,
    .load = load,
    .shares = nu__mysql_shares,
    .shareable = nu__mysql_shareable,
    .words = &words,
};

const nu__backend nu__mysql_backend = {
    .vendor = "mysql",
    .display_name = "MariaDB",
    .dialect = NU__MYSQL,
    .driver = &mysql_driver,
    .features = &nu__mysql_features,
    .operations = &nu__mysql_operations,
    .schema = &nu__mysql_schema,
    .introspection = &nu__mysql_introspection,
};
