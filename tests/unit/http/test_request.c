/* Paths, hosts, addresses and attributes of a request. */
#include "core/object.h"
#include "harness.h"
#include "http/client_request.h"
#include "http/host.h"
#include "http/querydict.h"

static nu_request *get(const char *target)
{
    return nu__client_request(&(nu__client_options){ .target = nu_s(target) });
}

static nu_request *get_with(const char *name, const char *value, const nu__http_settings *settings)
{
    nu__header header = { nu_s(name), nu_s(value) };

    return nu__client_request(
        &(nu__client_options){ .headers = &header, .n_headers = 1, .settings = settings });
}

/* ---- paths -------------------------------------------------------------------------------- */

static void a_path_is_decoded_and_its_query_is_not(void)
{
    nu_request *req = get("/a%20b/%C3%A9?q=%20x");

    CHECK_STR(nu_request_path(req), "/a b/é");
    CHECK_STR(req->raw_path, "/a%20b/%C3%A9");
    CHECK_STR(req->query_string, "q=%20x");
    CHECK_STR(nu_query_param(req, "q"), " x");
}

static void a_path_that_is_no_utf_8_stays_encoded(void)
{
    CHECK_STR(nu_request_path(get("/%FF/%C3%A9")), "/%FF/é");
    CHECK_STR(nu_request_path(get("/%E2%82x")), "/%E2%82x");
    CHECK_STR(nu_request_path(get("/%ed%a0%80")), "/%ED%A0%80");
}

static void a_malformed_escape_stays_as_it_is(void)
{
    CHECK_STR(nu_request_path(get("/100%/%zz/%4")), "/100%/%zz/%4");
}

static void a_nul_byte_may_be_in_a_path(void)
{
    CHECK_STR(nu_request_path(get("/a%00b")), ((nu_str){ "/a\0b", 4 }));
}

static void the_full_path_is_encoded_again(void)
{
    CHECK_STR(nu_request_full_path(get("/a%20b/%C3%A9?x=%20&y=1")), "/a%20b/%C3%A9?x=%20&y=1");
    CHECK_STR(nu_request_full_path(get("/;=%3F%23")), "/%3B%3D%3F%23");
    CHECK_STR(nu_request_full_path(get("/")), "/");
}

static void integers_of_the_query_have_a_fallback(void)
{
    nu_request *req = get("/?a=12&b=-3&c=x&d=&e=99999999999999999999&f=+4&g=1.5");

    CHECK_INT(nu_query_int(req, "a", 0), 12);
    CHECK_INT(nu_query_int(req, "b", 0), -3);
    CHECK_INT(nu_query_int(req, "c", 7), 7);
    CHECK_INT(nu_query_int(req, "d", 7), 7);
    CHECK_INT(nu_query_int(req, "e", 7), 7);
    CHECK_INT(nu_query_int(req, "f", 7), 4);
    CHECK_INT(nu_query_int(req, "g", 7), 7);
    CHECK_INT(nu_query_int(req, "missing", 7), 7);
}

static void what_the_route_captured_is_read_by_name_and_kind(void)
{
    nu_request *req = get("/");
    nu__path_value values[] = { { S("pk"), nu_v_int(5) }, { S("slug"), nu_v_str(S("a-b")) } };

    req->path_values = values;
    req->n_path_values = 2;
    CHECK_INT(nu_path_id(req, "pk"), 5);
    CHECK_STR(nu_path_str(req, "pk"), "5");
    CHECK_STR(nu_path_str(req, "slug"), "a-b");
    CHECK_RAISES(NU_TYPE_ERROR, "<int:slug>", (void)nu_path_id(req, "slug"));
    CHECK_RAISES(NU_KEY_ERROR, "nothing named “id”", (void)nu_path_id(req, "id"));
}

/* ---- hosts -------------------------------------------------------------------------------- */

static nu__http_settings settings_for(const char *const *hosts)
{
    nu__http_settings settings = nu__http_default_settings;

    settings.allowed_hosts = hosts;
    return settings;
}

static void only_allowed_hosts_are_answered(void)
{
    static const char *const hosts[] = { "example.com", ".example.org", NULL };
    nu__http_settings settings = settings_for(hosts);

    CHECK_STR(nu_request_host(get_with("Host", "Example.com:8000", &settings)), "Example.com:8000");
    CHECK_STR(nu_request_host(get_with("Host", "a.b.example.org", &settings)), "a.b.example.org");
    CHECK_RAISES(NU_DISALLOWED_HOST, "You may need to add 'evil.com' to ALLOWED_HOSTS",
                 (void)nu_request_host(get_with("Host", "evil.com", &settings)));
    CHECK_RAISES(NU_DISALLOWED_HOST, "not valid",
                 (void)nu_request_host(get_with("Host", "example.com/x", &settings)));
    CHECK_RAISES(NU_DISALLOWED_HOST, "not valid",
                 (void)nu_request_host(get_with("Host", "example.com@evil.com", &settings)));
    CHECK_RAISES(NU_DISALLOWED_HOST, "not valid",
                 (void)nu_request_host(get_with("Host", "", &settings)));
}

static void localhost_is_allowed_while_debugging_without_hosts(void)
{
    static const char *const none[] = { NULL };
    nu__http_settings settings = settings_for(none);

    CHECK_RAISES(NU_DISALLOWED_HOST, "ALLOWED_HOSTS",
                 (void)nu_request_host(get_with("Host", "localhost", &settings)));
    settings.debug = true;
    CHECK_STR(nu_request_host(get_with("Host", "a.localhost:8000", &settings)), "a.localhost:8000");
    CHECK_STR(nu_request_host(get_with("Host", "[::1]:8000", &settings)), "[::1]:8000");
    CHECK_RAISES(NU_DISALLOWED_HOST, "ALLOWED_HOSTS",
                 (void)nu_request_host(get_with("Host", "example.com", &settings)));
}

static void a_proxy_is_believed_only_where_the_settings_say_so(void)
{
    static const char *const any[] = { "*", NULL };
    nu__http_settings settings = settings_for(any);

    CHECK(!nu_request_is_secure(get_with("X-Forwarded-Proto", "https", &settings)));
    settings.secure_proxy_header = "X-Forwarded-Proto";
    settings.secure_proxy_value = "https";
    CHECK(nu_request_is_secure(get_with("X-Forwarded-Proto", "https", &settings)));
    CHECK(nu_request_is_secure(get_with("X-Forwarded-Proto", " https , http", &settings)));
    CHECK(!nu_request_is_secure(get_with("X-Forwarded-Proto", "http, https", &settings)));
    CHECK_STR(nu_request_host(get_with("X-Forwarded-Host", "f.com", &settings)), "testserver");
    settings.use_x_forwarded_host = true;
    CHECK_STR(nu_request_host(get_with("X-Forwarded-Host", "f.com", &settings)), "f.com");
}

static void absolute_uris_are_made_of_the_request(void)
{
    nu_request *req = get("/a/b/?q=1");

    CHECK_STR(nu_build_absolute_uri(req, NULL), "http://testserver/a/b/?q=1");
    CHECK_STR(nu_build_absolute_uri(req, "c"), "http://testserver/a/b/c");
    CHECK_STR(nu_build_absolute_uri(req, "../c?x"), "http://testserver/a/c?x");
    CHECK_STR(nu_build_absolute_uri(req, "/r/../s"), "http://testserver/s");
    CHECK_STR(nu_build_absolute_uri(req, "//other/z"), "http://other/z");
    CHECK_STR(nu_build_absolute_uri(req, "https://e.com/é"), "https://e.com/%C3%A9");
    CHECK_STR(nu_build_absolute_uri(get("//evil.com/"), NULL), "http://testserver//evil.com/");
}

/* ---- bodies ------------------------------------------------------------------------------- */

static nu_request *post(const char *type, const char *body)
{
    return nu__client_request(
        &(nu__client_options){ .method = POST, .content_type = type, .body = nu_s(body) });
}

static void a_form_is_read_from_the_body(void)
{
    nu_request *req = post("application/x-www-form-urlencoded", "a=1&b=%C3%A9&a=2");

    CHECK_STR(nu_post_param(req, "a"), "2");
    CHECK_STR(nu_post_param(req, "b"), "é");
    CHECK(nu_post_param(req, "c").ptr == NULL);
    CHECK_STR(nu_request_body(req), "a=1&b=%C3%A9&a=2");
}

static void other_types_are_no_form(void)
{
    CHECK_INT(nu_querydict_len(nu_request_post(post("application/json", "{\"a\": 1}"))), 0);
    CHECK_RAISES(
        NU_BAD_REQUEST, "UTF-8",
        nu_request_post(post("application/x-www-form-urlencoded; charset=latin-1", "a=1")));
}

static void json_bodies_are_objects(void)
{
    CHECK_INT(nu_item(nu_request_json(post("application/json", "{\"a\": 1}")), "a").i, 1);
    CHECK_RAISES(NU_BAD_REQUEST, "JSON parse error", nu_request_json(post("", "{")));
    CHECK_RAISES(NU_BAD_REQUEST, "no JSON object", nu_request_json(post("", "[1]")));
}

static void a_body_over_the_limit_is_refused(void)
{
    nu__http_settings settings = nu__http_default_settings;
    nu_request *req;

    settings.data_upload_max_memory_size = 3;
    req = nu__client_request(
        &(nu__client_options){ .method = POST, .body = S("four"), .settings = &settings });
    CHECK_RAISES(NU_REQUEST_DATA_TOO_BIG, "DATA_UPLOAD_MAX_MEMORY_SIZE", nu_request_body(req));
    req->content_length = -1; /* chunked: seen only while it is read */
    CHECK_RAISES(NU_REQUEST_DATA_TOO_BIG, "DATA_UPLOAD_MAX_MEMORY_SIZE", nu_request_body(req));
}

static void a_body_that_was_read_as_a_stream_is_gone(void)
{
    nu_request *req = post("text/plain", "hello");
    char piece[3];

    CHECK_INT(nu__request_read(req, piece, sizeof piece), 3);
    CHECK_RAISES(NU_RUNTIME_ERROR, "after reading from request's data stream",
                 nu_request_body(req));
    CHECK_INT(nu_querydict_len(nu_request_post(req)), 0);
}

/* ---- for templates ------------------------------------------------------------------------ */

static nu_value attribute(nu_request *req, const char *name)
{
    nu_value out = nu_null();

    CHECK(nu__value_get(nu__request_object(req), nu_s(name), &out));
    if (out.kind == NU_KIND_CALLABLE) {
        const nu__callable *callable = out.p;

        return callable->call(callable->self);
    }
    return out;
}

static void templates_read_attributes_and_methods(void)
{
    nu_request *req = get_with("X-Requested-With", "fetch", NULL);
    nu_value value;

    CHECK_STR(attribute(req, "method").s, "GET");
    CHECK_STR(attribute(req, "path").s, "/");
    CHECK_STR(attribute(req, "get_full_path").s, "/");
    CHECK_STR(attribute(req, "get_host").s, "testserver");
    CHECK_STR(attribute(req, "scheme").s, "http");
    CHECK(!attribute(req, "is_secure").b);
    CHECK_STR(nu_item(attribute(req, "META").dict, "HTTP_X_REQUESTED_WITH").s, "fetch");
    CHECK(nu__value_get(attribute(req, "headers"), S("x_requested_with"), &value));
    CHECK_STR(value.s, "fetch");
    CHECK(!nu__value_get(nu__request_object(req), S("nonsense"), &value));
    CHECK_STR(nu_string(nu__value_text(nu__request_object(req))), "<WSGIRequest: GET '/'>");
}

static void attached_values_are_attributes(void)
{
    nu_request *req = get("/");

    CHECK_INT(nu_request_value(req, "user").kind, NU_KIND_NULL);
    nu_request_set(req, "user", nu_v_str(S("ada")));
    CHECK_STR(attribute(req, "user").s, "ada");
    CHECK_STR(nu_request_value(req, "user").s, "ada");
}

static void headers_with_underscores_do_not_pass_for_others(void)
{
    nu_request *req = get_with("X_User", "root", NULL);

    CHECK_INT(nu_item(attribute(req, "META").dict, "HTTP_X_USER").kind, NU_KIND_NULL);
    CHECK(nu_request_header(req, "X-User").ptr == NULL);
}

static void a_header_that_is_no_utf_8_is_latin_1(void)
{
    nu_request *req = get_with("X-City", "K\xF6ln", NULL);

    CHECK_STR(nu_request_header(req, "X-City"), "K\xC3\xB6ln");
    CHECK_STR(nu_item(attribute(req, "META").dict, "HTTP_X_CITY").s, "K\xC3\xB6ln");
    CHECK_STR(nu_request_header(get_with("X-City", "K\xC3\xB6ln", NULL), "X-City"), "K\xC3\xB6ln");
}

HARNESS(a_path_is_decoded_and_its_query_is_not, a_path_that_is_no_utf_8_stays_encoded,
        a_malformed_escape_stays_as_it_is, a_nul_byte_may_be_in_a_path,
        the_full_path_is_encoded_again, integers_of_the_query_have_a_fallback,
        what_the_route_captured_is_read_by_name_and_kind, only_allowed_hosts_are_answered,
        localhost_is_allowed_while_debugging_without_hosts,
        a_proxy_is_believed_only_where_the_settings_say_so, absolute_uris_are_made_of_the_request,
        a_form_is_read_from_the_body, other_types_are_no_form, json_bodies_are_objects,
        a_body_over_the_limit_is_refused, a_body_that_was_read_as_a_stream_is_gone,
        templates_read_attributes_and_methods, attached_values_are_attributes,
        headers_with_underscores_do_not_pass_for_others, a_header_that_is_no_utf_8_is_latin_1)
