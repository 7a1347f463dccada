/**
 * @file
 * The settings as they hold after start-up.
 *
 * One table has a row a setting: its type, Django's name and default, where the site's struct has
 * it, what it may be, what it is for. nu__conf_setup() walks it once; everything else reads the
 * resolved values from `nu__settings`, a plain struct, at no cost.
 *
 *   environment NAME -> environment PREFIX_NAME -> nu_settings -> default
 *     nu__conf_setup()
 *       row by row: text parsed and checked  -> nu__settings.member
 *       SECRET_KEY there, or DEBUG
 *
 * Django: django.conf.settings
 */
#pragma once
#include <nuages/conf.h>

typedef struct nu__conf_list {
    const nu_str *items;
    size_t len;
} nu__conf_list;

/* What the C type of each kind of setting is. */
#define NU__SETTING_BOOL bool
#define NU__SETTING_INT  int64_t
#define NU__SETTING_TEXT nu_str
#define NU__SETTING_LIST nu__conf_list

/* X(kind, member, site, "DEFAULT", flags, allowed, "what it is for")
   The name is the member's in capitals. site: where nu_settings has it: NONE, FLAG, NOT (a no_
   member), NUMBER, TEXT or LIST. `allowed`: words separated by "|", or NULL. */
#define NU__SETTINGS(X)                                                                            \
    X(BOOL, debug, FLAG, "false", 0, NULL, "Error pages that show the cause; never in production") \
    X(BOOL, debug_toolbar, NONE, "true", 0, NULL, "The bar on HTML pages under DEBUG")             \
    X(TEXT, secret_key, TEXT, "", NU__SETTING_SECRET, NULL,                                        \
      "The key of all signatures; kept secret, equal on every server of the site")                 \
    X(LIST, secret_key_fallbacks, LIST, "", NU__SETTING_SECRET, NULL,                              \
      "Former keys whose signatures are still accepted")                                           \
    X(LIST, allowed_hosts, LIST, "", 0, NULL, "Host names the site answers for; .example.com, *")  \
    X(LIST, internal_ips, LIST, "", 0, NULL, "Addresses whose pages get debug information")        \
    X(TEXT, time_zone, TEXT, "UTC", 0, NULL, "The zone times are shown in")                        \
    X(BOOL, use_i18n, NOT, "true", 0, NULL,                                                        \
      "Translate texts, and write dates as the language does")                                     \
    X(TEXT, language_code, TEXT, "en-us", 0, NULL, "The language where nobody asks for another")   \
    X(LIST, languages, LIST, "", 0, NULL, "The languages that readers may choose; all when empty") \
    X(LIST, locale_paths, LIST, "", 0, NULL, "Folders of catalogues searched before the apps'")    \
    X(LIST, fixture_dirs, LIST, "", 0, NULL, "Folders searched for fixtures after the apps'")      \
    X(LIST, silenced_system_checks, LIST, "", 0, NULL,                                             \
      "Ids of checks whose messages are not shown: security.W004")                                 \
    X(BOOL, use_thousand_separator, FLAG, "false", 0, NULL, "Group the digits of numbers")         \
    X(TEXT, language_cookie_name, TEXT, "django_language", 0, NULL,                                \
      "The cookie that keeps a reader's language")                                                 \
    X(INT, language_cookie_age, NUMBER, "0", 0, NULL,                                              \
      "Seconds it lives; 0: until the browser closes")                                             \
    X(TEXT, language_cookie_domain, TEXT, "", 0, NULL, "Its domain")                               \
    X(TEXT, language_cookie_path, TEXT, "/", 0, NULL, "Its path")                                  \
    X(TEXT, language_cookie_samesite, TEXT, "", 0, "Lax|Strict|None", "Its SameSite attribute")    \
    X(BOOL, language_cookie_secure, FLAG, "false", 0, NULL, "Sent over HTTPS only")                \
    X(BOOL, language_cookie_httponly, FLAG, "false", 0, NULL, "Kept from scripts")                 \
    X(LIST, template_dirs, LIST, "", 0, NULL, "Folders searched for templates before the apps'")   \
    X(TEXT, database_url, NONE, "", NU__SETTING_SECRET, NULL, "The default database")              \
    X(INT, database_answer_delay, NONE, "100", 0, NULL,                                            \
      "Microseconds a loaded worker may wait for more answers of its databases; 0 for none")       \
    X(BOOL, append_slash, NOT, "true", 0, NULL, "Send /page on to /page/ where only that exists")  \
    X(BOOL, prepend_www, FLAG, "false", 0, NULL, "Send example.com on to www.example.com")         \
    X(LIST, disallowed_user_agents, LIST, "", NU__SETTING_REGEX, NULL,                             \
      "Regular expressions of User-Agents that get 403")                                           \
    X(TEXT, force_script_name, TEXT, "", 0, NULL, "The path below which a proxy mounts the site")  \
    X(BOOL, use_x_forwarded_host, FLAG, "false", 0, NULL, "Trust X-Forwarded-Host")                \
    X(BOOL, use_x_forwarded_port, FLAG, "false", 0, NULL, "Trust X-Forwarded-Port")                \
    X(TEXT, secure_proxy_ssl_header, TEXT, "", 0, NULL,                                            \
      "Header and value by which a proxy says that its client used HTTPS")                         \
    X(INT, data_upload_max_memory_size, NUMBER, "2621440", 0, NULL,                                \
      "Bytes a request's body may have without its files; 0 for no limit")                         \
    X(INT, data_upload_max_number_fields, NUMBER, "1000", 0, NULL,                                 \
      "Fields a request may have; 0 for no limit")                                                 \
    X(INT, data_upload_max_number_files, NUMBER, "100", 0, NULL,                                   \
      "Files a request may have; 0 for no limit")                                                  \
    X(INT, request_head_timeout, NUMBER, "20", 0, NULL,                                            \
      "Seconds until a request's head must have come; then 408")                                   \
    X(INT, request_body_timeout, NUMBER, "30", 0, NULL,                                            \
      "Seconds a body may keep the site waiting, and one for each 500 bytes of it; then 408")      \
    X(INT, keep_alive_timeout, NUMBER, "75", 0, NULL,                                              \
      "Seconds until a connection without a request is closed")                                    \
    X(INT, response_write_timeout, NUMBER, "60", 0, NULL,                                          \
      "Seconds a client may take nothing of its response")                                         \
    X(INT, request_delay, NONE, "100", 0, NULL,                                                    \
      "Microseconds a loaded worker may wait for more requests; 0 for none")                       \
    X(BOOL, io_uring, NONE, "true", 0, NULL,                                                       \
      "Read and write many connections by one call, where the kernel has it")                      \
    X(INT, file_upload_max_memory_size, NUMBER, "2621440", 0, NULL,                                \
      "Bytes of a file that are kept in memory; more goes to disk")                                \
    X(TEXT, file_upload_temp_dir, TEXT, "", 0, NULL, "Where uploads wait on disk")                 \
    X(INT, secure_hsts_seconds, NUMBER, "0", 0, NULL,                                              \
      "How long browsers shall insist on HTTPS; 0 sends nothing")                                  \
    X(BOOL, secure_hsts_include_subdomains, FLAG, "false", 0, NULL, "… and for every subdomain")   \
    X(BOOL, secure_hsts_preload, FLAG, "false", 0, NULL, "… and from browsers' built-in lists")    \
    X(BOOL, secure_content_type_nosniff, NOT, "true", 0, NULL, "Send X-Content-Type-Options")      \
    X(BOOL, secure_ssl_redirect, FLAG, "false", 0, NULL, "Send HTTP on to HTTPS")                  \
    X(TEXT, secure_ssl_host, TEXT, "", 0, NULL, "… at this host")                                  \
    X(LIST, secure_redirect_exempt, LIST, "", NU__SETTING_REGEX, NULL,                             \
      "Regular expressions of paths that stay on HTTP")                                            \
    X(TEXT, secure_referrer_policy, TEXT, "same-origin", NU__SETTING_WORDS,                        \
      "no-referrer|no-referrer-when-downgrade|origin|origin-when-cross-origin|same-origin|"        \
      "strict-origin|strict-origin-when-cross-origin|unsafe-url",                                  \
      "The Referrer-Policy header; several separated by commas")                                   \
    X(TEXT, secure_cross_origin_opener_policy, TEXT, "same-origin", 0,                             \
      "same-origin|same-origin-allow-popups|unsafe-none|noopener-allow-popups",                    \
      "The Cross-Origin-Opener-Policy header")                                                     \
    X(TEXT, x_frame_options, TEXT, "DENY", NU__SETTING_ANY_CASE, "DENY|SAMEORIGIN",                \
      "Whether other pages may frame the site's")                                                  \
    X(INT, csrf_cookie_age, NUMBER, "31449600", 0, NULL,                                           \
      "Seconds the CSRF cookie lives; 0: until the browser closes")                                \
    X(TEXT, csrf_cookie_name, TEXT, "csrftoken", 0, NULL, "Its name")                              \
    X(TEXT, csrf_cookie_domain, TEXT, "", 0, NULL, "Its domain")                                   \
    X(TEXT, csrf_cookie_path, TEXT, "/", 0, NULL, "Its path")                                      \
    X(TEXT, csrf_cookie_samesite, TEXT, "Lax", 0, "Lax|Strict|None", "Its SameSite attribute")     \
    X(BOOL, csrf_cookie_secure, FLAG, "false", 0, NULL, "Sent over HTTPS only")                    \
    X(BOOL, csrf_cookie_httponly, FLAG, "false", 0, NULL, "Kept from scripts")                     \
    X(TEXT, csrf_header_name, TEXT, "X-CSRFToken", 0, NULL,                                        \
      "The header that scripts send the token in; HTTP_X_CSRFTOKEN means the same")                \
    X(LIST, csrf_trusted_origins, LIST, "", NU__SETTING_ORIGINS, NULL,                             \
      "Other origins whose forms are accepted: https://example.com, https://*.example.com")        \
    X(TEXT, session_engine, TEXT, "django.contrib.sessions.backends.db", 0,                        \
      "django.contrib.sessions.backends.db|django.contrib.sessions.backends.signed_cookies",       \
      "Where sessions are kept: in the table django_session, or whole in their cookies")           \
    X(TEXT, session_cookie_name, TEXT, "sessionid", 0, NULL, "The session's cookie")               \
    X(INT, session_cookie_age, NUMBER, "1209600", 0, NULL, "Seconds a session lives")              \
    X(TEXT, session_cookie_path, TEXT, "/", 0, NULL, "The path of its cookie")                     \
    X(BOOL, session_expire_at_browser_close, FLAG, "false", 0, NULL,                               \
      "Its cookie ends with the browser")                                                          \
    X(BOOL, session_save_every_request, FLAG, "false", 0, NULL,                                    \
      "Saved, and its time begun anew, by every request")                                          \
    X(TEXT, session_cookie_domain, TEXT, "", 0, NULL, "The domain of session and message cookies") \
    X(TEXT, session_cookie_samesite, TEXT, "Lax", 0, "Lax|Strict|None",                            \
      "Their SameSite attribute")                                                                  \
    X(BOOL, session_cookie_secure, FLAG, "false", 0, NULL, "Sent over HTTPS only")                 \
    X(BOOL, session_cookie_httponly, NOT, "true", 0, NULL, "Kept from scripts")                    \
    X(INT, message_level, NUMBER, "20", 0, NULL, "The least level of messages that are kept")      \
    X(TEXT, static_url, TEXT, "", NU__SETTING_URL, NULL, "Where static files are served")          \
    X(TEXT, static_root, TEXT, "", 0, NULL, "The folder that collectstatic fills")                 \
    X(LIST, staticfiles_dirs, LIST, "", 0, NULL, "Further folders of static files")                \
    X(BOOL, staticfiles_manifest, FLAG, "false", 0, NULL, "Static files named by their hash")      \
    X(TEXT, media_url, TEXT, "", NU__SETTING_URL, NULL, "Where uploaded files are served")         \
    X(TEXT, media_root, TEXT, "", 0, NULL, "The folder of uploaded files")                         \
    X(TEXT, email_backend, TEXT, "smtp", 0, NULL,                                                  \
      "How mail goes: smtp, console, file, locmem, dummy, or one of the site's own")               \
    X(TEXT, email_url, NONE, "", NU__SETTING_SECRET, NULL,                                         \
      "The same as one text: smtp+tls://user:password@host:587, console://, file:///folder")       \
    X(TEXT, email_host, TEXT, "localhost", 0, NULL, "The server that takes mail")                  \
    X(INT, email_port, NUMBER, "25", 0, NULL, "Its port")                                          \
    X(TEXT, email_host_user, TEXT, "", 0, NULL, "The name to log in there with; none when empty")  \
    X(TEXT, email_host_password, TEXT, "", NU__SETTING_SECRET, NULL, "Its password")               \
    X(BOOL, email_use_tls, FLAG, "false", 0, NULL, "Secure the connection by STARTTLS: port 587")  \
    X(BOOL, email_use_ssl, FLAG, "false", 0, NULL, "TLS from the start: port 465")                 \
    X(INT, email_timeout, NUMBER, "60", 0, NULL,                                                   \
      "Seconds the server may take for each answer; 0 for no limit")                               \
    X(TEXT, email_ssl_certfile, TEXT, "", 0, NULL, "A certificate of the site's own, for TLS")     \
    X(TEXT, email_ssl_keyfile, TEXT, "", 0, NULL, "Its key")                                       \
    X(TEXT, email_file_path, TEXT, "", 0, NULL, "The folder of the backend that writes files")     \
    X(TEXT, email_subject_prefix, TEXT, "[Django] ", 0, NULL,                                      \
      "What subjects of mail to admins and managers begin with")                                   \
    X(BOOL, email_use_localtime, FLAG, "false", 0, NULL, "Dates of mail in TIME_ZONE, not in UTC") \
    X(TEXT, default_from_email, TEXT, "webmaster@localhost", 0, NULL, "Who mail comes from")       \
    X(TEXT, server_email, TEXT, "root@localhost", 0, NULL,                                         \
      "Who mail to admins and managers comes from")                                                \
    X(LIST, admins, LIST, "", 0, NULL, "Addresses that get a mail for each error of the site")     \
    X(LIST, managers, LIST, "", 0, NULL, "Addresses that nu_mail_managers() writes to")            \
    X(TEXT, cache_url, NONE, "", NU__SETTING_SECRET, NULL,                                         \
      "The default cache: locmem://, dummy://, file:///var/cache/mysite, "                         \
      "db://my_table?timeout=60&max_entries=1000")                                                 \
    X(TEXT, broker_url, NONE, "", NU__SETTING_BROKER, NULL,                                        \
      "Celery's broker, checked at the start, and used by nothing yet: redis://host:6379/0, "      \
      "rediss://, amqp://user:password@host:5672/vhost, amqps://")                                 \
    X(TEXT, log_level, TEXT, "info", NU__SETTING_ANY_CASE, "debug|info|warning|error|critical",    \
      "The least level that is logged")                                                            \
    X(TEXT, log_format, TEXT, "text", NU__SETTING_ANY_CASE, "text|json", "How log lines look")

enum {
    NU__SETTING_SECRET = 1,   /* never shown */
    NU__SETTING_WORDS = 2,    /* several of the allowed words, separated by commas */
    NU__SETTING_ANY_CASE = 4, /* of the allowed words; the table's spelling is kept */
    NU__SETTING_REGEX = 8,    /* each item is a regular expression */
    NU__SETTING_ORIGINS = 16, /* each item is scheme://host */
    NU__SETTING_URL = 32,     /* "static/" is below the script prefix; "/static/" and URLs stay */
    NU__SETTING_BROKER = 64 | NU__SETTING_SECRET, /* the address of a broker of tasks */
};

typedef struct nu__conf {
    const nu_settings *site;
#define NU__SETTING_MEMBER(kind, member, ...) NU__SETTING_##kind member;
    NU__SETTINGS(NU__SETTING_MEMBER)
#undef NU__SETTING_MEMBER
    bool secret_key_made_up; /* DEBUG without a key: one for this process alone */
} nu__conf;

/* Django's settings.X; all zero before nu__conf_setup(). */
extern nu__conf nu__settings;

/**
 * Resolve every setting. Once at start-up; tests call it again for other settings.
 *
 * @param site  kept
 * @raises      ImproperlyConfigured that names the setting, where its value came from and what is
 *              allowed; without SECRET_KEY where DEBUG is off, one that says how to make it
 */
void nu__conf_setup(const nu_settings *site);
void nu__conf_release(void);

/* Another value for a setting, as text of the environment, until nu__conf_override_end(); what was
   made from the old one must be made anew. Raises ImproperlyConfigured, for a name that is none
   with a suggestion. Django: override_settings() */
void nu__conf_override(nu_str name, nu_str text);
/* All of them as they were at the first override. */
void nu__conf_override_end(void);

/* One setting of the table, as a value: texts, lists of texts. For `diffsettings`, debug pages. */
typedef struct nu__setting {
    nu_str name; /* "ALLOWED_HOSTS" */
    const char *about, *default_text, *allowed;
    bool secret;
    nu_str source; /* "DEBUG in the environment", "the site's settings", "the default" */
    nu_value value;
} nu__setting;
/* The i-th row; false past the last. A secret's value is "********************". */
bool nu__conf_setting(size_t i, nu__setting *setting);

/* Variables of the environment with the site's prefix, and names in .env where it has none, that
   look like misspelt settings, each with a suggestion, as texts. */
nu_list *nu__conf_suspects(void);
