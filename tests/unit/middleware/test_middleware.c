#include "harness.h"

#include "conf/settings.h"
#include "handlers/handler.h"
#include "http/client_request.h"
#include "middleware/middleware.h"
#include "template/template.h"
#include "urls/reverse.h"

#include <string.h>
#include <zlib.h>

/* ---- a site ---------------------------------------------------------------------------------- */

static nu_str text;

static nu_response *plain(nu_request *req)
{
    (void)req;
    return nu_http_response(.body = text);
}

static nu_response *own_headers(nu_request *req)
{
    nu_response *response = plain(req);

    nu_set_header(response, "X-Frame-Options", "SAMEORIGIN");
    nu_set_header(response, "Referrer-Policy", "no-referrer");
    nu_set_header(response, "ETag", "\"own\"");
    return response;
}

static const nu_urlconf urls = {
    .urlpatterns = {
        path("", plain),
        path("page/", plain),
        path("page/exact", plain),
        path("strict/", plain, .no_append_slash = true),
        path("own/", own_headers),
        path("framed/", plain, .xframe_options_exempt = true),
        re_path("^(/evil)/$", plain),
    },
};

static nu_settings site(nu_middleware *middleware)
{
    return (nu_settings){ .secret_key = "k",
                          .allowed_hosts = { "testserver", ".example.com" },
                          .root_urlconf = &urls,
                          .middleware = { middleware } };
}

static void setup(const nu_settings *settings)
{
    static nu_settings kept;

    kept = *settings;
    nu__conf_setup(&kept);
    nu__template_engine_free(nu__template_engine_use(
        nu__template_engine_new(&(const nu__template_options){ .debug = false })));
    nu__url_setup(kept.root_urlconf);
    nu__middleware_setup();
    nu__handler_setup(&kept);
    text = S("hello");
}

static void done(void)
{
    nu__template_engine_free(nu__template_engine_use(NULL));
    nu__resolvers_release();
    nu__conf_release();
}

static const nu__http_settings *allowing(void)
{
    static const char *const hosts[] = { "testserver", ".example.com", NULL };
    nu__http_settings *settings = nu_alloc(nu__http_settings);

    *settings = nu__http_default_settings;
    settings->allowed_hosts = hosts;
    return settings;
}

static nu_response *ask_with(nu_method method, const char *target, const char *name,
                             const char *value, bool tls)
{
    nu__header header = { nu_s(name), nu_s(value) };

    return nu__client_run(
        nu__handle, nu__client_request(&(const nu__client_options){ .method = method,
                                                                    .target = nu_s(target),
                                                                    .headers = &header,
                                                                    .n_headers = name != NULL,
                                                                    .tls = tls,
                                                                    .settings = allowing() }));
}

static nu_response *ask(const char *target)
{
    return ask_with(GET, target, NULL, NULL, false);
}

static nu_str header(const nu_response *response, const char *name)
{
    return nu_response_header(response, name);
}

/* ---- SecurityMiddleware ---------------------------------------------------------------------- */

static void security_headers_are_djangos_defaults(void)
{
    nu_settings settings = site(SecurityMiddleware);
    nu_response *response;

    setup(&settings);
    response = ask("/");
    CHECK_STR(header(response, "X-Content-Type-Options"), "nosniff");
    CHECK_STR(header(response, "Referrer-Policy"), "same-origin");
    CHECK_STR(header(response, "Cross-Origin-Opener-Policy"), "same-origin");
    CHECK(!header(response, "Strict-Transport-Security").ptr);
    CHECK_STR(header(ask("/own/"), "Referrer-Policy"), "no-referrer");
    done();
}

static void hsts_is_sent_over_https_only(void)
{
    nu_settings settings = site(SecurityMiddleware);

    settings.secure_hsts_seconds = 3600;
    settings.secure_hsts_include_subdomains = settings.secure_hsts_preload = true;
    setup(&settings);
    CHECK(!header(ask("/"), "Strict-Transport-Security").ptr);
    CHECK_STR(header(ask_with(GET, "/", NULL, NULL, true), "Strict-Transport-Security"),
              "max-age=3600; includeSubDomains; preload");
    done();
}

static void http_is_sent_on_to_https_but_for_the_exempt(void)
{
    nu_settings settings = site(SecurityMiddleware);
    nu_response *response;

    settings.secure_ssl_redirect = true;
    settings.secure_redirect_exempt[0] = "^own/$";
    setup(&settings);
    response = ask("/page/?a=1");
    CHECK_INT(nu_status(response), 301);
    CHECK_STR(header(response, "Location"), "https://testserver/page/?a=1");
    CHECK_INT(nu_status(ask("/own/")), 200);
    CHECK_INT(nu_status(ask_with(GET, "/page/", NULL, NULL, true)), 200);
    done();
}

/* ---- CommonMiddleware ------------------------------------------------------------------------ */

static void a_missing_slash_is_appended_where_that_leads_somewhere(void)
{
    nu_settings settings = site(CommonMiddleware);
    nu_response *response;

    setup(&settings);
    response = ask("/page?a=1");
    CHECK_INT(nu_status(response), 301);
    CHECK_STR(header(response, "Location"), "/page/?a=1");
    CHECK_INT(nu_status(ask("/page/exact")), 200);
    CHECK_INT(nu_status(ask("/nowhere")), 404);
    CHECK_INT(nu_status(ask("/strict")), 404);
    CHECK_STR(header(ask("//evil"), "Location"), "/%2Fevil/");
    settings.no_append_slash = true;
    setup(&settings);
    CHECK_INT(nu_status(ask("/page")), 404);
    done();
}

static void under_debug_a_form_posted_without_the_slash_is_an_error(void)
{
    nu_settings settings = site(CommonMiddleware);
    nu_response *response;

    setup(&settings);
    nu__settings.debug = true;
    response = ask_with(POST, "/page", NULL, NULL, false);
    CHECK_INT(nu_status(response), 500);
    CHECK(memmem(nu_body(response).ptr, nu_body(response).len, "you have APPEND_SLASH set", 25));
    done();
}

static void hosts_and_agents_are_looked_at(void)
{
    nu_settings settings = site(CommonMiddleware);

    settings.disallowed_user_agents[0] = "(?i)badbot";
    setup(&settings);
    CHECK_INT(nu_status(ask_with(GET, "/", "User-Agent", "BadBot/1", false)), 403);
    CHECK_INT(nu_status(ask_with(GET, "/", "User-Agent", "Mozilla", false)), 200);
    CHECK_INT(nu_status(ask_with(GET, "/", "Host", "evil.test", false)), 400);
    CHECK_INT(nu_status(ask_with(GET, "/", "Host", "www.example.com", false)), 200);
    done();
}

static void www_is_prepended(void)
{
    nu_settings settings = site(CommonMiddleware);

    settings.prepend_www = true;
    setup(&settings);
    CHECK_STR(header(ask_with(GET, "/page?x", "Host", "example.com", false), "Location"),
              "http://www.example.com/page/?x");
    CHECK_INT(nu_status(ask_with(GET, "/", "Host", "www.example.com", false)), 200);
    done();
}

/* ---- XFrameOptionsMiddleware ----------------------------------------------------------------- */

static void pages_are_kept_out_of_frames_unless_they_say_otherwise(void)
{
    nu_settings settings = site(XFrameOptionsMiddleware);

    setup(&settings);
    CHECK_STR(header(ask("/"), "X-Frame-Options"), "DENY");
    CHECK_STR(header(ask("/own/"), "X-Frame-Options"), "SAMEORIGIN");
    CHECK(!header(ask("/framed/"), "X-Frame-Options").ptr);
    done();
}

/* ---- GZipMiddleware -------------------------------------------------------------------------- */

static nu_str inflated(nu_str body)
{
    static char out[65536];
    z_stream stream = { .next_in = (Bytef *)body.ptr,
                        .avail_in = (uInt)body.len,
                        .next_out = (Bytef *)out,
                        .avail_out = sizeof(out) };

    CHECK_INT(inflateInit2(&stream, 31), Z_OK);
    CHECK_INT(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return (nu_str){ out, stream.total_out };
}

static void a_long_page_is_compressed_for_who_takes_it(void)
{
    nu_settings settings = site(GZipMiddleware);
    char *long_text = nu_alloc_array(char, 5000);
    size_t lengths[20], different = 0;
    nu_response *response;

    memset(long_text, 'x', 5000);
    setup(&settings);
    text = (nu_str){ long_text, 5000 };
    for (size_t i = 0; i < 20; i++) {
        response = ask_with(GET, "/", "Accept-Encoding", "deflate, gzip;q=0.5", false);
        CHECK_STR(header(response, "Content-Encoding"), "gzip");
        CHECK_STR(header(response, "Vary"), "Accept-Encoding");
        CHECK_STR(inflated(nu_body(response)), text);
        lengths[i] = nu_body(response).len;
        different += lengths[i] != lengths[0];
    }
    CHECK(different > 0); /* random padding hides the compressed length */
    response = ask("/");
    CHECK(!header(response, "Content-Encoding").ptr);
    CHECK_STR(header(response, "Vary"), "Accept-Encoding");
    response = ask_with(GET, "/own/", "Accept-Encoding", "gzip", false);
    CHECK_STR(header(response, "ETag"), "W/\"own\"");
    done();
}

static void a_short_page_is_sent_as_it_is(void)
{
    nu_settings settings = site(GZipMiddleware);
    nu_response *response;

    setup(&settings);
    response = ask_with(GET, "/", "Accept-Encoding", "gzip", false);
    CHECK_STR(nu_body(response), "hello");
    CHECK(!header(response, "Vary").ptr);
    done();
}

/* ---- ConditionalGetMiddleware ---------------------------------------------------------------- */

static void a_page_that_is_known_is_not_sent_again(void)
{
    nu_settings settings = site(ConditionalGetMiddleware);
    nu_response *response;

    setup(&settings);
    response = ask("/");
    CHECK_STR(header(response, "ETag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    response = ask_with(GET, "/", "If-None-Match", "W/\"5d41402abc4b2a76b9719d911017c592\"", false);
    CHECK_INT(nu_status(response), 304);
    CHECK_INT(nu_body(response).len, 0);
    CHECK_INT(nu_status(ask_with(GET, "/", "If-None-Match", "\"other\"", false)), 200);
    done();
}

HARNESS(security_headers_are_djangos_defaults, hsts_is_sent_over_https_only,
        http_is_sent_on_to_https_but_for_the_exempt,
        a_missing_slash_is_appended_where_that_leads_somewhere,
        under_debug_a_form_posted_without_the_slash_is_an_error, hosts_and_agents_are_looked_at,
        www_is_prepended, pages_are_kept_out_of_frames_unless_they_say_otherwise,
        a_long_page_is_compressed_for_who_takes_it, a_short_page_is_sent_as_it_is,
        a_page_that_is_known_is_not_sent_again)
