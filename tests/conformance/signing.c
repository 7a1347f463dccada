#include "utils/signing.h"

#include "conformance.h"
#include "signing_ops.h"
#include "utils/baseconv.h"

#include <math.h>

/* ---- numbers ------------------------------------------------------------------------------ */

static nu_value b62_encode(const conf_case *c)
{
    char text[NU__BASECONV_TEXT];

    nu__base62_text(text, nu_int(conf_member(c, "value")));
    return V(nu_copy_cstr(text));
}

static nu_value b62_decode(const conf_case *c)
{
    int64_t number;

    if (!nu__base62_parse(conf_member_text(c, "value"), &number))
        nu_raise(NU_VALUE_ERROR, "no base 62 number");
    return V(number);
}

static nu_value int_to_base36(const conf_case *c)
{
    char text[NU__BASECONV_TEXT];
    nu_value number = conf_member(c, "value");

    if (number.kind == NU_KIND_INT && number.i < 0)
        nu_raise(NU_VALUE_ERROR, "negative");
    nu__base36_text(text, number.kind == NU_KIND_UINT ? number.u : (uint64_t)nu_int(number));
    return V(nu_copy_cstr(text));
}

static nu_value base36_to_int(const conf_case *c)
{
    int64_t number;

    if (!nu__base36_parse(conf_member_text(c, "value"), &number)) {
        if (nu_dict_find(c->data, S("output"), NULL))
            nu_raise(NU_NOT_IMPLEMENTED_ERROR, "integers of over 64 bits");
        nu_raise(NU_VALUE_ERROR, "no base 36 number of 64 bits");
    }
    return V(number);
}

/* ---- signers ------------------------------------------------------------------------------ */

static nu_value salted_hmac_hex(const conf_case *c)
{
    return V(nu__hex(nu__salted_hmac(conf_member_text(c, "key_salt"), conf_member_text(c, "value"),
                                     conf_member_text(c, "secret"),
                                     nu_copy(conf_member_text(c, "algorithm")).ptr)));
}

static nu_str option(const nu_dict *options, const char *name)
{
    nu_value value = nu_item(options, name);

    return value.kind == NU_KIND_NULL ? (nu_str){ NULL, 0 } : nu_string(value);
}

static nu__signer signer_of(const nu_dict *options)
{
    nu_value fallbacks = nu_item(options, "fallback_keys");
    nu_str algorithm = option(options, "algorithm");
    nu__signer signer = { .key = option(options, "key"),
                          .sep = option(options, "sep"),
                          .salt = option(options, "salt"),
                          .algorithm = algorithm.ptr ? nu_copy(algorithm).ptr : NULL };
    nu_str *keys = nu_alloc_array(nu_str, 16);

    signer.fallback_keys = keys;
    for (size_t i = 0; fallbacks.kind == NU_KIND_LIST && i < nu_list_len(fallbacks.list); i++)
        keys[signer.n_fallback_keys++] = nu_string(nu_at(fallbacks.list, i));
    return signer;
}

static nu__signer case_signer(const conf_case *c)
{
    return signer_of(nu_as_dict(conf_member(c, "signer")));
}

static double max_age(const conf_case *c)
{
    nu_value age = conf_member(c, "max_age");

    if (age.kind == NU_KIND_TIMEDELTA)
        return (double)age.i / 1e6;
    return age.kind == NU_KIND_NULL ? NU__NO_MAX_AGE : nu_float(age);
}

static nu_value sign(const conf_case *c)
{
    nu__signer signer = case_signer(c);

    return V(nu__sign(&signer, conf_member_text(c, "value")));
}

static nu_value unsign(const conf_case *c)
{
    nu__signer signer = case_signer(c);

    return V(nu__unsign(&signer, conf_member_text(c, "value")));
}

static nu_value timestamp_sign(const conf_case *c)
{
    nu__signer signer = case_signer(c);

    return V(nu__timestamp_sign(&signer, conf_member_text(c, "value")));
}

static nu_value timestamp_unsign(const conf_case *c)
{
    nu__signer signer = case_signer(c);

    return V(nu__timestamp_unsign(&signer, conf_member_text(c, "value"), max_age(c)));
}

/* ---- objects ------------------------------------------------------------------------------ */

static nu_value dumps(const conf_case *c)
{
    nu__signer signer = signer_of(c->data);

    return V(nu__signing_dumps(&signer, conf_member(c, "value"), conf_member(c, "compress").b));
}

static nu_value loads(const conf_case *c)
{
    nu__signer signer = signer_of(c->data);

    return nu__signing_loads(&signer, conf_member_text(c, "value"), max_age(c));
}

/* ---- cookies ------------------------------------------------------------------------------ */

static void set_secret(const conf_case *c)
{
    nu__signing_set_keys(conf_member_text(c, "secret"), NULL, 0);
}

static nu_value signed_cookie_set(const conf_case *c)
{
    set_secret(c);
    return V(nu__signed_cookie(conf_member_text(c, "name"), conf_member_text(c, "salt"),
                               conf_member_text(c, "value")));
}

static nu_value signed_cookie_get(const conf_case *c)
{
    nu_value settings = conf_member(c, "settings");
    nu_value legacy = settings.kind == NU_KIND_DICT
                          ? nu_item(settings.dict, "SIGNED_COOKIE_LEGACY_SALT_FALLBACK")
                          : nu_null();

    set_secret(c);
    return V(nu__signed_cookie_value(conf_member_text(c, "name"), conf_member_text(c, "salt"),
                                     conf_member_text(c, "cookie"), max_age(c),
                                     legacy.kind == NU_KIND_BOOL && legacy.b));
}

const conf_op conf_signing[] = {
    { "b62_encode", b62_encode },
    { "b62_decode", b62_decode },
    { "int_to_base36", int_to_base36 },
    { "base36_to_int", base36_to_int },
    { "salted_hmac_hex", salted_hmac_hex },
    { "sign", sign },
    { "unsign", unsign },
    { "timestamp_sign", timestamp_sign },
    { "timestamp_unsign", timestamp_unsign },
    { "dumps", dumps },
    { "loads", loads },
    { "signed_cookie_set", signed_cookie_set },
    { "signed_cookie_get", signed_cookie_get },
    { 0 },
};
