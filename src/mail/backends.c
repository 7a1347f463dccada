/* Mail to where a developer looks: the console, files; and nowhere. */
#include "mail/mail.h"

#include "core/text.h"
#include "core/time.h"
#include "loop/pool.h"
#include "utils/crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nuages/logging.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct writing {
    const char *path; /* NULL: standard output */
    nu_str bytes;
    int error;
} writing;

static void write_out(void *arg)
{
    writing *job = arg;
    int fd = job->path ? open(job->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600)
                       : STDOUT_FILENO;
    size_t done = 0;

    if (fd < 0)
        job->error = errno;
    while (!job->error && done < job->bytes.len) {
        ssize_t n = write(fd, job->bytes.ptr + done, job->bytes.len - done);

        if (n < 0 && errno != EINTR)
            job->error = errno;
        done += n > 0 ? (size_t)n : 0;
    }
    if (job->path && fd >= 0 && close(fd) != 0 && !job->error)
        job->error = errno;
}

/* The messages, each with a line of dashes behind it. */
static nu_str all_of(nu_email *const *emails, size_t n)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < n; i++) {
        nu__buf_str_add(&out, nu_email_as_text(emails[i]));
        nu__buf_char(&out, '\n');
        nu__buf_fill(&out, '-', 79);
        nu__buf_char(&out, '\n');
    }
    return nu__buf_str(&out);
}

static int64_t written(writing *job, size_t n, const nu_mail_options *options)
{
    nu_str where = job->path ? nu_s(job->path) : S("standard output");

    fflush(stdout);
    nu__pool_run(write_out, job);
    if (!job->error)
        return (int64_t)n;
    if (!options->fail_silently)
        nu_raise(NU_OS_ERROR, "mail could not be written to {}: {}", where, strerror(job->error));
    nu_warning("mail could not be written to {}: {}", where, strerror(job->error));
    return 0;
}

/* ---- console --------------------------------------------------------------------------------- */

static int64_t to_console(nu_email *const *emails, size_t n, const nu_mail_options *options)
{
    writing job = { .bytes = all_of(emails, n) };

    return written(&job, n, options);
}

const nu_mail_backend nu__mail_console = { "console", to_console };

/* ---- files ----------------------------------------------------------------------------------- */

typedef struct making {
    char path[PATH_MAX];
    int error;
} making;

/* os.makedirs() */
static void make_folder(void *arg)
{
    making *job = arg;

    for (char *at = job->path + 1; !job->error; at++) {
        char c = *at;

        if (c && c != '/')
            continue;
        *at = 0;
        if (mkdir(job->path, 0777) != 0 && errno != EEXIST)
            job->error = errno;
        *at = c;
        if (!c)
            break;
    }
    struct stat about;

    if (!job->error && (stat(job->path, &about) != 0 || !S_ISDIR(about.st_mode)))
        job->error = ENOTDIR;
    if (!job->error && access(job->path, W_OK) != 0)
        job->error = errno;
}

static void folder_required(nu_str path)
{
    making job = { 0 };

    if (path.len >= sizeof job.path)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "EMAIL_FILE_PATH is longer than {} bytes.",
                 (int64_t)sizeof job.path - 1);
    memcpy(job.path, path.ptr, path.len);
    nu__pool_run(make_folder, &job);
    if (job.error == ENOTDIR)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "Path for saving email messages exists, but is not a directory: {}", path);
    if (job.error)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "Could not create directory for saving email messages: {} ({})", path,
                 strerror(job.error));
}

static nu_str new_file_name(nu_str folder)
{
    nu__moment now = nu__moment_at(nu_now(), nu_timezone_default());

    return nu_fmt("{}/{:04}{:02}{:02}-{:02}{:02}{:02}-{}.log", folder, (int64_t)now.year,
                  (int64_t)now.month, (int64_t)now.day, (int64_t)now.hour, (int64_t)now.minute,
                  (int64_t)now.second, nu__get_random_string(15, "0123456789"));
}

static int64_t to_file(nu_email *const *emails, size_t n, const nu_mail_options *options)
{
    writing job = { .bytes = all_of(emails, n) };

    folder_required(nu__mail.file_path);
    job.path = new_file_name(nu__mail.file_path).ptr;
    return written(&job, n, options);
}

const nu_mail_backend nu__mail_file = { "file", to_file };

/* ---- nowhere --------------------------------------------------------------------------------- */

static int64_t to_nowhere(nu_email *const *emails, size_t n, const nu_mail_options *options)
{
    (void)emails;
    (void)options;
    return (int64_t)n;
}

const nu_mail_backend nu__mail_dummy = { "dummy", to_nowhere };
