#include "harness.h"

#include "conf/settings.h"

#include <stdlib.h>
#include <string.h>

/* Set up with variables of the environment, which are gone again afterwards. */
static void setup_with(const nu_settings *site, const char *const *variables)
{
    for (const char *const *v = variables; *v; v += 2)
        setenv(v[0], v[1], 1);
    const nu_error *error = nu_catch(NU_EXCEPTION, nu__conf_setup(site));
    for (const char *const *v = variables; *v; v += 2)
        unsetenv(v[0]);
    if (error)
        nu_reraise(error);
}
#define SETUP(site, ...)                                                                           \
    setup_with((site), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

static const nu_settings site = { .secret_key = "site key",
                                  .env_prefix = "SCHOOL_",
                                  .allowed_hosts = { "a.example", "b.example" },
                                  .no_append_slash = true,
                                  .secure_hsts_seconds = 60,
                                  .csrf_cookie_age = -1,
                                  .static_url = "static/" };

static void without_anything_djangos_defaults_hold(void)
{
    SETUP(&(const nu_settings){ .secret_key = "k" });
    CHECK(!nu__settings.debug && nu__settings.append_slash);
    CHECK_STR(nu__settings.x_frame_options, "DENY");
    CHECK_STR(nu__settings.csrf_cookie_name, "csrftoken");
    CHECK_INT(nu__settings.csrf_cookie_age, 31449600);
    CHECK_INT(nu__settings.data_upload_max_memory_size, 2621440);
    CHECK_INT(nu__settings.allowed_hosts.len, 0);
    CHECK(nu__settings.session_cookie_httponly && nu__settings.secure_content_type_nosniff);
    nu__conf_release();
}

static void the_site_overrides_the_defaults(void)
{
    SETUP(&site);
    CHECK(!nu__settings.append_slash);
    CHECK_INT(nu__settings.secure_hsts_seconds, 60);
    CHECK_INT(nu__settings.csrf_cookie_age, 0);
    CHECK_INT(nu__settings.allowed_hosts.len, 2);
    CHECK_STR(nu__settings.allowed_hosts.items[1], "b.example");
    CHECK_STR(nu__settings.static_url, "/static/");
    nu__conf_release();
}

static void the_environment_overrides_the_site_and_plain_names_the_prefix(void)
{
    SETUP(&site, "SCHOOL_DEBUG", "yes", "SCHOOL_ALLOWED_HOSTS", "c.example, d.example",
          "SCHOOL_SECURE_HSTS_SECONDS", "1", "SECURE_HSTS_SECONDS", "31_536_000", "APPEND_SLASH",
          "on", "SCHOOL_TEMPLATE_DIR", "/tmp/templates");
    CHECK(nu__settings.debug && nu__settings.append_slash);
    CHECK_INT(nu__settings.allowed_hosts.len, 2);
    CHECK_STR(nu__settings.allowed_hosts.items[1], "d.example");
    CHECK_INT(nu__settings.secure_hsts_seconds, 31536000);
    CHECK_STR(nu__settings.template_dirs.items[0], "/tmp/templates");
    nu__conf_release();
}

static void a_wrong_value_is_named_with_its_setting_and_what_is_allowed(void)
{
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "DEBUG is “maybe” (from SCHOOL_DEBUG in the environment), which is wrong: write 1",
                 SETUP(&site, "SCHOOL_DEBUG", "maybe"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "allowed are DENY, SAMEORIGIN.",
                 SETUP(&site, "X_FRAME_OPTIONS", "ALLOW"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "DATA_UPLOAD_MAX_MEMORY_SIZE is “2.5M”",
                 SETUP(&site, "DATA_UPLOAD_MAX_MEMORY_SIZE", "2.5M"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "\"a(\" is not a valid regular expression",
                 SETUP(&site, "DISALLOWED_USER_AGENTS", "ok,a("));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "each origin must start with a scheme",
                 SETUP(&site, "CSRF_TRUSTED_ORIGINS", "example.com"));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "STATIC_URL is “/static” (from STATIC_URL in the",
                 SETUP(&site, "STATIC_URL", "/static"));
    nu__conf_release();
}

static void a_word_is_kept_in_the_spelling_of_the_table(void)
{
    SETUP(&site, "X_FRAME_OPTIONS", "sameorigin", "SECURE_REFERRER_POLICY",
          "strict-origin, same-origin");
    CHECK_STR(nu__settings.x_frame_options, "SAMEORIGIN");
    CHECK_STR(nu__settings.secure_referrer_policy, "strict-origin,same-origin");
    nu__conf_release();
}

static void without_a_secret_key_production_does_not_start(void)
{
    static const nu_settings keyless = { .env_prefix = "SCHOOL_" };

    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "SCHOOL_SECRET_KEY", SETUP(&keyless));
    SETUP(&keyless, "DEBUG", "1");
    CHECK(nu__settings.secret_key_made_up && nu__settings.secret_key.len == 50);
    SETUP(&keyless, "SCHOOL_SECRET_KEY", "from the environment");
    CHECK(!nu__settings.secret_key_made_up);
    CHECK_STR(nu__settings.secret_key, "from the environment");
    SETUP(&(const nu_settings){ .secret_key_env = "MY_KEY" }, "MY_KEY", "mine");
    CHECK_STR(nu__settings.secret_key, "mine");
    nu__conf_release();
}

static void secrets_are_never_shown(void)
{
    nu__setting setting;
    bool seen = false;

    SETUP(&site);
    for (size_t i = 0; nu__conf_setting(i, &setting); i++)
        if (nu_eq(setting.name, "SECRET_KEY")) {
            seen = true;
            CHECK(setting.secret);
            CHECK_STR(nu_string(setting.value), "********************");
            CHECK_STR(setting.source, "the site's settings");
        }
    CHECK(seen);
    nu__conf_release();
}

static void the_address_of_a_broker_is_checked_without_showing_its_password(void)
{
    static const struct {
        const char *url, *wrong;
    } cases[] = {
        { "redis://h:6379/0", NULL },
        { "rediss://:p%40@[::1]:6380/15", NULL },
        { "amqp://u:p@h:5672//v", NULL },
        { "amqps://h", NULL },
        { "h:6379", "brokers are redis" },
        { "localhost", "it is no URL" },
        { "reddis://:topsecret@h", "Perhaps you meant redis?" },
        { "redis://:topsecret@h:99999", "its port is “99999”" },
        { "amqp://u:p@h:0", "its port is “0”" },
        { "amqp://h:0", "its port is “…”" },
        { "redis://h/zero", "its database is “zero”" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const variables[] = { "BROKER_URL", cases[i].url, NULL };
        const nu_error *error = nu_catch(NU_EXCEPTION, setup_with(&site, variables));

        CHECK(!error == !cases[i].wrong);
        if (error) {
            CHECK(strstr(error->message.ptr, cases[i].wrong));
            CHECK(strstr(error->message.ptr, "BROKER_URL") &&
                  !strstr(error->message.ptr, "topsecret"));
        }
    }
}

static void a_misspelt_variable_with_the_prefix_is_suspected(void)
{
    nu_list *suspects;

    setenv("SCHOOL_ALOWED_HOSTS", "x", 1);
    setenv("SCHOOL_ZEBRA_COUNT", "3", 1);
    nu__conf_setup(&site);
    suspects = nu__conf_suspects();
    unsetenv("SCHOOL_ALOWED_HOSTS");
    unsetenv("SCHOOL_ZEBRA_COUNT");
    CHECK_INT(nu_list_len(suspects), 1);
    CHECK_STR(nu_string(nu_at(suspects, 0)), "SCHOOL_ALOWED_HOSTS names no setting. Perhaps you "
                                             "meant SCHOOL_ALLOWED_HOSTS?");
    nu__conf_release();
}

HARNESS(without_anything_djangos_defaults_hold, the_site_overrides_the_defaults,
        the_environment_overrides_the_site_and_plain_names_the_prefix,
        a_wrong_value_is_named_with_its_setting_and_what_is_allowed,
        a_word_is_kept_in_the_spelling_of_the_table, without_a_secret_key_production_does_not_start,
        secrets_are_never_shown, the_address_of_a_broker_is_checked_without_showing_its_password,
        a_misspelt_variable_with_the_prefix_is_suspected)
