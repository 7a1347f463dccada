#include "harness.h"

#include "conf/settings.h"
#include "handlers/handler.h"
#include "http/client_request.h"
#include "messages/storage.h"
#include "template/template.h"
#include "urls/reverse.h"
#include "utils/signing.h"

#include <nuages/messages.h>

static nu_response *adds(nu_request *req)
{
    nu_messages_debug(req, "not kept");
    nu_messages_success(req, "Saved “{}”.", "<b>");
    nu_messages_add(req, NU_MESSAGE_ERROR, V("careful"), S("big"));
    return nu_http_response(.body = S("ok"));
}

static nu_response *adds_much(nu_request *req)
{
    for (int i = 0; i < 60; i++)
        nu_messages_info(req, "{}", nu__get_random_string(60, NULL)); /* compresses little */
    return nu_http_response(.body = S("ok"));
}

static nu_response *shows(nu_request *req)
{
    nu__template *tpl = nu__template_from_string(nu__template_engine_default(),
                                                 S("{% if messages %}{% for m in messages %}[{{ "
                                                   "m.tags }}: {{ m }}]{% endfor %}{% endif %}"));
    nu_dict *context = nu_dict_new();
    nu__buf out = { 0 };

    nu_dict_set_(context, "messages", nu__messages_value(req));
    nu__template_render(tpl, context, req, &out);
    return nu_http_response(.body = nu__buf_str(&out));
}

static nu_response *nothing(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = S("ok"));
}

static const nu_urlconf urls = {
    .urlpatterns = { path("adds/", adds), path("much/", adds_much), path("shows/", shows),
                     path("nothing/", nothing) },
};

static const nu_settings site = { .secret_key = "k",
                                  .root_urlconf = &urls,
                                  .middleware = { MessageMiddleware } };
static const nu_settings without = { .secret_key = "k", .root_urlconf = &urls };

static void setup(const nu_settings *settings)
{
    nu__conf_setup(settings);
    nu__signing_set_keys(nu__settings.secret_key, NULL, 0);
    nu__template_engine_free(nu__template_engine_use(
        nu__template_engine_new(&(const nu__template_options){ .debug = false })));
    nu__url_setup(settings->root_urlconf);
    nu__handler_setup(settings);
}

static void done(void)
{
    nu__template_engine_free(nu__template_engine_use(NULL));
    nu__resolvers_release();
    nu__conf_release();
}

/* The cookie of the response before goes along. */
static nu_response *ask(const char *target, const nu_response *before)
{
    nu__header header = { S("Cookie"), { 0 } };

    if (before && before->n_cookies)
        header.value = nu_fmt("messages={}", before->cookies[0].value);
    return nu__client_run(
        nu__handle,
        nu__client_request(&(const nu__client_options){
            .target = nu_s(target), .headers = &header, .n_headers = header.value.len > 0 }));
}

static void messages_wait_for_the_page_that_shows_them(void)
{
    nu_response *added, *shown;

    setup(&site);
    added = ask("/adds/", NULL);
    CHECK_INT(added->n_cookies, 1);
    CHECK_STR(added->cookies[0].name, "messages");
    CHECK(added->cookies[0].httponly && !added->cookies[0].secure);
    CHECK_INT(ask("/nothing/", added)->n_cookies, 0);
    shown = ask("/shows/", added);
    CHECK_STR(nu_body(shown), "[success: Saved “&lt;b&gt;”.][big error: careful]");
    CHECK_INT(shown->n_cookies, 1);
    CHECK_STR(shown->cookies[0].value, "");
    CHECK_STR(nu_body(ask("/shows/", NULL)), "");
    done();
}

static void messages_of_several_pages_add_up(void)
{
    nu_response *added;

    setup(&site);
    added = ask("/adds/", ask("/adds/", NULL));
    CHECK_STR(nu_body(ask("/shows/", added)), "[success: Saved “&lt;b&gt;”.][big error: careful]"
                                              "[success: Saved “&lt;b&gt;”.][big error: careful]");
    done();
}

static void what_does_not_fit_into_the_cookie_is_cut_off(void)
{
    nu_response *added;
    bool finished;
    nu_list *kept;

    setup(&site);
    added = ask("/much/", NULL);
    CHECK_INT(nu_status(added), 200);
    CHECK(added->cookies[0].value.len <= NU__MESSAGES_COOKIE);
    kept = nu__messages_decode(added->cookies[0].value, &finished);
    CHECK(!finished);
    CHECK(nu_list_len(kept) > 5 && nu_list_len(kept) < 60);
    nu__settings.debug = true;
    CHECK_INT(nu_status(ask("/much/", NULL)), 500);
    done();
}

static void without_the_middleware_adding_is_an_error_and_showing_is_empty(void)
{
    setup(&without);
    CHECK_INT(nu_status(ask("/adds/", NULL)), 500);
    CHECK_STR(nu_body(ask("/shows/", NULL)), "");
    done();
}

HARNESS(messages_wait_for_the_page_that_shows_them, messages_of_several_pages_add_up,
        what_does_not_fit_into_the_cookie_is_cut_off,
        without_the_middleware_adding_is_an_error_and_showing_is_empty)
