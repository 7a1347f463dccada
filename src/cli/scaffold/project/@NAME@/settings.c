#include "settings.h"

#include "urls.h"

#include <nuages/auth.h>

/* Each may be overridden from the environment: DEBUG=1, ALLOWED_HOSTS=example.com, SECRET_KEY=… */
const nu_settings settings = {
    .secret_key_env = "SECRET_KEY",
    .allowed_hosts = { "localhost", "127.0.0.1" },
    .installed_apps = { &contenttypes_app, &auth_app, &sessions_app },
    .middleware = { SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware, MessageMiddleware,
                    XFrameOptionsMiddleware },
    .databases = { Database("default", .engine = "sqlite3", .name = "db.sqlite3",
                            .url_env = "DATABASE_URL") },
    .root_urlconf = &urls,
    .static_url = "static/",
};
