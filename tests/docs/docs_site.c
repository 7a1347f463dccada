/* The site of a page: what it says of it, and what it leaves out. */
#include "docs_runtime.h"

#include "conf/settings.h"
#include "handlers/handler.h"
#include "http/message.h"
#include "mail/mail.h"
#include "serializers/serializer.h"
#include "test/case.h"

#include <string.h>

/* The page's settings, and what it leaves out: its URLs and templates, Django's usual middleware.
 */
const nu_settings *doc_site(void)
{
    static nu_middleware *const usual[] = { SessionMiddleware, CommonMiddleware,
                                            MessageMiddleware };
    static nu_settings site;

    if (doc_settings)
        memcpy(&site, doc_settings, sizeof site);
    if (!site.secret_key)
        site.secret_key = "docs";
    if (!site.allowed_hosts[0])
        site.allowed_hosts[0] = "*";
    if (!site.middleware[0])
        memcpy(site.middleware, usual, sizeof usual);
    if (!site.session_engine)
        site.session_engine = "django.contrib.sessions.backends.signed_cookies";
    if (!site.databases[0].alias)
        site.databases[0] =
            (nu_database)Database("default", .engine = "sqlite3", .name = ":memory:");
    if (!site.root_urlconf)
        site.root_urlconf = doc_urls;
    if (!site.fixture_dirs[0])
        site.fixture_dirs[0] = ".";
    site.templates.dict = doc_templates;
    for (size_t i = 0; doc_libraries[i]; i++)
        site.templates.libraries[i] = doc_libraries[i];
    return &site;
}

static void load_fixtures(const char *const *names)
{
    nu_list *labels = nu_list_new();

    for (size_t i = 0; names[i]; i++)
        nu_list_append(labels, names[i]);
    nu__fixtures_load(&(const nu__fixture_options){ .labels = labels, .using = "default" });
}

void doc_site_ready(void)
{
    nu__case_hooks_installed.load_fixtures = load_fixtures;
    nu__setup_again();
    nu__mail_use_locmem();
}
