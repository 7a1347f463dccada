#include "messages/storage.h"

#include "conf/settings.h"
#include "utils/signing.h"

#define MESSAGE_KEY  "__json_message"
#define NOT_FINISHED "__messagesnotfinished__"

/* Django's get_cookie_signer(salt="django.contrib.messages"). */
static nu__signer signer(void)
{
    const nu__conf_list *former = &nu__settings.secret_key_fallbacks;
    nu_str *fallbacks = nu_alloc_array(nu_str, former->len + 1);

    for (size_t i = 0; i < former->len; i++)
        fallbacks[i] = nu_fmt("django.http.cookies{}", former->items[i]);
    return (nu__signer){ .key = nu_fmt("django.http.cookies{}", nu__secret_key()),
                         .salt = S("django.contrib.messages"),
                         .fallback_keys = fallbacks,
                         .n_fallback_keys = former->len };
}

nu_str nu__messages_encode(nu__message *const *messages, size_t n, bool not_finished)
{
    nu_list *all = nu_list_new();
    nu__signer cookie_signer = signer();

    for (size_t i = 0; i < n; i++) {
        const nu__message *m = messages[i];
        bool safe = m->message.kind == NU_KIND_SAFE;
        nu_list *parts = NU_LIST(MESSAGE_KEY, safe ? 1 : 0, m->level,
                                 safe ? nu_v_str(m->message.s) : m->message);

        if (m->extra_tags.ptr)
            nu_list_append(parts, m->extra_tags);
        nu_list_append(all, parts);
    }
    if (not_finished)
        nu_list_append(all, NOT_FINISHED);
    return nu__signing_dumps(&cookie_signer, V(all), true);
}

/* false: the signature is wrong, or what was signed is no JSON. */
static bool loaded(const nu__signer *cookie_signer, nu_str cookie, nu_value *value)
{
    const nu_error *error =
        nu_catch(NU_EXCEPTION, *value = nu__signing_loads(cookie_signer, cookie, NU__NO_MAX_AGE));

    if (error && !nu_error_is_a(error->klass, NU_BAD_SIGNATURE) &&
        !nu_error_is_a(error->klass, NU_VALUE_ERROR))
        nu_reraise(error);
    return !error;
}

/* A stored message, NULL when the item is none. */
static nu__message *message_of(nu_value item)
{
    nu_value level, text, tags;

    if (item.kind != NU_KIND_LIST || nu_list_len(item.list) < 4 ||
        !nu__value_equal(nu_at(item.list, 0), nu_v_cstr(MESSAGE_KEY)))
        return NULL;
    level = nu_at(item.list, 2);
    text = nu_at(item.list, 3);
    tags = nu_at(item.list, 4);
    if (level.kind != NU_KIND_INT)
        return NULL;
    if (text.kind == NU_KIND_STR && nu__value_truth(nu_at(item.list, 1)))
        text.kind = NU_KIND_SAFE;
    return nu__message_new(level.i, text, tags.kind == NU_KIND_STR ? tags.s : (nu_str){ 0 });
}

nu_list *nu__messages_decode(nu_str cookie, bool *finished)
{
    nu__signer cookie_signer = signer();
    nu_list *found = nu_list_new();
    nu_value value = nu_null();
    size_t n;

    *finished = true;
    if (!cookie.len)
        return NULL;
    if (!loaded(&cookie_signer, cookie, &value) || value.kind != NU_KIND_LIST)
        return NULL;
    n = nu_list_len(value.list);
    for (size_t i = 0; i < n; i++) {
        nu__message *message = message_of(nu_at(value.list, i));

        if (message)
            nu_list_append(found, message);
    }
    *finished = !n || !nu__value_equal(nu_at(value.list, n - 1), nu_v_cstr(NOT_FINISHED));
    return found;
}
