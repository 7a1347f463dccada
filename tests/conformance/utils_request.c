/* Requests, responses, cookies and forms. */
#include "conformance.h"
#include "core/buf.h"
#include "core/text.h"
#include "files/file.h"
#include "http/accept.h"
#include "http/cache_headers.h"
#include "http/client_request.h"
#include "http/conditional.h"
#include "http/cookies.h"
#include "http/host.h"
#include "http/querydict.h"
#include "http/redirect.h"
#include "utils/base64.h"
#include "utils/http.h"
#include "utils/percent.h"
#include "utils_ops.h"

#include <string.h>

/* ---- cookies ------------------------------------------------------------------------------------
 */

static nu_value parse_cookie(const conf_case *c)
{
    return V(nu__cookies_parse(conf_text(c, 0)));
}

static nu_str written(const nu__cookie *cookie)
{
    nu__buf out = { 0 };

    nu__cookie_write(cookie, &out);
    return nu__buf_str(&out);
}

static int64_t seconds_of(nu_value age)
{
    return age.kind == NU_KIND_TIMEDELTA ? age.i / 1000000 : (int64_t)nu_float(age);
}

static const char *kwarg_text(const conf_case *c, const char *name)
{
    nu_value value = conf_kwarg(c, name);

    return value.kind == NU_KIND_STR ? nu_copy(value.s).ptr : NULL;
}

static bool kwarg_bool(const conf_case *c, const char *name)
{
    nu_value value = conf_kwarg(c, name);

    return value.kind == NU_KIND_BOOL && value.b;
}

static nu_value set_cookie(const conf_case *c)
{
    nu_response *response = nu_http_response(.status = 200);
    const char *key = kwarg_text(c, "key");
    nu_value path = conf_raw_kwarg(c, "path"), age = conf_kwarg(c, "max_age");
    nu_value expires = conf_kwarg(c, "expires");
    nu_cookie_options options = { .path = kwarg_text(c, "path"),
                                  .domain = kwarg_text(c, "domain"),
                                  .secure = kwarg_bool(c, "secure"),
                                  .httponly = kwarg_bool(c, "httponly"),
                                  .samesite = kwarg_text(c, "samesite") };

    if (age.kind != NU_KIND_NULL && seconds_of(age) == 0)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "a cookie that ends at once: nu_delete_cookie()");
    if (expires.kind == NU_KIND_DATETIME || (expires.kind == NU_KIND_STR && expires.s.len))
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "expires beside max_age");
    options.max_age = age.kind == NU_KIND_NULL ? 0 : seconds_of(age);
    nu_set_cookie_(response, key, nu_string(conf_kwarg(c, "value")), &options);
    if (path.kind == NU_KIND_NULL && nu_dict_find(c->kwargs, S("path"), &path))
        response->cookies[0].path = (nu_str){ 0 };
    return V(written(&response->cookies[0]));
}

static nu_value delete_cookie(const conf_case *c)
{
    nu_response *response = nu_http_response(.status = 200);
    nu_cookie_options options = { .path = kwarg_text(c, "path"),
                                  .domain = kwarg_text(c, "domain"),
                                  .samesite = kwarg_text(c, "samesite") };

    nu_delete_cookie_(response, kwarg_text(c, "key"), &options);
    return V(written(&response->cookies[0]));
}

/* ---- forms --------------------------------------------------------------------------------------
 */

static nu_value lists_of(const nu_querydict *dict)
{
    nu_list *lists = nu_list_new();

    for (size_t i = 0; i < nu_querydict_len(dict); i++) {
        nu_str key = nu_querydict_key(dict, i);

        nu_list_append(lists, NU_LIST(key, nu_querydict_list(dict, key)));
    }
    return V(lists);
}

static size_t setting(const conf_case *c, const char *name, size_t otherwise)
{
    nu_value env = conf_member(c, "env"), value;

    if (env.kind != NU_KIND_DICT)
        return otherwise;
    if (!nu_dict_find(env.dict, nu_s(name), &value)) {
        value = nu_item(env.dict, "settings");
        if (value.kind != NU_KIND_DICT || !nu_dict_find(value.dict, nu_s(name), &value))
            return otherwise;
    }
    return value.kind == NU_KIND_NULL ? 0 : (size_t)nu_int(value);
}

static nu_value querydict(const conf_case *c)
{
    nu_value encoding = conf_kwarg(c, "encoding");
    nu_querydict *dict = nu_querydict_new();

    dict->latin1 = encoding.kind == NU_KIND_STR && nu_eq(encoding.s, "iso-8859-1");
    nu__querydict_read(dict, conf_text(c, 0), setting(c, "DATA_UPLOAD_MAX_NUMBER_FIELDS", 1000),
                       dict->latin1 ? NU__LATIN1 : NU__UTF8);
    if (nu__find(conf_member_text(c, "id"), S("/limit")) >= 0)
        return nu_v_int((int64_t)nu_querydict_len(dict));
    return V(NU_DICT(("lists", lists_of(dict)), ("urlencode", nu_querydict_urlencode(dict, NULL)),
                     ("urlencode_safe", nu_querydict_urlencode(dict, "/"))));
}

static nu_value tagged_bytes(nu_str bytes)
{
    return nu_v_bytes((nu_bytes){ (const uint8_t *)bytes.ptr, bytes.len });
}

static nu_value params_or_empty(nu_dict *params)
{
    nu_dict *bytes = nu_dict_new();

    for (size_t i = 0; params && i < nu_dict_len(params); i++)
        nu_dict_set_str(bytes, nu_dict_key(params, i),
                        tagged_bytes(nu_string(nu_dict_value(params, i))));
    return V(bytes);
}

static nu_str base64_of(nu_str bytes)
{
    return nu__base64_encode((nu_bytes){ (const uint8_t *)bytes.ptr, bytes.len }, NU__BASE64);
}

static nu_value file_of(nu_file *file)
{
    return V(NU_DICT(("name", file->name), ("content_type", file->content_type),
                     ("charset", file->charset.ptr ? tagged_bytes(file->charset) : nu_null()),
                     ("content_type_extra", params_or_empty(file->content_type_extra)),
                     ("size", file->size), ("content", base64_of(nu_file_content(file)))));
}

static nu_value files_of(const nu_querydict *dict)
{
    nu_list *lists = nu_list_new();

    for (size_t i = 0; i < nu_querydict_len(dict); i++) {
        nu_str key = nu_querydict_key(dict, i);
        nu_list *files = nu_querydict_list(dict, key), *out = nu_list_new();

        for (size_t j = 0; j < nu_list_len(files); j++)
            nu_list_append(out, file_of((nu_file *)(uintptr_t)nu_at(files, j).p));
        nu_list_append(lists, NU_LIST(key, out));
    }
    return V(lists);
}

static nu_value parse_form_body(const conf_case *c)
{
    nu_value arg = conf_raw(c, 0);
    nu__http_settings settings = nu__http_default_settings;
    nu_bytes body;
    nu_request *req;

    nu__base64_decode(nu_string(nu_item(arg.dict, "body")), NU__BASE64, &body);
    settings.data_upload_max_memory_size =
        setting(c, "DATA_UPLOAD_MAX_MEMORY_SIZE", settings.data_upload_max_memory_size);
    settings.data_upload_max_number_fields = setting(c, "DATA_UPLOAD_MAX_NUMBER_FIELDS", 1000);
    settings.data_upload_max_number_files = setting(c, "DATA_UPLOAD_MAX_NUMBER_FILES", 100);
    settings.file_upload_max_memory_size =
        setting(c, "FILE_UPLOAD_MAX_MEMORY_SIZE", settings.file_upload_max_memory_size);
    req = nu__client_request(&(nu__client_options){
        .method = POST,
        .body = { (const char *)body.ptr, body.len },
        .content_type = nu_copy(nu_string(nu_item(arg.dict, "content_type"))).ptr,
        .settings = &settings });
    nu_request_post(req);
    return V(NU_DICT(("fields", lists_of(req->post)), ("files", files_of(req->files))));
}

/* ---- hosts
 * ---------------------------------------------------------------------------------------- */

static nu_value split_domain_port(const conf_case *c)
{
    nu__host host = nu__host_split(conf_text(c, 0));

    return V(NU_LIST(host.domain, host.port));
}

static const char *const *patterns_of(nu_value list)
{
    size_t n = list.kind == NU_KIND_LIST ? nu_list_len(list.list) : 0;
    const char **patterns = nu_alloc_array(const char *, n + 1);

    for (size_t i = 0; i < n; i++)
        patterns[i] = nu_copy(nu_string(nu_at(list.list, i))).ptr;
    return patterns;
}

static nu_value validate_host(const conf_case *c)
{
    return conf_bool(nu__host_allowed(conf_text(c, 0), patterns_of(conf_arg(c, 1))));
}

static nu_value get_host(const conf_case *c)
{
    nu__http_settings settings = nu__http_default_settings;
    nu__header host = { S("Host"), conf_text(c, 0) };

    settings.allowed_hosts = patterns_of(conf_kwarg(c, "allowed_hosts"));
    settings.debug = kwarg_bool(c, "debug");
    return V(nu_request_host(nu__client_request(
        &(nu__client_options){ .headers = &host, .n_headers = 1, .settings = &settings })));
}

/* HTTP_X_FORWARDED_HOST as X-FORWARDED-HOST. */
static nu_str header_name(nu_str variable)
{
    return nu__replace(nu__sub(variable, 5, variable.len), S("_"), S("-"));
}

static void add_environment(nu_request *req, const nu_dict *environment)
{
    nu_value value;

    nu__headers_remove(&req->headers, S("Host"));
    for (size_t i = 0; i < nu_dict_len(environment); i++)
        if (nu_starts_with(nu_dict_key(environment, i), S("HTTP_")))
            nu__headers_add(&req->headers, header_name(nu_dict_key(environment, i)),
                            nu_string(nu_dict_value(environment, i)));
    req->server_name = nu_string(nu_item(environment, "SERVER_NAME"));
    req->server_port =
        (uint16_t)nu_int(nu_json_read(nu_string(nu_item(environment, "SERVER_PORT"))));
    if (nu_dict_find(environment, S("QUERY_STRING"), &value))
        req->query_string = nu_string(value);
}

static nu_value request_host_port(const conf_case *c)
{
    static const char *const any[] = { "*", NULL };
    nu__http_settings settings = nu__http_default_settings;
    nu_value proxy = conf_kwarg(c, "proxy_ssl");
    nu_request *req;

    settings.allowed_hosts = any;
    settings.use_x_forwarded_host = kwarg_bool(c, "use_x_forwarded_host");
    settings.use_x_forwarded_port = kwarg_bool(c, "use_x_forwarded_port");
    if (proxy.kind == NU_KIND_LIST) {
        settings.secure_proxy_header = nu_copy(header_name(nu_string(nu_at(proxy.list, 0)))).ptr;
        settings.secure_proxy_value = nu_copy(nu_string(nu_at(proxy.list, 1))).ptr;
    }
    req = nu__client_request(
        &(nu__client_options){ .target = S("/a%20b/%C3%A9"), .settings = &settings });
    req->tls = conf_arg(c, 0).b;
    add_environment(req, conf_raw(c, 1).dict);
    return V(NU_DICT(("host", nu_request_host(req)), ("port", nu__request_port(req)),
                     ("scheme", nu_request_scheme(req)), ("is_secure", nu_request_is_secure(req)),
                     ("absolute", nu_build_absolute_uri(req, NULL)),
                     ("absolute_rel", nu_build_absolute_uri(req, "x?y=1")),
                     ("absolute_abs", nu_build_absolute_uri(req, "//other/z")),
                     ("absolute_root", nu_build_absolute_uri(req, "/r")),
                     ("full_path", nu_request_full_path(req))));
}

/* ---- what the client wants
 * ------------------------------------------------------------------------ */

static nu_value accept_header(const conf_case *c)
{
    nu__header header = { S("Accept"), conf_text(c, 0) };
    nu__accepted accepted = nu__accept_parse(header.value);
    nu_request *req =
        nu__client_request(&(nu__client_options){ .headers = &header, .n_headers = 1 });
    const char *const *types = patterns_of(conf_arg(c, 1));
    nu_list *names = nu_list_new(), *accepts = nu_list_new();
    nu_str preferred = nu_request_preferred_type(req, types);

    for (size_t i = 0; i < accepted.n; i++)
        nu_list_append(names, nu__media_type_str(&accepted.types[i]));
    for (; *types; types++)
        nu_list_append(accepts, nu_request_accepts(req, *types));
    return V(NU_DICT(("accepted_types", names), ("accepts", accepts),
                     ("preferred", preferred.ptr ? V(preferred) : nu_null())));
}

static nu_method method_of(nu_str name)
{
    static const char *const names[] = {
        "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"
    };

    for (int i = 0; i < 7; i++)
        if (nu_eq(name, names[i]))
            return (nu_method)(1 << i);
    return GET;
}

static nu_value conditional_response(const conf_case *c)
{
    const nu_dict *given = conf_raw(c, 1).dict;
    nu__header headers[8];
    size_t n = 0;
    nu_value etag = conf_arg(c, 2), modified = conf_arg(c, 3), status = conf_arg(c, 4);
    nu_response *response =
        nu_http_response(.status = status.kind == NU_KIND_INT ? (int)status.i : 200);
    nu_request *req;

    for (; n < nu_dict_len(given) && n < 8; n++)
        headers[n] = (nu__header){ nu_dict_key(given, n), nu_string(nu_dict_value(given, n)) };
    req = nu__client_request(&(nu__client_options){
        .method = method_of(conf_text(c, 0)), .headers = headers, .n_headers = n });
    response = nu__conditional_response(req, etag.kind == NU_KIND_STR ? etag.s : (nu_str){ 0 },
                                        modified.kind == NU_KIND_INT ? modified.i : 0, response);
    return nu_v_int(nu_status(response));
}

static nu_response *with_header(const conf_case *c, const char *name)
{
    nu_response *response = nu_http_response(.status = 200);
    nu_value value = conf_arg(c, 0);

    if (value.kind == NU_KIND_STR)
        nu_set_header(response, name, value.s);
    return response;
}

static nu_value patch_cache_control(const conf_case *c)
{
    nu_response *response = with_header(c, "Cache-Control");
    nu__cache_directive directives[16];
    size_t n = 0;

    for (; n < nu_dict_len(c->kwargs) && n < 16; n++) {
        nu_value value = nu_dict_value(c->kwargs, n);
        directives[n].name = nu_copy(nu__replace(nu_dict_key(c->kwargs, n), S("_"), S("-"))).ptr;
        directives[n].value = value.kind == NU_KIND_BOOL ? (nu_str){ 0 } : nu_string(value);
    }
    nu__patch_cache_control(response, directives, n);
    return V(nu_response_header(response, "Cache-Control"));
}

static nu_value patch_vary_headers(const conf_case *c)
{
    nu_response *response = with_header(c, "Vary");

    nu_patch_vary(response, nu_copy(nu__join(S(","), conf_arg(c, 1).list)).ptr);
    return V(nu_response_header(response, "Vary"));
}

static nu_value get_max_age(const conf_case *c)
{
    int64_t seconds;

    return nu__cache_max_age(with_header(c, "Cache-Control"), &seconds) ? V(seconds) : nu_null();
}

static nu_value was_modified_since(const conf_case *c)
{
    return conf_bool(nu__was_modified_since(conf_text(c, 0), nu_int(conf_arg(c, 1))));
}

/* ---- responses
 * ------------------------------------------------------------------------------------ */

/* Text goes out as UTF-8, whatever charset the content type names. */
static nu_value response(const conf_case *c)
{
    nu_value content = conf_arg(c, 0), status = conf_arg(c, 2), charset = conf_arg(c, 3);
    nu_str type = conf_text(c, 1), text = nu_string(content);
    nu_response *response;

    if (charset.kind != NU_KIND_NULL || nu__find(type, S("charset=")) >= 0)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "charsets besides UTF-8");
    if (content.kind == NU_KIND_BYTES)
        text = (nu_str){ (const char *)content.bytes.ptr, content.bytes.len };
    response = nu_http_response(.status = status.kind == NU_KIND_INT ? (int)status.i : 0,
                                .content_type = type.ptr ? nu_copy(type).ptr : NULL, .body = text);
    return V(NU_DICT(("status", nu_status(response)),
                     ("reason", nu__status_reason(nu_status(response))),
                     ("content_type", nu_response_header(response, "Content-Type")),
                     ("charset", "utf-8"), ("content", tagged_bytes(nu_body(response)))));
}

static nu_value redirect(const conf_case *c)
{
    nu_response *response = nu__response_redirect(302, conf_text(c, 0));
    nu_str location = nu_response_header(response, "Location");

    return V(NU_DICT(("status", nu_status(response)), ("location", location), ("url", location)));
}

static nu_value response_header(const conf_case *c)
{
    nu_response *response = nu_http_response(.status = 200);
    nu_value value = conf_arg(c, 1);
    nu_str name = nu_copy(conf_text(c, 0));

    if (value.kind == NU_KIND_BYTES)
        nu_raise(NU_NOT_IMPLEMENTED_ERROR, "header values of bytes");
    nu_set_header(response, name.ptr, nu_string(value));
    return V(nu_response_header(response, name.ptr));
}

const conf_op conf_utils_request[] = {
    { "parse_cookie", parse_cookie },
    { "set_cookie", set_cookie },
    { "delete_cookie", delete_cookie },
    { "querydict", querydict },
    { "parse_form_body", parse_form_body },
    { "split_domain_port", split_domain_port },
    { "validate_host", validate_host },
    { "get_host", get_host },
    { "request_host_port", request_host_port },
    { "accept_header", accept_header },
    { "conditional_response", conditional_response },
    { "patch_cache_control", patch_cache_control },
    { "patch_vary_headers", patch_vary_headers },
    { "get_max_age", get_max_age },
    { "was_modified_since", was_modified_since },
    { "response", response },
    { "redirect", redirect },
    { "response_header", response_header },
    { 0 },
};
