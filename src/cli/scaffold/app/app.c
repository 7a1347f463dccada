#include "app.h"

#include "models.h"
#include "urls.h"

extern const nu_migration *const @NAME@_migrations[];

const nu_app @NAME@_app = {
    .name = "@NAME@",
    .path = @UPPER@_PATH,
    .models = { &Item_model },
    .urls = &@NAME@_urls,
    .migrations = @NAME@_migrations,
};
