/* A site whose tables Django has made, or makes its own. */
#include "models.h"

#include <nuages/migrations.h>
#include <nuages/nuages.h>

extern const nu_migration *const shelf_migrations[];

static const nu_app shelf_app = {
    .name = "shelf",
    .models = { &Item_model, &Span_model, &Note_model },
    .path = SHELF_PATH,
    .migrations = shelf_migrations,
};

static const nu_settings settings = {
    .secret_key = "a-key-of-the-tests-0123456789abcdefghijklmnopqrstuvwxyz",
    .allowed_hosts = { "shelf.test" },
    .installed_apps = { &shelf_app },
    .databases = { Database("default", .engine = "sqlite3", .name = "shelf.sqlite3",
                            .url_env = "DATABASE_URL") },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
