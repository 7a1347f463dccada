/* manage.c */
#include <nuages/nuages.h>

#include "registry/models.h"
#include "registry/urls.h"

static const nu_app registry_app = {
    .name = "registry",
    .models = { &Department_model, &Course_model, &Student_model, &Enrollment_model },
};

static const nu_settings settings = {
    .secret_key_env = "SECRET_KEY",
    .allowed_hosts = { "localhost", "127.0.0.1" },
    .installed_apps = { &registry_app },
    .middleware = { SecurityMiddleware, CommonMiddleware, CsrfViewMiddleware, MessageMiddleware },
    .databases = { Database("default", .engine = "sqlite3", .url_env = "DATABASE_URL") },
    .root_urlconf = &school_urls,
    .template_dirs = { "tests/samples/registry/templates" },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
