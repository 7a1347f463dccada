/* What happens to the database's file under a request: another program locks it, it is taken away
   or damaged. The error is of the right class, nothing is half-written, and the next request works
   as soon as the file is whole. */
#include "faults.h"
#include "unit/db/db_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A request fails with this, and one after it works; both leave whole departments behind. */
static void check_recovery(nu_error_class klass, const char *words, void (*mend)(void))
{
    int64_t before = fault_check_whole();
    const nu_error *error;

    fault_commits = 0;
    error = fault_run(fault_request, NULL);
    CHECK(error && nu_error_is_a(error->klass, klass));
    CHECK(error && memmem(error->message.ptr, error->message.len, words, strlen(words)));
    CHECK_INT(fault_commits, 0);
    mend();
    CHECK_INT(fault_check_whole(), before);
    CHECK(!fault_run(fault_request, NULL));
    CHECK_INT(fault_check_whole(), before + 1);
}

/* ---- locked --------------------------------------------------------------------------------- */

static sqlite3 *other;

static void unlock(void)
{
    CHECK_INT(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
}

static void lock(const char *name, const char *begin)
{
    CHECK_INT(sqlite3_open(fixture_path(name), &other), SQLITE_OK);
    CHECK_INT(sqlite3_exec(other, begin, NULL, NULL, NULL), SQLITE_OK);
}

static void a_locked_file_fails_the_request_alone(void)
{
    static const char *const begins[] = { "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE" };

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        fault_school("locked_out.db", "timeout=0.1");
        CHECK(!fault_run(fault_request, NULL));
        lock("locked_out.db", begins[i]);
        check_recovery(NU_OPERATIONAL_ERROR, "database is locked", unlock);
    }
}

/* ---- taken away ----------------------------------------------------------------------------- */

static const char *file, *aside;

static void put_back(void)
{
    CHECK_INT(rename(aside, file), 0);
}

static void a_file_that_is_gone_fails_the_request_and_is_not_made_anew(void)
{
    fault_school("gone.db", "journal_mode=delete");
    CHECK(!fault_run(fault_request, NULL));
    (void)fault_check_whole();
    file = fixture_path("gone.db");
    aside = nu_fmt("{}.aside", file).ptr;
    nu__databases_close();
    nu__databases_require_files(true);
    CHECK_INT(rename(file, aside), 0);
    CHECK(fault_run(fault_request, NULL) != NULL);
    CHECK(access(file, F_OK) != 0);
    put_back();
    nu__databases_close();
    CHECK_INT(fault_check_whole(), 1);
    CHECK(!fault_run(fault_request, NULL));
    CHECK_INT(fault_check_whole(), 2);
    nu__databases_require_files(false);
}

/* The handle still has the file that lost its name: what it writes is in there, whole, and is found
   again with it. */
static void a_file_renamed_under_an_open_connection_keeps_what_is_written(void)
{
    const nu_error *error;

    fault_school("renamed.db", "journal_mode=wal");
    CHECK(!fault_run(fault_request, NULL));
    file = fixture_path("renamed.db");
    aside = nu_fmt("{}.aside", file).ptr;
    CHECK_INT(rename(file, aside), 0);
    error = fault_run(fault_request, NULL);
    put_back();
    nu__databases_close();
    CHECK_INT(fault_check_whole(), error ? 1 : 2);
    CHECK(!fault_run(fault_request, NULL));
}

/* ---- damaged -------------------------------------------------------------------------------- */

enum { PAGE = 4096, PAGES = 64 };
static char whole[PAGES * PAGE];
static ssize_t whole_size;

static void restore(void)
{
    int fd;

    nu__databases_close();
    fd = open(file, O_WRONLY);
    CHECK(pwrite(fd, whole, (size_t)whole_size, 0) == whole_size);
    close(fd);
}

/* The pages behind the first, which has the schema, become noise. */
static void damage(void)
{
    int fd = open(file, O_RDWR);
    char noise[PAGE];

    memset(noise, 0x5a, sizeof noise);
    whole_size = pread(fd, whole, sizeof whole, 0);
    CHECK(whole_size > 2 * PAGE && whole_size < (ssize_t)sizeof whole);
    for (off_t at = PAGE; at < whole_size; at += PAGE)
        CHECK(pwrite(fd, noise, sizeof noise, at) == (ssize_t)sizeof noise);
    close(fd);
}

static void check_damage(void)
{
    const nu_error *error;

    damage();
    error = fault_run(fault_request, NULL);
    CHECK(error && nu_error_is_a(error->klass, NU_DATABASE_ERROR));
    restore();
}

static void a_damaged_page_fails_the_request_and_writes_nothing(void)
{
    fault_school("page.db", "journal_mode=delete");
    CHECK(!fault_run(fault_request, NULL));
    CHECK_INT(fault_check_whole(), 1);
    file = fixture_path("page.db");
    nu__databases_close();
    fault_commits = 0;
    check_damage();
    CHECK_INT(fault_commits, 0);
    CHECK_INT(fault_check_whole(), 1);
    CHECK(!fault_run(fault_request, NULL));
    CHECK_INT(fault_check_whole(), 2);
}

HARNESS_IN_FIBER(a_locked_file_fails_the_request_alone,
                 a_file_that_is_gone_fails_the_request_and_is_not_made_anew,
                 a_file_renamed_under_an_open_connection_keeps_what_is_written,
                 a_damaged_page_fails_the_request_and_writes_nothing)
