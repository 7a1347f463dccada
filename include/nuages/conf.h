/**
 * @file
 * Settings, apps and the entry point of a site. Everything is const data: settings list the apps,
 * an app lists its models, templates, URLs, commands and migrations.
 *
 * Each plain setting (debug, allowed_hosts, secure_hsts_seconds…) has Django's name and default and
 * may come from the environment too. The first of these that is there counts:
 *
 *     DEBUG=1                the environment, under the setting's name
 *     SCHOOL_DEBUG=1         the same under the site's own prefix, `.env_prefix = "SCHOOL_"`
 *     .debug = true          this struct
 *     false                  Django's default
 *
 * In the environment a flag is 1, true, yes, on, 0, false, no or off; a list is separated by
 * commas. A value that is wrong stops the start with an error that names it; `manage check` lists
 * prefixed variables that look like misspelt settings.
 */
#pragma once
#include <nuages/cache.h>
#include <nuages/checks.h>
#include <nuages/mail.h>
#include <nuages/middleware.h>
#include <nuages/models.h>
#include <nuages/signals.h>
#include <nuages/template.h>
#include <nuages/urls.h>

typedef struct nu_database {
    const char *alias, *engine, *name, *url_env;
    /* Of a server. host: a name, an address, the folder of a Unix socket ("/run/postgresql"), or
       several, parted by commas; so may be port, one for all or one each. A password in the source
       is no secret: production takes url_env. */
    const char *host, *port, *user, *password;
    const char *options; /* as in a URL's query: "timeout=20&transaction_mode=IMMEDIATE" */
    /* Reads of that one are spread over its replicas. What a request has written it reads from the
       primary, and all in a transaction of it; a replica that is out of reach is passed over. */
    const char *replica_of;
    const char *mirror; /* in tests this alias is another name of that one: a replica's primary */
    int conn_max_age;   /* seconds that a connection may live; missing: no limit */
    bool conn_health_checks; /* look whether it still works before each use */
    bool atomic_requests;    /* each request in a transaction */
} nu_database;
#define Database(a, ...)                                                                           \
    {                                                                                              \
        .alias = (a), __VA_ARGS__                                                                  \
    }

/* Which database a model's rows are in. The first router that has an alias or a word decides; where
   none has, rows stay in the database of the instance at hand, or the model's, or "default".
   Members may be left out. Django: DATABASE_ROUTERS */
typedef struct nu_db_router {
    /* An alias; NULL: no opinion. `instance`: an object that the rows belong to, or NULL. */
    const char *(*db_for_read)(const nu_model *model, const void *instance);
    const char *(*db_for_write)(const nu_model *model, const void *instance);
    /* 1: yes, 0: no, -1: no opinion. */
    int (*allow_relation)(const void *a, const void *b);
    /* `model` is NULL for a migration's operation that is about no model. */
    int (*allow_migrate)(const char *alias, const nu_model *model);
} nu_db_router;

typedef struct nu_command nu_command;     /* a management command; see cli.h */
typedef struct nu_migration nu_migration; /* a compiled-in migration; see migrations.h */
typedef struct nu_test_def nu_test_def;   /* a test; see test.h */

/* A file compiled into the executable: a template or a static file. The build writes the tables. */
typedef struct nu_embedded_file {
    const char *name;
    const uint8_t *bytes;
    size_t len;
} nu_embedded_file;

struct nu_app {
    const char *name;  /* "registry", "django.contrib.auth" */
    const char *label; /* the part of table names; missing: the name's last part */
    const char *verbose_name;
    const char *path; /* the app's folder in the source tree: templates/, static/ */
    const nu_model *models[128];
    nu_receiver receivers[32];
    const nu_template_library *libraries[8];
    const nu_urlconf *urls;
    const nu_command *commands[32];
    const nu_migration *const *migrations; /* ends with NULL; made by the build from migrations/ */
    const nu_embedded_file *templates;     /* ends with a NULL name */
    const nu_embedded_file *static_files;  /* the same */
    const nu_embedded_file *translations;  /* of locale/, the same: "de/LC_MESSAGES/django.mo" */
    const char *depends[8];                /* labels of the apps that it needs */
    nu_check checks[8];                    /* for `manage check`; see checks.h */
    const nu_test_def *const *tests[16];   /* tables made by NU_TESTS() */
    void (*ready)(void);                   /* called once, when all apps and models are known */
};
typedef struct nu_app nu_app;

/* How templates are found and rendered, beside .template_dirs and .context_processors.
   Django: the OPTIONS of TEMPLATES */
typedef struct nu_template_options {
    /* Written where a variable is missing: "" unless given; "%s" in it is the variable's name. */
    const char *string_if_invalid;
    bool autoescape_off; /* for pages that are no HTML; {% autoescape on %} escapes there too */
    const nu_template_library *libraries[16]; /* for {% load %}, beside those of the apps */
    const nu_template_library
        *builtins[16]; /* there without {% load %}, and win over Nuages' own */
    /* Templates by name, found before every folder; ends with a NULL name. Django: the loader
       locmem.Loader */
    const nu_embedded_file *dict;
} nu_template_options;

/* A number left out or 0 is the default; -1 stands for 0. A text left out is the default; "" is
   none. Flags that are on by default are turned off by their `no_` member. */
typedef struct nu_settings {
    /* ---- the site */
    const nu_app *installed_apps[64];
    nu_middleware *middleware[32]; /* outermost first */
    nu_context_processor *context_processors[16];
    const char *context_names[16]; /* what those of the site's own add, for ./manage check */
    nu_template_options templates;
    nu_database databases[8];
    const nu_db_router *routers[4];
    const nu_model *auth_user_model;
    const nu_urlconf *root_urlconf;
    nu_response *(*csrf_failure_view)(nu_request *req, nu_str reason);
    const char *env_prefix;

    /* ---- core */
    bool debug;
    const char *secret_key;     /* for demos only: a key in the source is no secret */
    const char *secret_key_env; /* another name of the environment's SECRET_KEY */
    const char *secret_key_fallbacks[8];
    const char *allowed_hosts[16];
    const char *internal_ips[16];
    const char *time_zone; /* "UTC" */
    const char *template_dirs[8];
    const char *fixture_dirs[8];
    const char *silenced_system_checks[32];

    /* ---- languages */
    bool no_use_i18n, use_thousand_separator;
    const char *language_code; /* "en-us" */
    const char *languages[64]; /* codes that readers may choose; none: all that Django has */
    const char *locale_paths[8];
    const char *language_cookie_name, *language_cookie_domain, *language_cookie_path,
        *language_cookie_samesite;
    int64_t language_cookie_age;
    bool language_cookie_secure, language_cookie_httponly;

    /* ---- URLs and requests */
    bool no_append_slash, prepend_www;
    const char *disallowed_user_agents[16]; /* regular expressions */
    const char *force_script_name;
    bool use_x_forwarded_host, use_x_forwarded_port;
    const char *secure_proxy_ssl_header; /* "X-Forwarded-Proto: https" */
    int64_t data_upload_max_memory_size, data_upload_max_number_fields,
        data_upload_max_number_files, file_upload_max_memory_size; /* -1: no limit */
    const char *file_upload_temp_dir;
    int64_t request_head_timeout, request_body_timeout, keep_alive_timeout,
        response_write_timeout; /* seconds */

    /* ---- security headers */
    int64_t secure_hsts_seconds;
    bool secure_hsts_include_subdomains, secure_hsts_preload, no_secure_content_type_nosniff,
        secure_ssl_redirect;
    const char *secure_ssl_host;
    const char *secure_redirect_exempt[16]; /* regular expressions */
    const char *secure_referrer_policy, *secure_cross_origin_opener_policy, *x_frame_options;

    /* ---- cookies */
    int64_t csrf_cookie_age; /* seconds; -1: until the browser closes */
    const char *csrf_cookie_name, *csrf_cookie_domain, *csrf_cookie_path, *csrf_cookie_samesite;
    bool csrf_cookie_secure, csrf_cookie_httponly;
    const char *csrf_header_name; /* "X-CSRFToken" */
    const char *csrf_trusted_origins[16];
    const char *session_engine; /* "django.contrib.sessions.backends.db" or ….signed_cookies */
    int64_t session_cookie_age; /* seconds */
    const char *session_cookie_name, *session_cookie_path, *session_cookie_domain,
        *session_cookie_samesite;
    bool session_cookie_secure, no_session_cookie_httponly, session_expire_at_browser_close,
        session_save_every_request;
    int64_t message_level;

    /* ---- files */
    const char *static_url, *static_root, *media_url, *media_root;
    const char *staticfiles_dirs[8];
    bool staticfiles_manifest; /* {% static %} names files by their content's hash */

    /* ---- mail: see mail.h */
    const nu_mail_backend *email_backends[4]; /* the site's own, for EMAIL_BACKEND to name */
    const char *email_backend, *email_host, *email_host_user, *email_ssl_certfile,
        *email_ssl_keyfile, *email_file_path, *email_subject_prefix;
    const char *email_host_password; /* for tests only: production takes the environment */
    int64_t email_port, email_timeout;
    bool email_use_tls, email_use_ssl, email_use_localtime;
    const char *default_from_email, *server_email;
    const char *admins[16], *managers[16]; /* "Ada <ada@example.com>" */

    /* ---- caches: see cache.h */
    nu_cache caches[8]; /* none: one of locmem. The environment's CACHE_URL is "default" */

    /* ---- log */
    const char *log_level, *log_format; /* "debug" … "critical"; "text" or "json" */
} nu_settings;

/** The main() of a site: runs the management command in argv. Returns the exit status, 0, 1 or 2.
 */
int nu_main(int argc, char **argv, const nu_settings *settings);
