#include <nuages/auth.h>

static nu_str session_str(const void *object)
{
    return ((const nu_session *)object)->session_key;
}

/* clang-format off */
const nu_model nu_session_model = {
    MODEL_AS(nu_session, "Session"), .app_label = "sessions", .db_table = "django_session",
    .str = session_str, .verbose_name = "session", .verbose_name_plural = "sessions",
    .fields = {
        CharField    (nu_session, session_key,  .verbose_name = "session key", .max_length = 40, .primary_key = true),
        TextField    (nu_session, session_data, .verbose_name = "session data"),
        DateTimeField(nu_session, expire_date,  .verbose_name = "expire date", .db_index = true),
    },
};
/* clang-format on */
