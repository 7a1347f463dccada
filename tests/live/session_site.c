/* A site that remembers its visitors, for test_sessions.py: what a request asks of its session
   comes as JSON, and what the session then holds goes back. */
#include <nuages/auth.h>
#include <nuages/nuages.h>

/* ---- the visitor's time zone ----------------------------------------------------------------- */

static nu_response *zone_of_session(nu_request *req, const nu_next *next)
{
    nu_value name = nu_session_get(req, "django_timezone");

    if (name.kind == NU_KIND_STR)
        nu_timezone_activate(nu_timezone_get(name.s.ptr));
    return nu_next_call(next, req);
}

/* ---- what may be asked ----------------------------------------------------------------------- */

static void end_in_an_hour(nu_request *req)
{
    nu_session_set_expiry_date(req, nu_datetime_add(nu_now(), nu_seconds(3600)));
}

static void end_in_a_minute(nu_request *req)
{
    nu_session_set_expiry(req, 60);
}

static void end_with_browser(nu_request *req)
{
    nu_session_set_expiry(req, 0);
}

static void interrupt(nu_request *req)
{
    nu_session_modified(req);
    nu_delete_all(nu_filter(nu_objects(nu_session), Q("session_key", nu_session_key(req))));
}

static void fail(nu_request *req)
{
    nu_session_set(req, "failed", true);
    nu_raise(NU_RUNTIME_ERROR, "the view failed");
}

static const struct {
    const char *name;
    void (*run)(nu_request *req);
} deeds[] = {
    { "flush", nu_session_flush },
    { "clear", nu_session_clear },
    { "cycle_key", nu_session_cycle_key },
    { "end_in_an_hour", end_in_an_hour },
    { "end_in_a_minute", end_in_a_minute },
    { "end_with_browser", end_with_browser },
    { "reset_expiry", nu_session_reset_expiry },
    { "set_test_cookie", nu_session_set_test_cookie },
    { "delete_test_cookie", nu_session_delete_test_cookie },
    { "interrupt", interrupt },
    { "fail", fail },
};

static void deed_run(nu_request *req, nu_str name)
{
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
        if (nu_eq(name, deeds[i].name))
            deeds[i].run(req);
}

static nu_response *session(nu_request *req)
{
    nu_value values;
    nu_dict *asked = nu_request_json(req), *set = nu_dict_new();

    if (nu_dict_find(asked, S("set"), &values))
        set = nu_as_dict(values);

    for (size_t i = 0; i < nu_dict_len(set); i++)
        nu_session_set(req, nu_dict_key(set, i).ptr, nu_dict_value(set, i));
    if (nu_item(asked, "delete").kind == NU_KIND_STR)
        nu_session_delete(req, nu_item(asked, "delete").s.ptr);
    if (nu_item(asked, "do").kind == NU_KIND_STR)
        deed_run(req, nu_item(asked, "do").s);
    return nu_json(
        200, ("session", nu_session_dict(req)), ("worked", nu_session_test_cookie_worked(req)),
        ("age", nu_session_expiry_age(req)), ("browser", nu_session_expires_at_browser_close(req)));
}

static nu_response *untouched(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = S("untouched"));
}

static nu_response *page(nu_request *req)
{
    return nu_render(req, "page.html", ("day", nu_datetime_of(2024, 5, 17, 22, 30, 0)));
}

static nu_response *set_timezone(nu_request *req)
{
    const nu_timezone *zone = NULL;

    if (nu_catch(NU_VALUE_ERROR, zone = nu_timezone_get(nu_post_param(req, "timezone").ptr)))
        return nu_http_response(.status = 400, .body = S("no such zone"));
    nu_session_set(req, "django_timezone", nu_timezone_name(zone));
    return nu_redirect(req, "/page/");
}

static const nu_urlconf urls = {
    .urlpatterns = { path("session/", session), path("untouched/", untouched), path("page/", page),
                     path("timezone/", set_timezone), path("setlang/", nu_set_language) },
};

/* ---- the site -------------------------------------------------------------------------------- */

#define PAGE                                                                                       \
    "{% load tz %}{{ day|date:'l H:i' }}, {{ request.session.visits|default:'never' }} "           \
    "{% for key, value in request.session.items %}{{ key }}={{ value }};{% endfor %}"
static const nu_embedded_file templates[] = {
    { "page.html", (const uint8_t *)PAGE, sizeof(PAGE) - 1 },
    { 0 },
};

static const nu_settings settings = {
    .installed_apps = { &contenttypes_app, &auth_app, &sessions_app },
    .middleware = { SecurityMiddleware, SessionMiddleware, LocaleMiddleware, zone_of_session },
    .root_urlconf = &urls,
    .templates = { .dict = templates },
    .allowed_hosts = { "localhost" },
    .languages = { "en", "de", "fr" },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
