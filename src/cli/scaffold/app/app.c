#include "app.h"

#include "models.h"
#include "urls.h"

extern const nu_migration *const @NAME@_migrations[];
extern const nu_test_def *const @NAME@_tests[];
extern const nu_embedded_file @NAME@_templates[], @NAME@_static[];

const nu_app @NAME@_app = {
    .name = "@NAME@",
    .path = @UPPER@_PATH,
    .models = { &Item_model },
    .urls = &@NAME@_urls,
    .migrations = @NAME@_migrations,
#ifdef WITH_TESTS
    .tests = { @NAME@_tests },
#else
    .templates = @NAME@_templates,
    .static_files = @NAME@_static,
#endif
};
