#include <nuages/migrations.h>

/* clang-format off */
static const nu_operation operations[] = {
    CreateModel(.name = "GuestbookEntry",
                .fields = {
                    models_BigAutoField("id", .primary_key = true, .verbose_name = "ID"),
                    models_CharField("name", .max_length = 60),
                    models_TextField("message", .max_length = 1000),
                    models_DateTimeField("written_at", .auto_now_add = true),
                },
                .ordering = { "-written_at" }),
    { 0 },
};

static const nu_migration initial = {
    .app_label = "guestbook", .name = "0001_initial", .initial = true, .operations = operations,
};
/* clang-format on */

extern const nu_migration *const guestbook_migrations[];
const nu_migration *const guestbook_migrations[] = { &initial, NULL };
