#include "harness.h"

#include "conf/settings.h"
#include "csrf/csrf.h"
#include "handlers/handler.h"
#include "http/client_request.h"
#include "template/template.h"
#include "urls/reverse.h"

#include <string.h>

#define SECRET "ShFXNQ6Fq5axtjRNmHkW5vQ7CF5puzQq"

static nu_str given_token;

static nu_response *form(nu_request *req)
{
    given_token = nu__csrf_token(req);
    return nu_http_response(.body = given_token);
}

static nu_response *plain(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = S("done"));
}

static const nu_urlconf urls = {
    .urlpatterns = { path("form/", form), path("plain/", plain),
                     path("exempt/", plain, .csrf_exempt = true) },
};

static const nu_settings site = {
    .secret_key = "k",
    .root_urlconf = &urls,
    .middleware = { CsrfViewMiddleware },
};

static void setup(const nu_settings *settings)
{
    nu__conf_setup(settings);
    nu__template_engine_free(nu__template_engine_use(
        nu__template_engine_new(&(const nu__template_options){ .debug = false })));
    nu__url_setup(settings->root_urlconf);
    nu__csrf_setup();
    nu__handler_setup(settings);
}

static void done(void)
{
    nu__template_engine_free(nu__template_engine_use(NULL));
    nu__resolvers_release();
    nu__conf_release();
}

static nu_response *ask(nu_method method, const char *target, nu_str cookie, nu_str body)
{
    nu__header header = { S("Cookie"), nu_fmt("csrftoken={}", cookie) };

    return nu__client_run(
        nu__handle, nu__client_request(&(const nu__client_options){
                        .method = method,
                        .target = nu_s(target),
                        .headers = &header,
                        .n_headers = cookie.len > 0,
                        .body = body,
                        .content_type = body.len ? "application/x-www-form-urlencoded" : NULL }));
}

static bool has(nu_str text, const char *part)
{
    return memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

static void a_page_that_shows_a_token_sends_its_cookie(void)
{
    nu_response *response;

    setup(&site);
    response = ask(GET, "/form/", S(""), S(""));
    CHECK_INT(given_token.len, 64);
    CHECK_INT(response->n_cookies, 1);
    CHECK_STR(response->cookies[0].name, "csrftoken");
    CHECK(nu__csrf_match(given_token, response->cookies[0].value));
    CHECK_INT(response->cookies[0].max_age, 31449600);
    CHECK_STR(response->cookies[0].samesite, "Lax");
    CHECK_STR(nu_response_header(response, "Vary"), "Cookie");
    response = ask(GET, "/plain/", S(SECRET), S(""));
    CHECK_INT(response->n_cookies, 0);
    CHECK(!nu_response_header(response, "Vary").ptr);
    done();
}

static void the_secret_of_the_cookie_is_used_again(void)
{
    setup(&site);
    ask(GET, "/form/", S(SECRET), S(""));
    CHECK(nu__csrf_match(given_token, S(SECRET)));
    ask(GET, "/form/", S("too short"), S(""));
    CHECK(!nu__csrf_match(given_token, S(SECRET)));
    done();
}

static void a_form_must_bring_the_token(void)
{
    nu_response *response;

    setup(&site);
    ask(GET, "/form/", S(SECRET), S(""));
    response = ask(POST, "/plain/", S(SECRET), nu_fmt("csrfmiddlewaretoken={}", given_token));
    CHECK_INT(nu_status(response), 200);
    response = ask(POST, "/plain/", S(SECRET), S("a=1"));
    CHECK_INT(nu_status(response), 403);
    CHECK(has(nu_body(response), "CSRF verification failed. Request aborted."));
    CHECK(!has(nu_body(response), "CSRF token missing."));
    CHECK(has(nu_body(ask(POST, "/plain/", S(""), S("a=1"))),
              "this site requires a CSRF cookie when submitting forms"));
    done();
}

static void under_debug_the_reason_is_told(void)
{
    setup(&site);
    nu__settings.debug = true;
    CHECK(has(nu_body(ask(POST, "/plain/", S(SECRET), S("a=1"))), "CSRF token missing."));
    done();
}

static void an_exempt_view_and_an_unknown_page_are_not_checked(void)
{
    setup(&site);
    CHECK_INT(nu_status(ask(POST, "/exempt/", S(""), S("a=1"))), 200);
    CHECK_INT(nu_status(ask(POST, "/nowhere/", S(""), S("a=1"))), 404);
    done();
}

static nu_response *own_failure(nu_request *req, nu_str reason)
{
    (void)req;
    return nu_http_response(.status = 403, .body = reason);
}

static void the_site_may_answer_by_itself(void)
{
    nu_settings own = site;

    own.csrf_failure_view = own_failure;
    setup(&own);
    CHECK_STR(nu_body(ask(POST, "/plain/", S(""), S("a=1"))), "CSRF cookie not set.");
    done();
}

static nu_response *rotates(nu_request *req)
{
    nu__csrf_rotate(req);
    return plain(req);
}
static const nu_urlconf rotating = { .urlpatterns = { path("", rotates) } };

static void a_rotated_secret_is_sent(void)
{
    nu_settings own = site;
    nu_response *response;

    own.root_urlconf = &rotating;
    setup(&own);
    response = ask(GET, "/", S(SECRET), S(""));
    CHECK_INT(response->n_cookies, 1);
    CHECK(!nu_eq(response->cookies[0].value, S(SECRET)));
    done();
}

HARNESS(a_page_that_shows_a_token_sends_its_cookie, the_secret_of_the_cookie_is_used_again,
        a_form_must_bring_the_token, under_debug_the_reason_is_told,
        an_exempt_view_and_an_unknown_page_are_not_checked, the_site_may_answer_by_itself,
        a_rotated_secret_is_sent)
