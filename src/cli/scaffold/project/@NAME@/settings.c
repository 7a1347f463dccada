#include "settings.h"

@API@#include "../api/app.h"
#include "urls.h"

#include <nuages/auth.h>

extern const nu_test_def *const site_tests[];

/* What belongs to no app: the tests of the whole site. */
static const nu_app site_app = {
    .name = "@NAME@",
#ifdef WITH_TESTS
    .tests = { site_tests },
#endif
};

/* Each may be overridden from the environment or the file .env: DEBUG=1, ALLOWED_HOSTS=example.com,
   SECRET_KEY=… */
const nu_settings settings = {
    .secret_key_env = "SECRET_KEY",
    .allowed_hosts = { "localhost", "127.0.0.1" },
@PAGES@    .installed_apps = { &site_app, &contenttypes_app, &auth_app, &sessions_app },
@API@    .installed_apps = { &site_app, &contenttypes_app, &auth_app, &sessions_app, &api_app },
    .middleware = { SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware, MessageMiddleware,
                    XFrameOptionsMiddleware },
    .databases = { Database("default", .engine = "sqlite3", .name = "db.sqlite3",
                            .url_env = "DATABASE_URL") },
    .root_urlconf = &urls,
    .static_url = "static/",
};
