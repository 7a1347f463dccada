/**
 * @file
 * The inside of the SMTP backend (RFC 5321).
 *
 *   smtp.c        connect, EHLO, STARTTLS, MAIL, RCPT, DATA, QUIT
 *   smtp_auth.c   AUTH: CRAM-MD5, PLAIN, LOGIN
 *   smtp_wire.c   lines and replies over a socket, through TLS where it is on
 *
 * All of it waits on the loop: the worker serves others meanwhile.
 */
#pragma once
#include "loop/socket.h"
#include "mail/mail.h"

#include <openssl/ssl.h>

typedef struct nu__smtp {
    nu__socket *socket;
    nu_str address; /* "host:port", for messages */
    SSL *ssl;       /* NULL: in the clear */
    char in[4096];
    size_t at, len;      /* of what was read and not yet taken */
    nu_list *extensions; /* lines of the answer to EHLO, upper case */
} nu__smtp;

/* A server's answer: its code and its lines, joined by "\n". */
typedef struct nu__smtp_reply {
    int code;
    nu_str text;
} nu__smtp_reply;

/* Raise NU_TIMEOUT, NU_CONNECTION_ERROR, SMTPServerDisconnected. All yield. */
void nu__smtp_connect(nu__smtp *smtp, nu_str host, int64_t port, double timeout);
/* TLS from here on; the certificate must be the host's. Raises ConnectionError. */
void nu__smtp_secure(nu__smtp *smtp, nu_str host);
void nu__smtp_close(nu__smtp *smtp);
nu__smtp_reply nu__smtp_reply_read(nu__smtp *smtp);
/* A line and its answer. Raises ValueError for line breaks in it. */
nu__smtp_reply nu__smtp_command(nu__smtp *smtp, nu_str line);
void nu__smtp_write(nu__smtp *smtp, nu_str bytes);

/* What follows the name of an extension in the answer to EHLO; false where it was not offered. */
bool nu__smtp_offers(const nu__smtp *smtp, const char *name, nu_str *rest);
/* Raises SMTPAuthenticationError, SMTPNotSupportedError. */
void nu__smtp_login(nu__smtp *smtp, nu_str user, nu_str password);
