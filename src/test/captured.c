#include "test/captured.h"

#include <errno.h>
#include <nuages/logging.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_OUTPUT = 1 << 16, MOST_STATEMENTS = 1 << 20 };

/* ---- files ----------------------------------------------------------------------------------- */

static int open_file(bool wanted)
{
    int file = wanted ? memfd_create("test", MFD_CLOEXEC) : -1;

    if (wanted && file < 0)
        nu_raise(NU_OS_ERROR, "no file for what the tests tell: {}", (const char *)strerror(errno));
    return file;
}

nu__captured nu__captured_open(const nu__test_options *options)
{
    return (nu__captured){ open_file(options->buffer), open_file(options->debug_sql) };
}

void nu__captured_close(nu__captured captured)
{
    if (captured.output >= 0)
        close(captured.output);
    if (captured.statements >= 0)
        close(captured.statements);
}

static void empty(int file)
{
    if (file >= 0 && (ftruncate(file, 0) || lseek(file, 0, SEEK_SET)))
        nu_warning("the file of what the tests tell can't be emptied: {}",
                   (const char *)strerror(errno));
}

/* Null where there is no file, or nothing in it. */
static nu_str text_of(int file, off_t most)
{
    struct stat about;
    char *text;
    ssize_t n;

    if (file < 0 || fstat(file, &about) || about.st_size <= 0)
        return (nu_str){ 0 };
    if (about.st_size > most)
        about.st_size = most;
    text = nu_alloc_((size_t)about.st_size + 1, 1);
    n = pread(file, text, (size_t)about.st_size, 0);
    return (nu_str){ text, n > 0 ? (size_t)n : 0 };
}

/* ---- in the worker --------------------------------------------------------------------------- */

void nu__captured_redirect(nu__captured captured)
{
    if (captured.output < 0)
        return;
    dup2(captured.output, STDOUT_FILENO);
    dup2(captured.output, STDERR_FILENO);
}

void nu__captured_begin(nu__captured captured)
{
    empty(captured.output);
    empty(captured.statements);
    if (captured.statements >= 0)
        nu__sql_log_begin(captured.statements, MOST_STATEMENTS);
}

void nu__captured_end(nu__captured captured)
{
    if (captured.statements >= 0)
        nu__sql_log_end();
    fflush(stdout);
}

/* ---- of a test that has ended ---------------------------------------------------------------- */

nu_str nu__captured_told(nu__captured captured, nu_str told, nu__outcome outcome)
{
    bool failed = nu__outcome_is_bad(outcome);
    nu_str output = failed ? text_of(captured.output, MOST_OUTPUT) : (nu_str){ 0 };
    nu_str statements = text_of(captured.statements, MOST_STATEMENTS);

    if (output.len)
        told = nu_fmt("{}\nOutput:\n{}", told, output);
    if (!statements.len || outcome == NU__TEST_SKIPPED)
        return told;
    return told.len ? nu_fmt("{}\nStatements:\n{}", told, statements) : statements;
}
