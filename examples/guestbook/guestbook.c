#include "guestbook.h"

extern const nu_embedded_file guestbook_templates[];
extern const nu_migration *const guestbook_migrations[];

static nu_str entry_str(const void *entry)
{
    return ((const GuestbookEntry *)entry)->name;
}

/* clang-format off */
const nu_model GuestbookEntry_model = {
    MODEL(GuestbookEntry), .app_label = "guestbook", .ordering = { "-written_at" }, .str = entry_str,
    .fields = {
        CharField    (GuestbookEntry, name,       .max_length = 60),
        TextField    (GuestbookEntry, message,    .max_length = 1000),
        DateTimeField(GuestbookEntry, written_at, .auto_now_add = true),
    },
};
/* clang-format on */

static const nu_modelform EntryForm = {
    MODEL_FORM(GuestbookEntry),
    .fields = { "name", "message" },
};

static nu_response *index_page(nu_request *req)
{
    nu_form *form = nu_modelform_for(req, EntryForm, nu_new(GuestbookEntry));

    if (nu_form_valid(form)) {
        nu_form_save(form);
        return nu_redirect(req, "guestbook:index");
    }
    return nu_render(req, "guestbook/index.html", ("form", form),
                     ("entries", nu_objects(GuestbookEntry)));
}

const nu_urlconf guestbook_urls = {
    .app_name = "guestbook",
    .urlpatterns = { path("", index_page, .name = "index") },
};

static void check_many(nu_check_messages *messages)
{
    if (nu_count(nu_objects(GuestbookEntry)) > 100000)
        nu_check_add(messages, NU_CHECK_INFO, "guestbook.I001", S("The guestbook has grown long."),
                     S("Think of pages."), S("guestbook.GuestbookEntry"));
}

const nu_app guestbook_app = {
    .name = "guestbook",
    .models = { &GuestbookEntry_model },
    .urls = &guestbook_urls,
    .templates = guestbook_templates,
    .migrations = guestbook_migrations,
    .checks = { { check_many, .tag = "database" } },
};
