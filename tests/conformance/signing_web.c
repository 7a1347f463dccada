#include "signing_ops.h"

#include "conf/settings.h"
#include "csrf/csrf.h"
#include "http/client_request.h"
#include "messages/storage.h"
#include "utils/signing.h"

static void forget(void *unused)
{
    (void)unused;
    nu__conf_release();
}

/* ---- tokens ---------------------------------------------------------------------------------- */

static nu_value csrf_mask(const conf_case *c)
{
    char *token = nu_alloc_array(char, NU__CSRF_TOKEN);

    nu__csrf_mask(conf_member_text(c, "secret"), conf_member_text(c, "mask"), token);
    return V(((nu_str){ token, NU__CSRF_TOKEN }));
}

static nu_value csrf_unmask(const conf_case *c)
{
    char *secret = nu_alloc_array(char, NU__CSRF_SECRET);

    nu__csrf_unmask(conf_member_text(c, "token"), secret);
    return V(((nu_str){ secret, NU__CSRF_SECRET }));
}

static nu_value csrf_match(const conf_case *c)
{
    return conf_bool(nu__csrf_match(conf_member_text(c, "token"), conf_member_text(c, "secret")));
}

/* Where the recording has an error, its reason is compared here. */
static nu_value csrf_check_format(const conf_case *c)
{
    const char *wrong = nu__csrf_format_wrong(conf_member_text(c, "token"));
    nu_value reason = nu_null();

    nu_dict_find(c->data, S("reason"), &reason);
    if (!wrong)
        return V("ok");
    if (reason.kind == NU_KIND_STR && nu_eq(reason.s, wrong))
        nu_raise(NU_VALUE_ERROR, "{}", wrong);
    return V(wrong);
}

/* ---- a request ------------------------------------------------------------------------------- */

static const char *setting(const nu_dict *settings, const char *name)
{
    nu_value value = settings ? nu_item(settings, name) : nu_null();

    return value.kind == NU_KIND_STR ? nu_copy(value.s).ptr : NULL;
}

static void settings_of(const conf_case *c)
{
    nu_settings *site = nu_alloc(nu_settings);
    nu_value given = conf_member(c, "settings"), origins = nu_null();
    const nu_dict *settings = given.kind == NU_KIND_DICT ? given.dict : NULL;

    site->secret_key = "secret";
    site->csrf_cookie_domain = setting(settings, "CSRF_COOKIE_DOMAIN");
    site->csrf_header_name = setting(settings, "CSRF_HEADER_NAME");
    if (settings)
        nu_dict_find(settings, S("CSRF_TRUSTED_ORIGINS"), &origins);
    for (size_t i = 0; origins.kind == NU_KIND_LIST && i < nu_list_len(origins.list); i++)
        site->csrf_trusted_origins[i] = nu_copy(nu_at(origins.list, i).s).ptr;
    nu__conf_setup(site);
    nu__csrf_setup();
}

static nu_method method_of(nu_str name)
{
    static const struct {
        const char *name;
        nu_method method;
    } rows[] = { { "GET", GET },       { "POST", POST },       { "PUT", PUT },  { "PATCH", PATCH },
                 { "DELETE", DELETE }, { "OPTIONS", OPTIONS }, { "HEAD", HEAD } };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (nu_eq(name, rows[i].name))
            return rows[i].method;
    return 0;
}

static nu_request *request_of(const conf_case *c)
{
    nu_value headers = conf_member(c, "headers"), post = conf_member(c, "post");
    nu_value cookie = conf_member(c, "cookie");
    size_t n = headers.kind == NU_KIND_DICT ? nu_dict_len(headers.dict) : 0;
    nu__header *all = nu_alloc_array(nu__header, n + 2);
    nu_querydict *form = nu_querydict_new();
    nu_method method = method_of(conf_member_text(c, "method"));
    nu_request *req;

    for (size_t i = 0; i < n; i++)
        all[i] =
            (nu__header){ nu_dict_key(headers.dict, i), nu_string(nu_dict_value(headers.dict, i)) };
    all[n++] = (nu__header){ S("Host"), conf_member_text(c, "host") };
    if (cookie.kind == NU_KIND_STR)
        all[n++] = (nu__header){ S("Cookie"), nu_fmt("csrftoken={}", cookie) };
    for (size_t i = 0; post.kind == NU_KIND_DICT && i < nu_dict_len(post.dict); i++)
        nu_querydict_append(form, nu_dict_key(post.dict, i),
                            nu_string(nu_dict_value(post.dict, i)));
    req = nu__client_request(&(const nu__client_options){
        .method = method ? method : POST,
        .target = S("/form/"),
        .headers = all,
        .n_headers = n,
        .tls = conf_member(c, "secure").b,
        .body = method == POST ? nu_querydict_urlencode(form, "") : (nu_str){ 0 },
        .content_type = "application/x-www-form-urlencoded" });
    if (!method)
        req->method = (nu_method)0;
    req->method_name = conf_member_text(c, "method");
    return req;
}

static nu_value csrf_request(const conf_case *c)
{
    nu_request *req;
    nu_str reason = { 0 };
    nu_dict *result = nu_dict_new();

    nu_defer(forget, NULL);
    settings_of(c);
    req = request_of(c);
    nu__csrf_begin(req);
    if (conf_member(c, "exempt").kind != NU_KIND_BOOL)
        reason = nu__csrf_refused(req);
    nu_dict_set(result, "accepted", conf_bool(!reason.len));
    if (reason.len)
        nu_dict_set(result, "reason", reason);
    return V(result);
}

/* ---- messages -------------------------------------------------------------------------------- */

static void secret_of(const conf_case *c)
{
    nu_settings *site = nu_alloc(nu_settings);

    site->secret_key = nu_copy(conf_member_text(c, "secret")).ptr;
    nu__conf_setup(site);
    nu__signing_set_keys(nu__settings.secret_key, NULL, 0);
}

static nu_value messages_encode(const conf_case *c)
{
    nu_list *given = nu_as_list(conf_member(c, "messages"));
    nu__message **messages = nu_alloc_array(nu__message *, nu_list_len(given) + 1);

    nu_defer(forget, NULL);
    secret_of(c);
    for (size_t i = 0; i < nu_list_len(given); i++) {
        nu_dict *each = nu_as_dict(nu_at(given, i));
        nu_value tags = nu_item(each, "extra_tags");

        messages[i] = nu__message_new(nu_int(nu_item(each, "level")), nu_item(each, "message"),
                                      tags.kind == NU_KIND_STR ? tags.s : (nu_str){ 0 });
    }
    return V(nu__messages_encode(messages, nu_list_len(given), conf_member(c, "not_finished").b));
}

static nu_value messages_decode(const conf_case *c)
{
    bool finished;
    nu_list *found, *out = nu_list_new();

    nu_defer(forget, NULL);
    secret_of(c);
    found = nu__messages_decode(conf_member_text(c, "cookie"), &finished);
    for (size_t i = 0; found && i < nu_list_len(found); i++) {
        nu__message *m = (nu__message *)nu_at(found, i).object;

        nu_list_append(out,
                       NU_DICT(("level", m->level), ("message", m->message),
                               ("extra_tags", m->extra_tags.ptr ? V(m->extra_tags) : nu_null()),
                               ("tags", nu__message_tags(m)),
                               ("level_tag", nu__message_level_tag(m->level))));
    }
    return V(
        NU_DICT(("output", found ? V(out) : nu_null()), ("all_retrieved", conf_bool(finished))));
}

const conf_op conf_signing_web[] = {
    { "csrf_mask", csrf_mask, NULL },
    { "csrf_unmask", csrf_unmask, NULL },
    { "csrf_match", csrf_match, NULL },
    { "csrf_check_format", csrf_check_format, NULL },
    { "csrf_request", csrf_request, "accepted reason" },
    { "messages_encode", messages_encode, NULL },
    { "messages_decode", messages_decode, "output all_retrieved" },
    { 0 },
};
