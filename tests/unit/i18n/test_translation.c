#include "i18n/translation.h"

#include "harness.h"

#include "apps/registry.h"
#include "conf/settings.h"
#include "handlers/handler.h"
#include "http/client_request.h"
#include "middleware/middleware.h"
#include "template/template.h"
#include "urls/resolver.h"
#include "urls/reverse.h"
#include "utils/dateformat.h"
#include "utils/numberformat.h"
#include "utils/timesince.h"
#include "utils/translation.h"

#include <nuages/i18n.h>
#include <nuages/views.h>

/* ---- a site ---------------------------------------------------------------------------------- */

static nu_response *hello(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = nu_fmt("{} {}", nu_get_language(), nu_gettext("Monday")));
}

static const nu_urlconf pages = { .urlpatterns = { path("hello/", hello, .name = "hello"),
                                                   path("rows/<int:pk>/", hello, .name = "row") } };
static const nu_urlconf urls = {
    .urlpatterns = { path("i18n/setlang/", nu_set_language), path("plain/", hello),
                     i18n_patterns(pages) },
};
static const nu_urlconf urls_without_prefix = {
    .urlpatterns = { i18n_patterns(pages, .no_prefix_default_language = true) },
};

static void setup(const char *language, const nu_urlconf *urlconf)
{
    static nu_settings site;

    site = (nu_settings){ .secret_key = "k",
                          .allowed_hosts = { "testserver" },
                          .root_urlconf = urlconf,
                          .language_code = language,
                          .languages = { "en", "de", "fr", "ru", "pt-br" },
                          .middleware = { LocaleMiddleware, CommonMiddleware } };
    nu__conf_setup(&site);
    nu__apps_setup(site.installed_apps, 1);
    nu__i18n_setup();
    nu__template_engine_free(nu__template_engine_use(
        nu__template_engine_new(&(const nu__template_options){ .debug = false })));
    nu__url_setup(urlconf);
    nu__middleware_setup();
    nu__handler_setup(&site);
}

static void done(void)
{
    nu__template_engine_free(nu__template_engine_use(NULL));
    nu__resolvers_release();
    nu__i18n_release();
    nu__apps_release();
    nu__conf_release();
}

static nu_response *ask(const char *target, const char *header, const char *value)
{
    nu__header one = { nu_s(header), nu_s(value) };

    return nu__client_run(
        nu__handle, nu__client_request(&(const nu__client_options){
                        .method = GET, .target = nu_s(target), .headers = &one, .n_headers = 1 }));
}

static nu_response *get(const char *target, const char *languages)
{
    return ask(target, "Accept-Language", languages);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void texts_follow_the_language_of_the_fiber(void)
{
    setup("en-us", &urls);
    CHECK_STR(nu_get_language(), "en-us");
    CHECK_STR(nu_gettext("Monday"), "Monday");
    nu_language_activate(S("de"));
    CHECK_STR(nu_gettext("Monday"), "Montag");
    CHECK_STR(nu_gettext("no such text"), "no such text");
    CHECK_STR(nu_gettext(""), "");
    CHECK_STR(nu_pgettext("alt. month", "May"), "Mai");
    CHECK_STR(nu_ngettext("%(num)d day", "%(num)d days", 2), "%(num)d Tage");
    CHECK_STR(nu_ngettext("one thing", "{} things", 2), "{} things");
    nu_language_deactivate();
    CHECK_STR(nu_get_language(), "en-us");
    nu_language_activate((nu_str){ 0 });
    CHECK(!nu_get_language().ptr);
    done();
}

static void dates_are_written_in_the_language(void)
{
    int64_t start = nu_datetime_of(2024, 1, 1, 0, 0, 0).us;

    setup("en-us", &urls);
    nu_language_activate(S("ru"));
    CHECK_STR(nu__date_format(V(nu_date_of(2024, 5, 17)), nu_utc,
                              nu_s(nu__locale_current()->date_format)),
              "17 мая 2024 г.");
    CHECK_STR(nu__timesince(start, start + 5 * 86400000000LL, 1, NULL), "5\u00a0дней");
    nu_language_activate(S("pt-br"));
    CHECK_STR(
        nu__date_format(V(nu_date_of(2024, 3, 1)), nu_utc, nu_s(nu__locale_current()->date_format)),
        "1 de Março de 2024");
    done();
}

/* A variety has its general language's texts; what none has comes from the site's own language,
   but English is in the source. */
static void languages_fall_back(void)
{
    setup("fr", &urls);
    nu_language_activate(S("de-at"));
    CHECK_STR(nu_gettext("Monday"), "Montag");
    CHECK_STR(nu__locale_current()->date_format, "j. F Y");
    nu_language_activate(S("eo"));
    CHECK_STR(nu_gettext("Monday"), "lundi");
    CHECK_STR(nu_gettext("no such text"), "no such text");
    nu_language_activate(S("en-gb"));
    CHECK_STR(nu_gettext("Monday"), "Monday");
    done();
}

/* Of the languages that another one was in use before, only the site's own has a say: in an English
   site a language without words leaves the texts as they are. */
static void no_words_come_from_a_language_of_before(void)
{
    setup("en-us", &urls);
    nu_language_activate(S("de"));
    CHECK_STR(nu_gettext("Monday"), "Montag");
    {
        nu_language_override_scope(S("sv"));
        CHECK_STR(nu_get_language(), "sv");
        CHECK_STR(nu_gettext("Monday"), "Monday");
        CHECK_STR(nu_ngettext("%(num)d day", "%(num)d days", 2), "%(num)d days");
    }
    CHECK_STR(nu_gettext("Monday"), "Montag");
    done();
}

/* The settings' formats: no thousands are set apart, and dates are as in the settings. */
static void a_language_without_formats_has_the_settings_own(void)
{
    setup("de", &urls);
    nu__set_use_thousand_separator(true);
    nu_language_activate(S("xx"));
    CHECK_STR(nu__number_format(V(1234567.5), -1, nu__locale_current(), false), "1234567.5");
    CHECK_STR(nu__locale_current()->date_format, "N j, Y");
    nu_language_activate(S("en-gb"));
    CHECK_STR(nu__number_format(V(1234567.5), -1, nu__locale_current(), false), "1,234,567.5");
    nu_language_activate(S("fr-xx"));
    CHECK_STR(nu__number_format(V(1234567.5), -1, nu__locale_current(), false),
              "1\u00a0234\u00a0567,5");
    nu__set_use_thousand_separator(false);
    done();
}

static nu_str in_german_then_fail(void)
{
    nu_language_override_scope(S("de"));
    CHECK_STR(nu_gettext("Monday"), "Montag");
    nu_raise(NU_VALUE_ERROR, "stop");
}

static void an_override_ends_with_its_block(void)
{
    setup("en-us", &urls);
    nu_language_activate(S("fr"));
    {
        nu_language_override_scope(S("de"));
        CHECK_STR(nu_gettext("Monday"), "Montag");
    }
    CHECK_STR(nu_gettext("Monday"), "lundi");
    CHECK(nu_catch(NU_VALUE_ERROR, in_german_then_fail()) != NULL);
    CHECK_STR(nu_gettext("Monday"), "lundi");
    done();
}

static void settings_that_name_no_language_stop_the_start(void)
{
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED, "LANGUAGE_CODE setting: 'not a code'",
                 setup("not a code", &urls));
    done();
}

/* ---- requests -------------------------------------------------------------------------------- */

static void the_language_comes_from_path_cookie_or_header(void)
{
    nu_response *response;

    setup("en-us", &urls);
    response = get("/plain/", "fr-ca, de;q=0.5");
    CHECK_STR(nu_body(response), "fr lundi");
    CHECK_STR(nu_response_header(response, "Content-Language"), "fr");
    CHECK_STR(nu_response_header(response, "Vary"), "Accept-Language");
    CHECK_STR(nu_body(get("/plain/", "xx")), "en Monday");
    CHECK_STR(nu_body(ask("/plain/", "Cookie", "django_language=de")), "de Montag");
    response = get("/ru/hello/", "fr");
    CHECK_STR(nu_body(response), "ru Понедельник");
    CHECK(!nu_response_header(response, "Vary").ptr);
    done();
}

static void readers_are_sent_to_their_prefix(void)
{
    nu_response *response;

    setup("en-us", &urls);
    response = get("/hello/?a=1", "de");
    CHECK_INT(nu_status(response), 302);
    CHECK_STR(nu_response_header(response, "Location"), "/de/hello/?a=1");
    CHECK_STR(nu_response_header(response, "Vary"), "Accept-Language, Cookie");
    CHECK_STR(nu_response_header(get("/hello", "de"), "Location"), "/de/hello/");
    CHECK_INT(nu_status(get("/nowhere/", "de")), 404);
    CHECK_INT(nu_status(get("/fr/hello/", "de")), 200);
    done();
}

static void the_sites_own_language_may_stand_without_prefix(void)
{
    setup("en", &urls_without_prefix);
    CHECK_STR(nu_body(get("/hello/", "de")), "en Monday");
    CHECK_STR(nu_body(get("/de/hello/", "fr")), "de Montag");
    CHECK_INT(nu_status(get("/en/hello/", "en")), 404);
    CHECK_STR(nu_url("hello"), "/hello/");
    nu_language_activate(S("de"));
    CHECK_STR(nu_url("hello"), "/de/hello/");
    CHECK_STR(nu_url("row", 3), "/de/rows/3/");
    done();
}

static void choosing_a_language_keeps_it_and_translates_the_path(void)
{
    nu_response *response;

    setup("en-us", &urls);
    response = nu__client_run(nu__handle, nu__client_request(&(const nu__client_options){
                                              .method = POST,
                                              .target = S("/i18n/setlang/"),
                                              .content_type = "application/x-www-form-urlencoded",
                                              .body = S("language=de&next="
                                                        "%2Fen%2Frows%2F3%2F%3Fq%3D1") }));
    CHECK_INT(nu_status(response), 302);
    CHECK_STR(nu_response_header(response, "Location"), "/de/rows/3/?q=1");
    CHECK_INT(response->n_cookies, 1);
    CHECK_STR(response->cookies[0].name, "django_language");
    CHECK_STR(response->cookies[0].value, "de");
    done();
}

HARNESS(texts_follow_the_language_of_the_fiber, dates_are_written_in_the_language,
        languages_fall_back, no_words_come_from_a_language_of_before,
        a_language_without_formats_has_the_settings_own, an_override_ends_with_its_block,
        settings_that_name_no_language_stop_the_start,
        the_language_comes_from_path_cookie_or_header, readers_are_sent_to_their_prefix,
        the_sites_own_language_may_stand_without_prefix,
        choosing_a_language_keeps_it_and_translates_the_path)
