/* The shortcuts: what writes a message and hands it to the backend. */
#include "mail/mail.h"

#include "conf/settings.h"
#include "core/arena.h"
#include "loop/pool.h"
#include "template/template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- writing --------------------------------------------------------------------------------- */

static nu_list *listed(const char *const *texts, size_t most)
{
    nu_list *list = nu_list_new();

    for (size_t i = 0; i < most && texts[i]; i++)
        nu_list_append(list, nu_copy_cstr(texts[i]));
    return list;
}
#define LISTED(member) listed(mail->member, sizeof mail->member / sizeof *mail->member)

static bool is_html(nu_str name)
{
    return nu_ends_with(name, S(".html")) || nu_ends_with(name, S(".htm"));
}

static nu_str rendered(const char *name, const nu_var *context)
{
    nu__buf out = { 0 };
    nu__render_options options = { .dict = nu_dict_of(context ? context : NU_VARS()),
                                   .autoescape_off = !is_html(nu_s(name)) };

    nu__template_render_with(nu__template_get(nu_s(name)), &options, &out);
    return nu__buf_str(&out);
}

static nu_str or_rendered(nu_str text, const char *name, const nu_var *context)
{
    return !text.ptr && name ? rendered(name, context) : text;
}

nu_email *nu_email_message_(const nu_mail *mail)
{
    nu_email *email = nu_alloc(nu_email);
    nu_str html = or_rendered(mail->html_body, mail->html_template, mail->context);

    email->subject = nu_copy(nu_s(mail->subject ? mail->subject : ""));
    email->body = or_rendered(mail->body, mail->template, mail->context);
    if (!email->body.ptr)
        email->body = S("");
    email->from_email = nu_copy(mail->from ? nu_s(mail->from) : nu__settings.default_from_email);
    email->to = LISTED(to);
    email->cc = LISTED(cc);
    email->bcc = LISTED(bcc);
    email->reply_to = LISTED(reply_to);
    email->headers = mail->headers ? nu_dict_of(mail->headers) : nu_dict_new();
    email->content_subtype = "plain";
    if (html.len)
        nu_email_attach_alternative(email, html, "text/html");
    return email;
}

/* ---- files ----------------------------------------------------------------------------------- */

typedef struct reading {
    const char *path;
    char *bytes; /* malloc'd */
    size_t len;
    int error;
} reading;

enum { MAX_FILE = 64 << 20 };

static void read_all(reading *job, int fd, size_t size)
{
    ssize_t n = 1;

    job->bytes = malloc(size + 1);
    if (!job->bytes)
        job->error = ENOMEM;
    while (!job->error && job->len < size && n > 0) {
        n = read(fd, job->bytes + job->len, size - job->len);
        if (n < 0 && errno != EINTR)
            job->error = errno;
        job->len += n > 0 ? (size_t)n : 0;
        n = n < 0 && errno == EINTR ? 1 : n;
    }
}

static void read_file(void *arg)
{
    reading *job = arg;
    struct stat about;
    int fd = open(job->path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &about) != 0)
        job->error = errno;
    else if (!S_ISREG(about.st_mode))
        job->error = EISDIR;
    else if (about.st_size > MAX_FILE)
        job->error = EFBIG;
    else
        read_all(job, fd, (size_t)about.st_size);
    if (fd >= 0)
        close(fd);
}

void nu_email_attach_file(nu_email *email, const char *path, const char *mimetype)
{
    reading job = { .path = path };
    const char *slash = strrchr(path, '/');

    nu__pool_run(read_file, &job);
    nu_defer(free, job.bytes);
    if (job.error)
        nu_raise(NU_OS_ERROR, "{}, which a mail was to carry: {}", path, strerror(job.error));
    nu_email_attach(email, nu_copy_cstr(slash ? slash + 1 : path).ptr,
                    nu_copy((nu_str){ job.bytes, job.len }), mimetype);
}

/* ---- sending --------------------------------------------------------------------------------- */

static int64_t hand_over(nu_email *const *emails, size_t n, const nu_mail_options *options)
{
    return nu__mail.backend->send_messages(emails, n, options);
}

int64_t nu_send_messages(nu_email *const *emails, size_t n)
{
    return n ? hand_over(emails, n, &(const nu_mail_options){ 0 }) : 0;
}

int64_t nu_email_send(nu_email *email)
{
    return nu_list_len(nu_email_recipients(email)) ? nu_send_messages(&email, 1) : 0;
}

int64_t nu_send_mail_(const nu_mail *mail)
{
    nu_email *email = nu_email_message_(mail);
    nu_mail_options options = { mail->fail_silently, nu_s(mail->auth_user),
                                nu_s(mail->auth_password) };

    return nu_list_len(nu_email_recipients(email)) ? hand_over(&email, 1, &options) : 0;
}

/* ---- admins and managers --------------------------------------------------------------------- */

static void mail_to(const nu__conf_list *list, nu_str subject, nu_str message, nu_str html)
{
    nu_email *email;

    if (!list->len)
        return;
    email = nu_email_message(.body = message.ptr ? message : S(""), .html_body = html);
    email->subject = nu_fmt("{}{}", nu__settings.email_subject_prefix, subject);
    email->from_email = nu_copy(nu__settings.server_email);
    for (size_t i = 0; i < list->len; i++)
        nu_list_append(email->to, nu_copy(list->items[i]));
    nu_email_send(email);
}

void nu_mail_admins(nu_str subject, nu_str message, nu_str html)
{
    mail_to(&nu__settings.admins, subject, message, html);
}

void nu_mail_managers(nu_str subject, nu_str message, nu_str html)
{
    mail_to(&nu__settings.managers, subject, message, html);
}
