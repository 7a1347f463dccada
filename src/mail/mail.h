/**
 * @file
 * The inside of mail: settings, backends, messages as MIME.
 *
 *   nu_send_mail() -> nu_email -> backend (EMAIL_BACKEND, EMAIL_URL)
 *                                   mime.c: nu__email_bytes()
 *                                     header.c, addresses.c   headers
 *                                     body.c                  7bit, 8bit, quoted-printable, base64
 */
#pragma once
#include <nuages/mail.h>

#include "core/buf.h"

/* What of the settings the backends need, EMAIL_URL taken apart. */
typedef struct nu__mail_config {
    const nu_mail_backend *backend;
    nu_str host, user, password, file_path, certfile, keyfile;
    int64_t port;
    double timeout; /* seconds; 0: none */
    bool use_tls;   /* STARTTLS */
    bool use_ssl;   /* TLS from the start */
} nu__mail_config;
extern nu__mail_config nu__mail;

/* Read the settings. Raises ImproperlyConfigured for a backend or a URL that is none. */
void nu__mail_setup(void);
/* Into memory from now on, whatever the settings say: for tests. */
void nu__mail_use_locmem(void);

/* The message with lines ended by `line_end`. */
nu_str nu__email_bytes(const nu_email *email, const char *line_end);
/* The host's own name, looked up once; Date, of the clock; a Message-ID that no other has. Yield.
 */
nu_str nu__mail_host_name(void);
nu_str nu__mail_date(void);
nu_str nu__mail_message_id(void);

extern const nu_mail_backend nu__mail_smtp, nu__mail_console, nu__mail_file, nu__mail_locmem,
    nu__mail_dummy;

/* What the locmem backend has taken, since it was emptied. */
size_t nu__mail_outbox_len(void);
const nu_email *nu__mail_outbox_at(size_t i);
void nu__mail_outbox_clear(void);

/* ---- bodies ---------------------------------------------------------------------------------- */

/* "7bit", "8bit" or "quoted-printable", by the lines of the text. */
const char *nu__text_encoding(nu_str text);
void nu__quoted_printable_to(nu__buf *out, nu_str text);
/* Lines of 76. */
void nu__base64_lines_to(nu__buf *out, nu_str bytes);
