/* The backend that hands mail to a server. Django: django.core.mail.backends.smtp */
#include "mail/smtp.h"

#include "core/text.h"
#include "mail/addresses.h"

#include <nuages/logging.h>

enum { READY = 220, DONE = 250, FORWARDED = 251, GO_ON = 354 };

/* ---- greeting -------------------------------------------------------------------------------- */

bool nu__smtp_offers(const nu__smtp *smtp, const char *name, nu_str *rest)
{
    nu_str word = nu_s(name);

    for (size_t i = 0; i < nu_list_len(smtp->extensions); i++) {
        nu_str line = nu_at(smtp->extensions, i).s;

        if (!nu_starts_with(line, word) || (line.len > word.len && line.ptr[word.len] != ' '))
            continue;
        *rest = nu_trim(nu__sub(line, word.len, line.len));
        return true;
    }
    return false;
}

static void greet(nu__smtp *smtp)
{
    nu_str name = nu__mail_host_name();
    nu__smtp_reply reply = nu__smtp_command(smtp, nu_fmt("EHLO {}", name));

    smtp->extensions = nu_list_new();
    if (reply.code == DONE)
        smtp->extensions = nu__split(nu_upper(reply.text), S("\n"));
    else
        reply = nu__smtp_command(smtp, nu_fmt("HELO {}", name));
    if (reply.code != DONE)
        nu_raise(NU_SMTP_HELO_ERROR, "{}: ({}, {!r})", smtp->address, (int64_t)reply.code,
                 reply.text);
}

/* What came in the clear behind the answer was not the server's to say: an attacker's, who wants
   it taken for what TLS protects (CVE-2011-0411). */
static void start_tls(nu__smtp *smtp)
{
    nu_str rest;
    nu__smtp_reply reply;

    if (!nu__smtp_offers(smtp, "STARTTLS", &rest))
        nu_raise(NU_SMTP_NOT_SUPPORTED_ERROR,
                 "{}: STARTTLS extension not supported by server. Nothing was sent, since "
                 "EMAIL_USE_TLS asks for TLS.",
                 smtp->address);
    reply = nu__smtp_command(smtp, S("STARTTLS"));
    if (reply.code != READY)
        nu_raise(NU_SMTP_RESPONSE_EXCEPTION, "{}: ({}, {!r})", smtp->address, (int64_t)reply.code,
                 reply.text);
    if (smtp->at != smtp->len)
        nu_raise(NU_SMTP_RESPONSE_EXCEPTION,
                 "{} sent more in the clear after its answer to STARTTLS; nothing was sent.",
                 smtp->address);
    nu__smtp_secure(smtp, nu__mail.host);
    greet(smtp);
}

static void open_connection(nu__smtp *smtp, const nu_mail_options *options)
{
    nu_str user = options->user.ptr ? options->user : nu__mail.user;
    nu_str password = options->password.ptr ? options->password : nu__mail.password;
    nu__smtp_reply reply;

    nu__smtp_connect(smtp, nu__mail.host, nu__mail.port, nu__mail.timeout);
    if (nu__mail.use_ssl)
        nu__smtp_secure(smtp, nu__mail.host);
    reply = nu__smtp_reply_read(smtp);
    if (reply.code != READY)
        nu_raise(NU_SMTP_CONNECT_ERROR, "{}: ({}, {!r})", smtp->address, (int64_t)reply.code,
                 reply.text);
    greet(smtp);
    if (nu__mail.use_tls)
        start_tls(smtp);
    if (user.len && password.len)
        nu__smtp_login(smtp, user, password);
}

/* ---- a message ------------------------------------------------------------------------------- */

/* A message that failed leaves the connection as it was before it. */
static void reset(nu__smtp *smtp)
{
    const nu_error *error = nu_catch(NU_EXCEPTION, nu__smtp_command(smtp, S("RSET")));

    if (error)
        nu_debug("{}: RSET: {}", smtp->address, error->message);
}

static void mail_from(nu__smtp *smtp, nu_str from, nu_str bytes)
{
    nu_str rest;
    nu_str size = nu__smtp_offers(smtp, "SIZE", &rest) ? nu_fmt(" size={}", bytes.len) : S("");
    bool eight = !nu__is_ascii(bytes) && nu__smtp_offers(smtp, "8BITMIME", &rest);
    nu__smtp_reply reply = nu__smtp_command(
        smtp, nu_fmt("MAIL FROM:<{}>{}{}", from, size, eight ? " body=8BITMIME" : ""));

    if (reply.code == DONE)
        return;
    reset(smtp);
    nu_raise(NU_SMTP_SENDER_REFUSED, "{}: ({}, {!r}, {!r})", smtp->address, (int64_t)reply.code,
             reply.text, from);
}

/* Those that the server takes get the message; it is refused where it takes none. */
static void rcpt_to(nu__smtp *smtp, nu_list *recipients)
{
    nu_list *refused = nu_list_new();
    nu_str all;

    for (size_t i = 0; i < nu_list_len(recipients); i++) {
        nu_str to = nu_at(recipients, i).s;
        nu__smtp_reply reply = nu__smtp_command(smtp, nu_fmt("RCPT TO:<{}>", to));

        if (reply.code != DONE && reply.code != FORWARDED)
            nu_list_append(refused,
                           nu_fmt("{!r}: ({}, {!r})", to, (int64_t)reply.code, reply.text));
    }
    if (!nu_list_len(refused))
        return;
    all = nu_join(S(", "), refused);
    if (nu_list_len(refused) < nu_list_len(recipients)) {
        nu_warning("{} refused some recipients of a mail: {}", smtp->address, all);
        return;
    }
    reset(smtp);
    nu_raise(NU_SMTP_RECIPIENTS_REFUSED, "{}: {{{}}}", smtp->address, all);
}

/* A line that begins with a point gets another, and a point alone is the end. */
static nu_str stuffed(nu_str bytes)
{
    nu__buf out = { 0 };
    bool line_begins = true;

    for (size_t i = 0; i < bytes.len; i++) {
        if (line_begins && bytes.ptr[i] == '.')
            nu__buf_char(&out, '.');
        nu__buf_char(&out, bytes.ptr[i]);
        line_begins = bytes.ptr[i] == '\n';
    }
    nu__buf_str_add(&out, line_begins ? S(".\r\n") : S("\r\n.\r\n"));
    return nu__buf_str(&out);
}

static void data(nu__smtp *smtp, nu_str bytes)
{
    nu__smtp_reply reply = nu__smtp_command(smtp, S("DATA"));

    if (reply.code == GO_ON) {
        nu__smtp_write(smtp, stuffed(bytes));
        reply = nu__smtp_reply_read(smtp);
        if (reply.code == DONE)
            return;
    }
    reset(smtp);
    nu_raise(NU_SMTP_DATA_ERROR, "{}: ({}, {!r})", smtp->address, (int64_t)reply.code, reply.text);
}

static void send_one(nu__smtp *smtp, const nu_email *email, nu_list *recipients)
{
    nu_str from = nu__address_bare(email->from_email), bytes;
    nu_list *bare = nu_list_new();

    for (size_t i = 0; i < nu_list_len(recipients); i++)
        nu_list_append(bare, nu__address_bare(nu_at(recipients, i).s));
    bytes = nu__email_bytes(email, "\r\n");
    mail_from(smtp, from, bytes);
    rcpt_to(smtp, bare);
    data(smtp, bytes);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static void close_connection(void *smtp)
{
    nu__smtp_close(smtp);
}

/* The server may be gone: what it was given it has. */
static void quit(nu__smtp *smtp)
{
    const nu_error *error = nu_catch(NU_OS_ERROR, nu__smtp_command(smtp, S("QUIT")));

    if (error)
        nu_debug("{}: QUIT: {}", smtp->address, error->message);
}

/* true: sent. Without fail_silently what goes wrong is raised. */
static bool sent(nu__smtp *smtp, const nu_email *email, const nu_mail_options *options)
{
    nu_list *recipients = nu_email_recipients(email);
    const nu_error *error;

    if (!nu_list_len(recipients))
        return false;
    error = nu_catch(NU_SMTP_EXCEPTION, send_one(smtp, email, recipients));
    if (error && !options->fail_silently)
        nu_reraise(error);
    if (error)
        nu_warning("a mail was not sent: {}: {}", nu_error_class_name(error->klass),
                   error->message);
    return !error;
}

static int64_t send_all(nu__smtp *smtp, nu_email *const *emails, size_t n,
                        const nu_mail_options *options)
{
    int64_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += sent(smtp, emails[i], options);
    quit(smtp);
    return count;
}

static int64_t send_messages(nu_email *const *emails, size_t n, const nu_mail_options *options)
{
    nu__smtp *smtp = nu_alloc(nu__smtp);
    const nu_error *error;

    nu_defer(close_connection, smtp);
    error = nu_catch(NU_OS_ERROR, open_connection(smtp, options));
    if (error && !options->fail_silently)
        nu_reraise(error);
    if (error) {
        nu_warning("mail was not sent: {}: {}", nu_error_class_name(error->klass), error->message);
        return 0;
    }
    return send_all(smtp, emails, n, options);
}

const nu_mail_backend nu__mail_smtp = { "smtp", send_messages };
