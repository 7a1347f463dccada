#include "db/backends/mysql/mysql.h"

#include "core/error.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <string.h>

/* MySQLdb decides the class by the error's number; Django moves a few. What stands in no row is an
   InternalError below 1000 and an OperationalError from there on. */
static const struct {
    uint16_t number;
    nu_error_class klass;
} classes[] = {
    { ER_DB_CREATE_EXISTS, NU_PROGRAMMING_ERROR },
    { ER_SYNTAX_ERROR, NU_PROGRAMMING_ERROR },
    { ER_PARSE_ERROR, NU_PROGRAMMING_ERROR },
    { ER_NO_SUCH_TABLE, NU_PROGRAMMING_ERROR },
    { ER_WRONG_DB_NAME, NU_PROGRAMMING_ERROR },
    { ER_WRONG_TABLE_NAME, NU_PROGRAMMING_ERROR },
    { ER_FIELD_SPECIFIED_TWICE, NU_PROGRAMMING_ERROR },
    { ER_INVALID_GROUP_FUNC_USE, NU_PROGRAMMING_ERROR },
    { ER_UNSUPPORTED_EXTENSION, NU_PROGRAMMING_ERROR },
    { ER_TABLE_MUST_HAVE_COLUMNS, NU_PROGRAMMING_ERROR },
    { ER_CANT_DO_THIS_DURING_AN_TRANSACTION, NU_PROGRAMMING_ERROR },
    { CR_COMMANDS_OUT_OF_SYNC, NU_PROGRAMMING_ERROR },
    { WARN_DATA_TRUNCATED, NU_DATA_ERROR },
    { ER_WARN_NULL_TO_NOTNULL, NU_DATA_ERROR },
    { ER_WARN_DATA_OUT_OF_RANGE, NU_DATA_ERROR },
    { ER_NO_DEFAULT, NU_DATA_ERROR },
    { ER_PRIMARY_CANT_HAVE_NULL, NU_DATA_ERROR },
    { ER_DATA_TOO_LONG, NU_DATA_ERROR },
    { ER_DATETIME_FUNCTION_OVERFLOW, NU_DATA_ERROR },
    { ER_DUP_ENTRY, NU_INTEGRITY_ERROR },
    { ER_NO_REFERENCED_ROW, NU_INTEGRITY_ERROR },
    { ER_NO_REFERENCED_ROW_2, NU_INTEGRITY_ERROR },
    { ER_ROW_IS_REFERENCED, NU_INTEGRITY_ERROR },
    { ER_ROW_IS_REFERENCED_2, NU_INTEGRITY_ERROR },
    { ER_CANNOT_ADD_FOREIGN, NU_INTEGRITY_ERROR },
    { ER_BAD_NULL_ERROR, NU_INTEGRITY_ERROR },
    { 1690, NU_INTEGRITY_ERROR }, /* a BIGINT UNSIGNED value is out of range */
    { 3819, NU_INTEGRITY_ERROR }, /* MySQL: a check is violated */
    { 4025, NU_INTEGRITY_ERROR }, /* MariaDB: the same */
    { ER_WARNING_NOT_COMPLETE_ROLLBACK, NU_NOT_SUPPORTED_ERROR },
    { ER_NOT_SUPPORTED_YET, NU_NOT_SUPPORTED_ERROR },
    { ER_FEATURE_DISABLED, NU_NOT_SUPPORTED_ERROR },
    { ER_UNKNOWN_STORAGE_ENGINE, NU_NOT_SUPPORTED_ERROR },
    { ER_LOCK_DEADLOCK, NU_DEADLOCK_DETECTED },
    { ER_LOCK_WAIT_TIMEOUT, NU_DEADLOCK_DETECTED },
    { ER_CHECKREAD, NU_SERIALIZATION_FAILURE }, /* the row was changed since it was read */
};

/* After these the connection is of no more use. */
static const uint16_t losses[] = {
    CR_SERVER_GONE_ERROR,
    CR_SERVER_LOST,
    CR_SERVER_LOST_EXTENDED,
    CR_COMMANDS_OUT_OF_SYNC,
    CR_MALFORMED_PACKET,
    ER_SERVER_SHUTDOWN,
    ER_CONNECTION_KILLED,
    CR_OUT_OF_MEMORY,
    CR_UNKNOWN_ERROR,
    CR_SSL_CONNECTION_ERROR,
    4031, /* MySQL: idle for too long */
};

static nu_error_class class_of(unsigned number)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i].number == number)
            return classes[i].klass;
    return number && number < 1000 ? NU_INTERNAL_ERROR : NU_OPERATIONAL_ERROR;
}

static bool is_loss(unsigned number)
{
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++)
        if (losses[i] == number)
            return true;
    return false;
}

/* The words before a constraint's name, and the quotes around it. */
static const struct {
    const char *before;
    char quote;
} constraint_marks[] = {
    { " for key '", '\'' },
    { "CONSTRAINT `", '`' },
    { "Check constraint '", '\'' },
};

static const char *constraint_of(const char *message)
{
    for (size_t i = 0; i < sizeof constraint_marks / sizeof *constraint_marks; i++) {
        const char *at = strstr(message, constraint_marks[i].before);
        const char *name = at ? at + strlen(constraint_marks[i].before) : NULL;
        const char *end = name ? strchr(name, constraint_marks[i].quote) : NULL;

        if (end)
            return nu_copy((nu_str){ name, (size_t)(end - name) }).ptr;
    }
    return NULL;
}

/* As Django prints it: (1062, "Duplicate entry '1' for key 'PRIMARY'") */
static NU_NORETURN void raise_numbered(unsigned number, const char *message, nu_str advice)
{
    nu_error raised = { .klass = class_of(number), .file = __FILE__, .line = __LINE__ };

    if (raised.klass == NU_INTEGRITY_ERROR)
        raised.constraint = constraint_of(message);
    raised.message = nu_fmt("({}, {!r}){}", (int64_t)number, nu_s(message), advice);
    nu__raise_like(&raised);
}

void nu__mysql_raise(nu__mysql *handle, unsigned number, const char *message)
{
    handle->lost |= is_loss(number);
    /* InnoDB rolls all of the transaction back, and the error's packet does not say so. */
    if (number == ER_LOCK_DEADLOCK || number == ER_CHECKREAD)
        handle->in_transaction = false;
    raise_numbered(number, nu_copy_cstr(message).ptr, S(""));
}

void nu__mysql_raise_taken(nu__mysql_taken taken)
{
    if (taken == NU__MYSQL_NO_MEMORY)
        nu_raise(NU_MEMORY_ERROR, "out of memory for the rows of a query");
    raise_numbered(CR_MALFORMED_PACKET, "Malformed packet", S(""));
}

void nu__mysql_raise_last(nu__mysql *handle)
{
    nu__mysql_raise(handle, mysql_errno(handle->mysql), mysql_error(handle->mysql));
}

void nu__mysql_raise_statement(nu__mysql *handle, const MYSQL_STMT *stmt)
{
    nu__mysql_raise(handle, mysql_stmt_errno((MYSQL_STMT *)(uintptr_t)stmt),
                    mysql_stmt_error((MYSQL_STMT *)(uintptr_t)stmt));
}

static const struct {
    uint16_t number;
    const char *advice;
} connect_advice[] = {
    { CR_CONNECTION_ERROR, "; is the server running, and its socket there (option unix_socket)?" },
    { CR_CONN_HOST_ERROR, "; is the server running, and host and port in DATABASES right?" },
    { CR_UNKNOWN_HOST, "; look at the host in DATABASES" },
    { ER_ACCESS_DENIED_ERROR, "; look at user and password in DATABASES" },
    { ER_DBACCESS_DENIED_ERROR, "; grant the user this database" },
    { ER_BAD_DB_ERROR, "; create it: CREATE DATABASE … CHARACTER SET utf8mb4" },
    { CR_SSL_CONNECTION_ERROR,
      "; ssl_ca must be the file of the authority that signed the server's certificate, which must "
      "be "
      "of this host; else look at ssl_mode, ssl_cert and ssl_key in DATABASES" },
    { ER_CON_COUNT_ERROR, "; lower max_connections in DATABASES, or raise the server's" },
};

void nu__mysql_raise_connect(const nu__database *database, unsigned number, const char *message)
{
    const char *advice = "";

    for (size_t i = 0; i < sizeof connect_advice / sizeof *connect_advice; i++)
        if (connect_advice[i].number == number)
            advice = connect_advice[i].advice;
    raise_numbered(number, message, nu_fmt("{} (database '{}')", advice, database->alias));
}
