#include "harness.h"

#include "apps/registry.h"
#include "signals/signals.h"

static int n_ready, n_heard;

static void count_ready(void)
{
    n_ready++;
}

static void hear(const nu_signal_event *event)
{
    (void)event;
    n_heard++;
}

static const nu_app auth = { .name = "django.contrib.auth", .verbose_name = "Accounts" };
static const nu_app school = { .name = "registry",
                               .ready = count_ready,
                               .receivers = { receiver_any(NU_REQUEST_STARTED, hear) } };
static const nu_app other_auth = { .name = "site.auth" };
static const nu_app shop = { .name = "shop", .depends = { "auth", "registri", "mail" } };
static const nu_app stall = { .name = "stall", .depends = { "shopp" } };
static const nu_app spaced = { .name = "a b" };

#define SETUP(...)                                                                                 \
    nu__apps_setup((const nu_app *const[]){ __VA_ARGS__ },                                         \
                   sizeof((const nu_app *const[]){ __VA_ARGS__ }) / sizeof(nu_app *))

static void labels_come_from_the_last_part_of_names(void)
{
    SETUP(&auth, &school);
    CHECK(nu__app_get(S("auth"))->app == &auth);
    CHECK_STR(nu__app_get(S("auth"))->verbose_name, "Accounts");
    CHECK_STR(nu__app_get(S("registry"))->verbose_name, "Registry");
    CHECK(nu__app_installed(S("django.contrib.auth")));
    CHECK(!nu__app_installed(S("auth")));
    nu__apps_release();
}

static void a_misspelt_label_is_answered_with_the_nearest(void)
{
    SETUP(&auth, &school);
    CHECK_RAISES(NU_LOOKUP_ERROR, "No installed app with label 'registy'.",
                 nu__app_get(S("registy")));
    CHECK_RAISES(NU_LOOKUP_ERROR, "registry", nu__app_get(S("registy")));
    CHECK_RAISES(NU_LOOKUP_ERROR, "Did you mean 'auth'?", nu__app_get(S("django.contrib.auth")));
    nu__apps_release();
}

static void two_apps_cannot_share_a_label(void)
{
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "Application labels aren't unique, duplicates: auth",
                 SETUP(&auth, &other_auth));
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "'a b' is not a valid Python identifier",
                 SETUP(&spaced));
    nu__apps_release();
}

static void all_apps_that_are_missing_are_told_with_what_was_meant(void)
{
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "The app 'shop' needs the app 'registri', which is not among the installed apps. "
                 "Did you mean 'registry'?\n"
                 "The app 'shop' needs the app 'mail', which is not among the installed apps.\n"
                 "The app 'stall' needs the app 'shopp', which is not among the installed apps. "
                 "Did you mean 'shop'?",
                 SETUP(&auth, &school, &shop, &stall));
    nu__apps_release();
}

static void before_the_set_up_nothing_is_known(void)
{
    nu__apps_release();
    CHECK_RAISES(NU_APP_REGISTRY_NOT_READY, "Apps aren't loaded yet.", nu__app_get(S("auth")));
    CHECK(nu__apps_models()[0] == NULL && nu__apps_list()[0] == NULL);
}

static void readiness_connects_receivers_and_calls_the_hooks(void)
{
    nu__signals_release();
    n_ready = n_heard = 0;
    SETUP(&auth, &school);
    CHECK_INT(nu_signal_send(.signal = NU_REQUEST_STARTED), 0);
    nu__apps_ready();
    CHECK_INT(n_ready, 1);
    nu_signal_send(.signal = NU_REQUEST_STARTED);
    CHECK_INT(n_heard, 1);
    nu__apps_release();
    nu__signals_release();
}

HARNESS(labels_come_from_the_last_part_of_names, a_misspelt_label_is_answered_with_the_nearest,
        two_apps_cannot_share_a_label, all_apps_that_are_missing_are_told_with_what_was_meant,
        before_the_set_up_nothing_is_known, readiness_connects_receivers_and_calls_the_hooks)
