#include "db/backends/sqlite/sqlite.h"

#include "core/error.h"
#include "db/backends/sqlite/cells.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Python's sqlite3 decides the class by the primary code; Django takes it over. `advice` follows
   SQLite's message and may use {} once, for the file. */
static const struct {
    int code;
    nu_error_class klass;
    const char *advice;
} errors[] = {
    { SQLITE_INTERNAL, NU_INTERNAL_ERROR, NULL },
    { SQLITE_NOTFOUND, NU_INTERNAL_ERROR, NULL },
    { SQLITE_NOMEM, NU_MEMORY_ERROR, NULL },
    { SQLITE_ERROR, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_PERM, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_ABORT, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_BUSY, NU_OPERATIONAL_ERROR,
      ": another process or request kept {} locked for the whole time-out" },
    { SQLITE_LOCKED, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_READONLY, NU_OPERATIONAL_ERROR,
      ": {}; let this user write to the file and to its folder" },
    { SQLITE_INTERRUPT, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_IOERR, NU_OPERATIONAL_ERROR, ": {}; look at the disk, and at the system's log" },
    { SQLITE_FULL, NU_OPERATIONAL_ERROR, ": {}; make room on its disk" },
    { SQLITE_CANTOPEN, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_PROTOCOL, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_EMPTY, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_SCHEMA, NU_OPERATIONAL_ERROR, NULL },
    { SQLITE_CORRUPT, NU_DATABASE_ERROR,
      ": {} is damaged; put a backup in its place, or save what can be read with `sqlite3 FILE "
      ".recover`" },
    { SQLITE_NOTADB, NU_DATABASE_ERROR,
      ": {} is no SQLite database, or an encrypted one; look at NAME in DATABASES" },
    { SQLITE_TOOBIG, NU_DATA_ERROR, NULL },
    { SQLITE_CONSTRAINT, NU_INTEGRITY_ERROR, NULL },
    { SQLITE_MISMATCH, NU_INTEGRITY_ERROR, NULL },
    { SQLITE_MISUSE, NU_INTERFACE_ERROR, NULL },
    { SQLITE_RANGE, NU_INTERFACE_ERROR, NULL },
};

void nu__sqlite_error_set(nu__sqlite_error *error, sqlite3 *db, int code)
{
    const char *message = db ? sqlite3_errmsg(db) : NULL;

    if (!db || (sqlite3_extended_errcode(db) & 0xff) != (code & 0xff))
        message = sqlite3_errstr(code);
    error->code = code;
    error->system = db ? sqlite3_system_errno(db) : errno;
    snprintf(error->message, sizeof error->message, "%s", message);
}

/* Bytes that are no UTF-8 are shown as U+FFFD each. Cut to the room. */
static void show(char *out, size_t room, const char *text, size_t len)
{
    size_t n = 0;

    for (const char *at = text, *end = text + len; at < end && n + NU__UTF8_MAX < room;) {
        char encoded[NU__UTF8_MAX];
        int bytes = nu__utf8_encode(nu__utf8_next(&at, end), encoded);

        memcpy(out + n, encoded, (size_t)bytes);
        n += (size_t)bytes;
    }
    out[n] = '\0';
}

/* Python's words. */
void nu__sqlite_error_undecodable(nu__sqlite_error *error, sqlite3_stmt *stmt)
{
    char shown[200];

    error->code = SQLITE_ERROR;
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        nu__cell cell;
        bool broken = false;

        nu__sqlite_borrow(&cell, sqlite3_column_value(stmt, i), false, &broken);
        if (!broken)
            continue;
        show(shown, sizeof shown, cell.text, cell.len);
        snprintf(error->message, sizeof error->message,
                 "Could not decode to UTF-8 column '%.200s' with text '%s'",
                 sqlite3_column_name(stmt, i), shown);
        return;
    }
}

/* Why a file can't be opened, as far as the file system tells. */
static nu_str why_not_opened(const char *path, int system)
{
    struct stat status;
    nu_str folder = nu_s(path);

    while (folder.len && folder.ptr[folder.len - 1] != '/')
        folder.len--;
    if (stat(path, &status) == 0)
        return S_ISDIR(status.st_mode)
                   ? S("it is a folder; NAME in DATABASES must be the file in it")
                   : nu_fmt("{}; this user must be able to read and write it and its folder",
                            system ? strerror(system) : strerror(EACCES));
    if (folder.len && stat(nu_copy(folder).ptr, &status) != 0)
        return nu_fmt("its folder {} can't be reached ({}); make it, or correct NAME in DATABASES",
                      folder, strerror(errno));
    return S("there is no such file; run the command migrate to make it, or correct NAME in "
             "DATABASES");
}

/* "UNIQUE constraint failed: app_table.email": what follows the colon names the constraint, or for
   columns their own place. */
static const char *constraint_of(const nu__sqlite_error *error)
{
    const char *colon = strstr(error->message, " constraint failed: ");
    const char *name = colon ? strchr(colon, ':') + 2 : NULL;
    size_t len = name ? strlen(name) : 0;

    if (!name)
        return NULL;
    if (strncmp(name, "index '", 7) == 0 && name[len - 1] == '\'')
        return nu_copy((nu_str){ name + 7, len - 8 }).ptr;
    return nu_copy_cstr(name).ptr;
}

static nu_str advice_for(const nu__database *database, const nu__sqlite_error *error,
                         const char *advice)
{
    const char *gap = advice ? strstr(advice, "{}") : NULL;
    nu_str head = { advice, gap ? (size_t)(gap - advice) : 0 };

    if ((error->code & 0xff) == SQLITE_CANTOPEN)
        return nu_fmt(": {}: {}", database->name, why_not_opened(database->name, error->system));
    if (!gap)
        return S("");
    return nu_fmt("{}{}{}", head, database->name, gap + 2);
}

void nu__sqlite_raise(const nu__database *database, const nu__sqlite_error *error)
{
    nu_error raised = { .klass = NU_DATABASE_ERROR, .file = __FILE__, .line = __LINE__ };
    const char *advice = NULL;

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].code == (error->code & 0xff)) {
            raised.klass = errors[i].klass;
            advice = errors[i].advice;
        }
    if (error->code == SQLITE_BUSY_SNAPSHOT) {
        raised.klass = NU_SERIALIZATION_FAILURE;
        advice = ": {} was written by another after this transaction had read it; run it again";
    }
    if ((error->code & 0xff) == SQLITE_BUSY || (error->code & 0xff) == SQLITE_LOCKED)
        raised.code = "locked";
    if ((error->code & 0xff) == SQLITE_CONSTRAINT)
        raised.constraint = constraint_of(error);
    raised.message = nu_fmt("{}{}", error->message, advice_for(database, error, advice));
    nu__raise_like(&raised);
}
