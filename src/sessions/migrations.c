/* The history of django.contrib.sessions, under Django's names. */
#include <nuages/auth.h>
#include <nuages/cli.h>
#include <nuages/conf.h>
#include <nuages/migrations.h>

/* clang-format off */
static const nu_operation initial_operations[] = {
    CreateModel(.name = "Session",
                .fields = {
                    models_CharField("session_key", .max_length = 40, .primary_key = true, .verbose_name = "session key"),
                    models_TextField("session_data", .verbose_name = "session data"),
                    models_DateTimeField("expire_date", .db_index = true, .verbose_name = "expire date"),
                },
                .db_table = "django_session", .verbose_name = "session", .verbose_name_plural = "sessions"),
    { 0 },
};
static const nu_migration sessions_0001_initial = {
    .app_label = "sessions", .name = "0001_initial", .initial = true, .operations = initial_operations,
};
/* clang-format on */

static const nu_migration *const sessions_migrations[] = { &sessions_0001_initial, NULL };

extern const nu_command nu__clearsessions_command;

const nu_app sessions_app = {
    .name = "nuages.contrib.sessions",
    .label = "sessions",
    .verbose_name = "Sessions",
    .models = { &nu_session_model },
    .migrations = sessions_migrations,
    .commands = { &nu__clearsessions_command },
};
