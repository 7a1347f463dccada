#include "apps/registry.h"
#include "cache/cache.h"
#include "conf/settings.h"
#include "core/error.h"
#include "core/log.h"
#include "core/time.h"
#include "csrf/csrf.h"
#include "db/connection.h"
#include "db/models/router.h"
#include "files/storage.h"
#include "handlers/handler.h"
#include "i18n/translation.h"
#include "loop/crash.h"
#include "mail/mail.h"
#include "middleware/middleware.h"
#include "staticfiles/staticfiles.h"
#include "template/template.h"
#include "urls/reverse.h"
#include "utils/signing.h"
#include "views/backtrace.h"
#include "views/recorder.h"

#include <nuages/context_processors.h>
#include <string.h>

/* ---- requests' settings ---------------------------------------------------------------------- */

static nu__http_settings request_settings;
static const char *allowed_hosts[128];
static char proxy_header[256];

const nu__http_settings *nu__request_settings(void)
{
    return &request_settings;
}

/* "X-Forwarded-Proto: https" or Django's "HTTP_X_FORWARDED_PROTO,https" as header and value. */
static void proxy_header_set(nu_str text)
{
    size_t cut = 0, name_len;
    char *name = proxy_header;

    request_settings.secure_proxy_header = NULL;
    if (!text.len)
        return;
    while (cut < text.len && text.ptr[cut] != ':' && text.ptr[cut] != ',')
        cut++;
    if (cut == text.len || text.len >= sizeof(proxy_header))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "SECURE_PROXY_SSL_HEADER is “{}”: write header and value, such as "
                 "“X-Forwarded-Proto: https”.",
                 text);
    memcpy(name, text.ptr, text.len);
    name[text.len] = name[cut] = 0;
    request_settings.secure_proxy_value = name + cut + 1 + strspn(name + cut + 1, " ");
    if (!strncmp(name, "HTTP_", 5))
        name += 5;
    name_len = strcspn(name, " ");
    name[name_len] = 0;
    for (char *c = name; *c; c++)
        *c = *c == '_' ? '-' : *c;
    request_settings.secure_proxy_header = name;
}

static void request_settings_set(void)
{
    const nu__conf *conf = &nu__settings;
    size_t n = 0;

    if (conf->allowed_hosts.len >= sizeof(allowed_hosts) / sizeof(allowed_hosts[0]))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "ALLOWED_HOSTS has more than 127 names.");
    for (; n < conf->allowed_hosts.len; n++)
        allowed_hosts[n] = conf->allowed_hosts.items[n].ptr;
    allowed_hosts[n] = NULL;
    request_settings = nu__http_default_settings;
    request_settings.allowed_hosts = allowed_hosts;
    request_settings.debug = conf->debug;
    request_settings.use_x_forwarded_host = conf->use_x_forwarded_host;
    request_settings.use_x_forwarded_port = conf->use_x_forwarded_port;
    request_settings.data_upload_max_memory_size = (size_t)conf->data_upload_max_memory_size;
    request_settings.data_upload_max_number_fields = (size_t)conf->data_upload_max_number_fields;
    request_settings.data_upload_max_number_files = (size_t)conf->data_upload_max_number_files;
    request_settings.file_upload_max_memory_size = (size_t)conf->file_upload_max_memory_size;
    if (conf->file_upload_temp_dir.len)
        request_settings.file_upload_temp_dir = conf->file_upload_temp_dir.ptr;
    proxy_header_set(conf->secure_proxy_ssl_header);
}

/* ---- log ------------------------------------------------------------------------------------- */

static void log_set(void)
{
    static const char *const levels[] = { "debug", "info", "warning", "error", "critical" };

    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (nu_eq(nu__settings.log_level, levels[i]))
            nu_log_set_level((nu_log_level)i);
    nu_log_set_json(nu_eq(nu__settings.log_format, "json"));
    if (nu__settings.secret_key_made_up)
        nu_warning("SECRET_KEY is not set: one was made up for this process, so that signatures "
                   "end with it. Set {}SECRET_KEY to keep them.",
                   nu_s(nu__settings.site->env_prefix ? nu__settings.site->env_prefix : ""));
}

static void log_suspects(void)
{
    nu_list *suspects = nu__setup_suspects();

    for (size_t i = 0; i < nu_list_len(suspects); i++) {
        nu_dict *each = nu_at(suspects, i).dict;
        nu_value value = nu_item(each, "value");

        nu_warning("{}{}", nu_item(each, "msg"),
                   value.kind == NU_KIND_NULL ? S("") : nu_fmt(" It is {!r}.", value));
    }
}

/* ---- databases and templates ----------------------------------------------------------------- */

static void databases_set(const nu_settings *site)
{
    size_t n = 0;

    while (n < sizeof(site->databases) / sizeof(site->databases[0]) && site->databases[n].alias)
        n++;
    nu__databases_setup(site->databases, n);
    nu__routers_setup(site->routers, sizeof(site->routers) / sizeof(site->routers[0]));
}

/* The libraries of a table that may be full, ending with NULL. */
static const nu_template_library *const *ended(const nu_template_library *const *table, size_t most)
{
    const nu_template_library **all = nu_alloc_array(const nu_template_library *, most + 1);

    for (size_t i = 0; i < most && table[i]; i++)
        all[i] = table[i];
    return all;
}

static void templates_set(const nu_settings *site)
{
    const nu_template_options *own = &site->templates;
    static nu_context_processor *const usual[] = { nu_request_processor, nu_auth_processor,
                                                   nu_messages_processor, NULL };
    const nu__conf_list *folders = &nu__settings.template_dirs;
    /* The table may be full; the engine copies it up to its end. */
    nu_context_processor *chosen[sizeof(site->context_processors) / sizeof(usual[0]) + 1] = { 0 };
    const char **dirs = nu_alloc_array(const char *, folders->len + 1);
    nu__template_options options = {
        .dirs = dirs,
        .apps = nu__apps_list(),
        .context_processors = site->context_processors[0] ? chosen : usual,
        .memory = own->dict,
        .libraries = ended(own->libraries, sizeof(own->libraries) / sizeof(own->libraries[0])),
        .builtins = ended(own->builtins, sizeof(own->builtins) / sizeof(own->builtins[0])),
        .string_if_invalid = own->string_if_invalid,
        .autoescape_off = own->autoescape_off,
        .static_url = nu__settings.static_url.ptr,
        .media_url = nu__settings.media_url.ptr,
        .debug = nu__settings.debug,
        .auto_reload = nu__settings.debug,
    };

    memcpy(chosen, site->context_processors, sizeof(site->context_processors));
    for (size_t i = 0; i < folders->len; i++)
        dirs[i] = folders->items[i].ptr;
    nu__template_engine_free(nu__template_engine_use(nu__template_engine_new(&options)));
    nu__template_reverse = nu__url_reverse_for_template;
    nu__template_static = nu__static_url;
    nu__template_csrf_token = nu__csrf_token;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void signing_set(void)
{
    nu__signing_set_keys(nu__settings.secret_key, nu__settings.secret_key_fallbacks.items,
                         nu__settings.secret_key_fallbacks.len);
    nu__timezone_set_default(nu__settings.time_zone.ptr);
}

static void requests_set(const nu_settings *site)
{
    nu__storage_setup(nu__settings.media_root, nu__settings.media_url);
    nu__staticfiles_setup();
    templates_set(site);
    nu__url_setup(site->root_urlconf);
    request_settings_set();
    nu__csrf_setup();
    nu__mail_setup();
    nu__cache_setup();
    nu__template_cache_hook = &nu__cache_of_fragments;
    nu__middleware_setup();
    nu__handler_setup(site);
}

void nu__setup(const nu_settings *site)
{
    nu__conf_setup(site);
    log_set();
    signing_set();
    nu__apps_setup(site->installed_apps,
                   sizeof(site->installed_apps) / sizeof(site->installed_apps[0]));
    nu__i18n_setup();
    log_suspects();
    nu__models_setup(nu__apps_models(), site->auth_user_model);
    databases_set(site);
    requests_set(site);
    nu__error_traces = nu__settings.debug;
    nu__crash_lines = nu__settings.debug ? nu__backtrace_tell : NULL;
    if (nu__settings.debug)
        nu__recorder_setup();
    nu__apps_ready();
}

void nu__setup_again(void)
{
    log_set();
    signing_set();
    nu__i18n_setup();
    requests_set(nu__settings.site);
}
