/* Sessions, and the tokens that follow a user's password. */
#include "signing_ops.h"

#include "auth/tokens.h"
#include "sessions/encoding.h"
#include "utils/signing.h"

/* SECRET_KEY and, where there are any, SECRET_KEY_FALLBACKS. */
static nu_str *secrets_of(const conf_case *c, size_t *n)
{
    nu_value fallbacks = conf_member(c, "secret_fallbacks");
    nu_str *keys = nu_alloc_array(nu_str, 16);

    keys[0] = conf_member_text(c, "secret");
    *n = 1;
    for (size_t i = 0; fallbacks.kind == NU_KIND_LIST && i < nu_list_len(fallbacks.list) && *n < 16;
         i++)
        keys[(*n)++] = nu_string(nu_at(fallbacks.list, i));
    return keys;
}

static void set_secrets(const conf_case *c)
{
    size_t n;
    nu_str *keys = secrets_of(c, &n);

    nu__signing_set_keys(keys[0], keys + 1, n - 1);
}

static nu_value session_encode(const conf_case *c)
{
    set_secrets(c);
    return V(nu__session_encode(nu_as_dict(conf_member(c, "value"))));
}

static nu_value session_decode(const conf_case *c)
{
    set_secrets(c);
    return V(nu__session_decode(conf_member_text(c, "value")));
}

static nu_value session_cookie_key(const conf_case *c)
{
    set_secrets(c);
    return V(nu__session_cookie_encode(nu_as_dict(conf_member(c, "value"))));
}

static nu__token_user user_of(const conf_case *c)
{
    nu_dict *user = nu_as_dict(nu_item(c->data, "user"));
    nu_value login = conf_untag(nu_item(user, "last_login")), email = nu_item(user, "email");

    return (nu__token_user){ .pk = nu_string(nu_item(user, "pk")),
                             .password = nu_string(nu_item(user, "password")),
                             .email = email.kind == NU_KIND_NULL ? S("") : nu_string(email),
                             .last_login = { login.kind == NU_KIND_DATETIME ? login.i : 0 } };
}

static nu_value session_auth_hash(const conf_case *c)
{
    return V(nu__session_auth_hash(conf_member_text(c, "secret"), user_of(c).password));
}

static nu_datetime now_of(const conf_case *c)
{
    return (nu_datetime){ conf_member(c, "now").i };
}

static nu_value reset_token_make(const conf_case *c)
{
    nu__token_user user = user_of(c);

    return V(nu__reset_token(conf_member_text(c, "secret"), &user, now_of(c)));
}

static nu_value reset_token_check(const conf_case *c)
{
    nu__token_user user = user_of(c);
    nu_value token = conf_member(c, "token");
    size_t n;
    nu_str *keys = secrets_of(c, &n);

    return conf_bool(nu__reset_token_valid(keys, n, &user,
                                           token.kind == NU_KIND_STR ? token.s : S(""), now_of(c),
                                           nu_int(conf_member(c, "timeout"))));
}

const conf_op conf_signing_accounts[] = {
    { "session_encode", session_encode },
    { "session_decode", session_decode },
    { "session_cookie_backend_key", session_cookie_key },
    { "session_auth_hash", session_auth_hash },
    { "reset_token_make", reset_token_make },
    { "reset_token_check", reset_token_check },
    { 0 },
};
