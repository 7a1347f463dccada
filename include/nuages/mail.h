/**
 * @file
 * Sending mail, as django.core.mail.
 *
 *     nu_send_mail(.to = { "ada@example.com" }, .subject = "Welcome",
 *                  .template = "registry/welcome.txt", .context = NU_VARS(("student", student)));
 *
 * EMAIL_BACKEND says how: by SMTP, to the console, into files, into memory (tests), not at all.
 * Texts are UTF-8. A header with a line break in it is refused with BadHeaderError, so that what a
 * visitor typed can't add recipients.
 *
 * Where mail goes over a network the fiber waits and others run; nothing blocks the worker.
 * Counterpart: django.core.mail.
 */
#pragma once
#include <nuages/errors.h>

typedef struct nu_email nu_email;

/* A file that goes with a message. `content` is text or bytes. */
typedef struct nu_attachment {
    nu_str filename; /* null: none */
    nu_str content;
    nu_str mimetype;         /* "image/png" */
    const nu_email *message; /* instead of content: a message, as message/rfc822 */
} nu_attachment;

/* The same text in another form: ("<p>Hello</p>", "text/html"). */
typedef struct nu_alternative {
    nu_str content, mimetype;
} nu_alternative;

/**
 * A message. Its members may be changed until it is sent. It lies in the fiber's arena, and its
 * texts are borrowed. Django: EmailMessage, EmailMultiAlternatives
 */
struct nu_email {
    nu_str subject, body;
    nu_str from_email;
    nu_list *to, *cc, *bcc, *reply_to; /* of texts: "ada@example.com", "Ada <ada@example.com>" */
    nu_dict *headers;            /* further ones: nu_dict_set(email->headers, "X-Tag", "invoice") */
    const char *content_subtype; /* of the body: "plain", "html" */
    nu_attachment *attachments;
    nu_alternative *alternatives;
    size_t n_attachments, n_alternatives;
};

/* What nu_send_mail() and nu_email_message() take. */
typedef struct nu_mail {
    NU_NAMED_ONLY;
    const char *to[32], *cc[16], *bcc[16], *reply_to[8];
    const char *subject;
    const char *from;     /* DEFAULT_FROM_EMAIL */
    nu_str body;          /* the text, or … */
    const char *template; /* … the template that gives it. HTML is not escaped in a .txt */
    nu_str html_body;     /* the same as HTML, an alternative */
    const char *html_template;
    const nu_var *context; /* of the templates: NU_VARS(("student", student)) */
    const nu_var *headers; /* NU_VARS(("X-Tag", "invoice")) */
    bool fail_silently;    /* log a failure of the transport instead of raising it */
    const char *auth_user, *auth_password; /* EMAIL_HOST_USER, EMAIL_HOST_PASSWORD */
} nu_mail;

/**
 * Write a message and send it.
 *
 * @return  how many were sent: 1; 0 without recipients, or where it failed silently
 * @raises  BadHeaderError, ValueError for what is no address; SMTPException and those below it,
 *          ConnectionError, TimeoutError unless .fail_silently; what templates raise
 * Yields.   Django: send_mail()
 */
#define nu_send_mail(...) nu_send_mail_(&(const nu_mail){ __VA_ARGS__ })
int64_t nu_send_mail_(const nu_mail *mail);

/**
 * A message that is not sent yet, of the same options.
 * Raises as templates do. Yields: where templates do.   Django: EmailMultiAlternatives()
 */
#define nu_email_message(...) nu_email_message_(&(const nu_mail){ __VA_ARGS__ })
nu_email *nu_email_message_(const nu_mail *mail);

/**
 * Attach a file. Without a type (NULL) its name tells; text that is no UTF-8 becomes
 * application/octet-stream. `content` is borrowed. Raises ValueError for a type without a slash.
 * Django: EmailMessage.attach()
 */
void nu_email_attach(nu_email *email, const char *filename, nu_str content, const char *mimetype);
/** Attach a file of the disk, under its own name. Raises OSError. Yields. Django: attach_file() */
void nu_email_attach_file(nu_email *email, const char *path, const char *mimetype);
/** Attach a message, as message/rfc822. */
void nu_email_attach_message(nu_email *email, const nu_email *message);
/** Django: EmailMultiAlternatives.attach_alternative() */
void nu_email_attach_alternative(nu_email *email, nu_str content, const char *mimetype);

/** Everyone it goes to: to, cc and bcc. Django: EmailMessage.recipients() */
nu_list *nu_email_recipients(const nu_email *email);
/** The text is in the body and in each text alternative. Django: body_contains() */
bool nu_email_body_contains(const nu_email *email, nu_str text);

/**
 * The message as it goes over the wire (MIME), lines ended by "\n". Without a Date and a Message-ID
 * among its headers it gets new ones each time. In the fiber's arena.
 * Raises BadHeaderError, ValueError. Yields: once, for the host's name. Django: message()
 */
nu_str nu_email_as_text(const nu_email *email);

/** Send it. As nu_send_mail(). Django: EmailMessage.send() */
int64_t nu_email_send(nu_email *email);
/** Send several over one connection. Django: send_mass_mail(), connection.send_messages() */
int64_t nu_send_messages(nu_email *const *emails, size_t n);
#define nu_send_mass_mail(...)                                                                     \
    ({                                                                                             \
        nu_email *const nu__mails[] = { __VA_ARGS__ };                                             \
        nu_send_messages(nu__mails, sizeof nu__mails / sizeof *nu__mails);                         \
    })

/**
 * Write to ADMINS, or MANAGERS, from SERVER_EMAIL; EMAIL_SUBJECT_PREFIX goes before the subject.
 * Nothing is sent where the setting is empty. `html` may be null.
 * Raises and yields as nu_send_mail().   Django: mail_admins(), mail_managers()
 */
void nu_mail_admins(nu_str subject, nu_str message, nu_str html);
void nu_mail_managers(nu_str subject, nu_str message, nu_str html);

/* ---- backends -------------------------------------------------------------------------------- */

/* How one sending differs from the settings. */
typedef struct nu_mail_options {
    bool fail_silently;
    nu_str user, password; /* null: the settings' */
} nu_mail_options;

/**
 * A way to send. Those of Nuages: "smtp", "console", "file", "locmem", "dummy"; a site lists its
 * own in `.email_backends` and names one in EMAIL_BACKEND.
 */
typedef struct nu_mail_backend {
    const char *name;
    /* How many were sent. Raises what goes wrong, unless options->fail_silently. */
    int64_t (*send_messages)(nu_email *const *emails, size_t n, const nu_mail_options *options);
} nu_mail_backend;
