/* The school: one executable with two faces. SCHOOL_TEMPLATE_DIR shows another's templates. */
#include "registry/app.h"
#include "registry/urls.h"
#include "registry/views.h"

#include <nuages/auth.h>
#include <nuages/context_processors.h>
#include <nuages/nuages.h>
#include <nuages/staticfiles.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const nu_urlconf school_urls = {
    .urlpatterns = {
        path("accounts/login/", open_house, .name = "login", .methods = GET | HEAD | POST),
        include("", registry_urls),
        re_path("^static/(?P<path>.*)$", nu_static_serve, .kwargs = { Kwarg("insecure", true) },
                .methods = GET | HEAD),
        re_path("^media/(?P<path>.*)$", nu_media_serve, .methods = GET | HEAD),
    },
};

static const nu_settings settings = {
    .secret_key = "school-demo-secret-key-0123456789abcdefghijklmnopqrstuvwxyz",
    .env_prefix = "SCHOOL_",
    .allowed_hosts = { "school.test", "localhost", "127.0.0.1", "testserver" },
    .installed_apps = { &registry_app, &auth_app, &contenttypes_app, &sessions_app },
    .middleware = { SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware, MessageMiddleware, XFrameOptionsMiddleware },
    .context_processors = { nu_request_processor, nu_auth_processor, nu_messages_processor, open_house_context },
    .context_names = { "perms" },
    .databases = { Database("default", .engine = "sqlite3", .name = "db.sqlite3", .url_env = "DATABASE_URL") },
    .root_urlconf = &school_urls,
    .static_url = "static/",
    .media_url = "media/",
    .media_root = "media",
};
/* clang-format on */

static void set_default(const char *name, const char *format, const char *value)
{
    char text[4096];

    if (getenv(name) || snprintf(text, sizeof text, format, value) >= (int)sizeof text)
        return;
    setenv(name, text, 0);
}

/* The variables of the school's Python counterpart that are not settings of the same name. */
static void read_environment(void)
{
    const char *database = getenv("SCHOOL_DB_NAME"), *templates = getenv("SCHOOL_TEMPLATE_DIR");
    const char *engine = getenv("SCHOOL_DB_ENGINE"),
               *slash = templates ? strrchr(templates, '/') : NULL;
    char folder[4096];

    if (database && (!engine || !strcmp(engine, "sqlite3")))
        set_default("DATABASE_URL", "sqlite:///%s", database);
    if (!templates)
        return;
    if (access(templates, R_OK | X_OK)) {
        fprintf(stderr, "SCHOOL_TEMPLATE_DIR: there is no folder %s that can be read.\n",
                templates);
        exit(1);
    }
    set_default("TEMPLATE_DIRS", "%s", templates);
    /* static files stand beside the templates, as in every app */
    if (slash && (size_t)(slash - templates) < sizeof folder) {
        memcpy(folder, templates, (size_t)(slash - templates));
        folder[slash - templates] = 0;
        strncat(folder, "/static", sizeof folder - strlen(folder) - 1);
        if (access(folder, R_OK | X_OK) == 0)
            set_default("STATICFILES_DIRS", "%s", folder);
    }
}

int main(int argc, char **argv)
{
    read_environment();
    return nu_main(argc, argv, &settings);
}
