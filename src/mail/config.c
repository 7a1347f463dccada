/* The settings of mail, and which backend they name. */
#include "mail/mail.h"

#include "conf/settings.h"
#include "core/buf.h"
#include "core/suggest.h"
#include "core/text.h"
#include "utils/url.h"

#include <stdlib.h>
#include <string.h>

nu__mail_config nu__mail = { .backend = &nu__mail_smtp };

static const nu_mail_backend *const builtin[] = { &nu__mail_smtp, &nu__mail_console, &nu__mail_file,
                                                  &nu__mail_locmem, &nu__mail_dummy };
enum { N_BUILTIN = sizeof builtin / sizeof *builtin, N_OWN = 4 };

/* ---- backends -------------------------------------------------------------------------------- */

/* Django's dotted name of one, so that a setting may be carried over: its module's last name. */
static nu_str short_name(nu_str name)
{
    static const char before[] = "django.core.mail.backends.", after[] = ".EmailBackend";

    if (!nu_starts_with(name, S("django.core.mail.backends.")) ||
        !nu_ends_with(name, S(".EmailBackend")))
        return name;
    name =
        nu_copy((nu_str){ name.ptr + strlen(before), name.len - strlen(before) - strlen(after) });
    return nu_eq(name, "filebased") ? S("file") : name;
}

static const nu_mail_backend *backend_named(nu_str given)
{
    nu_str name = short_name(given);
    const nu_mail_backend *const *own = nu__settings.site->email_backends;
    const char *names[N_BUILTIN + N_OWN], *near;
    size_t n = 0;

    for (size_t i = 0; i < N_OWN && own[i]; i++) {
        if (nu_eq(name, own[i]->name))
            return own[i];
        names[n++] = own[i]->name;
    }
    for (size_t i = 0; i < N_BUILTIN; i++) {
        if (nu_eq(name, builtin[i]->name))
            return builtin[i];
        names[n++] = builtin[i]->name;
    }
    near = nu__suggest(name, names, n);
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "EMAIL_BACKEND is “{}”, which is no way to send mail: there are smtp, console, file, "
             "locmem and dummy, and those in the site's .email_backends.{}",
             given, near ? nu_fmt(" Perhaps you meant {}?", near) : S(""));
}

/* ---- EMAIL_URL ------------------------------------------------------------------------------- */

static const struct scheme {
    const char *name, *backend;
    bool tls, ssl;
    int port;
} schemes[] = {
    { "smtp", "smtp", false, false, 25 },          { "smtp+tls", "smtp", true, false, 587 },
    { "submission", "smtp", true, false, 587 },    { "smtps", "smtp", false, true, 465 },
    { "smtp+ssl", "smtp", false, true, 465 },      { "console", "console", false, false, 0 },
    { "consolemail", "console", false, false, 0 }, { "file", "file", false, false, 0 },
    { "filemail", "file", false, false, 0 },       { "memory", "locmem", false, false, 0 },
    { "memorymail", "locmem", false, false, 0 },   { "locmem", "locmem", false, false, 0 },
    { "dummy", "dummy", false, false, 0 },         { "dummymail", "dummy", false, false, 0 },
};
enum { N_SCHEMES = sizeof schemes / sizeof *schemes };

static const struct scheme *scheme_named(nu_str name)
{
    const char *names[N_SCHEMES], *near;

    for (size_t i = 0; i < N_SCHEMES; i++) {
        if (nu_eq(name, schemes[i].name))
            return &schemes[i];
        names[i] = schemes[i].name;
    }
    near = nu__suggest(name, names, N_SCHEMES);
    nu_raise(NU_IMPROPERLY_CONFIGURED,
             "EMAIL_URL begins with “{}:”, which is no way to send mail.{} Write such as "
             "smtp+tls://user:password@mail.example.com:587 or console://.",
             name, near ? nu_fmt(" Perhaps you meant {}?", near) : S(""));
}

/* The part before the last `mark`, which is taken off with it; nothing where there is none. */
static nu_str take_before(nu_str *rest, char mark)
{
    const char *at = rest->len ? memrchr(rest->ptr, mark, rest->len) : NULL;
    size_t n = at ? (size_t)(at - rest->ptr) : 0;
    nu_str head = { rest->ptr, n };

    if (at)
        *rest = (nu_str){ at + 1, rest->len - n - 1 };
    return head;
}

/* What is no port is shown behind an account only: where the @ is missing it is the password. */
static int64_t port_of(nu_str text, bool shown)
{
    int64_t port = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9' || port > 65535)
            port = 65536;
        else
            port = port * 10 + text.ptr[i] - '0';
    }
    if (port < 1 || port > 65535)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "EMAIL_URL has the port “{}”: write one from 1 to 65535, and @, : and / of a "
                 "password as %40, %3A and %2F.",
                 shown ? text : S("…"));
    return port;
}

static void take_host(nu__mail_config *config, nu_str host, bool after_account)
{
    const char *colon = host.len ? memrchr(host.ptr, ':', host.len) : NULL;
    bool v6 = nu_starts_with(host, S("["));

    if (colon && (!v6 || (colon > host.ptr && colon[-1] == ']'))) {
        size_t n = (size_t)(colon - host.ptr);

        config->port = port_of((nu_str){ colon + 1, host.len - n - 1 }, after_account);
        host.len = n;
    }
    if (v6 && host.len > 2 && nu_ends_with(host, S("]")))
        host = (nu_str){ host.ptr + 1, host.len - 2 };
    if (host.len)
        config->host = nu_copy(host);
}

static void take_url(nu__mail_config *config, nu_str text)
{
    nu__url url;
    const struct scheme *scheme;
    nu_str login, host;

    if (!nu__urlsplit(text, &url) || !url.scheme.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "EMAIL_URL is no URL. Write such as "
                 "smtp+tls://user:password@mail.example.com:587 or console://.");
    scheme = scheme_named(url.scheme);
    if (url.query.len || url.fragment.len)
        nu_raise(
            NU_IMPROPERLY_CONFIGURED,
            "EMAIL_URL has “?” or “#” in it: it takes no options (EMAIL_TIMEOUT and others are "
            "settings of their own), and in a password they are %3F and %23.");
    host = url.netloc;
    login = take_before(&host, '@');
    config->backend = backend_named(nu_s(scheme->backend));
    config->use_tls = scheme->tls;
    config->use_ssl = scheme->ssl;
    config->port = scheme->port;
    take_host(config, host, login.len > 0 && nu__find(url.path, S("@")) < 0);
    if (login.len) {
        const char *colon = memchr(login.ptr, ':', login.len);
        size_t n = colon ? (size_t)(colon - login.ptr) : login.len;

        config->user = nu__unquote((nu_str){ login.ptr, n });
        if (colon)
            config->password = nu__unquote((nu_str){ colon + 1, login.len - n - 1 });
    }
    if (url.path.len)
        config->file_path = nu__unquote(url.path);
}

/* ---- set-up ---------------------------------------------------------------------------------- */

/* The texts of a URL outlive the fiber of the set-up. */
static char *kept[4];

static void keep(nu_str *text, size_t i)
{
    free(kept[i]);
    kept[i] = text->len ? strndup(text->ptr, text->len) : NULL;
    if (text->len && !kept[i])
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading the settings of mail");
    *text = nu_s(kept[i] ? kept[i] : "");
}

static void check(const nu__mail_config *config)
{
    if (config->use_tls && config->use_ssl)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "EMAIL_USE_TLS/EMAIL_USE_SSL are mutually exclusive, so "
                                           "only set one of those settings to True.");
    if (config->backend == &nu__mail_smtp && (config->port < 1 || config->port > 65535))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "EMAIL_PORT is {}: write one from 1 to 65535.",
                 config->port);
    if (config->backend == &nu__mail_file && !config->file_path.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "EMAIL_BACKEND is “file”, but EMAIL_FILE_PATH names no folder to write mail to.");
}

void nu__mail_setup(void)
{
    const nu__conf *conf = &nu__settings;
    nu__mail_config config = {
        .host = conf->email_host,
        .port = conf->email_port,
        .user = conf->email_host_user,
        .password = conf->email_host_password,
        .use_tls = conf->email_use_tls,
        .use_ssl = conf->email_use_ssl,
        .timeout = (double)conf->email_timeout,
        .certfile = conf->email_ssl_certfile,
        .keyfile = conf->email_ssl_keyfile,
        .file_path = conf->email_file_path,
    };

    if (conf->email_url.len)
        take_url(&config, conf->email_url);
    else
        config.backend = backend_named(conf->email_backend);
    keep(&config.host, 0);
    keep(&config.user, 1);
    keep(&config.password, 2);
    keep(&config.file_path, 3);
    check(&config);
    nu__mail = config;
}

void nu__mail_use_locmem(void)
{
    nu__mail.backend = &nu__mail_locmem;
}
