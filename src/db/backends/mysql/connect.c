#include "db/backends/mysql/line.h"

#include "core/context.h"
#include "core/fault.h"
#include "loop/pool.h"
#include <nuages/logging.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* ---- waiting ------------------------------------------------------------------------------ */

static nu__watch *watch_of(nu__mysql *handle)
{
    if (!handle->watch)
        handle->watch = nu__watch_open(mysql_get_socket(handle->mysql));
    if (!handle->watch)
        nu_raise(NU_MEMORY_ERROR, "out of memory for a database connection");
    nu__watch_answers(handle->watch);
    return handle->watch;
}

int nu__mysql_wait(nu__mysql *handle, int wanted)
{
    int events = (wanted & MYSQL_WAIT_READ ? NU__READABLE : 0) |
                 (wanted & MYSQL_WAIT_WRITE ? NU__WRITABLE : 0);
    double deadline = wanted & MYSQL_WAIT_TIMEOUT
                          ? nu__time() + mysql_get_timeout_value_ms(handle->mysql) / 1000.0
                          : NU__FOREVER;
    bool came;

    handle->lost = handle->suspended = true; /* should the wait raise */
    came = nu__watch_wait(watch_of(handle), events, deadline);
    handle->lost = handle->suspended = false;
    return came ? wanted & ~MYSQL_WAIT_TIMEOUT : MYSQL_WAIT_TIMEOUT;
}

/* ---- connecting --------------------------------------------------------------------------- */

static void set_timeout(MYSQL *mysql, const nu__database *database, enum mysql_option option,
                        const char *name)
{
    const char *text = nu__database_option_of(database, name);
    unsigned seconds = text ? (unsigned)ceil(strtod(text, NULL)) : 0;

    if (seconds)
        mysql_options(mysql, option, &seconds);
}

/* Names of mysqlclient's ssl_mode. A CA alone asks for a verified connection. */
static void set_tls(MYSQL *mysql, const nu__database *database)
{
    const char *mode = nu__database_option_of(database, "ssl_mode");
    const char *ca = nu__database_option_of(database, "ssl_ca");
    const char *cert = nu__database_option_of(database, "ssl_cert");
    const char *key = nu__database_option_of(database, "ssl_key");
    bool off = mode && strcasecmp(mode, "DISABLED") == 0;
    my_bool verify = mode ? strncasecmp(mode, "VERIFY_", 7) == 0 : ca != NULL;
    my_bool enforce = !off && (mode ? strcasecmp(mode, "PREFERRED") != 0 : ca || cert);

    if (off)
        return;
    mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &enforce);
    mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (ca)
        mysql_options(mysql, MYSQL_OPT_SSL_CA, ca);
    if (cert)
        mysql_options(mysql, MYSQL_OPT_SSL_CERT, cert);
    if (key)
        mysql_options(mysql, MYSQL_OPT_SSL_KEY, key);
}

static void set_options(MYSQL *mysql, const nu__database *database)
{
    const nu__mysql_config *config = nu__mysql_config_of(database);
    unsigned seconds = (unsigned)ceil(config->connect_timeout);

    mysql_options(mysql, MYSQL_OPT_NONBLOCK, 0);
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, config->charset);
    mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "nuages");
    set_timeout(mysql, database, MYSQL_OPT_READ_TIMEOUT, "read_timeout");
    set_timeout(mysql, database, MYSQL_OPT_WRITE_TIMEOUT, "write_timeout");
    if (nu__database_option_of(database, "init_command"))
        mysql_options(mysql, MYSQL_INIT_COMMAND, nu__database_option_of(database, "init_command"));
    set_tls(mysql, database);
}

/* FOUND_ROWS: an UPDATE tells the rows that it found, not only those that it changed. */
enum { FLAGS = CLIENT_FOUND_ROWS };

typedef struct connecting {
    MYSQL *mysql;
    const nu__database *database;
    bool done;
} connecting;

/* On a thread: looking up a name blocks. */
static void connect_blocking(void *arg)
{
    connecting *job = arg;
    const nu__mysql_config *config = nu__mysql_config_of(job->database);

    mysql_thread_init();
    job->done =
        mysql_real_connect(job->mysql, config->host, job->database->user, job->database->password,
                           job->database->name, config->port, NULL, FLAGS) != NULL;
    mysql_thread_end();
}

static void connect_server(nu__mysql *handle, const nu__database *database)
{
    const nu__mysql_config *config = nu__mysql_config_of(database);
    connecting job = { handle->mysql, database, false };
    MYSQL *connected = NULL;

    set_options(handle->mysql, database);
    if (config->by_name) {
        nu__pool_run(connect_blocking, &job);
    } else {
        NU__MYSQL_CALL(handle, mysql_real_connect, connected, handle->mysql, config->host,
                       database->user, database->password, database->name, config->port,
                       config->socket, FLAGS);
        job.done = connected != NULL;
    }
    if (!job.done)
        nu__mysql_raise_connect(database, mysql_errno(handle->mysql),
                                nu_copy_cstr(mysql_error(handle->mysql)).ptr);
}

/* What Django sets on a connection, and strict mode where the server has none: else it would cut
   what is too long without a word. Back-slashes escape: LIKE needs it, and so do literals. The key
   of a table stands for its columns in GROUP BY, which MariaDB's ONLY_FULL_GROUP_BY does not see
   (MySQL's does): see decision 0033. */
static void set_session(nu__mysql *handle, const nu__database *database)
{
    const nu__mysql_config *config = nu__mysql_config_of(database);

    nu__mysql_run_text(
        handle, nu_fmt("SET NAMES {}, SQL_AUTO_IS_NULL = 0, AUTOCOMMIT = 1, SESSION sql_mode = "
                       "REPLACE(REPLACE(IF(@@sql_mode LIKE '%STRICT_%', @@sql_mode, "
                       "CONCAT_WS(',', NULLIF(@@sql_mode, ''), 'STRICT_TRANS_TABLES')), "
                       "'NO_BACKSLASH_ESCAPES', ''), "
                       "IF(VERSION() LIKE '%MariaDB%', 'ONLY_FULL_GROUP_BY', ''), '')",
                       config->charset));
    if (config->isolation)
        nu__mysql_run_text(handle,
                           nu_fmt("SET SESSION TRANSACTION ISOLATION LEVEL {}", config->isolation));
}

static void close_unfinished(void *handle)
{
    nu__mysql_close(handle);
}

static nu__mysql *new_handle(nu__database *database)
{
    nu__mysql *handle = nu__malloc_zeroed(sizeof *handle);

    if (handle)
        handle->mysql = mysql_init(NULL);
    if (!handle || !handle->mysql) {
        free(handle);
        nu_raise(NU_MEMORY_ERROR, "out of memory for a database connection");
    }
    handle->handle.database = database;
    return handle;
}

nu__handle *nu__mysql_open(nu__database *database)
{
    nu__mysql *handle = new_handle(database);
    size_t slot = nu__cleanup_push(close_unfinished, handle);

    connect_server(handle, database);
    nu__mysql_watch_stream(handle);
    set_session(handle, database);
    nu__cleanup_pop(slot);
    handle->ready = true;
    return &handle->handle;
}

/* ---- closing ------------------------------------------------------------------------------ */

typedef struct killing {
    nu__mysql *victim, *killer;
} killing;

/* The server goes on with a statement whose client is gone, and keeps its locks. */
static void kill_connection(void *arg)
{
    killing *killing = arg;
    nu__database *database = killing->victim->handle.database;

    killing->killer = new_handle(database);
    connect_server(killing->killer, database);
    nu__mysql_run_text(killing->killer,
                       nu_fmt("KILL {}", (uint64_t)mysql_thread_id(killing->victim->mysql)));
}

void nu__mysql_end_at_server(nu__mysql *victim)
{
    killing killing = { .victim = victim };
    const nu_error *error;

    nu__fiber_shield();
    error = nu__guard(kill_connection, &killing);
    nu__fiber_unshield();
    if (error)
        nu_warning("A statement that nobody waits for could not be ended at the server: {}",
                   error->message);
    if (killing.killer)
        nu__mysql_close(&killing.killer->handle);
}

/* A lost connection may hang in the middle of a packet: nothing is said to it any more. */
void nu__mysql_close(nu__handle *head)
{
    nu__mysql *handle = nu__mysql_of(head);

    if (handle->suspended && handle->ready)
        nu__mysql_end_at_server(handle);
    nu__mysql_line_end(handle);
    if (handle->lost && mysql_get_socket(handle->mysql) >= 0)
        shutdown(mysql_get_socket(handle->mysql), SHUT_RDWR);
    nu__watch_close(handle->watch);
    mysql_close(handle->mysql);
    nu__mysql_cache_clear(handle);
    free(handle);
}
