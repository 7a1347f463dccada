#include "shop/models.h"

#ifdef WITH_MIGRATIONS
#include "shop/migrations/all.c"
#endif

static const nu_app shop_app = {
    .name = "shop",
    .path = "shop",
    .models = { &Category_model, &Product_model, &Book_model, &CheapProduct_model,
                &Everything_model },
#ifdef WITH_MIGRATIONS
    .migrations = shop_migrations,
#endif
};

static const nu_settings settings = {
    .secret_key = "for-this-test-only-0123456789abcdefghijklmnopqrstuvwxyz",
    .debug = true,
    .installed_apps = { &shop_app },
    .databases = { Database("default", .engine = "sqlite3", .url_env = "DATABASE_URL") },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
