#include "app.h"

#include "models.h"
#include "urls.h"

#include <nuages/expressions.h>

extern const nu_migration *const registry_migrations[];
extern const nu_template_library school_tags;
extern const nu_command seed_demo_command;
extern const nu_test_def *const registry_tests[];
extern const nu_embedded_file registry_templates[], registry_static[];

/* last_name__length__gt and title__lower in queries, as CharField.register_lookup() has them. */
static void ready(void)
{
    nu_register_lookup(NU_CHAR_FIELD, "Length");
    nu_register_lookup(NU_CHAR_FIELD, "Lower");
}

const nu_app registry_app = {
    .name = "registry",
    .verbose_name = "School registry",
    .path = REGISTRY_PATH,
    .models = { &Department_model, &Tag_model, &Course_model, &Student_model, &Enrollment_model,
                &Attendance_model, &Payment_model },
    .libraries = { &school_tags },
    .urls = &registry_urls,
    .commands = { &seed_demo_command },
    .migrations = registry_migrations,
    .templates = registry_templates,
    .static_files = registry_static,
    .tests = { registry_tests },
    .ready = ready,
};
