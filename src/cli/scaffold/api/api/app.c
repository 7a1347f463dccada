#include "app.h"

#include "models.h"
#include "urls.h"

extern const nu_migration *const api_migrations[];
extern const nu_test_def *const api_tests[];

const nu_app api_app = {
    .name = "api",
    .path = API_PATH,
    .models = { &Item_model },
    .urls = &api_urls,
    .migrations = api_migrations,
#ifdef WITH_TESTS
    .tests = { api_tests },
#endif
};
