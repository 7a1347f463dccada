#include "harness.h"

#include "conf/settings.h"
#include "mail/mail.h"

#include <stdlib.h>

static int64_t own_sent;
static int64_t own(nu_email *const *emails, size_t n, const nu_mail_options *options)
{
    (void)emails;
    (void)options;
    own_sent += (int64_t)n;
    return (int64_t)n;
}
static const nu_mail_backend own_backend = { "own", own };

static void set_up(nu_settings site)
{
    static nu_settings kept;

    kept = site;
    kept.secret_key = "k";
    nu__conf_setup(&kept);
    nu__mail_setup();
}

static nu_email *email(void)
{
    return nu_email_message(.to = { "a@example.com" }, .subject = "Hi", .body = S("Hello"));
}

static void memory_outlives_the_message(void)
{
    set_up((nu_settings){ .email_backend = "locmem" });
    {
        nu_scratch_scope();
        nu_email *made = email();

        nu_email_attach(made, "a.txt", nu_fmt("{}", "text"), NULL);
        nu_email_attach_alternative(made, nu_fmt("{}", "<p>"), "text/html");
        CHECK_INT(nu_email_send(made), 1);
    }
    CHECK_INT(nu__mail_outbox_len(), 1);
    CHECK_STR(nu__mail_outbox_at(0)->attachments[0].content, "text");
    CHECK_STR(nu__mail_outbox_at(0)->alternatives[0].content, "<p>");
    CHECK_STR(nu_at(nu__mail_outbox_at(0)->to, 0).s, "a@example.com");
    nu__mail_outbox_clear();
    CHECK(nu__mail_outbox_at(0) == NULL);
}

static void a_site_s_own_way_is_found_by_name(void)
{
    set_up((nu_settings){ .email_backend = "own", .email_backends = { &own_backend } });
    CHECK_INT(nu_send_mass_mail(email(), email()), 2);
    CHECK_INT(own_sent, 2);
    CHECK_INT(nu_email_send(nu_email_message(.subject = "to nobody")), 0);
}

static void a_folder_that_cannot_be_is_told(void)
{
    nu_mail_options quiet = { .fail_silently = true };
    nu_email *made = email();

    set_up((nu_settings){ .email_backend = "file", .email_file_path = "/dev/full" });
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "not a directory", nu_email_send(made));
    set_up((nu_settings){ .email_backend = "file", .email_file_path = "/proc/nowhere" });
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Could not create directory", nu_email_send(made));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Could not create directory",
                 nu__mail_file.send_messages(&made, 1, &quiet));
}

static void settings_name_a_way_to_send(void)
{
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Perhaps you meant locmem?",
                 set_up((nu_settings){ .email_backend = "locmen" }));
    set_up((nu_settings){ .email_backend = "django.core.mail.backends.console.EmailBackend" });
    CHECK(nu__mail.backend == &nu__mail_console);
    setenv("EMAIL_URL", "smtps://ad%40a:p%3Aw@[::1]", 1);
    set_up((nu_settings){ .email_host = "elsewhere" });
    CHECK_STR(nu__mail.host, "::1");
    CHECK_STR(nu__mail.user, "ad@a");
    CHECK_STR(nu__mail.password, "p:w");
    CHECK_INT(nu__mail.port, 465);
    CHECK(nu__mail.use_ssl && !nu__mail.use_tls);
    unsetenv("EMAIL_URL");
    nu__conf_release();
}

HARNESS(memory_outlives_the_message, a_site_s_own_way_is_found_by_name,
        a_folder_that_cannot_be_is_told, settings_name_a_way_to_send)
