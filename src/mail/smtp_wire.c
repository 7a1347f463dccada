/* Lines and replies, through TLS where it is on.
 *
 *   write: bytes -> SSL -> memory BIO -> socket
 *   read:  socket -> memory BIO -> SSL -> in[] -> a line
 *
 * OpenSSL never sees the socket, so that all waiting is the fiber's. What burns CPU or reads
 * certificates from the disk runs on the pool. */
#include "mail/smtp.h"

#include "core/context.h"
#include "core/text.h"
#include "loop/pool.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { MAX_LINE = 8192, MAX_LINES = 256 };

/* ---- the socket ------------------------------------------------------------------------------ */

void nu__smtp_connect(nu__smtp *smtp, nu_str host, int64_t port, double timeout)
{
    bool v6 = host.len && memchr(host.ptr, ':', host.len);

    smtp->address = v6 ? nu_fmt("[{}]:{}", host, port) : nu_fmt("{}:{}", host, port);
    smtp->socket = nu__socket_connect(smtp->address, timeout);
    nu__socket_set_timeout(smtp->socket, timeout);
}

void nu__smtp_close(nu__smtp *smtp)
{
    SSL_free(smtp->ssl);
    smtp->ssl = NULL;
    if (smtp->socket)
        nu__socket_close(smtp->socket);
    smtp->socket = NULL;
}

static NU_NORETURN void disconnected(nu__smtp *smtp)
{
    nu_raise(NU_SMTP_SERVER_DISCONNECTED, "{}: Connection unexpectedly closed", smtp->address);
}

/* ---- TLS ------------------------------------------------------------------------------------- */

static nu_str tls_reason(void)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;

    ERR_clear_error();
    return nu_copy_cstr(reason ? reason : "unknown error");
}

/* What OpenSSL wants to say. */
static void flush_tls(nu__smtp *smtp)
{
    char out[4096];
    int n;

    while ((n = BIO_read(SSL_get_wbio(smtp->ssl), out, sizeof out)) > 0)
        nu__socket_write(smtp->socket, out, (size_t)n);
}

/* false: the server has closed. */
static bool fill_tls(nu__smtp *smtp)
{
    char in[4096];
    size_t n = nu__socket_read(smtp->socket, in, sizeof in);

    if (n && BIO_write(SSL_get_rbio(smtp->ssl), in, (int)n) != (int)n)
        nu_raise(NU_MEMORY_ERROR, "out of memory for TLS with {}", smtp->address);
    return n > 0;
}

typedef struct opening {
    const nu__mail_config *config;
    SSL *ssl;
    unsigned long error;
    int result;
} opening;

static SSL_CTX *context_of(const nu__mail_config *config)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    bool good = context && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) &&
                SSL_CTX_set_default_verify_paths(context);

    if (good && config->certfile.len)
        good = SSL_CTX_use_certificate_chain_file(context, config->certfile.ptr) == 1 &&
               SSL_CTX_use_PrivateKey_file(
                   context, config->keyfile.len ? config->keyfile.ptr : config->certfile.ptr,
                   SSL_FILETYPE_PEM) == 1;
    if (good)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    if (!good)
        SSL_CTX_free(context);
    return good ? context : NULL;
}

static void open_tls(void *arg)
{
    opening *job = arg;
    SSL_CTX *context;
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

    ERR_clear_error();
    context = context_of(job->config);
    job->ssl = context ? SSL_new(context) : NULL;
    SSL_CTX_free(context);
    if (job->ssl && in && out) {
        SSL_set_bio(job->ssl, in, out);
        SSL_set_connect_state(job->ssl);
        return;
    }
    job->error = ERR_peek_last_error();
    BIO_free(in);
    BIO_free(out);
    SSL_free(job->ssl);
    job->ssl = NULL;
}

static void shake_hands(void *arg)
{
    opening *job = arg;

    ERR_clear_error();
    job->result = SSL_get_error(job->ssl, SSL_do_handshake(job->ssl));
    job->error = ERR_peek_last_error();
    ERR_clear_error();
}

static bool is_address(nu_str host)
{
    struct in6_addr parsed;

    return inet_pton(AF_INET, host.ptr, &parsed) == 1 ||
           inet_pton(AF_INET6, host.ptr, &parsed) == 1;
}

static bool expect_host(SSL *ssl, nu_str host)
{
    if (is_address(host))
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.ptr) == 1;
    return SSL_set_tlsext_host_name(ssl, host.ptr) == 1 && SSL_set1_host(ssl, host.ptr) == 1;
}

static NU_NORETURN void refuse_tls(nu__smtp *smtp, unsigned long error)
{
    long verified = SSL_get_verify_result(smtp->ssl);
    const char *reason = verified != X509_V_OK ? X509_verify_cert_error_string(verified)
                         : error               ? ERR_reason_error_string(error)
                                               : NULL;

    nu_raise(NU_CONNECTION_ERROR, "TLS with {} failed: {}", smtp->address,
             reason ? reason : "the server closed the connection");
}

void nu__smtp_secure(nu__smtp *smtp, nu_str host)
{
    opening job = { .config = &nu__mail };

    nu__pool_run(open_tls, &job);
    smtp->ssl = job.ssl;
    host = nu_copy(host);
    if (!job.ssl || !expect_host(job.ssl, host))
        nu_raise(NU_CONNECTION_ERROR,
                 "TLS with {} could not be set up: {}. See EMAIL_SSL_CERTFILE and "
                 "EMAIL_SSL_KEYFILE.",
                 smtp->address, job.error ? ERR_reason_error_string(job.error) : "wrong name");
    for (;;) {
        nu__pool_run(shake_hands, &job);
        flush_tls(smtp);
        if (job.result == SSL_ERROR_NONE)
            return;
        if (job.result != SSL_ERROR_WANT_READ || !fill_tls(smtp))
            refuse_tls(smtp, job.error);
    }
}

/* ---- bytes ----------------------------------------------------------------------------------- */

void nu__smtp_write(nu__smtp *smtp, nu_str bytes)
{
    if (!smtp->ssl) {
        nu__socket_write(smtp->socket, bytes.ptr, bytes.len);
        return;
    }
    for (size_t at = 0; at < bytes.len;) {
        size_t n = bytes.len - at < 16384 ? bytes.len - at : 16384;

        ERR_clear_error();
        if (SSL_write(smtp->ssl, bytes.ptr + at, (int)n) != (int)n)
            nu_raise(NU_CONNECTION_ERROR, "writing to {}: {}", smtp->address, tls_reason());
        flush_tls(smtp);
        at += n;
    }
}

static size_t read_tls(nu__smtp *smtp)
{
    for (;;) {
        int n, why;

        ERR_clear_error();
        n = SSL_read(smtp->ssl, smtp->in, sizeof smtp->in);
        if (n > 0)
            return (size_t)n;
        why = SSL_get_error(smtp->ssl, n);
        flush_tls(smtp);
        if (why == SSL_ERROR_ZERO_RETURN)
            return 0;
        if (why != SSL_ERROR_WANT_READ)
            nu_raise(NU_CONNECTION_ERROR, "reading from {}: {}", smtp->address, tls_reason());
        if (!fill_tls(smtp))
            return 0;
    }
}

static char next_byte(nu__smtp *smtp)
{
    if (smtp->at == smtp->len) {
        smtp->at = 0;
        smtp->len =
            smtp->ssl ? read_tls(smtp) : nu__socket_read(smtp->socket, smtp->in, sizeof smtp->in);
        if (!smtp->len)
            disconnected(smtp);
    }
    return smtp->in[smtp->at++];
}

/* ---- lines and replies ----------------------------------------------------------------------- */

static nu_str line_read(nu__smtp *smtp)
{
    nu__buf line = { 0 };
    nu_str text;

    for (char c = next_byte(smtp); c != '\n'; c = next_byte(smtp)) {
        if (line.len == MAX_LINE)
            nu_raise(NU_SMTP_RESPONSE_EXCEPTION, "{}: (500, 'Line too long.')", smtp->address);
        nu__buf_char(&line, c);
    }
    text = nu__buf_str(&line);
    while (text.len && (text.ptr[text.len - 1] == '\r' || text.ptr[text.len - 1] == ' '))
        text.len--;
    return text;
}

static int code_of(nu_str line)
{
    int code = 0;

    for (size_t i = 0; i < 3; i++) {
        if (i >= line.len || line.ptr[i] < '0' || line.ptr[i] > '9')
            return -1;
        code = code * 10 + line.ptr[i] - '0';
    }
    return code;
}

nu__smtp_reply nu__smtp_reply_read(nu__smtp *smtp)
{
    nu_list *lines = nu_list_new();
    nu_str line;
    int code;

    do {
        line = line_read(smtp);
        code = code_of(line);
        if (code < 0 || nu_list_len(lines) == MAX_LINES)
            nu_raise(NU_SMTP_RESPONSE_EXCEPTION, "{} answers what is no SMTP: {!r}", smtp->address,
                     nu__utf8_cut(line, 200));
        nu_list_append(lines, line.len > 4 ? nu__sub(line, 4, line.len) : S(""));
    } while (line.len > 3 && line.ptr[3] == '-');
    return (nu__smtp_reply){ code, nu_join(S("\n"), lines) };
}

nu__smtp_reply nu__smtp_command(nu__smtp *smtp, nu_str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] == '\r' || line.ptr[i] == '\n' || !line.ptr[i])
            nu_raise(NU_VALUE_ERROR,
                     "command and arguments contain prohibited newline characters: {!r}",
                     nu__utf8_cut(line, 200));
    nu__smtp_write(smtp, nu_fmt("{}\r\n", line));
    return nu__smtp_reply_read(smtp);
}
